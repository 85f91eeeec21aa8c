-- title: 清单各主题
-- grain: list_type, topic
-- params: start, stop, region
-- column: list_type             清单
-- column: topic                 主题类别
-- column: item_count            提出
-- column: claimed_count         认领
-- column: done_count            完成
-- note: 统计期内提出的事项，看到数据截至。

select
    list_type,
    coalesce(nullif(trim(topic), ''), '未分类') as topic,
    count(*) as item_count,
    count(*) filter (list_is_task(c) and list_is_claimed(c)) as claimed_count,
    count(*) filter (list_is_task(c) and done_on < as_of()) as done_count
from located_list_items as c
where within(c, $region) and list_count_base(c, $start::timestamp, $stop::timestamp)
group by list_type, coalesce(nullif(trim(topic), ''), '未分类')
order by list_type, item_count desc, topic
