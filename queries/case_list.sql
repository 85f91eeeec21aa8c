-- title: 案件明细
-- grain: source, case_id
-- params: start, stop, region, category, channel, origin, urgency, indicator, part, limit
-- column: case_id               案件编号
-- column: category              类别
-- column: subcategory           小类
-- column: title                 标题
-- column: place                 地点
-- column: unit                  承办单位
-- column: urgency               缓急
-- column: status                状态
-- column: reported_at           上报时间
-- column: due_at                办结期限
-- column: overdue_days          已超期（天）
-- column: first_response_at     首次响应
-- column: arrived_at            到场时间
-- column: closed_at             办结时间
-- column: outcome               办结结果
-- column: rating                评价
-- column: channel               渠道
-- column: origin                来源方式
-- column: source                来源系统
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。保密工单只计数，不列出标题。

with

-- Which cases count, and which succeed, is the definition of the indicator itself.
chosen_cases as (
    select c.*
    from cases as c
    where in_filter(c, $region, $category, $channel, $origin, $urgency)
        and cases_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then cases_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not cases_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.case_id,
    c.category,
    c.subcategory,
    case when coalesce(c.is_confidential, false) then '（保密工单）' else c.title end as title,
    coalesce(p.full_name, '未落格') as place,
    coalesce(u.name, c.unit_id) as unit,
    c.urgency,
    c.status,
    c.reported_at,
    deadline(c) as due_at,
    case
        when is_overdue(c, moment($stop)) then date_diff('second', deadline(c), moment($stop)) / 86400.0
    end as overdue_days,
    c.first_response_at,
    c.arrived_at,
    c.closed_at,
    c.outcome,
    c.rating,
    c.channel,
    c.origin,
    c.source,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_cases as c
left join places as p on p.place_code = c.place_code
left join units as u on u.unit_id = c.unit_id
order by overdue_days desc nulls last, c.reported_at desc, c.source, c.case_id
limit $limit
