-- title: 同类比较
-- grain: kind, peer
-- params: start, stop, region, category, channel, origin, urgency
-- column: kind                  分组办法
-- column: peer                  组
-- column: member_count          小区或网格数
-- column: households            户数
-- column: reported_count
-- column: per_1000_households   每千户受理
-- column: response_hours
-- column: handling_hours
-- column: judged_count          应结（n）
-- column: on_time_count         按期办结
-- column: on_time_rate
-- column: expected_count        期望按期
-- column: expected_rate         期望按期率
-- column: standardised_rate     标准化按期办结率
-- column: rated_count           有效评价（n）
-- column: satisfied_count       满意
-- column: satisfaction_rate
-- note: 分组：property_mode 物业方式，no_property 无物业与其他小区，estate_size 小区规模，estate_age 建成年代，grid_size 网格规模；级别见 groups.toml，组为空的是没有登记的。
-- note: 小区各组只算登记了小区编号的案件，网格只比大网格、小网格中的末级，微网格的案件算在它的上级网格里。户数只加登记了户数的，每千户受理也只算这些小区或网格的案件。
-- note: 间接标准化：期望按期 = Σ（本组该类别该缓急的应结件数 × 全部组同类别同缓急的按期办结率）；期望按期率 = 期望按期 ÷ 应结；标准化按期办结率 = 按期办结 ÷ 期望按期 × 全部组的按期办结率，超过 100% 的记 100%。

with

estates_here as (
    select e.*
    from located_estates as e
    where within(e, $region)
),

loads as (
    select g.*
    from grid_loads(moment($stop)) as g
    where g.level in ('grid_1', 'grid_2') and within(g, $region)
),

grids_here as (
    select *
    from loads
    where place_code not in (select parent_code from loads where level = 'grid_2' and parent_code is not null)
),

members as (
    select 'property_mode' as kind, estate_id as member, coalesce(property_mode, '') as peer, households
    from estates_here
    union all
    select 'no_property', estate_id, if(property_mode = 'none', 'none', 'other'), households
    from estates_here
    where property_mode is not null
    union all
    select 'estate_size', estate_id, coalesce(peer_class('estate_size', households), ''), households
    from estates_here
    union all
    select 'estate_age', estate_id, coalesce(peer_class('estate_age', built_year), ''), households
    from estates_here
    union all
    select 'grid_size', place_code, coalesce(peer_class('grid_size', households), ''), households
    from grids_here
),

groups as (
    select
        kind,
        peer,
        count(*) as member_count,
        sum(households) as households
    from members
    group by kind, peer
),

selected as (
    select c.*
    from cases as c
    where touches(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
        and (c.estate_id is not null or c.grid_1 is not null or c.grid_2 is not null)
),

keyed as (
    select
        {'kind': m.kind, 'peer': m.peer} as key,
        m.households > 0 as has_households,
        $start::timestamp as start,
        $stop::timestamp as stop,
        c.*
    from members as m
    inner join selected as c on c.estate_id = m.member
    where m.kind <> 'grid_size'

    union all

    select
        {'kind': m.kind, 'peer': m.peer},
        m.households > 0,
        $start::timestamp,
        $stop::timestamp,
        c.*
    from members as m
    inner join selected as c on coalesce(c.grid_2, c.grid_1) = m.member
    where m.kind = 'grid_size'
),

counted as (
    select
        key,
        count(*) filter (reported_count_base(c, c.start, c.stop)) as reported_count,
        count(*) filter (reported_count_base(c, c.start, c.stop) and has_households) as counted_by_households,
        count(*) filter (satisfaction_rate_base(c, c.start, c.stop)) as rated_count,
        count(*) filter (satisfaction_rate_hit(c, c.start, c.stop)) as satisfied_count
    from keyed as c
    group by key
),

strata as (
    select
        key,
        category,
        urgency,
        count(*) filter (on_time_rate_base(c, c.start, c.stop)) as judged_count,
        count(*) filter (on_time_rate_hit(c, c.start, c.stop)) as on_time_count
    from keyed as c
    group by key, category, urgency
),

weighed as (
    select
        *,
        sum(on_time_count) over alike / nullif(sum(judged_count) over alike, 0) as common_rate,
        sum(on_time_count) over everyone / nullif(sum(judged_count) over everyone, 0) as whole_rate
    from strata
    window
        alike as (partition by key.kind, category, urgency),
        everyone as (partition by key.kind)
),

expected as (
    select
        key,
        sum(judged_count)::bigint as judged_count,
        sum(on_time_count)::bigint as on_time_count,
        sum(judged_count * common_rate) as expected_count,
        any_value(whole_rate) as whole_rate
    from weighed
    group by key
),

observed as (
    select
        key,
        unnest(observations(c, c.start, c.stop), recursive := true)
    from keyed as c
),

waited as (
    select
        key,
        max(value) filter (indicator = 'response_hours') as response_hours,
        max(value) filter (indicator = 'handling_hours') as handling_hours
    from survival('observed')
    group by key
)

select
    g.kind,
    nullif(g.peer, '') as peer,
    g.member_count,
    g.households::bigint as households,
    coalesce(c.reported_count, 0) as reported_count,
    coalesce(c.counted_by_households, 0) * 1000.0 / nullif(g.households, 0) as per_1000_households,
    w.response_hours,
    w.handling_hours,
    coalesce(e.judged_count, 0) as judged_count,
    coalesce(e.on_time_count, 0) as on_time_count,
    e.on_time_count / nullif(e.judged_count, 0) as on_time_rate,
    e.expected_count,
    e.expected_count / nullif(e.judged_count, 0) as expected_rate,
    least(e.on_time_count / nullif(e.expected_count, 0) * e.whole_rate, 1) as standardised_rate,
    coalesce(c.rated_count, 0) as rated_count,
    coalesce(c.satisfied_count, 0) as satisfied_count,
    c.satisfied_count / nullif(c.rated_count, 0) as satisfaction_rate
from groups as g
left join counted as c on c.key.kind = g.kind and c.key.peer = g.peer
left join expected as e on e.key.kind = g.kind and e.key.peer = g.peer
left join waited as w on w.key.kind = g.kind and w.key.peer = g.peer
left join peer_classes as k on k.kind = g.kind and k.label = g.peer
order by g.kind, g.peer = '', k.ordinal, g.member_count desc, g.peer
