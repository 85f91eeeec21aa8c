-- title: 多网合一：并入的原有网格
-- grain: former_kind
-- params: stop, region
-- column: former_kind           原有网格
-- column: grid_count            并入了它的网格
-- column: merged_count          由两类以上合并的网格
-- column: registered_count      登记了合并前网格的村社区的网格
-- note: 期末有效的末级网格。一个网格并入几类就在几类里各计一次；后两列每行相同，是全部。

with

mine as (
    select g.*
    from grid_loads(moment($stop)) as g
    where g.is_leaf and within(g, $region) and merged_grid_rate_base(g, null, null)
)

select
    k.former_kind,
    count(*) as grid_count,
    (select count(*) from mine as m where merged_grid_rate_hit(m, null, null)) as merged_count,
    (select count(*) from mine) as registered_count
from (select unnest(former_kinds) as former_kind from mine) as k
group by k.former_kind
order by grid_count desc, k.former_kind
