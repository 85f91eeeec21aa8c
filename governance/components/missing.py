"""What a page says when the export it lives on was never imported: which one it is, and how to map one."""

import streamlit as st

from governance import queries
from governance.components.text import escaped
from governance.importing import catalogue


def missing_export(table: str, as_of: str | None = None) -> bool:
    """Whether the viewer has no row of a table; then say which export is missing and how to map one."""
    if table in queries.current_store(as_of).tables:
        return False
    known = catalogue.tables()[table]
    with st.container(border=True):
        st.markdown(f"##### 还没有导入{escaped(known.label)}")
        st.markdown(
            "这里要用的是已有平台或台账里的导出文件，不用另外填报。把它的列对应到下面的标准列，导入后这一部分自动出现；"
            "没有这项工作的地方可以不理会。"
        )
        with st.popover("怎样接入", icon=":material/upload_file:", type="tertiary"):
            st.caption("必需列一定要有来源，其余有就对应。映射文件的写法见 docs/mapping.md。")
            st.dataframe(
                [
                    {"标准列": column.name, "含义": column.label, "必需": "是" if column.required else ""}
                    for column in known.columns.values()
                    if column.name not in catalogue.AUTOMATIC
                ],
                hide_index=True,
                width=560,
            )
            st.code(_example(known), language="toml")
    return True


def column_missing(name: str, label: str, column: str) -> None:
    """Say that nothing was found, and which column of which export it would be in."""
    st.caption(
        f"所选范围和统计期内没有。这里要用的是{name}导出里的“{label}”一列，对应到标准列 {column}；"
        "没有这一列的来源不会出现。"
    )


def _example(table: catalogue.Table) -> str:
    lines = [
        f'title = "{table.label}"',
        'source = "来源系统的代号"',
        "",
        f"[tables.{table.name}]",
        "",
        f"[tables.{table.name}.columns]",
    ]
    for column in table.columns.values():
        if column.required or column.name in table.key:
            lines.append(f'{column.name} = "导出文件里的列名"   # {column.label}')
    return "\n".join(lines)
