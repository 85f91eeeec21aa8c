-- title: 公开数据包：各地各期各指标的分母与分子
-- grain: period, place_code
-- params: names, starts, stops, levels
-- column: period                统计期的名称
-- column: place_code            公开层级中最细的所在地，空为不在任何一处
-- note: 其余的列由指标词典而来：每个指标的分母“代码_base”与分子“代码_hit”，写在 {counts} 处。
-- note: 保密案件只计入县及全部范围。没有登记、只在案件里出现的地方不单列：有它就说明有案件。

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
        case
            when coalesce(c.is_confidential, false) then if(c.county_code in (from shown), c.county_code, null)
            else coalesce(
                if(c.grid_1 in (from shown), c.grid_1, null),
                if(c.community_code in (from shown), c.community_code, null),
                if(c.town_code in (from shown), c.town_code, null),
                if(c.county_code in (from shown), c.county_code, null)
            )
        end as leaf_code,
        c.*
    from periods as p
    inner join cases as c on touches(c, p.start, p.stop)
)

select
    c.period,
    coalesce(c.leaf_code, '') as place_code,
    {counts}
from keyed as c
group by c.period, c.leaf_code
