-- title: 次日计划各类工作
-- grain: topic
-- params: start, stop, region
-- column: topic                 工作类别
-- column: item_count            计划
-- column: ahead_count           提前定下
-- column: kept_count            当天办成
-- column: late_count            过后办成
-- column: open_count            没有办成
-- column: late_days             过后办成晚几天
-- note: 统计期内计划办理、办理日已过完的事项，看到数据截至。晚几天为中位数，只含过后办成的。

select
    coalesce(nullif(trim(c.topic), ''), '未分类') as topic,
    count(*) as item_count,
    count(*) filter (plan_ahead_rate_hit(c, $start::timestamp, $stop::timestamp)) as ahead_count,
    count(*) filter (plan_kept_rate_hit(c, $start::timestamp, $stop::timestamp)) as kept_count,
    count(*) filter (c.done_on > c.planned_on and c.done_on < as_of()) as late_count,
    count(*) filter (coalesce(c.done_on >= as_of(), true)) as open_count,
    median(date_diff('day', c.planned_on, c.done_on)) filter (
        c.done_on > c.planned_on and c.done_on < as_of()
    ) as late_days
from located_plans as c
where within(c, $region) and plan_kept_rate_base(c, $start::timestamp, $stop::timestamp)
group by coalesce(nullif(trim(c.topic), ''), '未分类')
order by item_count desc, topic
