-- title: 议题明细
-- grain: issue_id
-- params: start, stop, region, indicator, part, limit
-- column: issue_id              议题编号
-- column: topic                 主题类别
-- column: place                 地点
-- column: estate                小区
-- column: meeting_type          会议类型
-- column: decided_on            议定日期
-- column: solved_on             解决日期
-- column: days                  用时或已过（天）
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。
-- note: 没有解决的，天数算到数据截至。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_issues as c
    where within(c, $region)
        and issues_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then issues_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not issues_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.issue_id,
    c.topic,
    coalesce(p.full_name, c.region_code) as place,
    e.name as estate,
    m.meeting_type,
    c.decided_on,
    c.solved_on,
    date_diff('day', c.decided_on, coalesce(c.solved_on, as_of()::date)) as days,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
left join estates as e on e.estate_id = c.estate_id
left join meetings as m on m.meeting_id = c.meeting_id
order by c.decided_on desc, c.issue_id
limit $limit
