-- title: 打分卡明细
-- grain: card_id, item
-- params: start, stop, region, indicator, part, limit
-- column: card_id               打分卡编号
-- column: round_id              轮次
-- column: estate                小区
-- column: item                  分项
-- column: score                 得分
-- column: submitted_on          提交日期
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。
-- note: 一行一张卡的一个分项。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_score_cards as c
    where within(c, $region)
        and score_cards_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then score_cards_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not score_cards_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.card_id,
    c.round_id,
    coalesce(c.estate_name, c.estate_id) as estate,
    c.item,
    c.score,
    c.submitted_on,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
order by c.submitted_on desc, c.card_id, c.item
limit $limit
