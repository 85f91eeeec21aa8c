-- title: 数据起止
-- grain:
-- params:
-- column: first_reported_at     最早上报
-- column: last_reported_at      最晚上报
-- column: case_count            案件数
-- column: as_of                 数据截至

select
    min(reported_at) as first_reported_at,
    max(reported_at) as last_reported_at,
    count(*) as case_count,
    as_of() as as_of
from cases
