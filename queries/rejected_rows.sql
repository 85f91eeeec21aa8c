-- title: 退回的行
-- grain: source, table_name, file, sheet, row_number, column_name, reason
-- params: limit
-- column: source                来源系统
-- column: file                  文件
-- column: sheet                 工作表
-- column: row_number            行号
-- column: table_name            标准表
-- column: column_name           列
-- column: value                 原值（已遮盖）
-- column: reason                原因

select
    source,
    file,
    sheet,
    row_number,
    table_name,
    column_name,
    any_value(value) as value,
    reason
from rejects
group by source, file, sheet, row_number, table_name, column_name, reason
order by source, file, sheet, row_number, column_name
limit $limit
