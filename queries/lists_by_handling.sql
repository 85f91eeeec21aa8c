-- title: 五办
-- grain: handling
-- params: start, stop, region
-- column: handling              办理方式
-- column: item_count            事项
-- column: done_count            完成
-- column: done_share            完成比例
-- column: done_days             完成天数
-- column: topics                主题
-- note: 统计期内提出、要办的清单事项，看到数据截至；办理方式来自清单，只含登记了的。完成天数为中位数，从提出算起。

select
    c.handling,
    count(*) as item_count,
    count(*) filter (c.done_on < as_of()) as done_count,
    count(*) filter (c.done_on < as_of()) / count(*) as done_share,
    median(date_diff('day', c.created_on, c.done_on)) filter (c.done_on < as_of()) as done_days,
    string_agg(distinct c.topic, '、' order by c.topic) as topics
from located_list_items as c
where within(c, $region) and handling_rate_hit(c, $start::timestamp, $stop::timestamp)
group by c.handling
order by list_position(['lead', 'assign', 'joint', 'operate', 'help'], c.handling)
