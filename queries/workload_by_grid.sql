-- title: 各网格负荷
-- grain: grid_id
-- params: stop, region
-- column: grid_id               网格编码
-- column: name                  网格
-- column: community             所属村社区
-- column: level                 层级
-- column: households            户数
-- column: fte                   折算人力
-- column: open_count            在办
-- column: open_weight           在办权重
-- column: load                  单位人力负荷
-- column: overdue_count         超期在办
-- column: older_than_7_days     在办超 7 天
-- column: older_than_30_days    在办超 30 天
-- column: is_over_p90           高于 P90
-- note: 期末有效的末级网格都在，没有在办的是 0，没有在岗人员的负荷为空。只到网格，不到人。

with

loads as (
    select l.*
    from grid_loads(moment($stop)) as l
    where l.is_leaf and within(l, $region)
)

select
    g.place_code as grid_id,
    g.name,
    p.name as community,
    g.level,
    g.households,
    g.fte,
    g.open_count,
    g.open_weight,
    g.load,
    g.overdue_count,
    g.older_than_7_days,
    g.older_than_30_days,
    coalesce(g.load > nullif((select quantile_cont(load, 0.9) from loads), 0), false) as is_over_p90
from loads as g
left join places as p on p.place_code = g.community_code
order by g.load desc nulls last, g.open_count desc, g.place_code
