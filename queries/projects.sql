-- title: 民生项目
-- grain: project_id
-- params: start, stop, region
-- column: project_id            项目编号
-- column: name                  项目
-- column: project_type          项目类型
-- column: place                 社区
-- column: started_on            开工日期
-- column: done_on               完工日期
-- column: households_count      受益户数
-- column: residents_count       受益人数
-- column: is_done               已完工
-- note: 统计期内开工、在建或完工的项目，没有开工也没有完工日期的在最后。

select
    c.project_id,
    coalesce(c.name, c.project_type) as name,
    c.project_type,
    coalesce(p.name, c.region_code) as place,
    c.started_on,
    c.done_on,
    c.households_count,
    c.residents_count,
    coalesce(c.done_on < as_of(), false) as is_done
from located_projects as c
left join places as p on p.place_code = c.region_code
where within(c, $region)
    and coalesce(coalesce(c.started_on, c.done_on) < $stop, true)
    and coalesce(c.done_on >= $start, true)
order by coalesce(c.started_on, c.done_on) nulls last, c.project_id
