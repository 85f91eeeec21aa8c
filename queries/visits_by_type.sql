-- title: 各类走访
-- grain: visit_type
-- params: start, stop, region
-- column: visit_type            走访类型
-- column: visit_count           次数
-- column: household_count       走访到的户
-- column: case_count            走访中登记或回看的案件
-- column: community_count       村社区数
-- note: 次数只说明做了什么，不作考核。

select
    v.visit_type,
    count(*) as visit_count,
    count(*) filter (v.is_first_in_month) as household_count,
    count(v.case_id) as case_count,
    count(distinct v.community_code) as community_count
from located_visits as v
where within(v, $region) and v.visited_at >= $start and v.visited_at < moment($stop)
group by v.visit_type
order by visit_count desc, v.visit_type
