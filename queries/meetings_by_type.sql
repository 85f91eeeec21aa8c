-- title: 各类议事会议
-- grain: meeting_type
-- params: start, stop, region
-- column: meeting_type          会议类型
-- column: usual_days            约定日子
-- column: judged_count          应开
-- column: kept_count            如期
-- column: kept_rate             会议履约率
-- column: moved_count           改期
-- column: missed_count          没开
-- column: held_count            实际召开
-- column: attendance            参会人次
-- column: attendance_per        场均人次
-- column: issue_count           议定事项
-- column: settled_count         满消化期
-- column: solved_count          其中已解决
-- column: solved_rate           议题解决率
-- column: place_count           社区数
-- note: 会议类型来自数据。应开、如期、改期、没开按计划日；实际召开（含计划外）按召开日；议题按议定日、且记有会议编号的。
-- note: 约定日子是计划日中占四分之一以上的那几天；每月不定日的为空。

with

mine as (
    select c.*
    from located_meetings as c
    where within(c, $region)
),

days as (
    select
        meeting_type,
        day(planned_on) as day,
        count(*) / sum(count(*)) over (partition by meeting_type) as share
    from mine
    where planned_on < $stop
    group by meeting_type, day(planned_on)
),

usual as (
    select
        meeting_type,
        '每月' || string_agg(day || '日', '、' order by day) as usual_days
    from days
    where share >= 0.25
    group by meeting_type
),

counted as (
    select
        meeting_type,
        count(*) filter (meeting_kept_rate_base(m, $start::timestamp, $stop::timestamp)) as judged_count,
        count(*) filter (meeting_kept_rate_hit(m, $start::timestamp, $stop::timestamp)) as kept_count,
        count(*) filter (
            meeting_kept_rate_base(m, $start::timestamp, $stop::timestamp) and m.held_on < as_of() and not meeting_is_kept(m)
        ) as moved_count,
        count(*) filter (meeting_count_base(m, $start::timestamp, $stop::timestamp)) as held_count,
        sum(attendance) filter (meeting_attendance_base(m, $start::timestamp, $stop::timestamp)) as attendance,
        avg(attendance) filter (meeting_attendance_base(m, $start::timestamp, $stop::timestamp)) as attendance_per,
        count(distinct region_code) as place_count
    from mine as m
    where coalesce(planned_on, held_on) < $stop and greatest(planned_on, held_on) >= $start
    group by meeting_type
),

discussed as (
    select
        m.meeting_type,
        count(*) filter (issue_count_base(c, $start::timestamp, $stop::timestamp)) as issue_count,
        count(*) filter (issue_solved_rate_base(c, $start::timestamp, $stop::timestamp)) as settled_count,
        count(*) filter (issue_solved_rate_hit(c, $start::timestamp, $stop::timestamp)) as solved_count
    from located_issues as c
    inner join meetings as m using (meeting_id)
    where within(c, $region)
    group by m.meeting_type
)

select
    c.meeting_type,
    u.usual_days,
    c.judged_count,
    c.kept_count,
    c.kept_count / nullif(c.judged_count, 0) as kept_rate,
    c.moved_count,
    c.judged_count - c.kept_count - c.moved_count as missed_count,
    c.held_count,
    c.attendance,
    c.attendance_per,
    coalesce(d.issue_count, 0) as issue_count,
    coalesce(d.settled_count, 0) as settled_count,
    coalesce(d.solved_count, 0) as solved_count,
    d.solved_count / nullif(d.settled_count, 0) as solved_rate,
    c.place_count
from counted as c
left join usual as u using (meeting_type)
left join discussed as d using (meeting_type)
order by c.judged_count desc, c.held_count desc, c.meeting_type
