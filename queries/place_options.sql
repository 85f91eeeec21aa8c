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

select
    place_code,
    full_name,
    name,
    level,
    parent_code,
    county_code,
    town_code,
    community_code,
    grid_1,
    grid_2,
    grid_3
from places
order by county_code, town_code nulls first, community_code nulls first, grid_1 nulls first, place_code
