-- title: 各类议事会议各月召开情况
-- grain: meeting_type, month
-- params: start, stop, region
-- column: meeting_type          会议类型
-- column: month                 月份
-- column: planned_count         计划
-- column: kept_count            如期
-- column: moved_count           改期
-- column: missed_count          没开
-- column: pending_count         还没到日子
-- column: unplanned_count       计划外
-- column: attendance            参会人次
-- note: 计划内的按计划日所在月份，计划外的按召开日。每个类型、每个月都有一行，没有会议的是 0。

with

mine as (
    select
        meeting_type,
        date_trunc('month', coalesce(planned_on, held_on))::date as month,
        case
            when planned_on is null then 'unplanned'
            when not meeting_is_judged(c) then 'pending'
            when meeting_is_kept(c) then 'kept'
            when held_on < as_of() then 'moved'
            else 'missed'
        end as state,
        case when held_on < as_of() then attendance end as attendance
    from located_meetings as c
    where within(c, $region)
        and coalesce(planned_on, held_on) >= $start
        and coalesce(planned_on, held_on) < $stop
)

select
    t.meeting_type,
    m.month::date as month,
    count(c.state) filter (c.state <> 'unplanned') as planned_count,
    count(c.state) filter (c.state = 'kept') as kept_count,
    count(c.state) filter (c.state = 'moved') as moved_count,
    count(c.state) filter (c.state = 'missed') as missed_count,
    count(c.state) filter (c.state = 'pending') as pending_count,
    count(c.state) filter (c.state = 'unplanned') as unplanned_count,
    sum(c.attendance) as attendance
from (select distinct meeting_type from mine) as t
cross join months_of($start, $stop) as m
left join mine as c on c.meeting_type = t.meeting_type and c.month = m.month
group by t.meeting_type, m.month
order by t.meeting_type, m.month
