-- title: 各类代办
-- grain: errand
-- params: start, stop, region, category, channel, origin, urgency
-- column: errand                代办
-- column: reported_count        受理
-- column: closed_count          办结（代办量）
-- column: previous_count        上期办结
-- column: median_hours          办结中位（小时）
-- column: rated_count           评价数
-- column: satisfied_share       满意
-- note: 以来源登记的代办方式为准，没有登记的案件不在其中。受理按上报时间，办结按办结时间；上期与本期等长、紧接其前。
-- note: 办结中位扣除缓办，只含已办结的；满意为“非常满意”“满意”，超时默认好评不算评价。

with chosen_cases as (
    select c.*
    from cases as c
    where c.errand is not null
        and c.is_valid
        and touches(c, $start::timestamp - ($stop::timestamp - $start::timestamp), $stop)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    c.errand,
    count(*) filter (c.reported_at >= $start::timestamp and c.reported_at < $stop::timestamp) as reported_count,
    count(*) filter (errand_count_base(c, $start::timestamp, $stop::timestamp)) as closed_count,
    count(*) filter (
        errand_count_base(c, $start::timestamp - ($stop::timestamp - $start::timestamp), $start::timestamp)
    ) as previous_count,
    errand_hours(c, $start::timestamp, $stop::timestamp) as median_hours,
    count(*) filter (satisfaction_rate_base(c, $start::timestamp, $stop::timestamp)) as rated_count,
    satisfaction_rate(c, $start::timestamp, $stop::timestamp) as satisfied_share
from chosen_cases as c
group by c.errand
having reported_count + closed_count + previous_count > 0
order by closed_count desc, c.errand
