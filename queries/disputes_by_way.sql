-- title: 情理法诉与协议
-- grain: kind, way
-- params: start, stop, region, category, channel, origin, urgency
-- column: kind                  登记项
-- column: way                   方式
-- column: finished_count        调解终结
-- column: settled_count         化解成功
-- column: settlement_rate
-- note: 统计期内调解终结（成功、失败、转诉）的纠纷。method 为化解方式（情、理、法、诉），一件用了几种的每种都算一次，各种相加可多于件数；agreement 为协议形式。没有登记的单列。

with

finished as (
    select c.*
    from cases as c
    where settlement_rate_base(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

ways as (
    select
        'method' as kind,
        unnest(list_distinct(list_filter(
            string_split_regex(coalesce(method, ''), '[、，,;；/+\s]+'), lambda x: x <> '' or method is null
        ))) as way,
        success
    from finished
    union all
    select 'agreement', coalesce(agreement, ''), success
    from finished
)

select
    kind,
    nullif(way, '') as way,
    count(*) as finished_count,
    count(*) filter (success = 'yes') as settled_count,
    settled_count / finished_count as settlement_rate
from ways
group by kind, way
order by kind desc, way = '', finished_count desc, way
