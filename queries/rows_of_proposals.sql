-- title: 建议明细
-- grain: proposal_id
-- params: start, stop, region, indicator, part, limit
-- column: proposal_id           建议编号
-- column: topic                 主题类别
-- column: place                 地点
-- column: meeting_type          征集场合
-- column: submitted_on          征集日期
-- column: screened_on           筛选日期
-- column: adopted_on            采纳日期
-- column: done_on               落地日期
-- column: rule_document         形成的制度
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_proposals as c
    where within(c, $region)
        and proposals_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then proposals_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not proposals_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.proposal_id,
    c.topic,
    coalesce(p.full_name, c.region_code) as place,
    c.meeting_type,
    c.submitted_on,
    c.screened_on,
    c.adopted_on,
    c.done_on,
    c.rule_document,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
order by c.submitted_on desc, c.proposal_id
limit $limit
