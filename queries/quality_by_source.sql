-- title: 各来源各月的数据质量
-- grain: source, month
-- params: start, stop, region
-- column: source                来源系统
-- column: month                 上报月份
-- column: case_count            案件数
-- column: valid_count           有效案件
-- column: located_rate
-- column: position_share        有坐标
-- column: steps_share           有办理步骤
-- column: due_share             有办结期限
-- column: response_share        有首次响应
-- column: reversed_share        时间颠倒占比
-- column: reversed_count        时间颠倒
-- column: date_only_share       只有日期占比
-- column: date_only_count       只有日期
-- column: unclassified_count    归入其他
-- column: duplicate_count       内容重复
-- note: 落格率只看有效案件，与指标词典一致；其余占比看全部案件。时间颠倒的不进时长、仍计入件数；只有日期指上报时间恰为零点；内容重复指同一来源编号不同，而上报时间、标题、类别、地点都相同。

with

here as (
    select c.*
    from cases as c
    where c.reported_at >= $start::timestamp and c.reported_at < $stop::timestamp and within(c, $region)
),

counted as (
    select
        *,
        count(*) over (partition by source, reported_at, title, category, place_code, estate_id) as alike
    from here
)

select
    source,
    date_trunc('month', reported_at)::date as month,
    count(*) as case_count,
    count(*) filter (is_valid) as valid_count,
    located_rate(c, $start::timestamp, $stop::timestamp) as located_rate,
    count(cell_lon) / count(*) as position_share,
    count(*) filter (has_steps) / count(*) as steps_share,
    count(due_at) / count(*) as due_share,
    count(first_response_at) / count(*) as response_share,
    count(*) filter (not is_time_ordered) / count(*) as reversed_share,
    count(*) filter (not is_time_ordered) as reversed_count,
    count(*) filter (reported_at = date_trunc('day', reported_at)) / count(*) as date_only_share,
    count(*) filter (reported_at = date_trunc('day', reported_at)) as date_only_count,
    count(*) filter (category = '99') as unclassified_count,
    count(*) filter (alike > 1 and title is not null) as duplicate_count
from counted as c
group by all
order by source, month
