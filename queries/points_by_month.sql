-- title: 各月积分
-- grain: month
-- params: start, stop, region
-- column: month                 月份
-- column: earned                发放
-- column: redeemed              兑换
-- column: points_balance
-- column: new_accounts          首次获得积分的账户
-- column: is_complete           是否整月
-- note: 沉淀取月末时点。

with

months as (
    select
        month,
        greatest(month, $start::timestamp) as start,
        least(month + interval 1 month, $stop::timestamp) as stop
    from (
        select unnest(generate_series(
            date_trunc('month', $start::timestamp), $stop::timestamp - interval 1 second, interval 1 month
        )) as month
    )
)

select
    m.month::date as month,
    coalesce(points_earned(c, m.start, m.stop), 0) as earned,
    coalesce(points_redeemed(c, m.start, m.stop), 0) as redeemed,
    points_balance(c, m.start, m.stop) as points_balance,
    count(*) filter (c.is_first_earning and c.happened_at >= m.start and c.happened_at < m.stop) as new_accounts,
    m.start = m.month and m.stop = m.month + interval 1 month and m.stop <= as_of() as is_complete
from months as m
left join located_points as c on within(c, $region)
group by m.month, m.start, m.stop
order by m.month
