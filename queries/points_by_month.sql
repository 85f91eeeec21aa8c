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

select
    m.month::date as month,
    coalesce(points_earned(c, m.start, m.stop), 0) as earned,
    coalesce(points_redeemed(c, m.start, m.stop), 0) as redeemed,
    points_balance(c, m.start, m.stop) as points_balance,
    count(*) filter (c.is_first_earning and c.happened_at >= m.start and c.happened_at < m.stop) as new_accounts,
    m.is_complete
from months_of($start, $stop) as m
left join located_points as c on within(c, $region)
group by m.month, m.start, m.stop, m.is_complete
order by m.month
