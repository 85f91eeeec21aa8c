-- title: 已超过和将到承诺时刻的在办案件
-- grain: source, case_id
-- params: stop, region, category, channel, origin, urgency, limit
-- column: case_id               案件编号
-- column: rule                  承诺
-- column: overdue_days          已超过（天）
-- column: hours_left            还剩（小时）
-- column: promised_at           承诺办结时刻
-- column: subcategory           小类
-- column: unit                  承办单位
-- column: place                 地点
-- column: category              类别
-- column: reported_at           上报时间
-- column: due_at                来源登记的期限
-- column: is_deferred           缓办
-- column: source                来源系统
-- note: 期末时点在办、48 小时内到承诺时刻或已超过的案件，超得最久的在前。缓办中的案件停表，承诺时刻随之后移。

select
    c.case_id,
    c.deadline_rule as rule,
    if(c.promised_at < moment($stop), date_diff('second', c.promised_at, moment($stop)) / 86400.0, null) as overdue_days,
    if(c.promised_at >= moment($stop), date_diff('second', moment($stop), c.promised_at) / 3600.0, null) as hours_left,
    c.promised_at,
    c.subcategory,
    coalesce(u.name, c.unit_id) as unit,
    coalesce(p.full_name, '未落格') as place,
    c.category,
    c.reported_at,
    c.due_at,
    coalesce(c.is_deferred, false) as is_deferred,
    c.source
from cases as c
left join places as p on p.place_code = c.place_code
left join units as u on u.unit_id = c.unit_id
where is_open(c, moment($stop))
    and c.promised_at < moment($stop) + interval 48 hour
    and in_filter(c, $region, $category, $channel, $origin, $urgency)
order by c.promised_at, c.source, c.case_id
limit $limit
