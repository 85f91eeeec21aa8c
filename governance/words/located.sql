-- Ledgers with the path of the place they belong to, as `cases` has it: `within`, `place_at` and the filter on a region work
-- on them alike. Ledgers of an estate carry what peers are compared by (property mode, size, age).

create view located_staff as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from staff as t
left join places as p on p.place_code = t.grid_id;

create view located_visits as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from visits as t
left join places as p on p.place_code = coalesce(t.grid_id, t.region_code);

create view located_meetings as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from meetings as t
left join places as p on p.place_code = t.region_code;

create view located_issues as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from issues as t
left join places as p on p.place_code = t.region_code;

create view located_proposals as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from proposals as t
left join places as p on p.place_code = t.region_code;

-- A list item knows whether its community writes down how an item is handled (五办) at all.
create view located_list_items as
select
    t.*,
    count(t.handling) over (partition by p.community_code) > 0 as has_handlings,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from list_items as t
left join places as p on p.place_code = t.region_code;

create view located_projects as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from projects as t
left join places as p on p.place_code = t.region_code;

create view located_points as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from points as t
left join places as p on p.place_code = t.region_code;

create view located_activities as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from activities as t
left join places as p on p.place_code = t.region_code;

create view located_partners as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from partners as t
left join places as p on p.place_code = t.region_code;

create view located_liaisons as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from liaisons as t
left join places as p on p.place_code = t.region_code;

create view located_video_points as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from video_points as t
left join places as p on p.place_code = coalesce(t.grid_id, t.region_code);

create view located_facilities as
select
    t.*,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from facilities as t
left join places as p on p.place_code = t.region_code;

-- An estate knows the days it was inspected on and the spans in which a unit is responsible for it (包联, its own or that of
-- its community), and whether its county keeps such a register at all.
create view located_estates as
select
    t.*,
    coalesce(i.days, []) as inspections,
    count(i.days) over (partition by p.county_code) > 0 as is_inspected_here,
    list_concat(coalesce(own.spans, []), coalesce(around.spans, [])) as liaison_spans,
    count(coalesce(own.spans, around.spans)) over (partition by p.county_code) > 0 as has_liaisons_here,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from estates as t
left join places as p on p.place_code = t.region_code
left join (
    select
        estate_id,
        list(inspected_on order by inspected_on) as days
    from inspections
    group by estate_id
) as i on i.estate_id = t.estate_id
left join (
    select estate_id, list({'active_from': active_from, 'active_to': active_to}) as spans
    from liaisons
    where estate_id is not null
    group by estate_id
) as own on own.estate_id = t.estate_id
left join (
    select region_code, list({'active_from': active_from, 'active_to': active_to}) as spans
    from liaisons
    where estate_id is null
    group by region_code
) as around on around.region_code = t.region_code;

create view located_inspections as
select
    t.*,
    e.region_code,
    e.name as estate_name,
    e.property_mode,
    e.households as estate_households,
    e.built_year,
    e.is_old,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from inspections as t
left join estates as e on e.estate_id = t.estate_id
left join places as p on p.place_code = e.region_code;

create view located_score_cards as
select
    t.*,
    e.region_code,
    e.name as estate_name,
    e.property_mode,
    e.households as estate_households,
    e.built_year,
    e.is_old,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from score_cards as t
left join estates as e on e.estate_id = t.estate_id
left join places as p on p.place_code = e.region_code;

create view located_card_actions as
select
    t.*,
    e.region_code,
    e.name as estate_name,
    e.property_mode,
    e.households as estate_households,
    e.built_year,
    e.is_old,
    p.county_code,
    p.town_code,
    p.community_code,
    p.grid_1,
    p.grid_2,
    p.grid_3
from card_actions as t
left join estates as e on e.estate_id = t.estate_id
left join places as p on p.place_code = e.region_code;
