-- title: 走访里写的案件都有，而且只有一件
-- scenes:
-- indicators: lookback_rate
-- queries: visits_by_type, lookbacks_by_month, relapses_by_lookback
-- grain: visit_type
-- params:
-- column: visit_type            走访类型
-- column: row_count             写了案件编号的走访
-- column: orphan_count          没有这件案件
-- column: double_count          对得上几件案件
-- column: is_broken             不符
-- note: 每种走访一条。写了案件来源的按来源和编号认，没有写的按编号和走访所在的村社区认：对得上几件的，请在映射里写 case_source。

with

named as (
    select
        v.visit_id,
        v.visit_type,
        v.case_id,
        v.case_source,
        coalesce(g.community_code, r.community_code) as community_code
    from visits as v
    left join places as g on g.place_code = v.grid_id
    left join places as r on r.place_code = v.region_code
    where v.case_id is not null
),

meant as (
    select
        n.visit_type,
        count(c.case_id) as case_count
    from named as n
    left join cases as c
        on c.case_id = n.case_id
        and if(n.case_source is null, c.community_code = n.community_code, c.source = n.case_source)
    group by n.visit_id, n.visit_type
)

select
    visit_type,
    count(*) as row_count,
    count(*) filter (case_count = 0) as orphan_count,
    count(*) filter (case_count > 1) as double_count,
    count(*) filter (case_count <> 1) > 0 as is_broken
from meant
group by visit_type
