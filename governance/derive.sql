-- 派生: what a snapshot holds beyond the imported columns, computed once at publish over the whole data, because
-- it needs more than a viewer may see (repeats across grids) or would cost every query again (the path of a place).
-- Reads the canonical tables and the variable as_of; adds columns to `cases` and makes the table `places`.

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

registered as (
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

comment on table places is '地点：县、乡镇街道、村社区、三级网格，连同其全部上级';

-- pauses: hours a case was deferred (缓办), which do not count as handling time.
create or replace temp table pauses as
with spans as (
    select
        source,
        case_id,
        step,
        happened_at,
        lead(happened_at) over (partition by source, case_id order by happened_at, seq) as next_at
    from case_steps
    where step in ('defer', 'resume')
),

-- A pause nobody ended ends with the case.
ended as (
    select
        s.source,
        s.case_id,
        s.happened_at,
        greatest(
            s.happened_at,
            least(
                coalesce(s.next_at, getvariable('as_of')),
                coalesce(c.closed_at, getvariable('as_of'))
            )
        ) as ended_at
    from spans as s
    inner join cases as c on c.source = s.source and c.case_id = s.case_id
    where s.step = 'defer'
)

select
    source,
    case_id,
    sum(date_diff('second', happened_at, ended_at)) / 3600.0 as paused_hours
from ended
group by source, case_id;

-- repeats: an earlier valid case of the same reporter, or at the same place, about the same thing, within 90 days.
create or replace temp table repeats as
with valid_cases as (
    select
        source,
        case_id,
        reported_at,
        reporter_hash,
        place_id,
        coalesce(subcategory, category) as matter
    from cases
    where invalid_reason is null
),

gaps as (
    select
        *,
        reported_at - lag(reported_at) over (
            partition by reporter_hash, matter order by reported_at, source, case_id
        ) as since_reporter,
        reported_at - lag(reported_at) over (
            partition by place_id, matter order by reported_at, source, case_id
        ) as since_place
    from valid_cases
)

select
    source,
    case_id
from gaps
where (reporter_hash is not null and since_reporter <= interval 90 day)
    or (place_id is not null and since_place <= interval 90 day);

-- cases: with the columns that the indicators are written in.
create or replace table cases as
with dated as (
    select
        c.*,
        coalesce(g.place_code, c.region_code) as place_code,
        c.invalid_reason is null as is_valid,
        -- A reopened case is judged by its final closing against the original deadline.
        case when c.reopen_count > 0 then coalesce(c.original_due_at, c.due_at) else c.due_at end as judged_due_at,
        r.case_id is not null as is_repeat,
        coalesce(p.paused_hours, 0) as paused_hours
    from cases as c
    left join places as g on g.place_code = c.grid_id
    left join repeats as r on r.source = c.source and r.case_id = c.case_id
    left join pauses as p on p.source = c.source and p.case_id = c.case_id
)

select
    d.* exclude (rated_at, visited_at),
    case when d.outcome_visit is not null then coalesce(d.visited_at, d.closed_at) else d.visited_at end as visited_at,
    case when d.rating is not null then coalesce(d.rated_at, d.visited_at, d.closed_at) else d.rated_at end as rated_at,
    case d.category when '01' then 'dispute' when '02' then 'hazard' else 'service' end as track,
    -- Withdrawing a case after its deadline does not take it out of 按期办结率.
    d.is_valid or coalesce(d.invalid_reason = 'withdrawn' and d.withdrawn_at > d.judged_due_at, false) as is_judged,
    case
        when d.closed_at is not null and d.is_valid then least(d.closed_at, coalesce(d.judged_due_at, d.closed_at))
        when d.judged_due_at <= getvariable('as_of') then d.judged_due_at
    end as judged_at,
    coalesce(d.closed_at >= d.reported_at, true)
        and coalesce(d.first_response_at >= d.reported_at - interval 1 minute, true)
        and coalesce(d.first_closed_at >= d.reported_at, true)
        and coalesce(d.accepted_at >= d.reported_at - interval 1 minute, true) as is_time_ordered,
    -- From when to when a case can count for anything: lets a query skip the rest.
    least(
        d.reported_at,
        coalesce(d.closed_at, d.reported_at),
        coalesce(d.first_closed_at, d.reported_at),
        coalesce(d.rated_at, d.reported_at),
        coalesce(d.visited_at, d.reported_at),
        coalesce(d.judged_due_at, d.reported_at),
        coalesce(d.response_due_at, d.reported_at)
    ) as active_from,
    case
        when d.closed_at is null then timestamp '9999-01-01'
        else greatest(
            d.reported_at,
            d.closed_at,
            coalesce(d.rated_at, d.closed_at),
            coalesce(d.visited_at, d.closed_at),
            coalesce(d.response_due_at, d.closed_at),
            coalesce(d.judged_due_at, d.closed_at),
            coalesce(d.first_closed_at, d.closed_at)
        )
    end as active_until,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from dated as d
left join places as p on p.place_code = d.place_code;
