-- title: 可选的地点
-- grain: place_code
-- params:
-- column: place_code            代码
-- column: full_name             全称
-- column: name                  名称
-- column: level                 层级
-- column: parent_code           上级代码
-- column: county_code           所属县
-- column: town_code             所属乡镇街道
-- column: community_code        所属村社区
-- column: grid_1                所属大网格
-- column: grid_2                所属小网格
-- column: grid_3                所属微网格
-- column: upper_codes           所属市与省
-- note: 市和省在最前：它们不是数据的一级，选了就看其中各县。

with

upper_codes as (
    select
        county_code,
        string_agg(upper_code, ' ' order by upper_code) as upper_codes
    from upper_regions
    group by county_code
),

options as (
    select
        p.place_code,
        p.full_name,
        p.name,
        p.level,
        p.parent_code,
        p.county_code,
        p.town_code,
        p.community_code,
        p.grid_1,
        p.grid_2,
        p.grid_3,
        u.upper_codes
    from places as p
    left join upper_codes as u on u.county_code = p.county_code

    union all

    select distinct
        upper_code,
        name,
        name,
        level,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null
    from upper_regions
)

select *
from options
order by
    level not in ('province', 'city'),
    county_code,
    town_code nulls first,
    community_code nulls first,
    grid_1 nulls first,
    place_code
