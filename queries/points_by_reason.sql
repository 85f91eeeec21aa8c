-- title: 积分事由
-- grain: direction, reason
-- params: start, stop, region
-- column: direction             收支
-- column: reason                事由
-- column: entry_count           笔数
-- column: points                积分
-- column: share                 占比
-- note: 占比为该事由占同期发放（或兑换）积分的比例。

select
    if(c.delta > 0, '发放', '兑换') as direction,
    c.reason,
    count(*) as entry_count,
    sum(abs(c.delta)) as points,
    sum(abs(c.delta)) / sum(sum(abs(c.delta))) over (partition by c.delta > 0) as share
from located_points as c
where within(c, $region) and c.happened_at >= $start and c.happened_at < moment($stop)
group by c.delta > 0, c.reason
order by c.delta > 0 desc, points desc, c.reason
