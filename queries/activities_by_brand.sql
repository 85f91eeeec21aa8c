-- title: 各服务品牌
-- grain: brand, brand_line
-- params: start, stop, region
-- column: brand                 服务品牌
-- column: brand_line            品牌项目
-- column: activity_count        场次
-- column: hours                 服务时长（小时）
-- column: attendance            参加人次
-- column: beneficiary_count     受益人次
-- column: last_on               最近一场
-- note: 只含登记了服务品牌的活动；人次不是人数。按品牌，不按个人。

select
    c.brand,
    coalesce(c.brand_line, '不分项') as brand_line,
    activity_count(c, $start::timestamp, $stop::timestamp) as activity_count,
    activity_hours(c, $start::timestamp, $stop::timestamp) as hours,
    activity_attendance(c, $start::timestamp, $stop::timestamp) as attendance,
    activity_beneficiaries(c, $start::timestamp, $stop::timestamp) as beneficiary_count,
    max(c.held_on) as last_on
from located_activities as c
where within(c, $region) and brand_activity_count_base(c, $start::timestamp, $stop::timestamp)
group by c.brand, coalesce(c.brand_line, '不分项')
order by c.brand, brand_line
