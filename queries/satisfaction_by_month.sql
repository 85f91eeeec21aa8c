-- title: 各月满意率、解决率、响应率、参评率
-- grain: month
-- params: start, stop, region, category, channel, origin, urgency
-- column: month                        月份
-- column: satisfaction_rate
-- column: satisfaction_rate_inclusive
-- column: satisfaction_n               有效评价数
-- column: solved_rate
-- column: solved_n                     有效回访数
-- column: response_rate
-- column: response_n                   应响应数
-- column: rating_share
-- column: closed_n                     办结数
-- column: is_complete                  是否整月
-- note: 首尾不满整月的月份按实有天数计算。

select
    m.month::date as month,
    satisfaction_rate(c, m.start, m.stop) as satisfaction_rate,
    satisfaction_rate_inclusive(c, m.start, m.stop) as satisfaction_rate_inclusive,
    count(*) filter (satisfaction_rate_base(c, m.start, m.stop)) as satisfaction_n,
    solved_rate(c, m.start, m.stop) as solved_rate,
    count(*) filter (solved_rate_base(c, m.start, m.stop)) as solved_n,
    response_rate(c, m.start, m.stop) as response_rate,
    count(*) filter (response_rate_base(c, m.start, m.stop)) as response_n,
    rating_share(c, m.start, m.stop) as rating_share,
    count(*) filter (rating_share_base(c, m.start, m.stop)) as closed_n,
    m.is_complete
from months_of($start, $stop) as m
left join cases as c
    on touches(c, m.start, m.stop) and in_filter(c, $region, $category, $channel, $origin, $urgency)
group by m.month, m.start, m.stop, m.is_complete
order by m.month
