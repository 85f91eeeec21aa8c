-- title: 各月受理、办结与期末在办
-- grain: month
-- params: start, stop, region, category, channel, origin, urgency
-- column: month                 月份
-- column: reported_count        受理量
-- column: appeal_count          其中群众诉求
-- column: proactive_count       其中主动发现
-- column: closed_count          办结量
-- column: open_count            期末在办
-- note: 没有案件的月份也在。期末在办 = 上月期末在办 + 受理 − 办结；办结早于上报的时间有误，从不算在办，核对时除外。

with

selected as (
    select c.*
    from cases as c
    where c.is_valid and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

coming as (
    select
        date_trunc('month', reported_at) as month,
        count(*) as reported_count,
        count(*) filter (origin = 'appeal') as appeal_count,
        count(*) filter (origin = 'proactive') as proactive_count
    from selected
    where reported_at >= $start::timestamp and reported_at < $stop::timestamp
    group by month
),

going as (
    select
        date_trunc('month', closed_at) as month,
        count(*) as closed_count
    from selected
    where closed_at >= $start::timestamp and closed_at < $stop::timestamp
    group by month
),

-- Cases open before the period and still open in it, then what came and went: those closed before they were
-- reported (a fault of the data) were never open.
standing as (
    select month, sum(turn) as turn
    from (
        select greatest(date_trunc('month', reported_at), date_trunc('month', $start::timestamp)) as month, 1 as turn
        from selected
        where coalesce(closed_at > reported_at, true) and reported_at < moment($stop)
        union all
        select greatest(date_trunc('month', closed_at), date_trunc('month', $start::timestamp)), -1
        from selected
        where closed_at > reported_at and closed_at < moment($stop)
    )
    group by month
)

select
    m.month::date as month,
    coalesce(i.reported_count, 0) as reported_count,
    coalesce(i.appeal_count, 0) as appeal_count,
    coalesce(i.proactive_count, 0) as proactive_count,
    coalesce(o.closed_count, 0) as closed_count,
    coalesce(sum(s.turn) over (order by m.month rows unbounded preceding), 0)::bigint as open_count
from months_of($start, $stop) as m
left join coming as i using (month)
left join going as o using (month)
left join standing as s using (month)
order by m.month
