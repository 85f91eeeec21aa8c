-- title: 四级议事：在哪一级解决
-- grain: track, solved_level
-- params: start, stop, region, category, channel, origin, urgency
-- column: track                 条线
-- column: solved_level          层级
-- column: solved_count          在这一级解决
-- column: escalated_count       上交到这一级
-- column: solved_share          占本条线
-- note: 统计期内办结的有效案件，三条线分开，不相加。没有登记解决层级的不在其中；上交层级没有登记的地方只有解决层级。

with

finished as (
    select
        c.track,
        c.solved_level,
        c.escalation_level
    from cases as c
    where closed_count_base(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

tracks as (
    from (values (1, 'dispute'), (2, 'hazard'), (3, 'service')) as t(ordinal, track)
),

levels as (
    select
        t.ordinal,
        t.track,
        l.level,
        count(*) filter (f.solved_level = l.level) as solved_count,
        count(*) filter (f.escalation_level = l.level) as escalated_count
    from tracks as t
    cross join (select unnest(range(1, 6)) as level) as l
    left join finished as f on f.track = t.track
    group by t.ordinal, t.track, l.level
)

select
    track,
    level::varchar as solved_level,
    solved_count,
    escalated_count,
    solved_count / nullif(sum(solved_count) over (partition by track), 0) as solved_share
from levels
order by ordinal, level
