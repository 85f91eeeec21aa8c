-- title: 网格队伍构成
-- grain: role
-- params: stop, region
-- column: role                  岗位
-- column: people_count          人数
-- column: fte                   折算人力
-- column: grid_count            所在网格数
-- note: 期末在岗。一人多岗的在每个岗位各计一次。只有数量，没有个人。

select
    s.role,
    count(distinct s.staff_id) as people_count,
    sum(s.fte) as fte,
    count(distinct s.grid_id) as grid_count
from located_staff as s
where within(s, $region)
    and (s.active_from is null or s.active_from < moment($stop))
    and (s.active_to is null or s.active_to >= moment($stop))
group by s.role
order by fte desc, people_count desc, s.role
