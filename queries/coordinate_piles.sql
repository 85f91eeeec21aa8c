-- title: 坐标扎堆
-- grain: source, lon, lat
-- params: start, stop, region
-- column: source                来源系统
-- column: lon                   经度
-- column: lat                   纬度
-- column: case_count            案件数
-- column: share                 占该来源
-- column: place_count           涉及地点数
-- note: 同一来源 20 件以上落在完全相同的一点，且占有坐标案件的 1% 以上；多半是默认坐标（如办公室或 0,0），不是真的发生地。

with positioned as (
    select c.*
    from cases as c
    where c.lon is not null
        and c.reported_at >= $start::timestamp and c.reported_at < $stop::timestamp and within(c, $region)
)

select
    source,
    lon,
    lat,
    count(*) as case_count,
    count(*) / any_value(total) as share,
    count(distinct place_code) as place_count
from (select *, count(*) over (partition by source) as total from positioned)
group by source, lon, lat
having count(*) >= 20 and count(*) / any_value(total) >= 0.01
order by case_count desc, source, lon, lat
