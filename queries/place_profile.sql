-- title: 辖区概况
-- params: stop, region
-- column: community_count       村社区
-- column: estate_count          小区
-- column: large_grid_count      大网格
-- column: small_grid_count      小网格
-- column: micro_grid_count      微网格
-- column: households            户数
-- column: residents             人口
-- column: area_km2              面积（平方公里）
-- note: 登记在册的村社区、小区和期末有效的网格。户数、人口、面积是区划或网格台账登记的；全部范围和市按各县（区）相加，有一个没有登记就不给数。

with

tops as (
    select
        p.place_code,
        p.households,
        p.residents,
        r.area_km2
    from places as p
    left join regions as r on r.region_code = p.place_code
    where within(p, $region) and (p.place_code = $region or p.level = 'county')
),

totals as (
    select
        if(count(*) = count(households), sum(households), null) as households,
        if(count(*) = count(residents), sum(residents), null) as residents,
        if(count(*) = count(area_km2), sum(area_km2), null) as area_km2
    from tops
),

parts as (
    select
        count(*) filter (level = 'community') as community_count,
        count(*) filter (level = 'grid_1') as large_grid_count,
        count(*) filter (level = 'grid_2') as small_grid_count,
        count(*) filter (level = 'grid_3') as micro_grid_count
    from places as p
    where within(p, $region)
        and p.is_registered
        and coalesce(p.valid_from < moment($stop), true)
        and coalesce(p.valid_to >= moment($stop), true)
)

select
    parts.community_count,
    (select count(*) from located_estates as e where within(e, $region)) as estate_count,
    parts.large_grid_count,
    parts.small_grid_count,
    parts.micro_grid_count,
    totals.households,
    totals.residents,
    totals.area_km2
from parts
cross join totals
