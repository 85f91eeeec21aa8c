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

select
    m.month::date as month,
    lookback_rate(c, m.start, m.stop) as lookback_rate,
    count(*) filter (lookback_rate_base(c, m.start, m.stop)) as lookback_n,
    relapse_rate(c, m.start, m.stop) as relapse_rate,
    count(*) filter (relapse_rate_base(c, m.start, m.stop)) as relapse_n,
    m.is_complete
from months_of($start, $stop) as m
left join cases as c
    on touches(c, m.start, m.stop) and in_filter(c, $region, $category, $channel, $origin, $urgency)
group by m.month, m.start, m.stop, m.is_complete
order by m.month
