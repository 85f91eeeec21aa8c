-- title: 民生项目明细
-- grain: project_id
-- params: start, stop, region, indicator, part, limit
-- column: project_id            项目编号
-- column: project_type          项目类型
-- column: name                  项目名称
-- column: place                 地点
-- column: estate                小区
-- column: started_on            开工日期
-- column: done_on               完工日期
-- column: households_count      受益户数
-- column: residents_count       受益人数
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_projects as c
    where within(c, $region)
        and projects_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then projects_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not projects_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.project_id,
    c.project_type,
    c.name,
    coalesce(p.full_name, c.region_code) as place,
    e.name as estate,
    c.started_on,
    c.done_on,
    c.households_count,
    c.residents_count,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
left join estates as e on e.estate_id = c.estate_id
order by coalesce(c.done_on, c.started_on) desc nulls last, c.project_id
limit $limit
