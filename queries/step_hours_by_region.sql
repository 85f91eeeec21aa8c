-- title: 各地每一步用时
-- grain: place_code, step
-- params: start, stop, region, category, channel, origin, urgency, level
-- column: place_code            区划或网格代码
-- column: name                  名称
-- column: step                  步骤
-- column: timed_count           可计时（n）
-- column: median_hours          上一步到这一步的中位（小时）
-- column: p90_hours             P90（小时）
-- note: 与“民事7步到达与用时”同一批案件、同一种计时。没有落到该层级的案件列在代码为空的“未落格”一行。

with timed as (
    select
        place_at(s, $level) as place_code,
        s.number,
        s.step,
        s.step_hours
    from case_stages as s
    where s.reported_at >= $start::timestamp
        and s.reported_at < $stop::timestamp
        and s.step_hours is not null
        and in_filter(s, $region, $category, $channel, $origin, $urgency)
)

select
    t.place_code,
    coalesce(any_value(p.name), '未落格') as name,
    t.step,
    count(*) as timed_count,
    quantile_cont(t.step_hours, 0.5) as median_hours,
    quantile_cont(t.step_hours, 0.9) as p90_hours
from timed as t
left join named_places($level, null) as p on p.place_code = t.place_code
group by t.place_code, t.number, t.step
order by t.place_code is null, t.place_code, t.number
