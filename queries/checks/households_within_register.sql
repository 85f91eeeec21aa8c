-- title: 台账里走访过、有积分的户不多于登记的户数
-- scenes: together
-- indicators: visit_coverage, visit_coverage_all, visited_ever_rate, participating_household_rate
-- queries: visits_by_community, visits_by_month, visits_by_region_month
-- grain: ledger, community_code
-- params:
-- column: ledger                台账
-- column: community_code        村社区代码
-- column: households            登记户数
-- column: reached               台账里的户
-- column: is_broken             不符
-- note: 每个有走访、积分台账的村社区一条，数据截至时点。多于登记的户，多半是一户用了几个编号，或登记的户数过时，覆盖率会虚高。

select
    '走访' as ledger,
    coalesce(community_code, '') as community_code,
    max(register_households) as households,
    count(*) filter (is_first_ever) as reached,
    reached > max(register_households) as is_broken
from located_visits
where register_households is not null
group by community_code

union all

select
    '积分',
    coalesce(community_code, ''),
    max(register_households),
    count(*) filter (is_first_earning),
    count(*) filter (is_first_earning) > max(register_households)
from located_points
where register_households is not null
group by community_code
