-- title: 上报时段
-- grain: weekday, hour
-- params: start, stop, region, category, channel, origin, urgency
-- column: weekday               星期（1 为周一）
-- column: hour                  钟点
-- column: reported_count        受理量
-- column: response_hours        已响应中位时长（小时）

with

hours as (
    select
        weekday,
        hour
    from (select unnest(generate_series(1, 7)) as weekday)
    cross join (select unnest(generate_series(0, 23)) as hour)
),

reported as (
    select
        isodow(c.reported_at) as weekday,
        hour(c.reported_at) as hour,
        count(*) as reported_count,
        median(date_diff('second', c.reported_at, c.first_response_at) / 3600.0) as response_hours
    from cases as c
    where reported_count_base(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
    group by all
)

select
    h.weekday,
    h.hour,
    coalesce(r.reported_count, 0) as reported_count,
    r.response_hours
from hours as h
left join reported as r using (weekday, hour)
order by h.weekday, h.hour
