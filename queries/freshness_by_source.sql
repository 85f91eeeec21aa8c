-- title: 各来源的新鲜程度
-- grain: source
-- params: region
-- column: source                来源系统
-- column: case_count            案件数
-- column: first_reported_at     最早上报
-- column: last_reported_at      最晚上报
-- column: days_silent           距数据截至（天）
-- column: usual_gap_days        通常间隔（天）
-- column: is_silent             是否久未更新
-- note: 通常间隔是近一年里相邻两个有案件的日子之间，九成不超过的天数；超过它的三倍、且至少两天，算久未更新。

with

days as (
    select distinct
        source,
        date_trunc('day', reported_at) as day
    from cases as c
    where reported_at >= as_of() - interval 1 year and within(c, $region)
),

gaps as (
    select
        source,
        date_diff('day', lag(day) over (partition by source order by day), day) as gap
    from days
),

usual as (
    select
        source,
        quantile_cont(gap, 0.9) as usual_gap_days
    from gaps
    where gap is not null
    group by source
)

select
    c.source,
    count(*) as case_count,
    min(c.reported_at) as first_reported_at,
    max(c.reported_at) as last_reported_at,
    date_diff('second', max(c.reported_at), as_of()) / 86400.0 as days_silent,
    any_value(u.usual_gap_days) as usual_gap_days,
    date_diff('second', max(c.reported_at), as_of()) / 86400.0
        > greatest(2, 3 * coalesce(any_value(u.usual_gap_days), 7)) as is_silent
from cases as c
left join usual as u on u.source = c.source
where within(c, $region)
group by c.source
order by days_silent desc, c.source
