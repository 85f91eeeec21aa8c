-- title: 议事前后的办理时长
-- grain: community_code, meeting_type
-- params: stop, region
-- column: community_code        村社区代码
-- column: place                 村社区
-- column: meeting_type          会议
-- column: began_on              开始的月份
-- column: before_count          前一年办结（n）
-- column: before_median         前一年中位（小时）
-- column: after_count           后一年办结（n）
-- column: after_median          后一年中位（小时）
-- column: after_open            后一年还没办结
-- column: before_hours          前一年各件（小时）
-- column: after_hours           后一年各件（小时）
-- note: 一种会议在一个村社区第一次约定或召开的月份为开始；比较前后各一年上报、经议事受理（规则 council_channels 的渠道）的有效案件。
-- note: 时长从上报到办结，扣除缓办，只含已办结的。开始以前没有这样的案件的不列。

with

begun as (
    select
        community_code,
        meeting_type,
        date_trunc('month', min(least(coalesce(planned_on, held_on), coalesce(held_on, planned_on))))::timestamp as began_on
    from located_meetings
    where within(located_meetings, $region) and community_code is not null
    group by community_code, meeting_type
),

timed as (
    select
        b.community_code,
        b.meeting_type,
        b.began_on,
        c.reported_at >= b.began_on as is_after,
        c.closed_at is null as is_open,
        greatest(date_diff('second', c.reported_at, c.closed_at) / 3600.0 - c.paused_hours, 0) as hours
    from begun as b
    inner join cases as c on c.community_code = b.community_code
    where b.began_on < $stop::timestamp
        and list_contains(rule_council_channels(), c.channel)
        and c.is_valid
        and coalesce(c.closed_at > c.reported_at, true)
        and c.reported_at >= b.began_on - interval 1 year
        and c.reported_at < b.began_on + interval 1 year
),

counted as (
    select
        community_code,
        meeting_type,
        began_on,
        count(*) filter (not is_after and not is_open) as before_count,
        median(hours) filter (not is_after and not is_open) as before_median,
        count(*) filter (is_after and not is_open) as after_count,
        median(hours) filter (is_after and not is_open) as after_median,
        count(*) filter (is_after and is_open) as after_open,
        list(hours order by hours) filter (not is_after and not is_open) as before_hours,
        list(hours order by hours) filter (is_after and not is_open) as after_hours
    from timed
    group by community_code, meeting_type, began_on
)

select
    n.community_code,
    coalesce(p.full_name, n.community_code) as place,
    n.* exclude (community_code)
from counted as n
left join places as p on p.place_code = n.community_code
where n.before_count > 0
order by n.before_count + n.after_count desc, n.community_code, n.meeting_type
