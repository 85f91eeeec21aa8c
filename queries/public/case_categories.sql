-- title: 公开数据包：最上一级各地各月各类别受理量
-- grain: period, place_code, category
-- params: names, starts, stops, levels
-- column: period                统计期的名称
-- column: place_code            最上一级所在地，空为不在任何一处
-- column: category              类别代码，空为未填或保密
-- column: base                  件数
-- note: 保密案件只计入总数，不计入任何类别。

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
        case
            when coalesce(c.is_confidential, false) then if(c.county_code in (from shown), c.county_code, null)
            else coalesce(
                if(c.county_code in (from shown), c.county_code, null),
                if(c.town_code in (from shown), c.town_code, null),
                if(c.community_code in (from shown), c.community_code, null),
                if(c.grid_1 in (from shown), c.grid_1, null)
            )
        end as root_code,
        if(coalesce(c.is_confidential, false), null, c.category::varchar) as shown_category
    from periods as p
    inner join cases as c on touches(c, p.start, p.stop)
    where cases_base('reported_count', c, p.start, p.stop)
)

select
    period,
    coalesce(root_code, '') as place_code,
    coalesce(shown_category, '') as category,
    count(*) as base
from keyed
group by all
