-- title: 步骤、纠纷、隐患、吹哨都属于一件有的案件
-- scenes: timeliness
-- indicators:
-- queries: process_by_step, case_paths, handovers_by_count, whistles_by_unit, orders_by_step, step_hours_by_region, step_hours_by_category, disputes_by_level, disputes_by_type, disputes_by_way, hazards_by_region, hazards_by_type
-- grain: table_name, source
-- params:
-- column: table_name            标准表
-- column: source                来源系统
-- column: row_count             行数
-- column: orphan_count          没有案件的行
-- column: is_broken             不符
-- note: 每张表每个来源一条。没有案件的步骤不进任何统计，多半是案件表漏导了一段。

with rows_of_cases as (
    select 'case_steps' as table_name, source, case_id from case_steps
    union all
    select 'disputes', source, case_id from disputes
    union all
    select 'hazards', source, case_id from hazards
    union all
    select 'whistles', source, case_id from whistles
)

select
    r.table_name,
    r.source,
    count(*) as row_count,
    count(*) filter (c.case_id is null) as orphan_count,
    count(*) filter (c.case_id is null) > 0 as is_broken
from rows_of_cases as r
left join (select distinct source, case_id from cases) as c on c.source = r.source and c.case_id = r.case_id
group by r.table_name, r.source
