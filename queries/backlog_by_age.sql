-- title: 在办案件已等天数
-- grain: track, age
-- params: stop, region, category, channel, origin, urgency
-- column: track                 条线
-- column: age                   已等
-- column: open_count            在办
-- column: overdue_count         其中超期
-- note: 期末时点；三条线分开，不相加。

with

ages as (
    from (values (1, '0–1 天'), (2, '2–7 天'), (3, '8–30 天'), (4, '30 天以上')) as t(ordinal, age)
),

tracks as (
    from (values (1, 'dispute'), (2, 'hazard'), (3, 'service')) as t(ordinal, track)
),

waiting as (
    select
        c.track,
        case
            when c.reported_at > moment($stop) - interval 2 day then 1
            when c.reported_at > moment($stop) - interval 8 day then 2
            when c.reported_at > moment($stop) - interval 31 day then 3
            else 4
        end as ordinal,
        is_overdue(c, moment($stop)) as is_overdue
    from cases as c
    where is_open(c, moment($stop)) and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    t.track,
    a.age,
    count(w.track) as open_count,
    count(*) filter (w.is_overdue) as overdue_count
from tracks as t
cross join ages as a
left join waiting as w on w.track = t.track and w.ordinal = a.ordinal
group by t.ordinal, t.track, a.ordinal, a.age
order by t.ordinal, a.ordinal
