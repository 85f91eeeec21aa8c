-- title: 各单位认领与完成
-- grain: unit_id
-- params: start, stop, region
-- column: unit_id               单位编号
-- column: unit                  认领单位
-- column: claimed_count         认领
-- column: done_count            其中完成
-- column: done_rate             完成率
-- column: done_days             认领到完成中位（天）
-- column: list_types            清单
-- column: unit_type             单位类型
-- note: 统计期内认领的清单事项（双向认领、点单接单），看到数据截至；按单位名称排列，不排名次。没有登记单位的在最后一行。

with

mine as (
    select
        coalesce(unit_id, '') as taker,
        c.*
    from located_list_items as c
    where within(c, $region)
        and list_is_task(c)
        and list_is_claimed(c)
        and coalesce(claimed_on, done_on) >= $start
        and coalesce(claimed_on, done_on) < $stop
)

select
    c.taker as unit_id,
    coalesce(any_value(u.name), nullif(c.taker, ''), '没有登记单位') as unit,
    count(*) as claimed_count,
    count(*) filter (c.done_on < as_of()) as done_count,
    count(*) filter (c.done_on < as_of()) / count(*) as done_rate,
    median(date_diff('day', c.claimed_on, c.done_on)) filter (c.done_on < as_of()) as done_days,
    string_agg(distinct c.list_type, '、' order by c.list_type) as list_types,
    any_value(u.unit_type) as unit_type
from mine as c
left join units as u on u.unit_id = c.taker
group by c.taker
order by c.taker = '', by_number(unit), c.taker
