-- title: 打分卡整改明细
-- grain: action_id
-- params: start, stop, region, indicator, part, limit
-- column: action_id             整改编号
-- column: round_id              轮次
-- column: estate                小区
-- column: item                  分项
-- column: action                整改方式
-- column: decided_on            决定日期
-- column: done_on               完成日期
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_card_actions as c
    where within(c, $region)
        and card_actions_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then card_actions_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not card_actions_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.action_id,
    c.round_id,
    coalesce(c.estate_name, c.estate_id) as estate,
    c.item,
    c.action,
    c.decided_on,
    c.done_on,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
order by c.decided_on desc, c.action_id
limit $limit
