-- title: 议事会议明细
-- grain: meeting_id
-- params: start, stop, region, indicator, part, limit
-- column: meeting_id            会议编号
-- column: meeting_type          会议类型
-- column: place                 地点
-- column: estate                小区
-- column: planned_on            计划日期
-- column: held_on               召开日期
-- column: days_off              与计划相差（天）
-- column: attendance            参会人次
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。
-- note: 召开日期为空的没有开；相差为负的提前开。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_meetings as c
    where within(c, $region)
        and meetings_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then meetings_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not meetings_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.meeting_id,
    c.meeting_type,
    coalesce(p.full_name, c.region_code) as place,
    e.name as estate,
    c.planned_on,
    c.held_on,
    date_diff('day', c.planned_on, c.held_on) as days_off,
    c.attendance,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
left join estates as e on e.estate_id = c.estate_id
order by coalesce(c.planned_on, c.held_on) desc, c.meeting_id
limit $limit
