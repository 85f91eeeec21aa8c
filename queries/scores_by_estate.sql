-- title: 打分卡：各小区各分项
-- grain: estate_id, item
-- params: stop, region, round
-- column: estate_id             小区编号
-- column: estate                小区
-- column: item                  分项
-- column: round_id              轮次
-- column: shrunk_mean           收缩均分
-- column: raw_mean              原始均分
-- column: n                     打分卡张数
-- column: failing_share         不及格卡占比
-- column: verdict               评判
-- column: item_mean             全县同分项均分
-- note: 收缩均分 =（n × 原始均分 + 收缩张数 × 全县同轮同分项均分）÷（n + 收缩张数）：张数少的向全县靠拢，不因几张卡大起大落。
-- note: 评判：failing 不及格分项，low 低分项，good 其余，few 张数不足、不评。没有指定轮次时取最近一轮。

select
    estate_id,
    estate,
    item,
    round_id,
    shrunk_mean,
    mean as raw_mean,
    n,
    failing_share,
    verdict,
    item_mean
from score_cells($stop, $region)
where round_id = chosen_round($stop, $region, $round)
order by by_number(estate), estate_id, item
