-- title: 阵地与服务设施
-- grain: facility_type
-- params: stop, region
-- column: facility_type         类型
-- column: facility_count        个数
-- column: service_count         可办事项（最多的一处）
-- column: visits_per_day        日均接待人次
-- column: area_m2               面积（平方米）
-- column: names                 名称
-- note: 期末已启用的。人次不是人数。

select
    f.facility_type,
    count(*) as facility_count,
    max(f.service_count) as service_count,
    sum(f.visits_per_day) as visits_per_day,
    sum(f.area_m2) as area_m2,
    in_natural_order(list(f.name)) as names
from located_facilities as f
where within(f, $region) and facility_count_base(f, null, $stop::timestamp)
group by f.facility_type
order by facility_count desc, f.facility_type
