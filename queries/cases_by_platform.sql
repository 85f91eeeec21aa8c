-- title: 各平台
-- grain: platform
-- params: start, stop, region, category, channel, origin, urgency
-- column: platform              平台
-- column: case_count            受理
-- column: case_share            占有名称的平台
-- column: previous_count        上期受理
-- column: response_rate         响应率
-- column: response_n            应响应（n）
-- column: rated_count           评价数
-- column: satisfaction_rate     满意率
-- note: 平台的名称来自导出文件，没有名称的渠道（电话、走访、意见箱等）按渠道看。上期与本期等长、紧接其前。

with chosen_cases as (
    select c.*
    from cases as c
    where c.platform is not null
        and touches(c, $start::timestamp - ($stop::timestamp - $start::timestamp), $stop)
        and in_filter(c, $region, $category, $channel, $origin, $urgency)
)

select
    c.platform,
    count(*) filter (platform_share_hit(c, $start::timestamp, $stop::timestamp)) as case_count,
    count(*) filter (platform_share_hit(c, $start::timestamp, $stop::timestamp))
        / nullif(sum(count(*) filter (platform_share_hit(c, $start::timestamp, $stop::timestamp))) over (), 0)
        as case_share,
    count(*) filter (
        platform_share_hit(c, $start::timestamp - ($stop::timestamp - $start::timestamp), $start::timestamp)
    ) as previous_count,
    response_rate(c, $start::timestamp, $stop::timestamp) as response_rate,
    count(*) filter (response_rate_base(c, $start::timestamp, $stop::timestamp)) as response_n,
    count(*) filter (satisfaction_rate_base(c, $start::timestamp, $stop::timestamp)) as rated_count,
    satisfaction_rate(c, $start::timestamp, $stop::timestamp) as satisfaction_rate
from chosen_cases as c
group by c.platform
having case_count + previous_count > 0
order by case_count desc, c.platform
