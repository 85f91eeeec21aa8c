-- title: 两个数据版本之间的变化
-- grain: change
-- params: region, category, channel, origin, urgency
-- column: change                变化
-- column: case_count            案件数
-- column: month_count           涉及的上报月份数
-- column: first_month           最早月份
-- column: last_month            最晚月份
-- note: 以较早版本的数据截至为界：此后上报的是新增，此前上报而当时没有的是迟到；此前已办结而当时还在办的是补录办结。一件可有几种变化。

with changed as (
    select
        change,
        unnest(if(is_now, new, old), recursive := true)
    from case_changes()
)

select
    c.change,
    count(*) as case_count,
    count(distinct date_trunc('month', c.reported_at)) as month_count,
    min(date_trunc('month', c.reported_at))::date as first_month,
    max(date_trunc('month', c.reported_at))::date as last_month
from changed as c
where in_filter(c, $region, $category, $channel, $origin, $urgency)
group by c.change
order by case_count desc, c.change
