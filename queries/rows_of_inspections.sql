-- title: 小区排查明细
-- grain: inspection_id
-- params: start, stop, region, indicator, part, limit
-- column: inspection_id         排查编号
-- column: inspected_on          排查日期
-- column: estate                小区
-- column: place                 地点
-- column: property_mode         物业方式
-- column: households            户数
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。

with chosen_rows as (
    select c.*
    from located_inspections as c
    where within(c, $region)
        and inspections_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then inspections_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not inspections_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.inspection_id,
    c.inspected_on,
    coalesce(c.estate_name, c.estate_id) as estate,
    coalesce(p.full_name, '未落格') as place,
    c.property_mode,
    c.estate_households as households,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
order by c.inspected_on desc, c.inspection_id
limit $limit
