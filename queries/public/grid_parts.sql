-- title: 公开数据包：各地末级网格的人力、负荷与配备
-- grain: place_code, indicator
-- params: instant, levels
-- column: place_code            公开层级中最细的所在地，空为不在任何一处
-- column: indicator             指标代码
-- column: base                  分母（网格数）
-- column: hit                   分子
-- column: fte                   折算人力
-- column: weight                在办权重
-- note: 负荷的权重与人力和“网格负荷”的定义相同，相除即得该指标。

with

shown as (
    select place_code
    from places
    where is_registered and list_contains($levels::varchar[], level)
),

keyed as (
    select
        coalesce(
            if(g.grid_1 in (from shown), g.grid_1, null),
            if(g.community_code in (from shown), g.community_code, null),
            if(g.town_code in (from shown), g.town_code, null),
            if(g.county_code in (from shown), g.county_code, null),
            ''
        ) as leaf_code,
        g.*
    from grid_loads($instant::timestamp) as g
    where g.is_leaf
),

counted as (
    select
        c.leaf_code as place_code,
        coalesce(sum(c.fte) filter (workload_base(c, null, null)), 0) as fte,
        coalesce(sum(c.open_weight) filter (workload_base(c, null, null)), 0) as weight,
        unnest(grid_indicators(c, null, null), recursive := true)
    from keyed as c
    group by c.leaf_code
)

select
    place_code,
    indicator,
    base,
    hit,
    fte,
    weight
from counted
