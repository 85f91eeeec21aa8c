-- title: 积分流水明细
-- grain: txn_id
-- params: start, stop, region, indicator, part, limit
-- column: txn_id                流水编号
-- column: happened_on           日期
-- column: place                 地点
-- column: account_kind          账户类型
-- column: reason                事由
-- column: delta                 分值
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。不含账户。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_points as c
    where within(c, $region)
        and points_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then points_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not points_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.txn_id,
    c.happened_at::date as happened_on,
    coalesce(p.full_name, c.region_code) as place,
    c.account_kind,
    c.reason,
    c.delta,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
order by c.happened_at desc, c.txn_id
limit $limit
