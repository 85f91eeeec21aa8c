-- title: 未整改隐患已等天数
-- grain: severity, age
-- params: start, stop, region, category, channel, origin, urgency
-- column: severity              等级
-- column: age                   已等
-- column: open_count            未整改
-- column: overdue_count         其中已过期限
-- note: 期末时点尚未整改的隐患，从发现算起；等级没有登记的单列。

with

severities as (
    from (values (1, 'major'), (2, 'larger'), (3, 'general'), (4, '')) as t(ordinal, severity)
),

ages as (
    from (values (1, '0–1 天'), (2, '2–7 天'), (3, '8–30 天'), (4, '30 天以上')) as t(ordinal, age)
),

waiting as (
    select
        coalesce(c.severity, '') as severity,
        case
            when c.reported_at > moment($stop) - interval 2 day then 1
            when c.reported_at > moment($stop) - interval 8 day then 2
            when c.reported_at > moment($stop) - interval 31 day then 3
            else 4
        end as ordinal,
        coalesce(c.judged_due_at < moment($stop), false) as is_overdue
    from cases as c
    where unrectified_count_base(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    nullif(s.severity, '') as severity,
    a.age,
    count(w.severity) as open_count,
    count(*) filter (w.is_overdue) as overdue_count
from severities as s
cross join ages as a
left join waiting as w on w.severity = s.severity and w.ordinal = a.ordinal
group by s.ordinal, s.severity, a.ordinal, a.age
order by s.ordinal, a.ordinal
