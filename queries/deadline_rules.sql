-- title: 时限规则
-- grain: ordinal
-- params:
-- column: ordinal               顺序
-- column: rule                  承诺
-- column: applies               适用
-- column: since                 起算
-- column: response              响应
-- column: close                 办结
-- column: is_own                本地规则
-- column: uses_calendar         按工作日
-- column: calendar_from         节假日历自
-- column: calendar_to           节假日历至
-- note: 发布快照时所用的规则，按顺序取第一条适用的；本地规则来自数据目录的 deadlines.toml。节假日历之外的日子按周一至周五算工作日。

select
    r.ordinal,
    r.rule,
    r.applies,
    r.since,
    r.response,
    r.close,
    r.is_own,
    r.uses_calendar,
    c.calendar_from,
    c.calendar_to
from deadline_rules as r
cross join (select min(day) as calendar_from, max(day) as calendar_to from calendar) as c
order by r.ordinal
