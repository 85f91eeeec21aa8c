-- title: 各类别每一步用时
-- grain: category, step
-- params: start, stop, region, category, channel, origin, urgency
-- column: category              类别
-- column: step                  步骤
-- column: timed_count           可计时（n）
-- column: median_hours          上一步到这一步的中位（小时）
-- column: p90_hours             P90（小时）
-- note: 与“民事7步到达与用时”同一批案件、同一种计时。

select
    s.category,
    s.step,
    count(*) as timed_count,
    quantile_cont(s.step_hours, 0.5) as median_hours,
    quantile_cont(s.step_hours, 0.9) as p90_hours
from case_stages as s
where s.reported_at >= $start::timestamp
    and s.reported_at < $stop::timestamp
    and s.step_hours is not null
    and in_filter(s, $region, $category, $channel, $origin, $urgency)
group by s.category, s.number, s.step
order by s.category, s.number
