-- title: 在办与超期案件
-- grain: source, case_id
-- params: stop, region, category, channel, origin, urgency, limit
-- column: overdue_days          已超期（天）
-- column: title                 事项
-- column: place                 地点
-- column: unit                  承办单位
-- column: due_at                办结期限
-- column: state                 状态
-- column: category              类别
-- column: reported_at           上报时间
-- column: case_id               案件编号
-- column: source                来源系统
-- note: 期末时点，超期最久的在前，其次是快到期的。保密工单不列标题，矛盾纠纷只写小类。

select
    case
        when is_overdue(c, moment($stop)) then date_diff('second', deadline(c), moment($stop)) / 86400.0
    end as overdue_days,
    case
        when coalesce(c.is_confidential, false) then '（保密工单）'
        when c.track = 'dispute' then coalesce(c.subcategory, '矛盾纠纷')
        else coalesce(c.title, c.subcategory)
    end as title,
    coalesce(p.full_name, '未落格') as place,
    coalesce(u.name, c.unit_id) as unit,
    deadline(c) as due_at,
    case
        when is_overdue(c, moment($stop)) then '已超期'
        when deadline(c) is null then '没有期限'
        when deadline(c) < moment($stop) + interval 48 hour then '48 小时内到期'
        else '未到期'
    end as state,
    c.category,
    c.reported_at,
    c.case_id,
    c.source
from cases as c
left join places as p on p.place_code = c.place_code
left join units as u on u.unit_id = c.unit_id
where is_open(c, moment($stop)) and in_filter(c, $region, $category, $channel, $origin, $urgency)
order by due_at nulls last, c.reported_at, c.source, c.case_id
limit $limit
