-- title: 各类别各项指标
-- grain: category, indicator
-- params: start, stop, region, category, channel, origin, urgency
-- column: category              类别
-- column: indicator             指标
-- column: value                 数值
-- column: hit                   分子
-- column: base                  分母（n）

with keyed as (
    select
        coalesce(c.category::varchar, '') as key,
        $start::timestamp as start,
        $stop::timestamp as stop,
        null::bigint as residents,
        c.*
    from cases as c
    where touches(c, $start, $stop) and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    m.key as category,
    m.indicator,
    m.value,
    m.hit,
    m.base
from indicators_over('keyed') as m
inner join dictionary as d using (indicator)
order by m.key, d.ordinal
