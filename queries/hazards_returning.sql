-- title: 反复点位
-- grain: place_code, estate_id, hazard_type
-- params: start, stop, region, category, channel, origin, urgency, limit
-- column: place_code            村社区代码
-- column: community             村社区
-- column: estate_id             小区编号
-- column: estate                小区
-- column: hazard_type           隐患类型
-- column: hazard_count
-- column: returned_count        其中反复
-- column: spot_count            反复的点位数
-- column: most_at_one_spot      同一点位最多
-- column: open_count            期末未整改
-- column: last_on               最近一次
-- note: 反复：同一点位（来源系统的地点编号）在前一次发现后 90 日内又发现同一类型的隐患。按小区或村社区归总，不列地址；同一点位最多为反复最多的那个点位的反复次数加最先的一次，最先的一次可能在统计期以前；期末未整改只看统计期内发现的；没有地点编号的隐患看不出反复。

with

spots as (
    select
        c.*,
        coalesce(c.hazard_type, c.subcategory, '') as type,
        c.reported_at - lag(c.reported_at) over (
            partition by c.source, c.place_id, coalesce(c.hazard_type, c.subcategory, '') order by c.reported_at, c.case_id
        ) <= interval 90 day as is_return
    from cases as c
    where c.track = 'hazard' and c.is_valid
),

found as (
    select c.*
    from spots as c
    where hazard_count_base(c, $start::timestamp, $stop::timestamp)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
),

at_spots as (
    select
        community_code,
        estate_id,
        type,
        source,
        place_id,
        count(*) as hazard_count,
        count(*) filter (place_id is not null and is_return) as returned_count,
        count(*) filter (unrectified_count_base(c, $start::timestamp, $stop::timestamp)) as open_count,
        max(reported_at) as last_at
    from found as c
    group by all
)

select
    s.community_code as place_code,
    coalesce(any_value(p.full_name), '未落格') as community,
    s.estate_id,
    any_value(e.name) as estate,
    s.type as hazard_type,
    sum(s.hazard_count)::bigint as hazard_count,
    sum(s.returned_count)::bigint as returned_count,
    count(*) filter (s.returned_count > 0) as spot_count,
    (max(s.returned_count) + 1)::bigint as most_at_one_spot,
    sum(s.open_count)::bigint as open_count,
    max(s.last_at)::date as last_on
from at_spots as s
left join places as p on p.place_code = s.community_code
left join estates as e on e.estate_id = s.estate_id
group by s.community_code, s.estate_id, s.type
having returned_count > 0
order by returned_count desc, hazard_count desc, s.community_code, s.estate_id, s.type
limit $limit
