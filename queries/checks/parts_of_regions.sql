-- title: 各地之和（含未落到下级的）等于上级
-- scenes: map, now, satisfaction, timeliness
-- indicators:
-- queries: indicators_by_region, step_hours_by_region, hazards_by_region, team_by_region, visits_by_community, overdue_by_cell
-- grain: place_code, category, month
-- params:
-- column: place_code            区划或网格代码
-- column: category              类别
-- column: month                 月份
-- column: whole                 本地受理
-- column: parts                 下级受理之和与未落到下级的
-- column: is_broken              不符
-- note: 上级按案件自己的路径数，下级按地点的隶属关系数：两者不一致说明案件的归属有误。

with

reported as (
    select
        coalesce(category::varchar, '') as category,
        date_trunc('month', reported_at) as month,
        [county_code, town_code, community_code, grid_1, grid_2, grid_3] as path
    from cases
    where is_valid
),

passed as (
    select
        category,
        month,
        unnest(list_filter(path, lambda x: x is not null)) as place_code
    from reported
),

at_place as (
    select
        category,
        month,
        place_code,
        count(*) as reported_count
    from passed
    group by all
),

finest as (
    select
        category,
        month,
        list_last(list_filter(path, lambda x: x is not null)) as place_code,
        count(*) as reported_count
    from reported
    group by all
),

parts as (
    select
        p.parent_code as place_code,
        a.category,
        a.month,
        a.reported_count
    from at_place as a
    inner join places as p on p.place_code = a.place_code
    where p.parent_code is not null

    union all

    select
        place_code,
        category,
        month,
        reported_count
    from finest
    where place_code is not null
),

summed as (
    select
        place_code,
        category,
        month,
        sum(reported_count)::bigint as parts
    from parts
    group by all
)

select
    coalesce(a.place_code, s.place_code) as place_code,
    coalesce(a.category, s.category) as category,
    coalesce(a.month, s.month)::date as month,
    coalesce(a.reported_count, 0) as whole,
    coalesce(s.parts, 0) as parts,
    coalesce(a.reported_count, 0) <> coalesce(s.parts, 0) as is_broken
from at_place as a
full join summed as s on s.place_code = a.place_code and s.category = a.category and s.month = a.month
