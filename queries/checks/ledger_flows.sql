-- title: 积分、议题、清单：期初 + 新增 − 了结 = 期末
-- scenes: together
-- indicators: points_earned, points_redeemed, points_balance, redemption_rate, issue_count, issue_open_count, list_done_rate
-- queries: points_by_ledger, points_by_month, lists_by_type, issues_by_topic
-- grain: ledger, county_code, month
-- params:
-- column: ledger                台账
-- column: county_code           县代码
-- column: month                 月份
-- column: opening               期初
-- column: added                 新增
-- column: ended                 了结
-- column: closing               期末
-- column: is_broken             不符
-- note: 每县每月一条。积分：余额 + 获得 − 兑换；议题：未解决 + 议定 − 解决；清单：要办理而未完成 + 提出 − 完成。

with

entries as (
    select '积分' as ledger, county_code, happened_at::timestamp as began_at, delta as amount from located_points
    union all
    select '议题', county_code, decided_on, 1 from located_issues
    union all
    select '清单', county_code, created_on, 1 from located_list_items as c where list_is_task(c)
),

months as (
    select
        ledger,
        county_code,
        unnest(generate_series(date_trunc('month', min(began_at)), as_of() - interval 1 microsecond, interval 1 month)) as start
    from entries
    group by ledger, county_code
),

periods as (
    select
        *,
        start + interval 1 month as stop
    from months
),

measured as (
    select
        m.ledger,
        m.county_code,
        m.start as month,
        coalesce(points_balance(c, m.start, m.start), 0) as opening,
        coalesce(points_earned(c, m.start, m.stop), 0) as added,
        coalesce(points_redeemed(c, m.start, m.stop), 0) as ended,
        coalesce(points_balance(c, m.start, m.stop), 0) as closing
    from periods as m
    inner join located_points as c on c.county_code is not distinct from m.county_code and c.happened_at < m.stop
    where m.ledger = '积分'
    group by m.ledger, m.county_code, m.start, m.stop

    union all

    select
        m.ledger,
        m.county_code,
        m.start,
        count(*) filter (issue_open_count_base(c, m.start, m.start)),
        count(*) filter (issue_count_base(c, m.start, m.stop)),
        count(*) filter (c.solved_on >= m.start and c.solved_on < moment(m.stop)),
        count(*) filter (issue_open_count_base(c, m.start, m.stop))
    from periods as m
    inner join located_issues as c on c.county_code is not distinct from m.county_code and c.decided_on < m.stop
    where m.ledger = '议题'
    group by m.ledger, m.county_code, m.start, m.stop

    union all

    select
        m.ledger,
        m.county_code,
        m.start,
        count(*) filter (c.created_on < m.start and coalesce(c.done_on >= m.start, true)),
        count(*) filter (list_done_rate_base(c, m.start, m.stop)),
        count(*) filter (c.done_on >= m.start and c.done_on < moment(m.stop)),
        count(*) filter (c.created_on < moment(m.stop) and coalesce(c.done_on >= moment(m.stop), true))
    from periods as m
    inner join located_list_items as c
        on list_is_task(c) and c.county_code is not distinct from m.county_code and c.created_on < m.stop
    where m.ledger = '清单'
    group by m.ledger, m.county_code, m.start, m.stop
)

select
    ledger,
    coalesce(county_code, '') as county_code,
    month::date as month,
    opening::bigint as opening,
    added::bigint as added,
    ended::bigint as ended,
    closing::bigint as closing,
    opening + added - ended <> closing as is_broken
from measured
