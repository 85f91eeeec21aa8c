-- title: 一人多岗
-- grain:
-- params: stop, region
-- column: people_count          在岗人数
-- column: post_count            岗位数
-- column: several_posts_count   一人多岗（人）
-- column: several_grids_count   其中跨网格（人）
-- column: several_roles_count   其中兼不同岗位（人）
-- note: 期末在岗。只计总数，不列名单；与人有关的计数太小时不显示。

with people as (
    select
        s.staff_id,
        count(*) as posts,
        count(distinct s.grid_id) as grids,
        count(distinct s.role) as roles
    from located_staff as s
    where is_on_duty(s, moment($stop)) and within(s, $region)
    group by s.staff_id
)

select
    count(*) as people_count,
    coalesce(sum(posts), 0) as post_count,
    shown_people(count(*) filter (posts > 1)) as several_posts_count,
    shown_people(count(*) filter (grids > 1)) as several_grids_count,
    shown_people(count(*) filter (roles > 1)) as several_roles_count
from people
