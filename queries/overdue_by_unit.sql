-- title: 各承办单位在办与超期
-- grain: unit_id
-- params: stop, region, category, channel, origin, urgency
-- column: unit_id               单位编号
-- column: unit                  承办单位
-- column: open_count            在办
-- column: due_count             其中有期限
-- column: overdue_count         超期在办
-- column: due_in_48_hours       48 小时内到期
-- column: oldest_days           最久已超期（天）
-- note: 期末时点。按单位（部门、社区、物业）不按个人。

select
    coalesce(c.unit_id, '') as unit_id,
    coalesce(any_value(u.name), any_value(c.unit_id), '未填承办单位') as unit,
    count(*) as open_count,
    count(deadline(c)) as due_count,
    count(*) filter (is_overdue(c, moment($stop))) as overdue_count,
    count(*) filter (deadline(c) >= moment($stop) and deadline(c) < moment($stop) + interval 48 hour) as due_in_48_hours,
    max(date_diff('second', deadline(c), moment($stop)) / 86400.0) filter (is_overdue(c, moment($stop))) as oldest_days
from cases as c
left join units as u on u.unit_id = c.unit_id
where is_open(c, moment($stop)) and in_filter(c, $region, $category, $channel, $origin, $urgency)
group by coalesce(c.unit_id, '')
order by overdue_count desc, open_count desc, unit_id
