-- 派生 1: the tree of places. A snapshot holds it ready, because the path of a place would cost every query again.
-- Reads regions, grids, population and cases; makes the table `places`.

-- places: every county, town, community and grid, and every code that cases use though no register knows it.
create or replace table places as
with recursive

case_places as (
    select
        region_code,
        grid_id
    from cases
    group by all
),

-- What was counted month by month is newer than a register without a date: the last month that has begun.
counted as (
    select
        region_code as place_code,
        arg_max(households, month) as households,
        arg_max(residents, month) as residents
    from population
    where month < getvariable('as_of')
    group by region_code
),

listed as (
    select
        region_code as place_code,
        parent_code,
        level,
        name,
        households,
        population as residents,
        null::date as valid_from,
        null::date as valid_to,
        true as is_registered
    from regions
    where level in ('county', 'town', 'community')

    union all

    select
        grid_id,
        coalesce(parent_grid_id, region_code),
        'grid_' || level,
        name,
        households,
        residents,
        valid_from,
        valid_to,
        true
    from grids
),

registered as (
    select
        l.* replace (
            coalesce(c.households, l.households) as households,
            coalesce(c.residents, l.residents) as residents
        )
    from listed as l
    left join counted as c on c.place_code = l.place_code
),

unknown_regions as (
    select distinct region_code as place_code
    from case_places
    where region_code is not null
        and region_code not in (select region_code from regions)
),

-- A grid that no register knows lies where its cases say; when they disagree it is no place, and each goes by its region.
unknown_grids as (
    select
        grid_id as place_code,
        min(region_code) as parent_code
    from case_places
    where grid_id is not null and grid_id not in (select grid_id from grids)
    group by grid_id
    having count(distinct coalesce(region_code, '')) = 1
),

tree as (
    select * from registered
    union all
    select place_code, null, 'community', place_code, null, null, null, null, false from unknown_regions
    union all
    select place_code, parent_code, 'grid_1', place_code, null, null, null, null, false from unknown_grids
),

path as (
    select
        place_code,
        place_code as ancestor,
        level as ancestor_level,
        name as ancestor_name,
        parent_code as next_code,
        1 as depth
    from tree

    union all

    select
        path.place_code,
        tree.place_code,
        tree.level,
        tree.name,
        tree.parent_code,
        path.depth + 1
    from path
    inner join tree on tree.place_code = path.next_code
    where path.depth < 8
)

select
    t.place_code,
    case when count(p.ancestor) > 1 then any_value(t.parent_code) end as parent_code,
    any_value(t.level) as level,
    any_value(t.name) as name,
    string_agg(p.ancestor_name, ' ' order by p.depth desc) as full_name,
    any_value(t.households) as households,
    any_value(t.residents) as residents,
    any_value(t.valid_from) as valid_from,
    any_value(t.valid_to) as valid_to,
    any_value(t.is_registered) as is_registered,
    null::double as anchor_lon,  -- where a symbol of the place stands: filled once its outline is known
    null::double as anchor_lat,
    max(p.ancestor) filter (p.ancestor_level = 'county') as county_code,
    max(p.ancestor) filter (p.ancestor_level = 'town') as town_code,
    max(p.ancestor) filter (p.ancestor_level = 'community') as community_code,
    max(p.ancestor) filter (p.ancestor_level = 'grid_1') as grid_1,
    max(p.ancestor) filter (p.ancestor_level = 'grid_2') as grid_2,
    max(p.ancestor) filter (p.ancestor_level = 'grid_3') as grid_3
from tree as t
inner join path as p on p.place_code = t.place_code
group by t.place_code
order by t.place_code;

-- A county or town whose register gives no households or residents has those of its communities, where all of them say.
update places as p
set households = coalesce(p.households, c.households),
    residents = coalesce(p.residents, c.residents)
from (
    select
        upper_code,
        if(count(*) = count(households), sum(households), null) as households,
        if(count(*) = count(residents), sum(residents), null) as residents
    from (
        select
            unnest([county_code, town_code]) as upper_code,
            households,
            residents
        from places
        where level = 'community' and is_registered
    )
    group by upper_code
) as c
where c.upper_code = p.place_code and p.level in ('county', 'town');

comment on table places is '地点：县、乡镇街道、村社区、三级网格，连同其全部上级';
