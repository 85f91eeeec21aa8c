-- title: 议题：各主题
-- grain: topic
-- params: start, stop, region
-- column: topic                 主题类别
-- column: issue_count           议定事项
-- column: settled_count         满消化期
-- column: solved_count          其中已解决
-- column: solved_rate           议题解决率
-- column: days                  解决用时中位（天）
-- column: open_count            期末未解决
-- column: oldest_days           最久已等（天）
-- note: 议定事项、解决率按议定日；用时按解决日，只含已解决的；期末未解决不论何时议定。

with

mine as (
    select
        coalesce(nullif(trim(topic), ''), '未分类') as subject,
        c.*
    from located_issues as c
    where within(c, $region) and decided_on < $stop
),

counted as (
    select
        subject as topic,
        count(*) filter (issue_count_base(c, $start::timestamp, $stop::timestamp)) as issue_count,
        count(*) filter (issue_solved_rate_base(c, $start::timestamp, $stop::timestamp)) as settled_count,
        count(*) filter (issue_solved_rate_hit(c, $start::timestamp, $stop::timestamp)) as solved_count,
        issue_days(c, $start::timestamp, $stop::timestamp) as days,
        count(*) filter (issue_open_count_base(c, $start::timestamp, $stop::timestamp)) as open_count,
        max(date_diff('day', decided_on, moment($stop)::date)) filter (
            issue_open_count_base(c, $start::timestamp, $stop::timestamp)
        ) as oldest_days
    from mine as c
    group by subject
)

select
    topic,
    issue_count,
    settled_count,
    solved_count,
    solved_count / nullif(settled_count, 0) as solved_rate,
    days,
    open_count,
    oldest_days
from counted
where issue_count > 0 or open_count > 0 or days is not null
order by issue_count desc, open_count desc, topic
