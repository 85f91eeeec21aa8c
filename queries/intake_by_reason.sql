-- title: 导入的每一种结果和原因
-- grain: source, table_name, outcome, reason
-- params: start, stop
-- column: source                来源系统
-- column: table_name            标准表
-- column: outcome               结果
-- column: reason                原因
-- column: row_count             行数
-- column: file_count            文件数
-- column: first_month           最早月份
-- column: last_month            最晚月份
-- note: 更正的行已进入统计，另计一次；归入“其他”的词逐个列出，最多的在前，可补到映射文件的 values 里。

select
    source,
    table_name,
    outcome,
    coalesce(reason, '') as reason,
    sum(row_count)::bigint as row_count,
    count(distinct (file, sheet)) as file_count,
    min(month) as first_month,
    max(month) as last_month
from intake
where outcome not in ('accepted', 'not_for')
    and (month is null or (month >= date_trunc('month', $start::timestamp) and month < $stop::timestamp))
group by source, table_name, outcome, coalesce(reason, '')
order by row_count desc, source, table_name, outcome, reason
