-- title: 共建组织与队伍明细
-- grain: partner_id
-- params: start, stop, region, indicator, part, limit
-- column: partner_id            组织编号
-- column: partner_type          类型
-- column: place                 地点
-- column: team                  队伍或联盟
-- column: party_level           党组织层级
-- column: parent_id             上级组织编号
-- column: member_count          成员（人）
-- column: joined_on             成立或加入
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。成员人数太小时不显示。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_partners as c
    where within(c, $region)
        and partners_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then partners_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not partners_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.partner_id,
    c.partner_type,
    coalesce(p.full_name, c.region_code) as place,
    c.team,
    c.party_level,
    c.parent_id,
    shown_people(c.member_count) as member_count,
    c.joined_on,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = c.region_code
order by c.partner_type, c.partner_id
limit $limit
