-- title: 活动明细
-- grain: activity_id
-- params: start, stop, region, indicator, part, limit
-- column: activity_id           活动编号
-- column: activity_type         类型
-- column: place                 地点
-- column: team                  队伍
-- column: brand                 服务品牌
-- column: brand_line            品牌项目
-- column: planned_on            计划日期
-- column: held_on               开展日期
-- column: hours                 服务时长（小时）
-- column: attendance            参加人次
-- column: beneficiary_count     受益人次
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。人次不是人数。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_activities as c
    where within(c, $region)
        and activities_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then activities_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not activities_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.activity_id,
    c.activity_type,
    coalesce(p.full_name, c.region_code) as place,
    c.team,
    c.brand,
    c.brand_line,
    c.planned_on,
    c.held_on,
    c.hours,
    c.attendance,
    c.beneficiary_count,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
order by coalesce(c.planned_on, c.held_on) desc, c.activity_id
limit $limit
