-- title: 心愿邮箱与意见卡
-- grain: channel
-- params: start, stop, region
-- column: channel               渠道
-- column: reported_count
-- column: closed_count
-- column: solved_count          其中化解
-- column: solved_share          化解占办结
-- column: days                  办结用时中位（天）
-- column: open_count            期末在办
-- note: 渠道按规则配置（心愿邮箱、打分卡意见卡），每个渠道都有一行。化解指办结结果为解决，或调解成功。用时只含已办结的。

with

mine as (
    select c.*
    from cases as c
    where within(c, $region)
        and list_contains(rule_card_channels(), c.channel::varchar)
        and touches(c, $start::timestamp, $stop::timestamp)
),

counted as (
    select
        channel::varchar as channel,
        reported_count(c, $start::timestamp, $stop::timestamp) as reported_count,
        closed_count(c, $start::timestamp, $stop::timestamp) as closed_count,
        count(*) filter (
            closed_count_base(c, $start::timestamp, $stop::timestamp)
            and (coalesce(outcome = 'solved', false) or coalesce(success = 'yes', false))
        ) as solved_count,
        median(date_diff('minute', reported_at, closed_at) / 1440.0) filter (
            closed_count_base(c, $start::timestamp, $stop::timestamp) and is_time_ordered
        ) as days,
        backlog(c, $start::timestamp, $stop::timestamp) as open_count
    from mine as c
    group by channel::varchar
)

select
    k.channel,
    coalesce(c.reported_count, 0) as reported_count,
    coalesce(c.closed_count, 0) as closed_count,
    coalesce(c.solved_count, 0) as solved_count,
    c.solved_count / nullif(c.closed_count, 0) as solved_share,
    c.days,
    coalesce(c.open_count, 0) as open_count
from (select unnest(rule_card_channels()) as channel) as k
left join counted as c using (channel)
order by k.channel
