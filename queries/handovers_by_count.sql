-- title: 转手次数与用时
-- grain: handovers
-- params: start, stop, region, category, channel, origin, urgency
-- column: handovers             转派与退单次数
-- column: case_count            办结案件
-- column: case_share            占比
-- column: median_hours          上报到办结的中位（小时）
-- column: rated_count           居民评价（n）
-- column: satisfied_share       评为满意及以上
-- note: 统计期内办结、派过单且有步骤记录的有效案件，与首接办结率同一批。时长扣除缓办；“3”含三次以上。

with closed as (
    select
        least(c.transfer_count + c.return_count, 3) as handovers,
        greatest(date_diff('second', c.reported_at, c.closed_at) / 3600.0 - c.paused_hours, 0) as hours,
        if(coalesce(c.is_rating_default, false), null, c.rating) as rating
    from cases as c
    where first_unit_rate_base(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    handovers,
    count(*) as case_count,
    count(*) / sum(count(*)) over () as case_share,
    quantile_cont(hours, 0.5) as median_hours,
    count(rating) as rated_count,
    count(*) filter (rating >= 4) / nullif(count(rating), 0) as satisfied_share
from closed
group by handovers
order by handovers
