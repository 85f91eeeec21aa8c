-- title: 建议从征集到落地
-- grain: step
-- params: start, stop, region
-- column: ordinal               序号
-- column: step                  环节
-- column: passed_count          走到这一步
-- column: total_share          占征集
-- column: previous_share     占上一步
-- column: days                  距上一步中位（天）
-- column: unrecorded_count      没有这一步的记录
-- note: 统计期内征集的建议，看到数据截至。走到后一步的，前一步视为走到（没有记录的另计）。距上一步只含两步都有日期的。

with

mine as (
    select c.*
    from located_proposals as c
    where within(c, $region) and proposal_count_base(c, $start::timestamp, $stop::timestamp)
),

steps as (
    select
        s.ordinal,
        s.step,
        proposal_steps(p)[s.ordinal] as is_passed,
        [p.submitted_on, p.screened_on, p.adopted_on, p.done_on][s.ordinal] as happened_on,
        [null, p.submitted_on, p.screened_on, p.adopted_on][s.ordinal] as before_on
    from mine as p
    cross join (values (1, '征集'), (2, '筛选'), (3, '采纳'), (4, '落地')) as s(ordinal, step)
),

counted as (
    select
        ordinal,
        step,
        count(*) as all_count,
        count(*) filter (is_passed) as passed_count,
        median(date_diff('day', before_on, happened_on)) filter (happened_on < as_of()) as days,
        count(*) filter (is_passed and happened_on is null) as unrecorded_count
    from steps
    group by ordinal, step
)

select
    ordinal,
    step,
    passed_count,
    passed_count / all_count as total_share,
    passed_count / nullif(lag(passed_count) over (order by ordinal), 0) as previous_share,
    days,
    unrecorded_count
from counted
order by ordinal
