-- title: 次日计划明细
-- grain: plan_id
-- params: start, stop, region, indicator, part, limit
-- column: plan_id               事项编号
-- column: topic                 工作类别
-- column: place                 地点
-- column: made_on               制定日期
-- column: planned_on            计划办理日期
-- column: done_on               办成日期
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_plans as c
    where within(c, $region)
        and plans_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then plans_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not plans_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.plan_id,
    c.topic,
    coalesce(p.full_name, c.region_code) as place,
    c.made_on,
    c.planned_on,
    c.done_on,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
order by c.planned_on desc, c.plan_id
limit $limit
