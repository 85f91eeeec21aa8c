-- title: 每天：期初 + 上报 − 撤单等无效 − 办结 − 返工后办结 = 期末
-- scenes: map, now, workload
-- indicators: reported_count, closed_count, backlog
-- queries: backlog_by_day, open_cases
-- grain: town_code, category, day
-- params:
-- column: town_code             乡镇代码
-- column: category              类别
-- column: day                   日期
-- column: opening               期初在办
-- column: uploaded              上报（含无效）
-- column: voided                其中撤单等无效
-- column: closed_once           一次办结
-- column: closed_after_rework   返工后办结
-- column: closing               期末在办
-- column: is_broken             不符
-- note: 每个乡镇每类别每天一条，没有动静又没有在办的日子不列。返工的案件从首次办结到最终办结一直在办。
-- note: 办结早于上报的案件时间有误，另在“数据质量”列出，不在这里。

with

known as (
    select *
    from cases as c
    where c.closed_at is null or c.closed_at >= c.reported_at
),

-- Every day on which a case is reported, in hand or settled.
days as (
    select
        c.town_code,
        c.category,
        d.day,
        reported_count_base(c, d.day, d.day + interval 1 day) or not c.is_valid as is_uploaded,
        not c.is_valid as is_voided,
        closed_count_base(c, d.day, d.day + interval 1 day) as is_closed,
        coalesce(c.first_closed_at <> c.closed_at, false) as is_reworked,
        backlog_base(c, d.day, d.day + interval 1 day) as is_in_hand
    from known as c
    cross join lateral (
        select unnest(generate_series(
            date_trunc('day', c.reported_at),
            if(c.is_valid, coalesce(c.closed_at, as_of() - interval 1 microsecond), c.reported_at),
            interval 1 day
        )) as day
    ) as d
),

flows as (
    select
        coalesce(town_code, '') as town_code,
        coalesce(category::varchar, '') as category,
        day,
        count(*) filter (is_uploaded) as uploaded,
        count(*) filter (is_voided) as voided,
        count(*) filter (is_closed and not is_reworked) as closed_once,
        count(*) filter (is_closed and is_reworked) as closed_after_rework,
        count(*) filter (is_in_hand) as closing
    from days
    group by all
),

-- What is in hand at the end of a day is in hand at the start of the next.
chained as (
    select *, 0 as opening from flows
    union all by name
    select town_code, category, day + interval 1 day as day, closing as opening from flows where day < as_of() - interval 1 day
),

summed as (
    select
        town_code,
        category,
        day::date as day,
        sum(opening)::bigint as opening,
        coalesce(sum(uploaded), 0)::bigint as uploaded,
        coalesce(sum(voided), 0)::bigint as voided,
        coalesce(sum(closed_once), 0)::bigint as closed_once,
        coalesce(sum(closed_after_rework), 0)::bigint as closed_after_rework,
        coalesce(sum(closing), 0)::bigint as closing
    from chained
    group by all
)

select
    *,
    opening + uploaded - voided - closed_once - closed_after_rework <> closing as is_broken
from summed
