-- title: 小区与同类相比
-- grain: estate_id
-- params: start, stop, region, category, channel, origin, urgency
-- column: estate_id             小区编号
-- column: estate                小区
-- column: community             所属村社区
-- column: property_mode         物业方式
-- column: size                  规模
-- column: households            户数
-- column: peer_count            同类小区数
-- column: reported_count
-- column: per_1000_households   每千户受理
-- column: peer_per_1000         同类每千户
-- column: judged_count          应结（n）
-- column: on_time_count         按期办结
-- column: on_time_rate
-- column: expected_rate         同类期望
-- column: rated_count           有效评价（n）
-- column: satisfied_count       满意
-- column: satisfaction_rate
-- column: peer_satisfaction_rate 同类满意率
-- note: 同类：同一物业方式、同一规模级别（groups.toml）的小区，含本小区；物业方式或户数没有登记的没有同类。
-- note: 同类期望：同类小区同类别同缓急的按期办结率，按本小区的案件构成加权；实际与期望之差已除去案件构成的影响。

with

estates_here as (
    select
        e.estate_id,
        e.name,
        e.region_code,
        e.property_mode,
        e.households,
        peer_class('estate_size', e.households) as size
    from located_estates as e
    where within(e, $region)
),

members as (
    select
        *,
        if(property_mode is null or size is null, null, count(*) over alike) as peer_count,
        sum(households) over alike as peer_households
    from estates_here
    window alike as (partition by property_mode, size)
),

keyed as (
    select
        m.estate_id as member,
        m.property_mode,
        m.size,
        c.*
    from members as m
    inner join cases as c on c.estate_id = m.estate_id
    where touches(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

strata as (
    select
        member,
        property_mode,
        size,
        category,
        urgency,
        count(*) filter (reported_count_base(c, $start::timestamp, $stop::timestamp)) as reported_count,
        count(*) filter (on_time_rate_base(c, $start::timestamp, $stop::timestamp)) as judged_count,
        count(*) filter (on_time_rate_hit(c, $start::timestamp, $stop::timestamp)) as on_time_count,
        count(*) filter (satisfaction_rate_base(c, $start::timestamp, $stop::timestamp)) as rated_count,
        count(*) filter (satisfaction_rate_hit(c, $start::timestamp, $stop::timestamp)) as satisfied_count
    from keyed as c
    group by all
),

weighed as (
    select
        *,
        sum(on_time_count) over alike / nullif(sum(judged_count) over alike, 0) as common_rate
    from strata
    window alike as (partition by property_mode, size, category, urgency)
),

counted as (
    select
        member,
        property_mode,
        size,
        sum(reported_count) as reported_count,
        sum(judged_count) as judged_count,
        sum(on_time_count) as on_time_count,
        sum(judged_count * common_rate) as expected_count,
        sum(rated_count) as rated_count,
        sum(satisfied_count) as satisfied_count
    from weighed
    group by member, property_mode, size
),

beside as (
    select
        *,
        sum(reported_count) over alike as peer_reported,
        sum(rated_count) over alike as peer_rated,
        sum(satisfied_count) over alike as peer_satisfied
    from counted
    window alike as (partition by property_mode, size)
)

select
    m.estate_id,
    m.name as estate,
    coalesce(p.name, m.region_code) as community,
    m.property_mode,
    m.size,
    m.households,
    m.peer_count,
    coalesce(b.reported_count, 0)::bigint as reported_count,
    coalesce(b.reported_count, 0) * 1000.0 / nullif(m.households, 0) as per_1000_households,
    if(m.peer_count is null, null, coalesce(b.peer_reported, 0) * 1000.0 / nullif(m.peer_households, 0)) as peer_per_1000,
    coalesce(b.judged_count, 0)::bigint as judged_count,
    coalesce(b.on_time_count, 0)::bigint as on_time_count,
    b.on_time_count / nullif(b.judged_count, 0) as on_time_rate,
    if(m.peer_count is null, null, b.expected_count / nullif(b.judged_count, 0)) as expected_rate,
    coalesce(b.rated_count, 0)::bigint as rated_count,
    coalesce(b.satisfied_count, 0)::bigint as satisfied_count,
    b.satisfied_count / nullif(b.rated_count, 0) as satisfaction_rate,
    if(m.peer_count is null, null, b.peer_satisfied / nullif(b.peer_rated, 0)) as peer_satisfaction_rate
from members as m
left join beside as b on b.member = m.estate_id
left join places as p on p.place_code = m.region_code
order by m.region_code, by_number(m.name), m.estate_id
