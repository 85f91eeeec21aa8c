-- title: 每日在办与积压天数
-- grain: day
-- params: start, stop, region, category, channel, origin, urgency
-- column: day                   日期
-- column: open_count            当日末在办
-- column: within_2_days         0–1 天
-- column: within_8_days         2–7 天
-- column: within_31_days        8–30 天
-- column: older                 30 天以上
-- note: 每天 24:00 的在办案件，按已等天数分段；当日 24:00 在数据截至之后的，取数据截至时点。

with

days as (
    select unnest(generate_series(
        $start::timestamp, moment($stop) - interval 1 second, interval 1 day
    )) as day
),

selected as (
    select
        c.reported_at,
        coalesce(c.closed_at, timestamp '9999-01-01') as closed_at
    from cases as c
    where is_open(c, c.reported_at + interval 1 second)
        and c.reported_at < moment($stop)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

-- A case has waited at least `age` days from reported_at + age until it is closed: one more on the day the first
-- begins, one fewer on the day the second does. A running sum then gives every day without joining days and cases.
turns as (
    select
        age,
        greatest(date_trunc('day', reported_at + to_days(age) - interval (if(age = 0, 0, 1)) microsecond), $start) as day,
        1 as turn
    from selected
    cross join (from (values (0), (2), (8), (31)) as t(age))
    where closed_at >= reported_at + to_days(age) and reported_at + to_days(age) <= moment($stop)

    union all

    select
        age,
        greatest(date_trunc('day', closed_at), $start) as day,
        -1
    from selected
    cross join (from (values (0), (2), (8), (31)) as t(age))
    where closed_at >= reported_at + to_days(age) and closed_at < moment($stop)
),

waiting as (
    select
        d.day,
        sum(sum(t.turn) filter (t.age = 0)) over so_far as open_count,
        sum(sum(t.turn) filter (t.age = 2)) over so_far as from_2_days,
        sum(sum(t.turn) filter (t.age = 8)) over so_far as from_8_days,
        sum(sum(t.turn) filter (t.age = 31)) over so_far as from_31_days
    from days as d
    left join turns as t using (day)
    group by d.day
    window so_far as (order by d.day rows unbounded preceding)
)

select
    day::date as day,
    coalesce(open_count, 0)::bigint as open_count,
    (coalesce(open_count, 0) - coalesce(from_2_days, 0))::bigint as within_2_days,
    (coalesce(from_2_days, 0) - coalesce(from_8_days, 0))::bigint as within_8_days,
    (coalesce(from_8_days, 0) - coalesce(from_31_days, 0))::bigint as within_31_days,
    coalesce(from_31_days, 0)::bigint as older
from waiting
order by day
