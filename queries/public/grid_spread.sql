-- title: 公开数据包：各地网格负荷的分布
-- grain: place_code, indicator
-- params: instant, levels
-- column: place_code            区划代码，空为全部范围
-- column: indicator             指标代码
-- column: value                 数值
-- column: base                  分母（网格数）

with keyed as (
    select
        unnest(list_distinct(list_prepend('', list_filter(
            list_transform($levels::varchar[], lambda x: place_at(g, x)), lambda x: x is not null
        )))) as key,
        g.*
    from grid_loads($instant::timestamp) as g
    where g.is_leaf
)

select
    key as place_code,
    unnest(grid_indicators(c, null, null), recursive := true)
from keyed as c
group by key
