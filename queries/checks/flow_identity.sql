-- title: 期初在办 + 受理 − 办结 = 期末在办
-- scenes: map, now, workload
-- indicators: reported_count, closed_count, backlog, overdue_count, overdue_rate, workload
-- queries: cases_by_month, cases_by_category, backlog_by_day, backlog_by_age, open_cases, workload_by_grid
-- grain: county_code, category, month
-- params:
-- column: county_code           县代码
-- column: category              类别
-- column: month                 月份
-- column: opening               期初在办
-- column: reported              受理
-- column: closed                办结
-- column: closing               期末在办
-- column: is_broken             不符
-- note: 每县每类别每月一条；期初在办是上月的期末在办。返工的案件到最终办结才算办结，撤单的从不计入，所以没有另外两项。
-- note: 办结早于上报的案件时间有误，另在“数据质量与对账”列出，不在这里。

with

span as (
    select
        min(reported_at) as first_at,
        as_of() as last_at
    from cases
    where is_valid
),

months as (
    select
        month as start,
        least(month + interval 1 month, last_at) as stop
    from (
        select
            unnest(generate_series(date_trunc('month', first_at), last_at - interval 1 microsecond, interval 1 month)) as month,
            last_at
        from span
    )
),

flows as (
    select
        coalesce(c.county_code, '') as county_code,
        coalesce(c.category::varchar, '') as category,
        m.start as month,
        count(*) filter (reported_count_base(c, m.start, m.stop)) as reported,
        count(*) filter (closed_count_base(c, m.start, m.stop)) as closed,
        count(*) filter (backlog_base(c, m.start, m.stop)) as closing
    from months as m
    inner join cases as c on touches(c, m.start, m.stop)
    where c.closed_at is null or c.closed_at >= c.reported_at
    group by all
),

every_month as (
    select
        k.county_code,
        k.category,
        m.start as month,
        coalesce(f.reported, 0) as reported,
        coalesce(f.closed, 0) as closed,
        coalesce(f.closing, 0) as closing
    from (select distinct county_code, category from flows) as k
    cross join months as m
    left join flows as f on f.county_code = k.county_code and f.category = k.category and f.month = m.start
),

chained as (
    select
        county_code,
        category,
        month::date as month,
        coalesce(lag(closing) over (partition by county_code, category order by month), 0) as opening,
        reported,
        closed,
        closing
    from every_month
)

select
    *,
    opening + reported - closed <> closing as is_broken
from chained
