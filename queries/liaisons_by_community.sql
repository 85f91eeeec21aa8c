-- title: 各村社区包联
-- grain: community_code
-- params: stop, region
-- column: community_code        村社区代码
-- column: place                 村社区
-- column: unit_count            包联单位
-- column: estate_count          小区
-- column: covered_count         有单位包联的小区
-- column: bare_estates          还没有的小区
-- column: units                 单位
-- note: 期末有效的包联；整个村社区有单位包联的，其中的小区都算有。期末已有包联台账的县，没有一家包联单位的村社区也列出。只有单位，没有个人。

with

active as (
    select l.*
    from located_liaisons as l
    where within(l, $region) and is_any_active([{'active_from': l.active_from, 'active_to': l.active_to}], moment($stop))
),

named as (
    select
        a.community_code,
        count(distinct a.unit_id) as unit_count,
        in_natural_order(list(coalesce(u.name, a.unit_id))) as units
    from active as a
    left join units as u on u.unit_id = a.unit_id
    group by a.community_code
),

covered as (
    select
        c.community_code,
        count(*) as estate_count,
        count(*) filter (liaison_rate_hit(c, null, $stop::timestamp)) as covered_count,
        in_natural_order(list(c.name) filter (not liaison_rate_hit(c, null, $stop::timestamp))) as bare_estates
    from located_estates as c
    where within(c, $region) and liaison_rate_base(c, null, $stop::timestamp)
    group by c.community_code
)

select
    p.place_code as community_code,
    p.full_name as place,
    coalesce(n.unit_count, 0) as unit_count,
    coalesce(c.estate_count, 0) as estate_count,
    coalesce(c.covered_count, 0) as covered_count,
    c.bare_estates,
    n.units
from places as p
left join named as n on n.community_code = p.place_code
left join covered as c on c.community_code = p.place_code
where p.level = 'community'
    and within(p, $region)
    and p.county_code in (select l.county_code from located_liaisons as l where coalesce(l.active_from < moment($stop), true))
order by by_number(p.full_name), p.place_code
