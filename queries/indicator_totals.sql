-- title: 全部指标：本期、上期、去年同期
-- grain: indicator
-- params: start, stop, region, category, channel, origin, urgency
-- column: indicator             指标代码
-- column: label                 指标
-- column: unit                  单位
-- column: value                 本期
-- column: hit                   分子
-- column: base                  分母（n）
-- column: previous              上期
-- column: previous_base         上期 n
-- column: last_year             去年同期
-- column: last_year_base        去年同期 n
-- note: 类别、渠道、来源方式、缓急只筛选案件；会议、走访、积分等台账只按区划和统计期。
-- note: 上期与本期等长、紧接其前；去年同期为一年前的同一段。数据不能覆盖整段时不给对比数。

with

periods as (
    from (values
        ('current', $start::timestamp, $stop::timestamp),
        ('previous', $start::timestamp - ($stop::timestamp - $start::timestamp), $start::timestamp),
        ('last_year', $start::timestamp - interval 1 year, $stop::timestamp - interval 1 year)
    ) as t(period, start, stop)
),

covered as (
    select p.*
    from periods as p
    where p.period = 'current' or p.start >= (select date_trunc('day', min(reported_at)) from cases)
),

people as (
    select sum(residents) as residents
    from places
    where if($region is null, parent_code is null, place_code = $region or is_in_upper(place_code, $region))
),

keyed as (
    select
        p.period as key,
        p.start,
        p.stop,
        (select residents from people) as residents,
        c.*
    from covered as p
    left join cases as c
        on touches(c, p.start, p.stop) and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

measured as (
    select key as period, indicator, value, hit, base from indicators_over('keyed')

    union all

    select
        period,
        unnest(grid_indicators(c, c.start, c.stop), recursive := true)
    from (
        select p.period, p.start, p.stop, g.*
        from covered as p
        cross join lateral (select * from grid_loads(moment(p.stop)) as g where g.is_leaf and within(g, $region)) as g
    ) as c
    group by period

    union all

    select period, indicator, value, hit, base from ledger_indicators('covered', $region, null)
)

select
    d.indicator,
    d.label,
    d.unit,
    coalesce(max(m.value) filter (m.period = 'current'), if(d.is_count, 0, null)) as value,
    max(m.hit) filter (m.period = 'current') as hit,
    coalesce(max(m.base) filter (m.period = 'current'), 0) as base,
    coalesce(
        max(m.value) filter (m.period = 'previous'),
        if(d.is_count and exists(from covered where period = 'previous'), 0, null)
    ) as previous,
    max(m.base) filter (m.period = 'previous') as previous_base,
    coalesce(
        max(m.value) filter (m.period = 'last_year'),
        if(d.is_count and exists(from covered where period = 'last_year'), 0, null)
    ) as last_year,
    max(m.base) filter (m.period = 'last_year') as last_year_base
from dictionary as d
left join measured as m using (indicator)
group by d.ordinal, d.indicator, d.label, d.unit, d.is_count
order by d.ordinal
