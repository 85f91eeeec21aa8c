-- title: 没有数据截至之后发生的事
-- scenes: now, satisfaction, timeliness
-- grain: column_name, county_code
-- params:
-- column: column_name           时间
-- column: county_code           县代码
-- column: cases                 案件数

with late as (
    unpivot (
        select
            coalesce(county_code, '') as county_code,
            count(*) filter (reported_at > as_of()) as reported_at,
            count(*) filter (closed_at > as_of()) as closed_at,
            count(*) filter (rated_at > as_of()) as rated_at,
            count(*) filter (visited_at > as_of()) as visited_at,
            count(*) filter (first_response_at > as_of()) as first_response_at
        from cases
        where is_valid
        group by county_code
    )
    on columns(* exclude (county_code))
    into name column_name value cases
)

select
    column_name,
    county_code,
    cases
from late
where cases > 0
