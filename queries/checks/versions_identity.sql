-- title: 较早版本 + 新增 + 迟到 − 消失 + 改入 − 改出 = 现在
-- scenes:
-- indicators:
-- queries: changes_by_kind, changed_cases
-- grain: source, category, month
-- params:
-- column: source                来源系统
-- column: category              类别
-- column: month                 上报月份
-- column: before                较早版本的案件
-- column: new                   新增
-- column: late                  迟到
-- column: removed               消失
-- column: moved_in              改类别、改时间进来
-- column: moved_out             改类别、改时间出去
-- column: later                 现在的案件
-- column: is_broken             不符
-- note: 选了较早版本才核对（“版本变化”页）。前后两列直接数两个版本，中间各列按逐件比对的结果数。

with

changes as (
    select
        change,
        source,
        unnest([
            {'side': 'later', 'category': new.category::varchar, 'month': date_trunc('month', new.reported_at)},
            {'side': 'before', 'category': old.category::varchar, 'month': date_trunc('month', old.reported_at)}
        ], recursive := true),
        is_now,
        (new.category, date_trunc('month', new.reported_at)) is distinct from
            (old.category, date_trunc('month', old.reported_at)) as is_moved,
        case_id
    from case_changes()
),

moves as (
    select distinct
        source,
        side,
        category,
        month,
        case_id
    from changes
    where change in ('reclassified', 'time_changed') and is_moved
),

counted as (
    select source, category::varchar as category, date_trunc('month', reported_at) as month, 'before' as part, 1 as n
    from earlier_cases
    union all
    select source, category::varchar, date_trunc('month', reported_at), 'later', 1
    from cases
    where earlier_as_of() is not null
    union all
    select source, category, month, change, 1
    from changes
    where (change in ('new', 'late') and side = 'later') or (change = 'removed' and side = 'before')
    union all
    select source, category, month, if(side = 'later', 'moved_in', 'moved_out'), 1
    from moves
),

summed as (
    select
        source,
        category,
        month::date as month,
        count(*) filter (part = 'before') as before,
        count(*) filter (part = 'new') as new,
        count(*) filter (part = 'late') as late,
        count(*) filter (part = 'removed') as removed,
        count(*) filter (part = 'moved_in') as moved_in,
        count(*) filter (part = 'moved_out') as moved_out,
        count(*) filter (part = 'later') as later
    from counted
    group by all
)

select
    *,
    before + new + late - removed + moved_in - moved_out <> later as is_broken
from summed
