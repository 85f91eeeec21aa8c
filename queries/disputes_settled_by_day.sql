-- title: 受理后第几日化解
-- grain: mediation_level, day
-- params: start, stop, region, category, channel, origin, urgency
-- column: mediation_level       调解层级
-- column: day                   第几日
-- column: waiting_count         当日仍待化解
-- column: settled_count         当日化解
-- column: settled_share         累计化解率
-- note: 统计期内上报的矛盾纠纷，受理当日为第 0 日，按自然日到第 30 日；all 为全部层级，层级为空的是没有登记层级的（多为在调）。
-- note: Kaplan–Meier 估计：只看整日，数据截至当日及以后不算看到；失败、转诉的不再化解，按到数据截至仍未化解计入。

with

disputes_seen as (
    select
        coalesce(c.mediation_level::varchar, '') as mediation_level,
        greatest(date_diff('day', began_at(c), c.closed_at), 0) as settled_on_day,
        date_diff('day', began_at(c), as_of()) - 1 as last_day,
        settling_hours_hit(c, $start::timestamp, $stop::timestamp) as is_settled
    from cases as c
    where settling_hours_base(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

leaving as (
    select
        unnest(['all', mediation_level]) as mediation_level,
        least(if(is_settled, least(settled_on_day, last_day), last_day), 31) as day,
        is_settled and settled_on_day <= last_day as is_event
    from disputes_seen
    where last_day >= 0
),

at_days as (
    select
        l.mediation_level,
        d.day,
        count(*) filter (l.day >= d.day) as waiting_count,
        count(*) filter (l.day = d.day and l.is_event) as settled_count
    from leaving as l
    cross join (select unnest(range(31)) as day) as d
    group by l.mediation_level, d.day
)

select
    nullif(mediation_level, '') as mediation_level,
    day,
    waiting_count,
    settled_count,
    1 - exp(sum(case
        when settled_count = 0 then 0
        when settled_count = waiting_count then -1e9
        else ln(1 - settled_count / waiting_count)
    end) over (partition by mediation_level order by day rows unbounded preceding)) as settled_share
from at_days
order by mediation_level = '', mediation_level, day
