-- title: 各月各项指标
-- grain: month, indicator
-- params: start, stop, region, category, channel, origin, urgency
-- column: month                 月份
-- column: indicator             指标
-- column: value                 数值
-- column: hit                   分子
-- column: base                  分母（n）
-- column: is_complete           是否整月
-- note: 统计期内的每个自然月一行，首尾不满的月份 is_complete 为假；在办类指标取月末时点。

with

months as (
    select *, month as period from months_of($start, $stop)
),

keyed as (
    select
        m.month as key,
        m.start,
        m.stop,
        null::bigint as residents,
        c.*
    from months as m
    inner join cases as c
        on touches(c, m.start, m.stop) and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

measured as (
    select key, indicator, value, hit, base from indicators_over('keyed')

    union all

    select
        month,
        unnest(grid_indicators(c, null, null), recursive := true)
    from (
        select m.month, g.*
        from months as m
        cross join lateral (select * from grid_loads(moment(m.stop)) as g where g.is_leaf and within(g, $region)) as g
    ) as c
    group by month

    union all

    select period, indicator, value, hit, base from ledger_indicators('months', $region, null)
)

select
    m.month::date as month,
    d.indicator,
    coalesce(v.value, if(d.is_count, 0, null)) as value,
    v.hit,
    coalesce(v.base, 0) as base,
    m.is_complete
from months as m
cross join dictionary as d
left join measured as v on v.key = m.month and v.indicator = d.indicator
order by m.month, d.ordinal
