-- title: 打分卡各轮
-- grain: round_id
-- params: stop, region
-- column: round_id              轮次
-- column: first_on              开始日期
-- column: last_on               结束日期
-- column: card_count            打分卡张数
-- column: estate_count          小区数
-- column: item_count            分项数
-- column: mean                  均分
-- column: score_count           打分数
-- column: failing_rate          不及格打分占比
-- column: judged_count          参评分项数
-- column: low_count             低分项
-- column: failing_count         不及格分项
-- column: action_count          决定整改
-- column: done_count            已完成整改
-- note: 一个小区的一个分项算一项。低分项、不及格分项、最少张数按规则配置；张数不足的不评。低分项不含不及格分项。
-- note: 列出截止日前开始的各轮，最近的在前，不受起始日限制。

with

cells as (
    from score_cells($stop, $region)
),

cards as (
    select
        round_id,
        count(distinct card_id) as card_count,
        count(*) as score_count,
        avg(score) as mean,
        count(*) filter (score < rule_failing_score()) / count(*) as failing_rate
    from located_score_cards as c
    where within(c, $region) and submitted_on < $stop and submitted_on < as_of()
    group by round_id
),

actions as (
    select
        round_id,
        count(*) as action_count,
        count(*) filter (done_on < as_of()) as done_count
    from located_card_actions as c
    where within(c, $region) and decided_on < as_of()
    group by round_id
)

select
    r.round_id,
    min(r.first_on) as first_on,
    max(r.last_on) as last_on,
    any_value(c.card_count) as card_count,
    count(distinct r.estate_id) as estate_count,
    count(distinct r.item) as item_count,
    any_value(c.mean) as mean,
    any_value(c.score_count) as score_count,
    any_value(c.failing_rate) as failing_rate,
    count(*) filter (r.verdict <> 'few') as judged_count,
    count(*) filter (r.verdict = 'low') as low_count,
    count(*) filter (r.verdict = 'failing') as failing_count,
    coalesce(any_value(a.action_count), 0) as action_count,
    coalesce(any_value(a.done_count), 0) as done_count
from cells as r
inner join cards as c on c.round_id = r.round_id
left join actions as a on a.round_id = r.round_id
group by r.round_id
order by first_on desc, r.round_id desc
