-- title: 变化的案件
-- grain: source, case_id, change
-- params: region, category, channel, origin, urgency, change, limit
-- column: change                变化
-- column: case_id               案件编号
-- column: category              类别
-- column: before                较早版本
-- column: after                 较晚版本
-- column: reported_at           上报时间
-- column: place                 地点
-- column: status                状态
-- column: source                来源系统
-- note: 前后两列写出这种变化所说的那一项；消失的案件按较早版本列出。

with changed as (
    select
        change,
        is_now,
        case change
            when 'reclassified' then concat_ws(' ', old.category, old.subcategory, old.kind, old.origin, old.urgency)
            when 'moved' then coalesce(old.place_code, '未落格')
            when 'handed_over' then coalesce(old.unit_id, '未填')
            when 'due_changed' then strftime(old.due_at, '%Y-%m-%d %H:%M')
            when 'time_changed' then concat_ws(
                ' → ', strftime(old.reported_at, '%Y-%m-%d %H:%M'), strftime(old.closed_at, '%Y-%m-%d %H:%M')
            )
            when 'rated' then old.rating::varchar
            when 'voided' then '有效'
            when 'restored' then old.invalid_reason
            else coalesce(strftime(old.closed_at, '%Y-%m-%d %H:%M'), if(old.case_id is null, '没有', '在办'))
        end as before,
        case change
            when 'reclassified' then concat_ws(' ', new.category, new.subcategory, new.kind, new.origin, new.urgency)
            when 'moved' then coalesce(new.place_code, '未落格')
            when 'handed_over' then coalesce(new.unit_id, '未填')
            when 'due_changed' then strftime(new.due_at, '%Y-%m-%d %H:%M')
            when 'time_changed' then concat_ws(
                ' → ', strftime(new.reported_at, '%Y-%m-%d %H:%M'), strftime(new.closed_at, '%Y-%m-%d %H:%M')
            )
            when 'rated' then new.rating::varchar
            when 'voided' then new.invalid_reason
            when 'restored' then '有效'
            else coalesce(strftime(new.closed_at, '%Y-%m-%d %H:%M'), if(new.case_id is null, '没有', '在办'))
        end as after,
        unnest(if(is_now, new, old), recursive := true)
    from case_changes()
    where change = $change
)

select
    c.change,
    c.case_id,
    c.category,
    c.before,
    c.after,
    c.reported_at,
    coalesce(p.full_name, '未落格') as place,
    c.status,
    c.source
from changed as c
left join places as p on p.place_code = c.place_code
where in_filter(c, $region, $category, $channel, $origin, $urgency)
order by c.reported_at desc, c.source, c.case_id
limit $limit
