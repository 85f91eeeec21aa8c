-- title: 各征集场合的建议
-- grain: occasion
-- params: start, stop, region
-- column: occasion              征集场合
-- column: proposal_count        征集
-- column: screened_count        筛选
-- column: adopted_count         采纳
-- column: done_count            落地
-- column: proposal_adoption_rate
-- column: proposal_done_rate
-- column: rule_document_count
-- note: 统计期内征集的建议，看到数据截至；场合（下午茶、金点子、党员建议等）来自数据。制度成果按采纳日期。

with

mine as (
    select
        coalesce(nullif(trim(meeting_type), ''), '未注明') as occasion,
        c.*
    from located_proposals as c
    where within(c, $region)
),

counted as (
    select
        occasion,
        count(*) filter (proposal_count_base(c, $start::timestamp, $stop::timestamp)) as proposal_count,
        count(*) filter (proposal_count_base(c, $start::timestamp, $stop::timestamp) and proposal_steps(c)[2]) as screened_count,
        count(*) filter (proposal_count_base(c, $start::timestamp, $stop::timestamp) and proposal_steps(c)[3]) as adopted_count,
        count(*) filter (proposal_count_base(c, $start::timestamp, $stop::timestamp) and proposal_steps(c)[4]) as done_count,
        proposal_adoption_rate(c, $start::timestamp, $stop::timestamp) as proposal_adoption_rate,
        proposal_done_rate(c, $start::timestamp, $stop::timestamp) as proposal_done_rate,
        coalesce(rule_document_count(c, $start::timestamp, $stop::timestamp), 0) as rule_document_count
    from mine as c
    group by occasion
)

select *
from counted
where proposal_count > 0 or rule_document_count > 0
order by proposal_count desc, occasion
