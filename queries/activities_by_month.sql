-- title: 各类活动各月计划与开展
-- grain: activity_type, month
-- params: start, stop, region
-- column: activity_type         活动类型
-- column: month                 月份
-- column: planned_count         计划
-- column: kept_count            如期
-- column: moved_count           改期
-- column: missed_count          没开
-- column: pending_count         还没到日子
-- column: unplanned_count       计划外
-- column: attendance            参加人次
-- column: usual_day             例行日（每月几日）
-- note: 计划内的按计划日所在月份，计划外的按开展日；如期与会议同一条规则。每个类型、每个月都有一行，没有活动的是 0。
-- note: 例行日：该类活动在三个以上的月份都定在同一天的才有，如每月 20 日的集市。

with

judged as (
    select
        c.activity_type,
        c.planned_on,
        coalesce(c.planned_on, c.held_on) as happens_on,
        case
            when c.planned_on is null then 'unplanned'
            when not meeting_is_judged(c) then 'pending'
            when meeting_is_kept(c) then 'kept'
            when c.held_on < as_of() then 'moved'
            else 'missed'
        end as state,
        case when c.held_on < as_of() then c.attendance end as attendance
    from located_activities as c
    where within(c, $region)
),

mine as (
    select
        *,
        date_trunc('month', happens_on)::date as month
    from judged
    where happens_on >= $start and happens_on < $stop
),

routine as (
    select
        activity_type,
        any_value(day(planned_on)) as usual_day
    from judged
    where planned_on is not null
    group by activity_type
    having count(distinct day(planned_on)) = 1 and count(distinct planned_on) >= 3
)

select
    t.activity_type,
    m.month::date as month,
    count(c.state) filter (c.state <> 'unplanned') as planned_count,
    count(c.state) filter (c.state = 'kept') as kept_count,
    count(c.state) filter (c.state = 'moved') as moved_count,
    count(c.state) filter (c.state = 'missed') as missed_count,
    count(c.state) filter (c.state = 'pending') as pending_count,
    count(c.state) filter (c.state = 'unplanned') as unplanned_count,
    sum(c.attendance) as attendance,
    any_value(r.usual_day) as usual_day
from (select distinct activity_type from mine) as t
cross join months_of($start, $stop) as m
left join mine as c on c.activity_type = t.activity_type and c.month = m.month
left join routine as r on r.activity_type = t.activity_type
group by t.activity_type, m.month
order by t.activity_type, m.month
