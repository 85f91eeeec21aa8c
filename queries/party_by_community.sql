-- title: 各村社区网格上的党组织
-- grain: community_code
-- params: stop, region
-- column: community_code        村社区代码
-- column: place                 村社区
-- column: branch_count          党支部
-- column: group_count           党小组
-- column: grid_count            末级网格
-- column: led_count             有党组织对应的网格
-- column: bare_grids            还没有的网格
-- note: 期末时点；只列登记了网格党组织的村社区。只有组织和网格，没有个人。

with

grids_here as (
    select
        g.community_code,
        count(*) as grid_count,
        count(*) filter (party_grid_rate_hit(g, null, null)) as led_count,
        in_natural_order(list(g.name) filter (not party_grid_rate_hit(g, null, null))) as bare_grids
    from grid_loads(moment($stop)) as g
    where g.is_leaf and within(g, $region) and party_grid_rate_base(g, null, null)
    group by g.community_code
),

organisations as (
    select
        c.community_code,
        count(*) filter (c.party_level = 3) as branch_count,
        count(*) filter (c.party_level = 4) as group_count
    from located_partners as c
    where party_count_base(c, null, $stop::timestamp)
    group by c.community_code
)

select
    g.community_code,
    p.full_name as place,
    coalesce(o.branch_count, 0) as branch_count,
    coalesce(o.group_count, 0) as group_count,
    g.grid_count,
    g.led_count,
    g.bare_grids
from grids_here as g
inner join places as p on p.place_code = g.community_code
left join organisations as o on o.community_code = g.community_code
order by by_number(p.full_name), g.community_code
