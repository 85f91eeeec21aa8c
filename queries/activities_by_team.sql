-- title: 各队伍活动与志愿服务
-- grain: team
-- params: start, stop, region
-- column: team                  队伍
-- column: activity_count        场次
-- column: types                 类型
-- column: hours                 服务时长（小时）
-- column: attendance            参加人次
-- column: beneficiary_count     受益人次
-- column: last_on               最近一场
-- note: 按队伍，不按个人；人次不是人数。

select
    coalesce(c.team, '未填队伍') as team,
    activity_count(c, $start::timestamp, $stop::timestamp) as activity_count,
    string_agg(distinct c.activity_type, '、' order by c.activity_type) as types,
    activity_hours(c, $start::timestamp, $stop::timestamp) as hours,
    activity_attendance(c, $start::timestamp, $stop::timestamp) as attendance,
    activity_beneficiaries(c, $start::timestamp, $stop::timestamp) as beneficiary_count,
    max(c.held_on) as last_on
from located_activities as c
where within(c, $region) and activity_count_base(c, $start::timestamp, $stop::timestamp)
group by coalesce(c.team, '未填队伍')
order by activity_count desc, team
