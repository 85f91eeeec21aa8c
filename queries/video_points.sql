-- title: 视频点位
-- grain: place_code
-- params: region, level
-- column: place_code            地点代码
-- column: name                  地点
-- column: lon                   经度
-- column: lat                   纬度
-- column: installed_count       安装数
-- column: online_count          在线数
-- column: online_share          在线率
-- column: checked_at            最近检测
-- note: 数据截至时的状态，按所看层级合计，到网格为止。没有单个点位的位置，更没有画面和轨迹。

with points_at as (
    select
        coalesce(place_at(v, $level), v.grid_1, v.region_code) as place_code,
        v.is_online,
        v.checked_at
    from located_video_points as v
    where within(v, $region)
)

select
    p.place_code,
    any_value(p.full_name) as name,
    any_value(p.anchor_lon) as lon,
    any_value(p.anchor_lat) as lat,
    count(*) as installed_count,
    count(*) filter (v.is_online) as online_count,
    count(*) filter (v.is_online) / count(*) as online_share,
    max(v.checked_at) as checked_at
from points_at as v
inner join places as p on p.place_code = v.place_code
group by p.place_code
order by installed_count desc, p.place_code
