-- title: 边界情况
-- grain: place_code
-- params: region
-- column: place_code            代码
-- column: name                  地点
-- column: level                 层级
-- column: state                 情况
-- column: case_count            案件数
-- column: approval_number       审图号
-- note: 案件数是快照中的全部案件，不分统计期。没有自己边界的地点按示意图画出。

with

paths as (
    select
        county_code,
        town_code,
        community_code,
        grid_1,
        grid_2,
        grid_3,
        count(*) as case_count
    from cases
    group by all
),

counted as (
    select
        unnest([county_code, town_code, community_code, grid_1, grid_2, grid_3]) as place_code,
        case_count
    from paths
),

busy as (
    select
        place_code,
        sum(case_count) as case_count
    from counted
    where place_code is not null
    group by place_code
),

compared as (
    select
        coalesce(p.place_code, b.place_code) as place_code,
        coalesce(p.full_name, b.place_code) as name,
        coalesce(p.level, '') as level,
        p.place_code is not null as is_place,
        b.place_code is not null and not b.is_schematic as has_outline,
        coalesce(n.case_count, 0) as case_count,
        b.approval_number
    from places as p
    full join boundaries as b on b.place_code = p.place_code
    left join busy as n on n.place_code = p.place_code
    where $region is null or coalesce(within(p, $region), false)
)

select
    place_code,
    name,
    level,
    case
        when not is_place then '边界对不上地点'
        when has_outline and case_count > 0 then '有边界有数据'
        when has_outline then '有边界没有数据'
        when case_count > 0 then '有数据没有边界（示意）'
        else '没有数据也没有边界（示意）'
    end as state,
    case_count,
    approval_number
from compared
order by state, place_code
