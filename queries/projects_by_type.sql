-- title: 各类民生项目
-- grain: project_type
-- params: start, stop, region
-- column: project_type          项目类型
-- column: started_count         开工
-- column: done_count            完工
-- column: running_count         期末在建
-- column: households            受益户数
-- column: residents             受益人数
-- column: days                  工期中位（天）
-- column: unstarted_count       还没开工
-- note: 开工按开工日，完工、受益户数和人数、工期按完工日；项目类型来自数据。受益户数、人数只加有登记的。

with

counted as (
    select
        project_type,
        count(*) filter (project_done_rate_base(c, $start::timestamp, $stop::timestamp)) as started_count,
        count(*) filter (project_done_count_base(c, $start::timestamp, $stop::timestamp)) as done_count,
        count(*) filter (started_on < moment($stop) and coalesce(done_on >= moment($stop), true)) as running_count,
        project_households(c, $start::timestamp, $stop::timestamp) as households,
        project_residents(c, $start::timestamp, $stop::timestamp) as residents,
        median(date_diff('day', started_on, done_on)) filter (
            project_done_count_base(c, $start::timestamp, $stop::timestamp)
        ) as days,
        count(*) filter (started_on is null and done_on is null) as unstarted_count
    from located_projects as c
    where within(c, $region)
    group by project_type
)

select *
from counted
where started_count + done_count + running_count + unstarted_count > 0
order by done_count desc, running_count desc, project_type
