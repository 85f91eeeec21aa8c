-- title: 五单
-- grain: stage
-- params: start, stop, region, category, channel, origin, urgency
-- column: stage                 环节
-- column: order_count           点单
-- column: reached_count         走到
-- column: missing_count         缺这一环
-- column: pending_count         还没到
-- column: reached_share         占点单
-- column: median_hours          点单到这一环的中位（小时）
-- note: 统计期内点单（时限规则 [orders] 说的渠道和地方）、有步骤记录的有效案件。落单为签收、到场或办理中最早的一个；查单为居民至少查过一次；评单只算居民自己的评价，超时默认好评不算。
-- note: 还没到：案件还在办；查单、评单由居民决定，不查不评不是差错。

with

orders as (
    select
        c.closed_at,
        ['点单', '派单', '落单', '查单', '评单'] as stages,
        [
            c.reported_at,
            c.sent_at,
            c.taken_at,
            c.looked_up_at,
            if(c.rating is not null and not coalesce(c.is_rating_default, false), coalesce(c.assessed_at, c.rated_at), null)
        ] as times
    from cases as c
    where c.has_steps
        and c.is_valid
        and c.is_order
        and c.reported_at >= $start::timestamp
        and c.reported_at < $stop::timestamp
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

reached as (
    select
        number,
        stages[number] as stage,
        closed_at,
        times[1] as ordered_at,
        times[number] as reached_at
    from orders
    cross join (select unnest(range(1, 6)) as number)
)

select
    stage,
    count(*) as order_count,
    count(reached_at) as reached_count,
    count(*) filter (reached_at is null and closed_at is not null) as missing_count,
    count(*) filter (reached_at is null and closed_at is null) as pending_count,
    count(reached_at) / count(*) as reached_share,
    quantile_cont(date_diff('second', ordered_at, reached_at) / 3600.0, 0.5) filter (
        number > 1 and reached_at >= ordered_at
    ) as median_hours
from reached
group by number, stage
order by number
