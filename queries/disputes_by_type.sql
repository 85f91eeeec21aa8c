-- title: 各类纠纷
-- grain: dispute_type
-- params: start, stop, region, category, channel, origin, urgency
-- column: dispute_type          纠纷类型
-- column: dispute_count
-- column: people_count          涉及人次
-- column: people_known_count    其中登记了人数的件数
-- column: finished_count        调解终结
-- column: settled_count         化解成功
-- column: settlement_rate
-- column: judged_count          已过第七日
-- column: seven_day_rate
-- column: matured_count         办结满 90 日
-- column: relapsed_count        90 日内复发
-- column: dispute_relapse_rate
-- column: open_count            期末在调
-- note: 涉及人次是登记人数之和，一个人牵涉几件算几次；没有登记人数的不在其中。各列按自己的归属时点归入统计期。

with selected as (
    select
        coalesce(c.dispute_type, '') as type,
        c.*
    from cases as c
    where c.track = 'dispute'
        and touches(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    nullif(c.type, '') as dispute_type,
    dispute_count(c, $start::timestamp, $stop::timestamp) as dispute_count,
    sum(c.people_count) filter (dispute_count_base(c, $start::timestamp, $stop::timestamp))::bigint as people_count,
    count(c.people_count) filter (dispute_count_base(c, $start::timestamp, $stop::timestamp)) as people_known_count,
    count(*) filter (settlement_rate_base(c, $start::timestamp, $stop::timestamp)) as finished_count,
    count(*) filter (settlement_rate_hit(c, $start::timestamp, $stop::timestamp)) as settled_count,
    settlement_rate(c, $start::timestamp, $stop::timestamp) as settlement_rate,
    count(*) filter (seven_day_rate_base(c, $start::timestamp, $stop::timestamp)) as judged_count,
    seven_day_rate(c, $start::timestamp, $stop::timestamp) as seven_day_rate,
    count(*) filter (dispute_relapse_rate_base(c, $start::timestamp, $stop::timestamp)) as matured_count,
    count(*) filter (dispute_relapse_rate_hit(c, $start::timestamp, $stop::timestamp)) as relapsed_count,
    dispute_relapse_rate(c, $start::timestamp, $stop::timestamp) as dispute_relapse_rate,
    count(*) filter (unsettled_count_base(c, $start::timestamp, $stop::timestamp)) as open_count
from selected as c
group by c.type
having dispute_count + finished_count + judged_count + matured_count + open_count > 0
order by dispute_count desc, c.type
