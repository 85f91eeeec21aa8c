-- title: 回头看过的与没有看过的复发率
-- grain: is_looked_back
-- params: start, stop, region, category, channel, origin, urgency
-- column: is_looked_back        是否回头看过
-- column: closed_count          办结满 90 日
-- column: relapsed_count        其中复发
-- column: relapse_rate
-- note: 只比同样做回头看的村社区和类别，登记开始的月份起办结的；看不看不是抽签决定的，差别不能全归功于回头看。

select
    c.looked_back_at is not null as is_looked_back,
    count(*) as closed_count,
    count(*) filter (relapse_rate_hit(c, $start::timestamp, $stop::timestamp)) as relapsed_count,
    relapse_rate(c, $start::timestamp, $stop::timestamp) as relapse_rate
from cases as c
where c.has_lookback
    and c.closed_at >= c.lookback_from
    and relapse_rate_base(c, $start::timestamp, $stop::timestamp)
    and in_filter(c, $region, $category, $channel, $origin, $urgency)
group by c.looked_back_at is not null
order by is_looked_back desc
