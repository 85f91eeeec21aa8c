-- title: 各项时限承诺兑现
-- grain: ordinal, part
-- params: start, stop, region, category, channel, origin, urgency
-- column: ordinal               顺序
-- column: rule                  承诺
-- column: part                  承诺什么
-- column: applies               适用
-- column: term                  时限
-- column: judged_count          统计期内应判（n）
-- column: kept_count            按时
-- column: kept_rate             兑现率
-- column: open_count            期末在办
-- column: due_in_24_hours       24 小时内到期
-- column: due_in_48_hours       24–48 小时到期
-- column: overdue_count         已超过承诺
-- column: overdue_in_1_day      超 1 天以内
-- column: overdue_in_7_days     超 1–7 天
-- column: overdue_longer        超 7 天以上
-- column: oldest_days           最久已超（天）
-- note: 每条规则一行，办结与响应分开；规则按顺序取第一条适用的；筛选范围内没有一件适用的规则不列。兑现率与承诺兑现率、承诺响应率同一口径；右边各列是期末时点的在办案件，响应看还没有响应的。

with

parts as (
    select ordinal, rule, applies, '响应' as part, response as term from deadline_rules where response is not null
    union all
    select ordinal, rule, applies, '办结', close from deadline_rules where close is not null
),

judged as (
    select
        c.deadline_rule as rule,
        '办结' as part,
        promise_kept_rate_base(c, $start::timestamp, $stop::timestamp) as is_judged,
        promise_kept_rate_hit(c, $start::timestamp, $stop::timestamp) as is_kept,
        is_open(c, moment($stop)) as is_waiting,
        c.promised_at
    from cases as c
    where c.promised_at is not null
        and touches(c, $start, $stop)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)

    union all

    select
        c.response_rule,
        '响应',
        promise_response_rate_base(c, $start::timestamp, $stop::timestamp),
        promise_response_rate_hit(c, $start::timestamp, $stop::timestamp),
        is_open(c, moment($stop)) and coalesce(c.first_response_at >= moment($stop), true),
        c.promised_response_at
    from cases as c
    where c.promised_response_at is not null
        and touches(c, $start, $stop)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

timed as (
    select
        *,
        (epoch_us(moment($stop)) - epoch_us(promised_at)) / 86400e6 as late_days
    from judged
)

select
    p.ordinal,
    p.rule,
    p.part,
    p.applies,
    p.term,
    count(*) filter (j.is_judged) as judged_count,
    count(*) filter (j.is_kept) as kept_count,
    count(*) filter (j.is_kept) / nullif(count(*) filter (j.is_judged), 0) as kept_rate,
    count(*) filter (j.is_waiting) as open_count,
    count(*) filter (j.is_waiting and j.late_days <= 0 and j.late_days > -1) as due_in_24_hours,
    count(*) filter (j.is_waiting and j.late_days <= -1 and j.late_days > -2) as due_in_48_hours,
    count(*) filter (j.is_waiting and j.late_days > 0) as overdue_count,
    count(*) filter (j.is_waiting and j.late_days > 0 and j.late_days <= 1) as overdue_in_1_day,
    count(*) filter (j.is_waiting and j.late_days > 1 and j.late_days <= 7) as overdue_in_7_days,
    count(*) filter (j.is_waiting and j.late_days > 7) as overdue_longer,
    max(j.late_days) filter (j.is_waiting and j.late_days > 0) as oldest_days
from parts as p
inner join timed as j on j.rule = p.rule and j.part = p.part
group by p.ordinal, p.rule, p.part, p.applies, p.term
order by p.ordinal, p.part desc
