-- title: 各网格户数与规模
-- grain: grid_id
-- params: stop, region
-- column: grid_id               网格编码
-- column: name                  网格
-- column: community             村社区
-- column: level                 层级
-- column: is_leaf               是否末级
-- column: households            户数
-- column: size                  规模
-- column: worker_count          在岗专兼职
-- column: fte                   折算人力
-- note: 期末有效的网格。规模按规则里的户数分：不足下限为偏小，超过上限为偏大；微网格只列户数，不按这个标准看。

select
    g.place_code as grid_id,
    g.name,
    p.name as community,
    g.level,
    g.is_leaf,
    g.households,
    case
        when g.households is null then '没有户数'
        when g.level = 'grid_3' then '微网格'
        when small_grid_share_hit(g, null, null) then '偏小'
        when large_grid_share_hit(g, null, null) then '偏大'
        when standard_grid_share_hit(g, null, null) then '适当'
        else '略小'
    end as size,
    g.worker_count,
    g.fte
from grid_loads(moment($stop)) as g
left join places as p on p.place_code = g.community_code
where g.is_registered and within(g, $region)
order by g.level, g.households desc nulls last, g.place_code
