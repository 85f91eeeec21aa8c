-- title: 案件实际走的路径
-- grain: path, needs_whistle
-- params: start, stop, region, category, channel, origin, urgency, limit
-- column: path                  路径
-- column: needs_whistle         需要吹哨
-- column: case_count            案件
-- column: case_share            占比
-- column: is_conforming         七步完整
-- column: missing_steps         缺的步骤
-- column: loop_steps            绕回的步骤
-- column: is_disordered         先后颠倒
-- column: median_hours          上报到办结的中位（小时）
-- note: 统计期内办结、有步骤记录的有效案件，与七步完整率同一批；最常见的在前。连续重复的同一步写一次，三十步以后不列。
-- note: 不需要吹哨的案件缺吹哨、报到、会商不算缺。绕回：转派、退单、返工，或同一步又走了一次。

with

closed as (
    select
        c.path,
        c.needs_whistle,
        c.is_conforming,
        greatest(date_diff('second', c.reported_at, c.closed_at) / 3600.0 - c.paused_hours, 0) as hours
    from cases as c
    where seven_steps_rate_base(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

counted as (
    select
        path,
        needs_whistle,
        count(*) as case_count,
        count(*) / sum(count(*)) over () as case_share,
        any_value(is_conforming) as is_conforming,
        quantile_cont(hours, 0.5) as median_hours
    from closed
    group by path, needs_whistle
),

read as (
    select
        *,
        string_split(path, '>') as taken,
        list_filter(
            taken, lambda x, i: x in ('transfer', 'return', 'reopen') or list_contains(taken[:i - 1], x)
        ) as loops,
        if(
            needs_whistle,
            ['find', 'whistle', 'report_in', 'consult', 'handle', 'feedback', 'rate'],
            ['find', 'handle', 'feedback', 'rate']
        ) as wanted,
        ['find', 'whistle', 'report_in', 'consult', 'handle', 'feedback', 'rate'] as seven
    from counted
)

select
    path,
    needs_whistle,
    case_count,
    case_share,
    is_conforming,
    array_to_string(list_filter(wanted, lambda x: not list_contains(taken, x)), '>') as missing_steps,
    array_to_string(list_filter(loops, lambda x, i: list_position(loops, x) = i), '>') as loop_steps,
    len(list_filter(
        list_filter(seven, lambda x: list_contains(taken, x)),
        lambda x, i: i > 1
            and list_position(taken, x)
            < list_position(taken, list_filter(seven, lambda y: list_contains(taken, y))[i - 1])
    )) > 0 as is_disordered,
    median_hours
from read
order by case_count desc, path, needs_whistle
limit $limit
