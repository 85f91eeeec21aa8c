-- title: 剔除：为什么不算
-- grain: indicator, reason
-- params: start, stop, region, category, channel, origin, urgency, indicator
-- column: indicator             指标
-- column: reason                不算的原因
-- column: row_count             行数
-- column: share                 占比
-- note: 归属时点落在统计期内（没有归属时点的指标：期末）的行；不算的各归到第一条不满足的条件，原因为空的算数。

select
    indicator,
    coalesce(left_out, '') as reason,
    row_count,
    row_count / nullif(sum(row_count) over (), 0) as share
from exclusions($start::timestamp, $stop::timestamp, $region, $category, $channel, $origin, $urgency)
where indicator = $indicator
order by left_out is not null, row_count desc, reason
