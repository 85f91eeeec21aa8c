-- title: 地点与边界
-- grain: place_code
-- params: region, level
-- column: place_code            代码
-- column: parent_code           上级代码
-- column: level                 层级
-- column: name                  名称
-- column: full_name             全称
-- column: households            户数
-- column: residents             人数
-- column: geometry              边界（GeoJSON）
-- column: is_schematic          是否示意
-- column: approval_number       审图号

select
    p.place_code,
    p.parent_code,
    p.level,
    p.name,
    p.full_name,
    p.households,
    p.residents,
    b.geometry,
    coalesce(b.is_schematic, true) as is_schematic,
    b.approval_number
from places as p
left join boundaries as b using (place_code)
where p.level = $level and within(p, $region)
order by p.place_code
