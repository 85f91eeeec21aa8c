-- title: 共建组织与队伍
-- grain: partner_type
-- params: stop, region
-- column: partner_type          类型
-- column: partner_count         个数
-- column: member_count          成员（人）
-- column: community_count       村社区数
-- column: teams                 队伍或联盟
-- note: 期末已成立或加入的。只有数量，没有名单；结对、服务对象等与人有关的人数太小时不显示。

select
    c.partner_type,
    count(*) as partner_count,
    shown_people(sum(c.member_count)) as member_count,
    count(distinct c.community_code) as community_count,
    string_agg(distinct c.team, '、' order by c.team) as teams
from located_partners as c
where within(c, $region) and partner_count_base(c, null, $stop::timestamp)
group by c.partner_type
order by partner_count desc, c.partner_type
