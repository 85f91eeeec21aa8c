-- title: 案件和台账的地点都在地点树上
-- scenes: map
-- indicators:
-- queries: visits_by_community, team_by_region, points_by_ledger, meetings_by_type, lists_by_type, scores_by_estate
-- grain: table_name
-- params:
-- column: table_name            标准表
-- column: row_count             写了地点的行
-- column: placeless_count       地点没有登记的行
-- column: example               例
-- column: is_broken             不符
-- note: 每张表一条。地点没有登记的行进全部范围、不进任何一地，各地之和就不等于总数；补上区划或网格登记即可。

with rows_of_places as (
    select 'cases' as table_name, place_code from cases
    union all
    select 'visits', coalesce(grid_id, region_code) from visits
    union all
    select 'meetings', region_code from meetings
    union all
    select 'issues', region_code from issues
    union all
    select 'proposals', region_code from proposals
    union all
    select 'list_items', region_code from list_items
    union all
    select 'plans', region_code from plans
    union all
    select 'projects', region_code from projects
    union all
    select 'points', region_code from points
    union all
    select 'activities', region_code from activities
    union all
    select 'partners', region_code from partners
    union all
    select 'facilities', region_code from facilities
    union all
    select 'estates', region_code from estates
    union all
    select 'staff', grid_id from staff
    union all
    select 'video_points', coalesce(grid_id, region_code) from video_points
)

select
    r.table_name,
    count(*) as row_count,
    count(*) filter (p.place_code is null) as placeless_count,
    min(r.place_code) filter (p.place_code is null) as example,
    count(*) filter (p.place_code is null) > 0 as is_broken
from rows_of_places as r
left join places as p on p.place_code = r.place_code
where r.place_code is not null
group by r.table_name
