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
    from months_of($start, $stop) as m
    cross join here as h
    left join kept_visits as v on within(v, $region)
)

select
    v.month::date as month,
    visit_count(v, v.start, v.stop) as visit_count,
    count(*) filter (visit_coverage_all_base(v, v.start, v.stop)) as household_count,
    visit_coverage(v, v.start, v.stop) as visit_coverage,
    visit_coverage_all(v, v.start, v.stop) as visit_coverage_all,
    v.is_complete
from keyed as v
group by v.month, v.start, v.stop, v.is_complete
order by v.month
