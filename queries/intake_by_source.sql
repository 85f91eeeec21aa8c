-- title: 各来源各月的导入
-- grain: source, month
-- params: start, stop
-- column: source                来源系统
-- column: month                 月份
-- column: read_count            读入行
-- column: accepted              进入统计
-- column: rejected              退回
-- column: left_out              按规则排除
-- column: repeated              重复、被取代
-- column: otherwise_count       未登记的词归入其他
-- column: future_count          将来时间不计
-- column: corrected_count       其他更正
-- column: not_for_count         另有不属于本表的行
-- column: rejected_share        退回占比
-- note: 月份按每行第一个时间；没有时间或读不出来的行月份为空，总是列出。一个文件进几张表，就按表各数一遍。未登记的词、将来时间、其他更正是进入统计的行里改动过的处数。

select
    source,
    month,
    coalesce(sum(row_count) filter (outcome not in ('corrected', 'not_for')), 0)::bigint as read_count,
    coalesce(sum(row_count) filter (outcome = 'accepted'), 0)::bigint as accepted,
    coalesce(sum(row_count) filter (outcome = 'rejected'), 0)::bigint as rejected,
    coalesce(sum(row_count) filter (outcome = 'excluded'), 0)::bigint as left_out,
    coalesce(sum(row_count) filter (outcome in ('duplicate', 'superseded', 'merged')), 0)::bigint as repeated,
    coalesce(sum(row_count) filter (outcome = 'corrected' and contains(reason, '归入')), 0)::bigint as otherwise_count,
    coalesce(sum(row_count) filter (outcome = 'corrected' and starts_with(reason, '晚于')), 0)::bigint as future_count,
    coalesce(
        sum(row_count) filter (outcome = 'corrected' and not contains(reason, '归入') and not starts_with(reason, '晚于')), 0
    )::bigint as corrected_count,
    coalesce(sum(row_count) filter (outcome = 'not_for'), 0)::bigint as not_for_count,
    sum(row_count) filter (outcome = 'rejected') / nullif(sum(row_count) filter (outcome not in ('corrected', 'not_for')), 0)
        as rejected_share
from intake
where month is null or (month >= date_trunc('month', $start::timestamp) and month < $stop::timestamp)
group by source, month
order by source, month nulls last
