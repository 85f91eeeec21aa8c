-- title: 各月回头看与复发
-- grain: month
-- params: start, stop, region, category, channel, origin, urgency
-- column: month                 月份
-- column: lookback_rate
-- column: lookback_n            办结满 30 日
-- column: relapse_rate
-- column: relapse_n             办结满 90 日
-- column: is_complete           是否整月
-- note: 按办结后第 30 日（回头看）、第 90 日（复发）所在的月份。

with

months as (
    select
        month,
        greatest(month, $start::timestamp) as start,
        least(month + interval 1 month, $stop::timestamp) as stop
    from (
        select unnest(generate_series(
            date_trunc('month', $start::timestamp), $stop::timestamp - interval 1 second, interval 1 month
        )) as month
    )
)

select
    m.month::date as month,
    lookback_rate(c, m.start, m.stop) as lookback_rate,
    count(*) filter (lookback_rate_base(c, m.start, m.stop)) as lookback_n,
    relapse_rate(c, m.start, m.stop) as relapse_rate,
    count(*) filter (relapse_rate_base(c, m.start, m.stop)) as relapse_n,
    m.start = m.month and m.stop = m.month + interval 1 month and m.stop <= as_of() as is_complete
from months as m
left join cases as c
    on touches(c, m.start, m.stop) and in_filter(c, $region, $category, $channel, $origin, $urgency)
group by m.month, m.start, m.stop
order by m.month
