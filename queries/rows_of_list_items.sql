-- title: 清单事项明细
-- grain: item_id
-- params: start, stop, region, indicator, part, limit
-- column: item_id               事项编号
-- column: list_type             清单
-- column: topic                 主题类别
-- column: handling              办理方式
-- column: place                 地点
-- column: unit                  认领单位
-- column: team                  认领队伍
-- column: created_on            提出日期
-- column: claimed_on            认领日期
-- column: done_on               完成日期
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_list_items as c
    where within(c, $region)
        and list_items_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then list_items_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not list_items_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.item_id,
    c.list_type,
    c.topic,
    c.handling,
    coalesce(p.full_name, c.region_code) as place,
    coalesce(u.name, c.unit_id) as unit,
    c.team,
    c.created_on,
    c.claimed_on,
    c.done_on,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
left join units as u on u.unit_id = c.unit_id
order by c.created_on desc, c.item_id
limit $limit
