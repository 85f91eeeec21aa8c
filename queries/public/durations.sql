-- title: 公开数据包：各地各期的时长
-- grain: key, indicator
-- params: names, starts, stops, levels, minimum
-- column: key                   统计期的名称、竖线、区划或网格代码（空为全部范围）
-- column: indicator             指标代码
-- column: value                 时长
-- note: 件数不足的地方不算；公开的分母不在这里，它来自取整后的件数。

with

periods as (
    select
        unnest($names::varchar[]) as period,
        unnest($starts::timestamp[]) as start,
        unnest($stops::timestamp[]) as stop
),

timed as (
    select
        p.period,
        observations(c, p.start, p.stop) as found,
        list_filter(
            list_transform($levels::varchar[], lambda x: place_at(c, x)), lambda x: x is not null
        ) as path
    from periods as p
    inner join cases as c on touches(c, p.start, p.stop)
    where not coalesce(c.is_confidential, false) and len(observations(c, p.start, p.stop)) > 0
),

placed as (
    select
        t.period || '|' || unnest(list_prepend('', t.path)) as key,
        t.found
    from timed as t
),

observed as (
    select
        key,
        unnest(found, recursive := true)
    from placed
    where key in (select key from placed group by key having count(*) >= $minimum)
)

select
    key,
    indicator,
    value
from survival('observed')
