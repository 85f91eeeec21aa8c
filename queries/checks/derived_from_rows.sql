-- title: 案件上的步骤、吹哨标记与步骤表逐行相符
-- scenes: timeliness
-- indicators: seven_steps_rate, report_in_rate
-- queries: process_by_step, case_paths, whistles_by_unit
-- grain: source, month
-- params:
-- column: source                来源系统
-- column: month                 月份
-- column: flagged               标有步骤的案件
-- column: with_rows             步骤表里有的案件
-- column: called                标有吹哨时间的案件
-- column: with_whistle          步骤表里有吹哨的案件
-- column: is_broken             不符
-- note: 发布快照时算好的列，与明细重新数一遍。

with steps as (
    select
        source,
        case_id,
        bool_or(step = 'whistle') as is_called
    from case_steps
    group by all
)

select
    c.source,
    date_trunc('month', c.reported_at)::date as month,
    count(*) filter (c.has_steps) as flagged,
    count(s.case_id) as with_rows,
    count(c.whistled_at) as called,
    count(*) filter (s.is_called) as with_whistle,
    count(*) filter (c.has_steps) <> count(s.case_id) or count(c.whistled_at) <> count(*) filter (s.is_called) as is_broken
from cases as c
left join steps as s on s.source = c.source and s.case_id = c.case_id
group by c.source, date_trunc('month', c.reported_at)::date
