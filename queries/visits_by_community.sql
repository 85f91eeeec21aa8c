-- title: 各村社区走访与没有走到的网格
-- grain: community_code
-- params: start, stop, region
-- column: community_code        村社区代码
-- column: community             村社区
-- column: households            户数
-- column: registered_on         走访登记始于
-- column: visit_count
-- column: household_count       走访到的户
-- column: visit_coverage
-- column: visited_ever_rate
-- column: grid_count            网格数
-- column: reached_count         期内走到的网格
-- column: unreached_count       期内没有走到
-- column: never_count           从未走到
-- column: unreached_households  其户数
-- note: 只列有走访登记的村社区。网格取该村社区登记走访最细的那一级、期末有效的；只到网格，不到人。

with

register as (
    select
        v.*,
        g.level as grid_level
    from located_visits as v
    left join places as g on g.place_code = v.grid_id
    where within(v, $region) and v.register_households is not null and v.visited_at < moment($stop)
),

finest as (
    select
        community_code,
        max(grid_level) as level
    from register
    group by community_code
),

reached as (
    select
        r.community_code,
        case f.level
            when 'grid_1' then r.grid_1
            when 'grid_2' then r.grid_2
            when 'grid_3' then r.grid_3
        end as grid_id,
        max(r.visited_at) >= $start::timestamp as is_in_period
    from register as r
    inner join finest as f on f.community_code = r.community_code
    group by all
),

gaps as (
    select
        f.community_code,
        count(*) as grid_count,
        count(*) filter (r.is_in_period) as reached_count,
        count(*) filter (not coalesce(r.is_in_period, false)) as unreached_count,
        count(*) filter (r.grid_id is null) as never_count,
        coalesce(sum(g.households) filter (not coalesce(r.is_in_period, false)), 0) as unreached_households
    from finest as f
    inner join places as g
        on g.community_code = f.community_code
        and g.level = f.level
        and within(g, $region)
        and coalesce(g.valid_from < moment($stop), true)
        and coalesce(g.valid_to >= moment($stop), true)
    left join reached as r on r.community_code = f.community_code and r.grid_id = g.place_code
    group by f.community_code
),

totals as (
    select
        v.community_code,
        min(v.visited_at) as registered_at,
        visit_count(v, $start::timestamp, $stop::timestamp) as visit_count,
        count(*) filter (visit_coverage_base(v, $start::timestamp, $stop::timestamp)) as household_count,
        visit_coverage(v, $start::timestamp, $stop::timestamp) as visit_coverage,
        visited_ever_rate(v, $start::timestamp, $stop::timestamp) as visited_ever_rate
    from (
        select
            r.*,
            r.register_households as households
        from register as r
    ) as v
    group by v.community_code
)

select
    t.community_code,
    p.name as community,
    p.households,
    t.registered_at::date as registered_on,
    t.visit_count,
    t.household_count,
    t.visit_coverage,
    t.visited_ever_rate,
    coalesce(g.grid_count, 0) as grid_count,
    coalesce(g.reached_count, 0) as reached_count,
    coalesce(g.unreached_count, 0) as unreached_count,
    coalesce(g.never_count, 0) as never_count,
    coalesce(g.unreached_households, 0) as unreached_households
from totals as t
left join places as p on p.place_code = t.community_code
left join gaps as g on g.community_code = t.community_code
order by t.visit_coverage desc nulls last, t.community_code
