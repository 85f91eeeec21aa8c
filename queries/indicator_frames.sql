-- title: 各地单项指标逐期
-- grain: place_code, frame
-- params: start, stop, region, category, channel, origin, urgency, level, indicator, step
-- column: place_code            区划或网格代码
-- column: name                  名称
-- column: frame                 期
-- column: value                 数值
-- column: hit                   分子
-- column: base                  分母（n）
-- column: is_complete           是否整期
-- note: 一期是整个统计期（whole）、一个自然月（month）或周一起的一周（week）；首尾不满的 is_complete 为假。
-- note: 每个地方每期一行，没有案件的也在；没有落到该层级的案件不在其中。在办类指标取期末时点。

with

spans as (
    select
        $start::timestamp as frame,
        $stop::timestamp as ends
    where $step = 'whole'
    union all
    select
        began,
        began + if($step = 'week', interval 7 day, interval 1 month)
    from (
        select unnest(generate_series(
            date_trunc(if($step = 'week', 'week', 'month'), $start::timestamp),
            $stop::timestamp - interval 1 second,
            if($step = 'week', interval 7 day, interval 1 month)
        )) as began
    )
    where $step in ('month', 'week')
),

frames as (
    select
        frame,
        greatest(frame, $start::timestamp) as start,
        least(ends, $stop::timestamp) as stop,
        greatest(frame, $start::timestamp) = frame and ends <= $stop::timestamp and ends <= as_of() as is_complete,
        frame as period
    from spans
),

here as (
    select *
    from places
    where level = $level and within(places, $region)
),

keyed as (
    select
        {'place_code': h.place_code, 'frame': f.frame} as key,
        f.start,
        f.stop,
        h.residents,
        c.*
    from frames as f
    inner join cases as c
        on touches(c, f.start, f.stop) and in_filter(c, $region, $category, $channel, $origin, $urgency)
    inner join here as h on h.place_code = place_at(c, $level)
),

-- Aggregated over nothing, the list still names what is measured on grids.
on_grids as (
    select unnest(grid_indicators(c, null, null), recursive := true)
    from (select * from grid_loads(as_of()) limit 0) as c
),

loads as (
    select
        {'place_code': place_at(g, $level), 'frame': f.frame} as key,
        g.*
    from frames as f
    cross join lateral (select * from grid_loads(moment(f.stop)) as g where g.is_leaf and within(g, $region)) as g
    where $indicator in (select indicator from on_grids)
),

measured as (
    select
        key.place_code as place_code,
        key.frame as frame,
        value,
        hit,
        base
    from indicators_over('keyed')
    where indicator = $indicator

    union all

    select
        key.place_code,
        key.frame,
        value,
        hit,
        base
    from (
        select
            key,
            unnest(grid_indicators(c, null, null), recursive := true)
        from loads as c
        group by key
    )
    where indicator = $indicator

    union all

    select
        place,
        period,
        value,
        hit,
        base
    from ledger_indicators('frames', $region, $level)
    where indicator = $indicator
)

select
    h.place_code,
    h.name,
    f.frame,
    coalesce(m.value, if(d.is_count, 0, null)) as value,
    m.hit,
    coalesce(m.base, 0) as base,
    f.is_complete
from here as h
cross join frames as f
inner join dictionary as d on d.indicator = $indicator
left join measured as m on m.place_code = h.place_code and m.frame = f.frame
order by h.place_code, f.frame
