-- title: 退回的行，按原因
-- grain: source, table_name, file, sheet, column_name, reason
-- params:
-- column: source                来源系统
-- column: file                  文件
-- column: sheet                 工作表
-- column: table_name            标准表
-- column: column_name           列
-- column: reason                原因
-- column: row_count             行数
-- column: first_row             首行
-- column: example               例（已遮盖）
-- note: 退回的行没有进入任何统计。在原文件里改正后重新导入，它们就回来了。

select
    source,
    file,
    sheet,
    table_name,
    column_name,
    reason,
    count(*) as row_count,
    min(row_number) as first_row,
    min(value) as example
from rejects
group by source, file, sheet, table_name, column_name, reason
order by row_count desc, source, file, sheet, column_name, reason
