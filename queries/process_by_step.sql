-- title: 民事7步到达与用时
-- grain: step
-- params: start, stop, region, category, channel, origin, urgency
-- column: step                  步骤
-- column: case_count            有步骤记录的案件
-- column: reached_count         走到
-- column: skipped_count         按规则跳过
-- column: missing_count         缺这一步
-- column: pending_count         还没到
-- column: timed_count           可计时（n）
-- column: median_hours          上一步到这一步的中位（小时）
-- column: p90_hours             P90（小时）
-- column: time_share            占总用时
-- note: 统计期内上报、有步骤记录的有效案件。发现即上报。不需要吹哨的案件按规则跳过吹哨、报到、会商；没有登记是否需要的，吹过哨才算需要。
-- note: 缺这一步：案件已办结或已走到后面的步骤，却没有这一步的记录。还没到：案件还在办。
-- note: 用时从上一个该走的步骤算起，上一步缺记录或时间先后颠倒的不计；含缓办和夜间、节假日。

select
    s.step,
    count(*) as case_count,
    count(s.step_at) as reached_count,
    count(*) filter (s.is_step_skipped) as skipped_count,
    count(*) filter (s.step_at is null and not s.is_step_skipped and s.is_step_due) as missing_count,
    count(*) filter (s.step_at is null and not s.is_step_skipped and not s.is_step_due) as pending_count,
    count(s.step_hours) as timed_count,
    quantile_cont(s.step_hours, 0.5) as median_hours,
    quantile_cont(s.step_hours, 0.9) as p90_hours,
    sum(s.step_hours) / nullif(sum(sum(s.step_hours)) over (), 0) as time_share
from case_stages as s
where s.reported_at >= $start::timestamp
    and s.reported_at < $stop::timestamp
    and in_filter(s, $region, $category, $channel, $origin, $urgency)
group by s.number, s.step
order by s.number
