-- title: 各类别之和等于总数，一件事只计一次
-- scenes: map, now
-- grain: county_code, month
-- params:
-- column: county_code           县代码
-- column: month                 月份
-- column: whole                 不同案件数
-- column: parts                 各类别受理之和

with

months as (
    select
        date_trunc('month', reported_at) as start,
        date_trunc('month', reported_at) + interval 1 month as stop
    from cases
    group by all
),

by_category as (
    select
        coalesce(c.county_code, '') as county_code,
        m.start as month,
        c.category,
        count(*) filter (reported_count_base(c, m.start, m.stop)) as reported_count
    from months as m
    inner join cases as c on touches(c, m.start, m.stop)
    group by all
),

parts as (
    select
        county_code,
        month,
        sum(reported_count)::bigint as parts
    from by_category
    group by all
),

wholes as (
    select
        coalesce(county_code, '') as county_code,
        date_trunc('month', reported_at) as month,
        count(distinct (source, case_id)) as whole
    from cases
    where is_valid
    group by all
)

select
    coalesce(w.county_code, p.county_code) as county_code,
    coalesce(w.month, p.month) as month,
    coalesce(w.whole, 0) as whole,
    coalesce(p.parts, 0) as parts
from wholes as w
full join parts as p on p.county_code = w.county_code and p.month = w.month
where coalesce(w.whole, 0) <> coalesce(p.parts, 0)
