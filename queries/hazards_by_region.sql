-- title: 各地隐患密度与排查覆盖
-- grain: place_code
-- params: start, stop, region, category, channel, origin, urgency, level
-- column: place_code            区划或网格代码
-- column: name                  名称
-- column: hazard_count
-- column: households            户数
-- column: per_1000_households   每千户隐患
-- column: estate_count          小区数
-- column: in_estate_count       其中小区内隐患
-- column: per_estate            每小区隐患
-- column: inspected_count       排查过的小区
-- column: coverage_rate         小区排查覆盖率
-- column: rectification_rate
-- column: judged_count          应整改
-- column: open_count            期末未整改
-- note: 每千户按登记户数，没有登记的取其村社区之和；每小区只算登记了小区编号的隐患。没有户数、没有小区或没有排查台账的不给数。

with

here as (
    from named_places($level, $region)
),

-- A place whose households nobody registered has those of its communities.
homes as (
    select
        place_at(p, $level) as place_code,
        sum(households) as households
    from places as p
    where level = 'community'
    group by place_at(p, $level)
),

found as (
    select
        place_at(c, $level) as place_code,
        hazard_count(c, $start::timestamp, $stop::timestamp) as hazard_count,
        count(*) filter (
            hazard_count_base(c, $start::timestamp, $stop::timestamp) and e.estate_id is not null
        ) as in_estate_count,
        rectification_rate(c, $start::timestamp, $stop::timestamp) as rectification_rate,
        count(*) filter (rectification_rate_base(c, $start::timestamp, $stop::timestamp)) as judged_count,
        count(*) filter (unrectified_count_base(c, $start::timestamp, $stop::timestamp)) as open_count
    from cases as c
    left join estates as e on e.estate_id = c.estate_id
    where c.track = 'hazard'
        and touches(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
    group by place_at(c, $level)
),

looked_at as (
    select
        place_at(e, $level) as place_code,
        count(*) as estate_count,
        count(*) filter (inspection_coverage_base(e, $start::timestamp, $stop::timestamp)) as covered_count,
        count(*) filter (inspection_coverage_hit(e, $start::timestamp, $stop::timestamp)) as inspected_count
    from located_estates as e
    group by place_at(e, $level)
)

select
    h.place_code,
    h.name,
    coalesce(f.hazard_count, 0) as hazard_count,
    coalesce(h.households, m.households)::bigint as households,
    coalesce(f.hazard_count, 0) * 1000.0 / nullif(coalesce(h.households, m.households), 0) as per_1000_households,
    coalesce(l.estate_count, 0) as estate_count,
    coalesce(f.in_estate_count, 0) as in_estate_count,
    coalesce(f.in_estate_count, 0) / nullif(l.estate_count, 0) as per_estate,
    coalesce(l.inspected_count, 0) as inspected_count,
    l.inspected_count / nullif(l.covered_count, 0) as coverage_rate,
    f.rectification_rate,
    coalesce(f.judged_count, 0) as judged_count,
    coalesce(f.open_count, 0) as open_count
from here as h
left join homes as m on m.place_code = h.place_code
left join found as f on f.place_code = h.place_code
left join looked_at as l on l.place_code = h.place_code
order by h.place_code
