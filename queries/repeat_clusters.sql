-- title: 重复诉求
-- grain: number
-- params: stop, region, category, channel, origin, urgency, level, limit
-- column: number                序号
-- column: category              类别
-- column: subcategory           小类
-- column: case_count            件数
-- column: open_count            其中在办
-- column: first_on              最早
-- column: last_on               最近
-- column: place                 地点
-- column: basis                 同在
-- column: place_code            地点代码
-- column: lon                   经度
-- column: lat                   纬度
-- note: 期末前 90 天内，同一地点（有地点编号的）、否则同一方格（约 200 米）、否则同一小区，同一小类 3 件及以上。无效件和保密工单不计；不列具体地址；所看层级的边界是示意的，位置取地点中间。

with

recent as (
    select
        c.*,
        case
            when c.place_id is not null then '地点'
            when c.cell_lon is not null and c.cell_lat is not null then '方格'
            when c.estate_id is not null then '小区'
        end as basis,
        coalesce(place_at(c, $level), c.place_code) in (
            select place_code from boundaries where not is_schematic
        ) as is_outlined
    from cases as c
    where in_filter(c, $region, $category, $channel, $origin, $urgency)
        and c.is_valid
        and not coalesce(c.is_confidential, false)
        and c.reported_at >= moment($stop) - interval 90 day
        and c.reported_at < moment($stop)
),

clusters as (
    select
        basis,
        -- Two communities may number their places alike.
        case basis
            when '地点' then concat_ws(' ', source, community_code, place_id)
            when '方格' then concat_ws(' ', cell_lon, cell_lat)
            else estate_id
        end as spot,
        category,
        subcategory,
        count(*) as case_count,
        count(*) filter (is_open(r, moment($stop))) as open_count,
        min(reported_at)::date as first_on,
        max(reported_at)::date as last_on,
        mode(if(basis = '小区', coalesce(community_code, place_code), place_code)) as place_code,
        mode(estate_id) as estate_id,
        mode([cell_lon, cell_lat]) filter (is_outlined and cell_lon is not null and cell_lat is not null) as cell
    from recent as r
    where basis is not null
    group by basis, spot, category, subcategory
    having count(*) >= 3
)

select
    row_number() over (
        order by c.open_count > 0 desc, c.case_count desc, c.last_on desc, c.spot, c.category, c.subcategory
    ) as number,
    c.category,
    c.subcategory,
    c.case_count,
    c.open_count,
    c.first_on,
    c.last_on,
    concat_ws(' ', coalesce(p.full_name, '未落格'), e.name) as place,
    c.basis,
    c.place_code,
    coalesce(c.cell[1], p.anchor_lon) as lon,
    coalesce(c.cell[2], p.anchor_lat) as lat
from clusters as c
left join places as p on p.place_code = c.place_code
left join estates as e on e.estate_id = c.estate_id
order by number
limit $limit
