-- title: 走访明细
-- grain: visit_id
-- params: start, stop, region, indicator, part, limit
-- column: visit_id              走访编号
-- column: visited_on            日期
-- column: visit_type            走访类型
-- column: place                 地点
-- column: case_id               案件编号
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。只到日期和网格，不含户。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_visits as c
    where within(c, $region)
        and visits_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then visits_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not visits_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.visit_id,
    c.visited_at::date as visited_on,
    c.visit_type,
    coalesce(p.full_name, c.grid_id, c.region_code) as place,
    c.case_id,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = coalesce(c.grid_id, c.region_code)
order by c.visited_at desc, c.visit_id
limit $limit
