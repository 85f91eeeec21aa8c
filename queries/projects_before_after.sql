-- title: 项目前后的同类问题
-- grain: project_id
-- params: stop, region
-- column: project_id            项目编号
-- column: name                  项目
-- column: project_type          项目类型
-- column: place                 地点
-- column: estate                小区
-- column: matters               对应的小类
-- column: began_on              开工
-- column: done_on               完工
-- column: before_count          开工前 90 日
-- column: after_count           完工后 90 日
-- column: control_before_count  去年同月：前
-- column: control_after_count   去年同月：后
-- column: is_over               观察期已满
-- column: is_controlled         有去年同月
-- note: 完工日期在统计期终点之前的项目，同一小区（项目登记了小区的）或同一区划内、与项目类型对应的小类的有效案件。施工期间不算。
-- note: 项目类型对应哪些小类见 groups.toml 的 [projects]；没有对应的不列。去年同月为前后两段各往前推一年。

with

chosen_projects as (
    select
        p.project_id,
        p.name,
        p.project_type,
        p.region_code,
        p.estate_id,
        p.county_code,
        coalesce(p.started_on, p.done_on) as began_on,
        p.done_on,
        m.matters
    from located_projects as p
    inner join (
        select
            project_type,
            list(subcategory order by subcategory) as matters
        from project_matters
        group by project_type
    ) as m on m.project_type = p.project_type
    where p.done_on < $stop::timestamp and p.done_on <= as_of() and within(p, $region)
),

related as (
    select
        p.project_id,
        c.reported_at >= p.began_on - interval 90 day and c.reported_at < p.began_on as is_before,
        c.reported_at >= p.done_on and c.reported_at < p.done_on + interval 90 day as is_after,
        c.reported_at >= p.began_on - interval 90 day - interval 1 year
            and c.reported_at < p.began_on - interval 1 year as is_control_before,
        c.reported_at >= p.done_on - interval 1 year
            and c.reported_at < p.done_on + interval 90 day - interval 1 year as is_control_after
    from chosen_projects as p
    inner join cases as c on c.county_code is not distinct from p.county_code
    where c.is_valid
        and list_contains(p.matters, c.subcategory)
        and if(p.estate_id is null, within(c, p.region_code), c.estate_id = p.estate_id)
),

counted as (
    select
        project_id,
        count(*) filter (is_before) as before_count,
        count(*) filter (is_after) as after_count,
        count(*) filter (is_control_before) as control_before_count,
        count(*) filter (is_control_after) as control_after_count
    from related
    group by project_id
),

reach as (
    select date_trunc('day', min(reported_at)) as first_day
    from cases
)

select
    p.project_id,
    p.name,
    p.project_type,
    coalesce(l.full_name, p.region_code) as place,
    e.name as estate,
    array_to_string(p.matters, '、') as matters,
    p.began_on,
    p.done_on,
    coalesce(c.before_count, 0) as before_count,
    coalesce(c.after_count, 0) as after_count,
    coalesce(c.control_before_count, 0) as control_before_count,
    coalesce(c.control_after_count, 0) as control_after_count,
    p.done_on + interval 90 day <= as_of() as is_over,
    coalesce(p.began_on - interval 90 day - interval 1 year >= r.first_day, false) as is_controlled
from chosen_projects as p
cross join reach as r
left join counted as c on c.project_id = p.project_id
left join places as l on l.place_code = p.region_code
left join estates as e on e.estate_id = p.estate_id
order by p.done_on desc, p.project_id
