-- title: 公开数据包：一种台账（会议、走访、积分等）各地各期各指标的分母与分子
-- grain: period, place_code
-- params: names, starts, stops, levels
-- column: period                统计期的名称
-- column: place_code            公开层级中最细的所在地，空为不在任何一处
-- note: 其余的列由指标词典而来：每个指标的分母“代码_base”与分子“代码_hit”，写在 {counts} 处；台账的名称写在 {ledger} 处。

with

periods as (
    select
        unnest($names::varchar[]) as period,
        unnest($starts::timestamp[]) as start,
        unnest($stops::timestamp[]) as stop
),

shown as (
    select place_code
    from places
    where is_registered and list_contains($levels::varchar[], level)
),

keyed as (
    select
        p.period,
        p.start,
        p.stop,
        coalesce(
            if(t.grid_1 in (from shown), t.grid_1, null),
            if(t.community_code in (from shown), t.community_code, null),
            if(t.town_code in (from shown), t.town_code, null),
            if(t.county_code in (from shown), t.county_code, null)
        ) as leaf_code,
        t.*
    from periods as p
    cross join located_{ledger} as t
)

select
    c.period,
    coalesce(c.leaf_code, '') as place_code,
    {counts}
from keyed as c
group by c.period, c.leaf_code
