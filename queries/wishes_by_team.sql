-- title: 各队伍认领的微心愿
-- grain: team
-- params: start, stop, region
-- column: team                  认领队伍
-- column: claimed_count         认领
-- column: done_count            其中完成
-- column: activity_count        开展活动
-- column: activity_types        活动类型
-- column: topics                心愿主题
-- note: 统计期内认领的微心愿，看到数据截至；同名队伍统计期内开展的活动（楼道党课、掌上服务等）并列。按队伍，不按个人，不排名。

with

claimed as (
    select
        c.team,
        count(*) as claimed_count,
        count(*) filter (wish_done_rate_hit(c, $start::timestamp, $stop::timestamp)) as done_count,
        string_agg(distinct c.topic, '、' order by c.topic) as topics
    from located_list_items as c
    where within(c, $region) and c.team is not null and wish_done_rate_base(c, $start::timestamp, $stop::timestamp)
    group by c.team
),

held as (
    select
        c.team,
        count(*) as activity_count,
        string_agg(distinct c.activity_type, '、' order by c.activity_type) as activity_types
    from located_activities as c
    where within(c, $region) and activity_count_base(c, $start::timestamp, $stop::timestamp)
    group by c.team
)

select
    w.team,
    w.claimed_count,
    w.done_count,
    coalesce(h.activity_count, 0) as activity_count,
    h.activity_types,
    w.topics
from claimed as w
left join held as h on h.team = w.team
order by w.team
