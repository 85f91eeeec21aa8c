-- title: 各地各月走访覆盖率
-- grain: place_code, month
-- params: start, stop, region, level
-- column: place_code            代码
-- column: name                  名称
-- column: households            户数
-- column: month                 月份
-- column: household_count       走访到的户
-- column: visit_coverage
-- column: is_complete           是否整月
-- note: 只列有走访登记的地方；没有这本台账的地方不是零。该层级的地方还没有走访登记的月份为空。

with

keyed as (
    select
        m.*,
        d.households,
        p.name,
        place_at(v, $level) as place,
        v.*
    from months_of($start, $stop) as m
    cross join kept_visits as v
    inner join named_places($level, null) as p on p.place_code = place_at(v, $level)
    left join denominators(null) as d on d.place_code = p.place_code
    where within(v, $region) and v.register_households is not null
)

select
    v.place as place_code,
    any_value(v.name) as name,
    any_value(v.households) as households,
    v.month::date as month,
    count(*) filter (visit_coverage_base(v, v.start, v.stop)) as household_count,
    visit_coverage(v, v.start, v.stop) as visit_coverage,
    v.is_complete
from keyed as v
group by v.place, v.month, v.start, v.stop, v.is_complete
order by by_number(v.place), v.place, v.month
