-- title: 每个文件：读入的行 = 进入统计 + 退回 + 排除 + 重复
-- scenes: map, now
-- indicators: all
-- queries: intake_by_source, rejects_by_reason, rejected_rows
-- grain: source, table_name, file, sheet
-- params:
-- column: source                来源系统
-- column: table_name            标准表
-- column: file                  文件
-- column: sheet                 工作表
-- column: read_count            读入
-- column: accepted              进入统计
-- column: rejected              退回
-- column: left_out              按规则排除、不属于本表
-- column: repeated              重复、被取代、并入
-- column: is_broken             不符
-- note: 每个文件每张表一条；没有留下导入账的旧快照不核对。进入统计的行里被改动的（归入其他等）不另计。并排的环节（unpivot）按有内容的格数算。

with

outcomes as (
    select
        source,
        table_name,
        file,
        coalesce(sheet, '') as sheet,
        sum(row_count) filter (outcome = 'accepted') as accepted,
        sum(row_count) filter (outcome = 'rejected') as rejected,
        sum(row_count) filter (outcome in ('excluded', 'not_for')) as left_out,
        sum(row_count) filter (outcome in ('duplicate', 'superseded', 'merged')) as repeated
    from intake
    where outcome <> 'corrected'
    group by all
),

files as (
    select
        source,
        table_name,
        file,
        coalesce(sheet, '') as sheet,
        sum(row_count)::bigint as read_count
    from files_read
    where (source, table_name) in (select (source, table_name) from intake)
    group by all
),

accounts as (
    select
        f.source,
        f.table_name,
        f.file,
        f.sheet,
        f.read_count,
        coalesce(o.accepted, 0)::bigint as accepted,
        coalesce(o.rejected, 0)::bigint as rejected,
        coalesce(o.left_out, 0)::bigint as left_out,
        coalesce(o.repeated, 0)::bigint as repeated
    from files as f
    left join outcomes as o
        on o.source = f.source and o.table_name = f.table_name and o.file = f.file and o.sheet = f.sheet
)

select
    *,
    read_count <> accepted + rejected + left_out + repeated as is_broken
from accounts
