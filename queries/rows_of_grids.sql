-- title: 网格明细
-- grain: grid_id
-- params: start, stop, region, indicator, part, limit
-- column: grid_id               网格编码
-- column: place                 网格
-- column: households            户数
-- column: open_count            在办
-- column: open_weight           在办权重
-- column: overdue_count         超期在办
-- column: fte                   折算人力
-- column: worker_count          专兼职网格员
-- column: load                  单位人力权重
-- column: is_registered         登记在册
-- column: party                 对应的党组织
-- column: former_kinds          并入的原有网格
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。期末有效的末级网格。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from grid_loads(moment($stop)) as c
    where c.is_leaf
        and within(c, $region)
        and grids_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then grids_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not grids_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.place_code as grid_id,
    c.full_name as place,
    c.households,
    c.open_count,
    c.open_weight,
    c.overdue_count,
    c.fte,
    c.worker_count,
    c.load,
    c.is_registered,
    if(c.has_party, o.partner_type || ' ' || o.partner_id, null) as party,
    nullif(array_to_string(c.former_kinds, '、'), '') as former_kinds,
    g.source_file,
    g.source_sheet,
    g.source_row
from chosen_rows as c
left join grids as g on g.grid_id = c.place_code
left join partners as o on o.partner_id = g.party_id
order by c.load desc nulls last, c.place_code
limit $limit
