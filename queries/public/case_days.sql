-- title: 公开数据包：最上一级各地每日受理与办结
-- grain: period, place_code, indicator
-- params: starts, stops, indicators, levels
-- column: period                日期
-- column: place_code            最上一级所在地，空为不在任何一处
-- column: indicator             指标代码
-- column: base                  件数
-- note: 与月份用同一组定义；保密案件计入县。

with

days as (
    select
        unnest($starts::timestamp[]) as start,
        unnest($stops::timestamp[]) as stop
),

chosen as (
    select unnest($indicators::varchar[]) as indicator
),

shown as (
    select place_code
    from places
    where is_registered and list_contains($levels::varchar[], level)
),

keyed as (
    select
        d.start,
        d.stop,
        case
            when coalesce(c.is_confidential, false) then if(c.county_code in (from shown), c.county_code, null)
            else coalesce(
                if(c.county_code in (from shown), c.county_code, null),
                if(c.town_code in (from shown), c.town_code, null),
                if(c.community_code in (from shown), c.community_code, null),
                if(c.grid_1 in (from shown), c.grid_1, null)
            )
        end as root_code,
        c.*
    from days as d
    inner join cases as c on touches(c, d.start, d.stop)
)

select
    c.start::date as period,
    coalesce(c.root_code, '') as place_code,
    i.indicator,
    count(*) filter (cases_base(i.indicator, c, c.start, c.stop)) as base
from keyed as c
cross join chosen as i
group by c.start, c.root_code, i.indicator
