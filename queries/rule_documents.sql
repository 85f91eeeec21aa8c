-- title: 制度成果
-- grain: region_code, rule_document
-- params: stop, region
-- column: region_code           区划代码
-- column: rule_document         制度
-- column: place                 社区
-- column: occasion              征集场合
-- column: topic                 主题类别
-- column: proposal_count        建议条数
-- column: submitted_on          最早征集
-- column: adopted_on            采纳日期
-- column: done_on               落地日期
-- note: 截止日前采纳的建议形成的制度，不受起始日限制；同一社区同名的算一项。

with

mine as (
    select
        trim(rule_document) as title,
        c.*
    from located_proposals as c
    where within(c, $region)
        and trim(rule_document) <> ''
        and coalesce(adopted_on, submitted_on) < $stop
        and coalesce(adopted_on, submitted_on) < as_of()
)

select
    c.region_code,
    c.title as rule_document,
    coalesce(any_value(p.name), c.region_code) as place,
    string_agg(distinct c.meeting_type, '、' order by c.meeting_type) as occasion,
    string_agg(distinct c.topic, '、' order by c.topic) as topic,
    count(*) as proposal_count,
    min(c.submitted_on) as submitted_on,
    min(c.adopted_on) as adopted_on,
    min(c.done_on) as done_on
from mine as c
left join places as p on p.place_code = c.region_code
group by c.region_code, c.title
order by adopted_on desc nulls last, c.region_code, rule_document
