-- title: 小区明细
-- grain: estate_id
-- params: start, stop, region, indicator, part, limit
-- column: estate_id             小区编号
-- column: estate                小区
-- column: place                 地点
-- column: property_mode         物业方式
-- column: households            户数
-- column: built_year            建成年份
-- column: is_liaised            期末有单位包联
-- column: inspection_count      统计期内排查次数
-- column: last_inspected_on     最近一次排查
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。

with chosen_rows as (
    select c.*
    from located_estates as c
    where within(c, $region)
        and estates_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then estates_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not estates_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.estate_id,
    c.name as estate,
    coalesce(p.full_name, '未落格') as place,
    c.property_mode,
    c.households,
    c.built_year::varchar as built_year,
    if(c.liaisons_from < moment($stop), is_any_active(c.liaison_spans, moment($stop)), null) as is_liaised,
    len(list_filter(c.inspections, lambda x: x >= $start::timestamp and x < $stop::timestamp))::bigint
        as inspection_count,
    list_max(list_filter(c.inspections, lambda x: x < $stop::timestamp)) as last_inspected_on,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
order by c.region_code, by_number(c.name), c.estate_id
limit $limit
