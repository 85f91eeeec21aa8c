-- title: 党组织各层级
-- grain: party_level
-- params: stop, region
-- column: party_level           层级
-- column: kinds                 名称
-- column: organisation_count    个数
-- column: member_count          党员（人）
-- column: grid_count            对应的网格
-- column: rootless_count        上级不在册
-- note: 期末已成立的；对应的网格为期末有效、登记由这一层组织负责的各级网格。党员中心户只计户数，太小时不显示，不列是哪一户。
-- note: 上级组织编号空着，或不是一个登记了层级的党组织，算上级不在册；一个县里最高的一层没有上级，不算。

with

here as (
    select
        c.*,
        min(c.party_level) over (partition by c.county_code) as top_level
    from located_partners as c
    where within(c, $region) and party_count_base(c, null, $stop::timestamp)
),

grids_of as (
    select
        g.party_id,
        count(*) as grid_count
    from grid_loads(moment($stop)) as a
    inner join grids as g on g.grid_id = a.place_code
    where within(a, $region)
    group by g.party_id
),

organisations as (
    select
        h.party_level,
        string_agg(distinct h.partner_type, '、' order by h.partner_type) as kinds,
        count(*) as organisation_count,
        nullif(shown_people(sum(h.member_count)), 0) as member_count,
        coalesce(sum(g.grid_count), 0)::bigint as grid_count,
        count(*) filter (
            h.party_level > h.top_level
            and not exists (from partners as o where o.partner_id = h.parent_id and o.party_level < h.party_level)
        ) as rootless_count
    from here as h
    left join grids_of as g on g.party_id = h.partner_id
    group by h.party_level
),

homes as (
    select
        5 as party_level,
        '党员中心户' as kinds,
        shown_people(count(distinct s.staff_id)) as organisation_count,
        null::bigint as member_count,
        null::bigint as grid_count,
        null::bigint as rootless_count
    from located_staff as s
    where within(s, $region)
        and s.role = 'party_home'
        and is_on_duty(s, moment($stop))
        and exists (from here as h where h.community_code = s.community_code)
    having count(*) > 0
)

select * from organisations
union all
select * from homes
order by party_level
