-- title: 各月走访
-- grain: month
-- params: start, stop, region
-- column: month                 月份
-- column: visit_count
-- column: household_count       走访到的户
-- column: visit_coverage
-- column: visit_coverage_all
-- column: is_complete           是否整月
-- note: 走访到的户：同一户同一个月只算一次。没有走访登记的月份覆盖率为空，不是零。

with

months as (
    select
        month,
        greatest(month, $start::timestamp) as start,
        least(month + interval 1 month, $stop::timestamp) as stop
    from (
        select unnest(generate_series(
            date_trunc('month', $start::timestamp), $stop::timestamp - interval 1 second, interval 1 month
        )) as month
    )
),

here as (
    select households
    from denominators($region)
    where place_code = ''
),

keyed as (
    select
        m.*,
        h.households,
        v.*
    from months as m
    cross join here as h
    left join kept_visits as v on within(v, $region)
)

select
    v.month::date as month,
    visit_count(v, v.start, v.stop) as visit_count,
    count(*) filter (visit_coverage_all_base(v, v.start, v.stop)) as household_count,
    visit_coverage(v, v.start, v.stop) as visit_coverage,
    visit_coverage_all(v, v.start, v.stop) as visit_coverage_all,
    v.start = v.month and v.stop = v.month + interval 1 month and v.stop <= as_of() as is_complete
from keyed as v
group by v.month, v.start, v.stop
order by v.month
