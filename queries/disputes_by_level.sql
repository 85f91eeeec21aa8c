-- title: 三级调解
-- grain: mediation_level
-- params: start, stop, region, category, channel, origin, urgency
-- column: mediation_level       调解层级
-- column: finished_count        调解终结
-- column: settled_count         化解成功
-- column: failed_count          化解失败
-- column: court_count           转诉
-- column: settlement_rate
-- column: judged_count          已过第七日
-- column: seven_day_count       七日内化解
-- column: seven_day_rate
-- column: reported_count        受理
-- column: median_days           化解中位用时（天）
-- note: 层级取登记的调解层级，在调的多半还没有登记，单列一行。终结按办结时间、七日化解按第七日、受理和用时按上报时间归入统计期。
-- note: 七日按自然日：受理当日为第 0 日，第七日 24 时前化解的算。用时为 Kaplan–Meier 中位数，失败、转诉、在调按到数据截至仍未化解计入。

with

keyed as (
    select
        coalesce(c.mediation_level::varchar, '') as key,
        c.*
    from cases as c
    where has_dispute(c)
        and touches(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

counted as (
    select
        key,
        count(*) filter (settlement_rate_base(c, $start::timestamp, $stop::timestamp)) as finished_count,
        count(*) filter (settlement_rate_hit(c, $start::timestamp, $stop::timestamp)) as settled_count,
        count(*) filter (
            settlement_rate_base(c, $start::timestamp, $stop::timestamp) and c.success = 'no'
        ) as failed_count,
        count(*) filter (court_rate_hit(c, $start::timestamp, $stop::timestamp)) as court_count,
        settlement_rate(c, $start::timestamp, $stop::timestamp) as settlement_rate,
        count(*) filter (seven_day_rate_base(c, $start::timestamp, $stop::timestamp)) as judged_count,
        count(*) filter (seven_day_rate_hit(c, $start::timestamp, $stop::timestamp)) as seven_day_count,
        seven_day_rate(c, $start::timestamp, $stop::timestamp) as seven_day_rate,
        count(*) filter (settling_hours_base(c, $start::timestamp, $stop::timestamp)) as reported_count
    from keyed as c
    group by key
),

observed as (
    select
        key,
        unnest(observations(c, $start::timestamp, $stop::timestamp), recursive := true)
    from keyed as c
),

waited as (
    select
        key,
        value / 24 as median_days
    from survival('observed')
    where indicator = 'settling_hours'
)

select
    nullif(c.key, '') as mediation_level,
    c.finished_count,
    c.settled_count,
    c.failed_count,
    c.court_count,
    c.settlement_rate,
    c.judged_count,
    c.seven_day_count,
    c.seven_day_rate,
    c.reported_count,
    w.median_days
from counted as c
left join waited as w on w.key = c.key
where c.finished_count + c.judged_count + c.reported_count > 0
order by c.key = '', c.key
