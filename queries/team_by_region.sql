-- title: 各地网格队伍
-- grain: place_code
-- params: stop, region, level
-- column: place_code            代码
-- column: name                  名称
-- column: households            户数
-- column: grid_count            末级网格
-- column: vacant_count          无专兼职在岗
-- column: staffed_rate
-- column: people_count          在岗人数
-- column: fte                   折算人力
-- column: households_per_fte
-- column: auxiliary_count       网格辅助员
-- column: households_per_auxiliary
-- note: 期末时点。该层级每个地方都在。一人多岗在一个地方只算一人；只有数量，不列名单，不排个人。

with

here as (
    select
        place_code,
        name,
        households
    from named_places($level, $region)
),

grids_here as (
    select
        place_at(g, $level) as place_code,
        count(*) filter (staffed_rate_base(g, null, null)) as grid_count,
        count(*) filter (staffed_rate_base(g, null, null) and not staffed_rate_hit(g, null, null)) as vacant_count,
        staffed_rate(g, null, null) as staffed_rate
    from grid_loads(moment($stop)) as g
    where g.is_leaf and within(g, $region)
    group by place_at(g, $level)
),

staff_here as (
    select
        s.place_code,
        count(distinct s.staff_id) filter (is_on_duty(s, moment($stop))) as people_count,
        sum(s.fte) filter (is_on_duty(s, moment($stop))) as fte,
        households_per_fte(s, null, $stop::timestamp) as households_per_fte,
        count(distinct s.staff_id) filter (households_per_auxiliary_base(s, null, $stop::timestamp)) as auxiliary_count,
        households_per_auxiliary(s, null, $stop::timestamp) as households_per_auxiliary
    from (
        select
            h.place_code,
            h.households,
            t.*
        from here as h
        inner join located_staff as t on place_at(t, $level) = h.place_code
        where within(t, $region)
    ) as s
    group by s.place_code
)

select
    h.place_code,
    h.name,
    h.households,
    coalesce(g.grid_count, 0) as grid_count,
    coalesce(g.vacant_count, 0) as vacant_count,
    g.staffed_rate,
    coalesce(s.people_count, 0) as people_count,
    coalesce(s.fte, 0) as fte,
    s.households_per_fte,
    coalesce(s.auxiliary_count, 0) as auxiliary_count,
    s.households_per_auxiliary
from here as h
left join grids_here as g on g.place_code = h.place_code
left join staff_here as s on s.place_code = h.place_code
order by vacant_count desc, h.place_code
