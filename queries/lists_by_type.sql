-- title: 各类清单
-- grain: list_type
-- params: start, stop, region
-- column: list_type             清单
-- column: is_task               要认领办理
-- column: is_wish               微心愿
-- column: item_count            提出
-- column: claimed_count         认领
-- column: done_count            完成
-- column: claim_rate            认领率
-- column: done_rate             完成率
-- column: claim_days            认领天数
-- column: done_days             完成天数
-- column: waiting_count         无人认领
-- column: oldest_days           最久无人认领（天）
-- column: topic_count           主题数
-- note: 统计期内提出的事项，看到数据截至；清单类型来自数据。没有认领记录而已完成的视为有人认领。
-- note: 只登记情况的清单（规则配置）不计认领、完成。认领、完成天数为中位数，从提出算起，只含已认领、已完成的。

with

mine as (
    select c.*
    from located_list_items as c
    where within(c, $region) and list_count_base(c, $start::timestamp, $stop::timestamp)
),

counted as (
    select
        list_type,
        bool_and(list_is_task(c)) as is_task,
        bool_and(list_is_wish(c)) as is_wish,
        count(*) as item_count,
        count(*) filter (list_is_task(c) and list_is_claimed(c)) as claimed_count,
        count(*) filter (list_is_task(c) and done_on < as_of()) as done_count,
        list_claim_rate(c, $start::timestamp, $stop::timestamp) as claim_rate,
        list_done_rate(c, $start::timestamp, $stop::timestamp) as done_rate,
        median(date_diff('day', created_on, claimed_on)) filter (claimed_on < as_of()) as claim_days,
        median(date_diff('day', created_on, done_on)) filter (done_on < as_of()) as done_days,
        count(*) filter (list_is_task(c) and not list_is_claimed(c)) as waiting_count,
        max(date_diff('day', created_on, as_of()::date)) filter (
            list_is_task(c) and not list_is_claimed(c)
        ) as oldest_days,
        count(distinct topic) as topic_count
    from mine as c
    group by list_type
)

select *
from counted
order by item_count desc, list_type
