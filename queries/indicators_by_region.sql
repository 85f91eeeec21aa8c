-- title: 各地各项指标
-- grain: place_code, indicator
-- params: start, stop, region, category, channel, origin, urgency, level
-- column: place_code            区划或网格代码
-- column: name                  名称
-- column: indicator             指标
-- column: value                 数值
-- column: hit                   分子
-- column: base                  分母（n）
-- note: 范围内该层级的每个地方都在，没有案件的也在；没有落到该层级的案件列在代码为空的“未落格”一行。

with

here as (
    from named_places($level, $region)
),

keyed as (
    select
        coalesce(place_at(c, $level), '') as key,
        $start::timestamp as start,
        $stop::timestamp as stop,
        h.residents,
        c.*
    from cases as c
    left join here as h on h.place_code = place_at(c, $level)
    where touches(c, $start, $stop) and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

loads as (
    select
        place_at(g, $level) as key,
        g.*
    from grid_loads(moment($stop)) as g
    where g.is_leaf and within(g, $region)
),

whole as (
    select
        0 as period,
        $start::timestamp as start,
        $stop::timestamp as stop
),

measured as (
    select key, indicator, value, hit, base from indicators_over('keyed')

    union all

    select
        key,
        unnest(grid_indicators(c, null, null), recursive := true)
    from loads as c
    where key is not null
    group by key

    union all

    select place as key, indicator, value, hit, base from ledger_indicators('whole', $region, $level)
),

rows as (
    select place_code, name from here
    union all
    select '', '未落格'
    where exists (from measured where key = '')
)

select
    nullif(r.place_code, '') as place_code,
    r.name,
    d.indicator,
    coalesce(m.value, if(d.is_count, 0, null)) as value,
    m.hit,
    coalesce(m.base, 0) as base
from rows as r
cross join dictionary as d
left join measured as m on m.key = r.place_code and m.indicator = d.indicator
order by r.place_code = '', r.place_code, d.ordinal
