-- title: 各工程视频点位
-- grain: system
-- params: stop, region
-- column: system                工程
-- column: installed_count       安装数
-- column: online_count          在线数
-- column: video_online_rate
-- column: checked_at            最近检测
-- note: 期末前检测过的；只有位置和在线状态，没有画面。

select
    c.system,
    count(*) as installed_count,
    count(*) filter (video_online_rate_hit(c, null, $stop::timestamp)) as online_count,
    video_online_rate(c, null, $stop::timestamp) as video_online_rate,
    max(c.checked_at) as checked_at
from located_video_points as c
where within(c, $region) and video_online_rate_base(c, null, $stop::timestamp)
group by c.system
order by installed_count desc, c.system
