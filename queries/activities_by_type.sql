-- title: 各类活动与志愿服务
-- grain: activity_type
-- params: start, stop, region
-- column: activity_type         类型
-- column: activity_count        场次
-- column: team_count            队伍数
-- column: hours                 服务时长（小时）
-- column: attendance            参加人次
-- column: beneficiary_count     受益人次
-- column: teams                 队伍
-- note: 人次不是人数：一人来两次是两人次。

select
    c.activity_type,
    activity_count(c, $start::timestamp, $stop::timestamp) as activity_count,
    count(distinct c.team) as team_count,
    activity_hours(c, $start::timestamp, $stop::timestamp) as hours,
    activity_attendance(c, $start::timestamp, $stop::timestamp) as attendance,
    activity_beneficiaries(c, $start::timestamp, $stop::timestamp) as beneficiary_count,
    string_agg(distinct c.team, '、' order by c.team) as teams
from located_activities as c
where within(c, $region) and activity_count_base(c, $start::timestamp, $stop::timestamp)
group by c.activity_type
order by activity_count desc, c.activity_type
