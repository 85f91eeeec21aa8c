-- Ledgers with the path of the place they belong to, as `cases` has it: `within`, `place_at` and the filter on a region work
-- on them alike. Ledgers of an estate carry what peers are compared by (property mode, size, age).

create view place_paths as
select
    place_code,
    county_code,
    town_code,
    community_code,
    grid_1,
    grid_2,
    grid_3
from places;

create view located_staff as
select
    t.*,
    p.* exclude (place_code)
from staff as t
left join place_paths as p on p.place_code = t.grid_id;

create view located_visits as
select
    t.*,
    p.* exclude (place_code)
from visits as t
left join place_paths as p on p.place_code = coalesce(t.grid_id, t.region_code);

-- Visits, and for each grid of a community that keeps a register of them one row that is no visit: a grid that nobody went
-- to has not been reached, which is another thing than that no register is kept. A grid cannot be reached before it exists.
create view kept_visits as
with registers as (
    select
        community_code,
        max(register_households) as register_households,
        min(register_from) as register_from
    from located_visits
    where register_from is not null
    group by community_code
)

from located_visits
union all by name
select
    g.place_code as grid_id,
    r.register_households,
    greatest(r.register_from, date_trunc('month', coalesce(g.valid_from, r.register_from))) as register_from,
    p.* exclude (place_code)
from registers as r
inner join place_paths as p on p.community_code = r.community_code
inner join places as g on g.place_code = p.place_code
where g.is_registered
    and g.level in ('grid_1', 'grid_2', 'grid_3')
    and coalesce(g.valid_to >= as_of(), true);

create view located_meetings as
select
    t.*,
    p.* exclude (place_code)
from meetings as t
left join place_paths as p on p.place_code = t.region_code;

create view located_issues as
select
    t.*,
    p.* exclude (place_code)
from issues as t
left join place_paths as p on p.place_code = t.region_code;

create view located_proposals as
select
    t.*,
    p.* exclude (place_code)
from proposals as t
left join place_paths as p on p.place_code = t.region_code;

-- A list item knows whether its community writes down how an item is handled (五办) at all.
create view located_list_items as
select
    t.*,
    count(t.handling) over (partition by p.community_code) > 0 as has_handlings,
    p.* exclude (place_code)
from list_items as t
left join place_paths as p on p.place_code = t.region_code;

create view located_plans as
select
    t.*,
    p.* exclude (place_code)
from plans as t
left join place_paths as p on p.place_code = t.region_code;

create view located_projects as
select
    t.*,
    p.* exclude (place_code)
from projects as t
left join place_paths as p on p.place_code = t.region_code;

create view located_points as
select
    t.*,
    p.* exclude (place_code)
from points as t
left join place_paths as p on p.place_code = t.region_code;

create view located_activities as
select
    t.*,
    p.* exclude (place_code)
from activities as t
left join place_paths as p on p.place_code = t.region_code;

create view located_partners as
select
    t.*,
    p.* exclude (place_code)
from partners as t
left join place_paths as p on p.place_code = t.region_code;

create view located_liaisons as
select
    t.*,
    p.* exclude (place_code)
from liaisons as t
left join place_paths as p on p.place_code = t.region_code;

create view located_video_points as
select
    t.*,
    p.* exclude (place_code)
from video_points as t
left join place_paths as p on p.place_code = coalesce(t.grid_id, t.region_code);

create view located_facilities as
select
    t.*,
    p.* exclude (place_code)
from facilities as t
left join place_paths as p on p.place_code = t.region_code;

-- An estate knows the days it was inspected on and the spans in which a unit is responsible for it (包联, its own or that of
-- its community), and from when on its county keeps such registers: nobody knows who went where before.
create view located_estates as
select
    t.*,
    coalesce(i.days, []) as inspections,
    min(i.days[1]) over (partition by p.county_code) as inspected_from,
    list_concat(coalesce(own.spans, []), coalesce(around.spans, [])) as liaison_spans,
    min(least(own.since, around.since)) over (partition by p.county_code) as liaisons_from,
    p.* exclude (place_code)
from estates as t
left join place_paths as p on p.place_code = t.region_code
left join (
    select
        estate_id,
        list(inspected_on order by inspected_on) as days
    from inspections
    group by estate_id
) as i on i.estate_id = t.estate_id
left join (
    select
        estate_id,
        list({'active_from': active_from, 'active_to': active_to}) as spans,
        min(coalesce(active_from, date '0001-01-01')) as since
    from liaisons
    where estate_id is not null
    group by estate_id
) as own on own.estate_id = t.estate_id
left join (
    select
        region_code,
        list({'active_from': active_from, 'active_to': active_to}) as spans,
        min(coalesce(active_from, date '0001-01-01')) as since
    from liaisons
    where estate_id is null
    group by region_code
) as around on around.region_code = t.region_code;

-- What a row of an estate inherits from it.
create view estate_paths as
select
    e.estate_id,
    e.region_code,
    e.name as estate_name,
    e.property_mode,
    e.households as estate_households,
    e.built_year,
    e.is_old,
    p.* exclude (place_code)
from estates as e
left join place_paths as p on p.place_code = e.region_code;

create view located_inspections as
select
    t.*,
    e.* exclude (estate_id)
from inspections as t
left join estate_paths as e on e.estate_id = t.estate_id;

create view located_score_cards as
select
    t.*,
    e.* exclude (estate_id)
from score_cards as t
left join estate_paths as e on e.estate_id = t.estate_id;

create view located_card_actions as
select
    t.*,
    e.* exclude (estate_id)
from card_actions as t
left join estate_paths as e on e.estate_id = t.estate_id;
