-- title: 公开数据包：一种台账各地各期的合计、平均等数值
-- grain: period, place_code
-- params: names, starts, stops, levels
-- column: period                统计期的名称
-- column: place_code            区划或网格代码，空为全部范围
-- note: 其余的列由指标词典而来：每个指标的数值，列名为指标代码，写在 {values} 处；台账的名称写在 {ledger} 处。

with

periods as (
    select
        unnest($names::varchar[]) as period,
        unnest($starts::timestamp[]) as start,
        unnest($stops::timestamp[]) as stop
),

placed as (
    select
        p.period,
        p.start,
        p.stop,
        unnest(list_distinct(list_prepend('', list_filter(
            list_transform($levels::varchar[], lambda x: place_at(t, x)), lambda x: x is not null
        )))) as key_place,
        t.*
    from periods as p
    cross join located_{ledger} as t
),

keyed as (
    select
        t.*,
        d.residents,
        d.households
    from placed as t
    left join denominators(null) as d on d.place_code = t.key_place
)

select
    c.period,
    c.key_place as place_code,
    {values}
from keyed as c
group by c.period, c.key_place, c.start, c.stop
