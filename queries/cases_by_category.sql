-- title: 各类别案件
-- grain: category
-- params: start, stop, region, category, channel, origin, urgency
-- column: category              类别
-- column: reported_count        受理量
-- column: previous_count        上期受理量
-- column: last_year_count       去年同期受理量
-- column: closed_count          办结量
-- column: open_count            期末在办
-- column: overdue_count         期末超期在办
-- column: appeal_count          其中群众诉求
-- column: proactive_count       其中主动发现

with

bounds as (
    select
        $start::timestamp as start,
        $stop::timestamp as stop,
        $start::timestamp - ($stop::timestamp - $start::timestamp) as previous_start
),

selected as (
    select c.*
    from cases as c
    where c.is_valid and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    c.category,
    count(*) filter (c.reported_at >= b.start and c.reported_at < b.stop) as reported_count,
    count(*) filter (c.reported_at >= b.previous_start and c.reported_at < b.start) as previous_count,
    count(*) filter (
        c.reported_at >= b.start - interval 1 year and c.reported_at < b.stop - interval 1 year
    ) as last_year_count,
    count(*) filter (c.closed_at >= b.start and c.closed_at < b.stop) as closed_count,
    count(*) filter (is_open(c, moment(b.stop))) as open_count,
    count(*) filter (is_overdue(c, moment(b.stop))) as overdue_count,
    count(*) filter (c.reported_at >= b.start and c.reported_at < b.stop and c.origin = 'appeal') as appeal_count,
    count(*) filter (c.reported_at >= b.start and c.reported_at < b.stop and c.origin = 'proactive') as proactive_count
from selected as c
cross join bounds as b
group by c.category
having reported_count + previous_count + last_year_count + closed_count + open_count > 0
order by reported_count desc, c.category
