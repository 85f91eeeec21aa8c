-- title: 阵地与服务设施明细
-- grain: facility_id
-- params: start, stop, region, indicator, part, limit
-- column: facility_id           设施编号
-- column: facility_type         类型
-- column: name                  名称
-- column: place                 地点
-- column: area_m2               面积（平方米）
-- column: service_count         可办事项
-- column: visits_per_day        日均接待人次
-- column: revenue_per_day       日均营业额（元）
-- column: investment            投资（元）
-- column: opened_on             启用日期
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。人次不是人数。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_facilities as c
    where within(c, $region)
        and facilities_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then facilities_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not facilities_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.facility_id,
    c.facility_type,
    c.name,
    coalesce(p.full_name, c.region_code) as place,
    c.area_m2,
    c.service_count,
    c.visits_per_day,
    c.revenue_per_day,
    c.investment,
    c.opened_on,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
order by c.facility_type, c.facility_id
limit $limit
