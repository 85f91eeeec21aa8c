-- title: 视频点位明细
-- grain: point_id
-- params: start, stop, region, indicator, part, limit
-- column: point_id              点位编号
-- column: system                所属工程
-- column: place                 地点
-- column: is_online             是否在线
-- column: checked_at            检测时间
-- column: source_file           来源文件
-- column: source_sheet          工作表
-- column: source_row            行号
-- note: 与指标用同一组条件：part 为 base 列出分母，hit 列出分子，miss 列出在分母而不在分子的。没有画面和坐标。

with

-- Which rows count, and which succeed, is the definition of the indicator itself.
chosen_rows as (
    select c.*
    from located_video_points as c
    where within(c, $region)
        and video_points_base($indicator, c, $start::timestamp, $stop::timestamp)
        and case $part
            when 'hit' then video_points_hit($indicator, c, $start::timestamp, $stop::timestamp)
            when 'miss' then not video_points_hit($indicator, c, $start::timestamp, $stop::timestamp)
            else true
        end
)

select
    c.point_id,
    c.system,
    coalesce(p.full_name, c.grid_id, c.region_code) as place,
    c.is_online,
    c.checked_at,
    c.source_file,
    c.source_sheet,
    c.source_row
from chosen_rows as c
left join places as p on p.place_code = coalesce(c.grid_id, c.region_code)
order by c.is_online, c.system, c.point_id
limit $limit
