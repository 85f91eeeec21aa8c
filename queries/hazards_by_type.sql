-- title: 各类隐患的排查、整改、复查
-- grain: hazard_type
-- params: start, stop, region, category, channel, origin, urgency
-- column: hazard_type           隐患类型
-- column: hazard_count
-- column: rectified_count
-- column: rechecked_count
-- column: judged_count          应整改
-- column: on_time_count         按期整改
-- column: rectification_rate
-- column: recheck_rate
-- column: concluded_count       有结论的复查
-- column: passed_count          复查通过
-- column: recheck_pass_rate
-- column: open_count            期末未整改
-- column: closed_only_count     办结而未登记整改
-- note: 排查发现按上报时间、整改按整改时间、复查按复查时间归入统计期，同一处隐患可以在不同的期里，因此三个数不相减。没有登记隐患类型的取小类。

with selected as (
    select
        coalesce(c.hazard_type, c.subcategory, '') as type,
        c.*
    from cases as c
    where c.track = 'hazard'
        and touches(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    nullif(c.type, '') as hazard_type,
    hazard_count(c, $start::timestamp, $stop::timestamp) as hazard_count,
    rectified_count(c, $start::timestamp, $stop::timestamp) as rectified_count,
    rechecked_count(c, $start::timestamp, $stop::timestamp) as rechecked_count,
    count(*) filter (rectification_rate_base(c, $start::timestamp, $stop::timestamp)) as judged_count,
    count(*) filter (rectification_rate_hit(c, $start::timestamp, $stop::timestamp)) as on_time_count,
    rectification_rate(c, $start::timestamp, $stop::timestamp) as rectification_rate,
    recheck_rate(c, $start::timestamp, $stop::timestamp) as recheck_rate,
    count(*) filter (recheck_pass_rate_base(c, $start::timestamp, $stop::timestamp)) as concluded_count,
    count(*) filter (recheck_pass_rate_hit(c, $start::timestamp, $stop::timestamp)) as passed_count,
    recheck_pass_rate(c, $start::timestamp, $stop::timestamp) as recheck_pass_rate,
    count(*) filter (unrectified_count_base(c, $start::timestamp, $stop::timestamp)) as open_count,
    count(*) filter (
        closed_count_base(c, $start::timestamp, $stop::timestamp) and c.rectified_at is null
    ) as closed_only_count
from selected as c
group by c.type
having hazard_count + rectified_count + rechecked_count + judged_count + open_count + closed_only_count > 0
order by hazard_count desc, c.type
