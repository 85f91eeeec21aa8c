-- title: 服务阵地
-- grain: place_code
-- params: stop, region, level
-- column: place_code            地点代码
-- column: name                  地点
-- column: lon                   经度
-- column: lat                   纬度
-- column: facility_count        阵地数
-- column: types                 类型
-- column: service_count         可办事项数
-- column: visits_per_day        日均接待人次
-- note: 期末已启用的阵地与服务设施，按所看层级合计；没有登记到该层级的合计到所属的上一级。设施没有坐标，符号画在地点中间。

with

opened as (
    select
        coalesce(place_at(f, $level), f.region_code) as place_code,
        f.facility_type,
        f.service_count,
        f.visits_per_day
    from located_facilities as f
    where within(f, $region) and (f.opened_on is null or f.opened_on < $stop)
),

by_type as (
    select
        place_code,
        facility_type,
        count(*) as facility_count,
        sum(service_count) as service_count,
        sum(visits_per_day) as visits_per_day
    from opened
    group by place_code, facility_type
)

select
    p.place_code,
    any_value(p.full_name) as name,
    any_value(p.anchor_lon) as lon,
    any_value(p.anchor_lat) as lat,
    sum(t.facility_count) as facility_count,
    string_agg(t.facility_type || ' ' || t.facility_count, '、' order by t.facility_count desc, t.facility_type) as types,
    sum(t.service_count) as service_count,
    sum(t.visits_per_day) as visits_per_day
from by_type as t
inner join places as p on p.place_code = t.place_code
group by p.place_code
order by facility_count desc, p.place_code
