-- title: 每个村社区各网格在办与未落格的在办之和等于本社区在办量
-- scenes: map, workload
-- indicators: workload, workload_p90, workload_balance, workload_gini
-- queries: workload_by_grid
-- grain: community_code
-- params:
-- column: community_code        村社区代码
-- column: whole                 在办量
-- column: parts                 各网格在办与未落格的在办之和
-- column: is_broken             不符
-- note: 每个村社区一条，数据截至时点；没有归到村社区的另成一条。停用或没有登记的网格里的案件归未落格。

with

inside as (
    select
        place_code,
        coalesce(community_code, '') as community_code,
        open_count
    from grid_loads(as_of())
),

counted as (
    select
        coalesce(c.community_code, '') as community_code,
        count(*) as whole,
        count(*) filter (c.grid_id is null or c.grid_id not in (select place_code from inside)) as outside
    from cases as c
    where is_open(c, as_of())
    group by all
),

in_grids as (
    select
        community_code,
        sum(open_count)::bigint as open_count
    from inside
    group by all
)

select
    coalesce(c.community_code, g.community_code) as community_code,
    coalesce(c.whole, 0) as whole,
    coalesce(c.outside, 0) + coalesce(g.open_count, 0) as parts,
    coalesce(c.whole, 0) <> coalesce(c.outside, 0) + coalesce(g.open_count, 0) as is_broken
from counted as c
full join in_grids as g on g.community_code = c.community_code
