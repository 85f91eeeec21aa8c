-- title: 任何比率的分子都不多于分母
-- scenes: map, satisfaction, timeliness
-- indicators: rates
-- queries:
-- grain: county_code, month, indicator
-- params:
-- column: county_code           县代码
-- column: month                 月份
-- column: indicator             指标
-- column: hit                   分子
-- column: base                  分母
-- column: is_broken             不符
-- note: 案件、网格与各本台账的全部比率，最近 2 个月，每县一条；分母等于没有的不列。

with

months as (
    select
        start as period,
        start,
        start + interval 1 month as stop
    from (select unnest([date_trunc('month', as_of()) - interval 1 month, date_trunc('month', as_of())]) as start)
),

counted as (
    select
        coalesce(c.county_code, '') as county_code,
        m.start as month,
        unnest(indicators(c, m.start, m.stop, null::bigint), recursive := true)
    from months as m
    inner join cases as c on touches(c, m.start, m.stop)
    group by coalesce(c.county_code, ''), m.start

    union all

    select
        coalesce(c.county_code, ''),
        as_of(),
        unnest(grid_indicators(c, c.start, c.stop), recursive := true)
    from (
        select
            *,
            as_of() as start,
            as_of() as stop
        from grid_loads(as_of())
        where is_leaf
    ) as c
    group by coalesce(c.county_code, '')

    union all

    select
        place,
        period,
        indicator,
        value,
        hit,
        base
    from ledger_indicators('months', null, 'county')
)

select
    county_code,
    month::date as month,
    indicator,
    hit,
    base,
    hit > base or hit < 0 as is_broken
from counted
where hit is not null
