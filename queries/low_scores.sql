-- title: 低分项、整改与下一轮
-- grain: estate_id, item
-- params: stop, region, round
-- column: estate_id             小区编号
-- column: estate                小区
-- column: item                  分项
-- column: round_id              轮次
-- column: verdict               评判
-- column: shrunk_mean           收缩均分
-- column: raw_mean              原始均分
-- column: n                     打分卡张数
-- column: failing_share         不及格卡占比
-- column: action                整改方式
-- column: decided_on            决定日期
-- column: done_on               完成日期
-- column: action_state          整改状态
-- column: next_round            下一轮
-- column: next_n                下一轮张数
-- column: change                下一轮均分变化
-- column: change_low            变化 95% 区间下限
-- column: change_high           变化 95% 区间上限
-- column: outcome               变化评判
-- note: 列出该轮的低分项、不及格分项，以及决定了整改的其他分项；整改中有一项没完成就算未完成。没有指定轮次时取最近一轮。
-- note: 变化是同一小区同一分项下一轮原始均分减本轮，区间按两轮各自的离散程度计算（Welch）；任一轮张数不足不下结论。
-- note: 低分项下一轮自然会回升一些（回归均值），要与没有整改的分项对照着看。

with

cells as (
    from score_cells($stop, $region)
    where round_id = chosen_round($stop, $region, $round)
),

actions as (
    select
        round_id,
        estate_id,
        item,
        string_agg(distinct action, '、' order by action) as action,
        min(decided_on) as decided_on,
        case when count(*) = count(*) filter (done_on < as_of()) then max(done_on) end as done_on
    from card_actions
    where decided_on < as_of()
    group by round_id, estate_id, item
)

select
    c.estate_id,
    c.estate,
    c.item,
    c.round_id,
    c.verdict,
    c.shrunk_mean,
    c.mean as raw_mean,
    c.n,
    c.failing_share,
    a.action,
    a.decided_on,
    a.done_on,
    case when a.action is null then 'none' when a.done_on is null then 'open' else 'done' end as action_state,
    c.next_round,
    c.next_n,
    c.change,
    c.change_low,
    c.change_high,
    c.outcome
from cells as c
left join actions as a on a.round_id = c.round_id and a.estate_id = c.estate_id and a.item = c.item
where c.verdict in ('low', 'failing') or a.action is not null
order by c.verdict <> 'failing', c.shrunk_mean, by_number(c.estate), c.estate_id, c.item
