-- title: 超期案件在哪里
-- grain: kind, lon, lat, place_code
-- params: stop, region, category, channel, origin, urgency, level
-- column: kind                  单元
-- column: place_code            所在地点代码
-- column: name                  所在地点
-- column: lon                   经度
-- column: lat                   纬度
-- column: overdue_count         超期在办
-- column: oldest_days           最久已超期（天）
-- note: 期末时点。有坐标、所在地点有自己边界的按约 200 米的方格合计，不足 3 件的方格并入所在地点；其余按地点合计，符号在地点中间（示意边界上画坐标会错位）。图上没有单个案件的位置。

with

late as (
    select
        c.place_code,
        c.cell_lon,
        c.cell_lat,
        coalesce(place_at(c, $level), c.place_code) as shown_at,
        shown_at in (select place_code from boundaries where not is_schematic) as is_outlined,
        date_diff('second', deadline(c), moment($stop)) / 86400.0 as late_days
    from cases as c
    where in_filter(c, $region, $category, $channel, $origin, $urgency) and is_overdue(c, moment($stop))
),

cells as (
    select
        cell_lon,
        cell_lat,
        mode(place_code) as place_code,
        count(*) as overdue_count,
        max(late_days) as oldest_days
    from late
    where is_outlined and cell_lon is not null and cell_lat is not null
    group by cell_lon, cell_lat
    having count(*) >= 3
),

-- What is in no cell, or in one with too few to be drawn.
others as (
    select
        shown_at,
        count(*) as overdue_count,
        max(late_days) as oldest_days
    from late as l
    anti join cells as c on l.is_outlined and c.cell_lon = l.cell_lon and c.cell_lat = l.cell_lat
    where shown_at is not null
    group by shown_at
)

select
    '方格' as kind,
    c.place_code,
    p.full_name as name,
    c.cell_lon as lon,
    c.cell_lat as lat,
    c.overdue_count,
    c.oldest_days
from cells as c
left join places as p on p.place_code = c.place_code

union all

select
    '地点',
    o.shown_at,
    p.full_name,
    p.anchor_lon,
    p.anchor_lat,
    o.overdue_count,
    o.oldest_days
from others as o
inner join places as p on p.place_code = o.shown_at
order by overdue_count desc, kind, place_code, lon, lat
