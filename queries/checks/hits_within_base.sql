-- title: 任何比率的分子都在分母之内
-- scenes: map, satisfaction, timeliness
-- grain: county_code, month, indicator
-- params:
-- column: county_code           县代码
-- column: month                 月份
-- column: indicator             指标代码
-- column: outside               算作成功、却不在分母里的案件
-- note: 最近 2 个月。分子全在分母之内，也就不会多于分母。

with

months as (
    select
        unnest([
            date_trunc('month', as_of()) - interval 1 month,
            date_trunc('month', as_of())
        ]) as start
),

rates as (
    select indicator
    from dictionary
    where unit = '%'
),

counted as (
    select
        coalesce(c.county_code, '') as county_code,
        m.start as month,
        r.indicator,
        count(*) filter (
            cases_hit(r.indicator, c, m.start, m.start + interval 1 month)
            and not cases_base(r.indicator, c, m.start, m.start + interval 1 month)
        ) as outside
    from months as m
    inner join cases as c on touches(c, m.start, m.start + interval 1 month)
    cross join rates as r
    group by all
)

select *
from counted
where outside > 0
