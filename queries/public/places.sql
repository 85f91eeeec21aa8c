-- title: 公开数据包：公开层级的地方与边界
-- grain: place_code
-- params: levels
-- column: place_code            代码
-- column: level                 层级
-- column: name                  名称
-- column: households            户数
-- column: residents             人数
-- column: county_code           所属县
-- column: town_code             所属乡镇街道
-- column: community_code        所属村社区
-- column: grid_1                所属大网格
-- column: geometry              边界（GeoJSON）
-- column: is_schematic          是否示意
-- column: approval_number       审图号

select
    p.place_code,
    p.level,
    p.name,
    p.households,
    p.residents,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    b.geometry,
    coalesce(b.is_schematic, true) as is_schematic,
    b.approval_number
from places as p
left join boundaries as b using (place_code)
where p.is_registered and list_contains($levels::varchar[], p.level)
order by p.place_code
