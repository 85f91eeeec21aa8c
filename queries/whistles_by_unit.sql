-- title: 各单位吹哨报到
-- grain: unit_id
-- params: start, stop, region, category, channel, origin, urgency
-- column: unit_id               单位编号
-- column: unit                  单位
-- column: unit_type             单位类型
-- column: whistle_count         被吹哨
-- column: due_count             到了报到时限（n）
-- column: in_time_count         时限内报到
-- column: report_in_rate        报到率
-- column: late_count            迟到
-- column: absent_count          到时未报到
-- column: median_hours          报到中位（小时）
-- column: p90_hours             报到 P90（小时）
-- note: 统计期内的吹哨，一个案件一轮内对同一单位多次吹哨算一次。按单位不按个人，按被吹哨次数排列，不是名次。
-- note: 报到时限见时限规则 [whistle]，没有规定时限的地方只有次数和时长；报到时长只含已报到的，没有报到的见“到时限没有报到”。

select
    coalesce(w.unit_id, '') as unit_id,
    coalesce(any_value(u.name), any_value(w.unit_id), '未填单位') as unit,
    any_value(u.unit_type) as unit_type,
    count(*) as whistle_count,
    count(*) filter (w.report_in_due_at <= as_of()) as due_count,
    count(*) filter (w.report_in_due_at <= as_of() and w.reported_in_at <= w.report_in_due_at) as in_time_count,
    count(*) filter (w.report_in_due_at <= as_of() and w.reported_in_at <= w.report_in_due_at)
        / nullif(count(*) filter (w.report_in_due_at <= as_of()), 0) as report_in_rate,
    if(
        count(w.report_in_due_at) > 0, count(*) filter (w.reported_in_at > w.report_in_due_at), null
    ) as late_count,
    if(
        count(w.report_in_due_at) > 0,
        count(*) filter (w.report_in_due_at <= as_of() and w.reported_in_at is null),
        null
    ) as absent_count,
    quantile_cont(date_diff('second', w.whistled_at, w.reported_in_at) / 3600.0, 0.5) as median_hours,
    quantile_cont(date_diff('second', w.whistled_at, w.reported_in_at) / 3600.0, 0.9) as p90_hours
from whistles as w
inner join cases as c on c.source = w.source and c.case_id = w.case_id
left join units as u on u.unit_id = w.unit_id
where w.whistled_at >= $start::timestamp
    and w.whistled_at < $stop::timestamp
    and c.is_valid
    and in_filter(c, $region, $category, $channel, $origin, $urgency)
group by coalesce(w.unit_id, '')
order by whistle_count desc, unit_id
