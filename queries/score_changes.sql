-- title: 打分卡：这一轮到下一轮的变化
-- grain: kind
-- params: stop, region, round
-- column: kind                  哪些分项
-- column: cell_count            分项数
-- column: mean_change           平均变化（分）
-- column: better_count          明显变好
-- column: worse_count           明显变差
-- column: unclear_count         看不出变化
-- note: 只含两轮张数都够的分项；acted 低分且整改，unacted 低分未整改，others 其余。三者对照，才看得出整改之外的自然回升。

with

cells as (
    from score_cells($stop, $region)
    where round_id = chosen_round($stop, $region, $round) and outcome in ('better', 'worse', 'unclear')
),

kinds as (
    select
        *,
        case
            when verdict not in ('low', 'failing') then 'others'
            when (round_id, estate_id, item) in (
                select (round_id, estate_id, item) from card_actions where decided_on < as_of()
            ) then 'acted'
            else 'unacted'
        end as kind
    from cells
)

select
    k.kind,
    count(c.item) as cell_count,
    avg(c.change) as mean_change,
    count(c.item) filter (c.outcome = 'better') as better_count,
    count(c.item) filter (c.outcome = 'worse') as worse_count,
    count(c.item) filter (c.outcome = 'unclear') as unclear_count
from (values (1, 'acted'), (2, 'unacted'), (3, 'others')) as k(ordinal, kind)
left join kinds as c using (kind)
group by k.ordinal, k.kind
order by k.ordinal
