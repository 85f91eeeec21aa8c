"""数字溯源: the cards of one number, from its definition down to the row of the file."""

import pandas as pd
import streamlit as st

from governance import queries, tracing
from governance.components.checks import check_list
from governance.components.figures import card
from governance.components.quality import may_read
from governance.components.tables import download, table
from governance.components.text import escaped
from governance.filters import Filter
from governance.importing import catalogue
from governance.indicators import Indicator, conditions
from governance.queries import MOST_ROWS

SHOWN = 2000
ORIGIN = "每行后面跟着来源文件、工作表和在电子表格里看到的行号"
FILES_HIDDEN = "来自哪个文件的哪一行，由分析人员查看"


def number(indicator: Indicator, totals: pd.DataFrame, left_out: pd.DataFrame) -> None:
    """The number itself: value, numerator, denominator, what was left out."""
    row = totals.set_index("indicator").loc[indicator.key]
    excluded = left_out[left_out["reason"] != ""]["row_count"].sum()
    whole = left_out["row_count"].sum()
    facts = {
        indicator.label: indicator.format(row["value"]),
        "分子": f"{row['hit']:,.0f}" if indicator.is_rate else "—",
        "分母（n）": f"{row['base']:,.0f}",
        "不算的": f"{excluded:,}" + (f"（{excluded / whole:.1%}）" if whole else ""),
    }
    with st.container(border=True), st.grid(columns=len(facts), min_column_width=150):
        for name, value in facts.items():
            with st.container(gap=None):
                st.caption(escaped(name))
                st.markdown(f"**{escaped(value)}**")


def meaning(indicator: Indicator) -> None:
    """口径: what is counted, when, and the very conditions."""
    facts = {
        "归属时点": tracing.attribution(indicator),
        "分子": indicator.numerator if indicator.is_rate else "",
        "分母": indicator.denominator,
        "剔除": indicator.excluded,
        "版本": f"第 {indicator.version} 版，{indicator.valid_from} 起",
    }
    with card("口径"):
        st.markdown(escaped(indicator.definition))
        st.caption("  \n".join(f"{name}：{escaped(words)}" for name, words in facts.items() if words))
        st.code(conditions(indicator), language="sql")


def left_out(found: pd.DataFrame, filter: Filter) -> None:
    """剔除: for which reason how many rows do not count."""
    excluded = found[found["reason"] != ""]
    whole = found["row_count"].sum()
    title = f"{whole:,} 行里 {excluded['row_count'].sum():,} 行不算" if whole else "统计期内没有可算的行"
    with card(title, "归属时点在统计期内（或期末在办）的行；每行归到第一条不满足的条件"):
        if not excluded.empty:
            table(excluded.drop(columns="indicator"), "exclusions_by_reason", filter)
            download(excluded, "exclusions_by_reason", filter, key="exclusions")


def origin(filter: Filter) -> None:
    """The snapshot that was looked at, and the files it was made from."""
    store = queries.current_store(filter.as_of)
    period = f"{filter.start} 至 {filter.stop}（不含）"
    with card(f"快照 {store.snapshot.id}", f"统计期 {period}；数据截至 {store.as_of:%Y-%m-%d %H:%M}"):
        if may_read("files_read"):
            numbers = {"行数": st.column_config.NumberColumn(format="localized")}
            st.dataframe(tracing.origins(store), hide_index=True, column_config=numbers)
        else:
            st.caption(FILES_HIDDEN)


def covering(indicator: Indicator, filter: Filter) -> None:
    """对账: the reconciliations that cover the number."""
    found = tracing.covering(queries.current_store(filter.as_of), indicator)
    red = sum(one.is_red for one in found)
    with card(f"{len(found)} 项对账管着这个数，" + (f"{red} 项不符" if red else "全部相符")):
        check_list(found)


def as_run(indicator: Indicator, filter: Filter) -> None:
    """The SQL of the number, to copy."""
    with card("计算用的 SQL", "宏（来自指标字典）在前，查询在后，参数已经写入；在同一份快照上运行得到同一个数"):
        st.code(tracing.command(filter, [indicator.key]), language="bash")
        st.code(tracing.script(filter, [indicator.key]), language="sql", height=320)


def rows(indicator: Indicator, part: str, filter: Filter) -> None:
    """The rows behind the number, each with the file, sheet and row that it came from."""
    name = queries.rows_of(indicator.key)
    if name is None:
        st.caption(escaped(f"{catalogue.tables()[indicator.table].label}：只有合计，没有逐条的明细。"))
        return
    found = queries.run(name, filter, indicator=indicator.key, part=part, limit=MOST_ROWS)
    title, note = f"{len(found):,} 行，来自 {found['source_file'].nunique()} 个文件", ORIGIN
    if not may_read("files_read"):
        title, note = f"{len(found):,} 行", FILES_HIDDEN
    with card(title, note):
        table(found.head(SHOWN), name, filter, height=480, early=("source_file", "source_sheet", "source_row"))
        if len(found) > SHOWN:
            st.caption(f"屏幕上列前 {SHOWN:,} 行，下载包含全部。")
        download(found, name, filter, key="trace-rows")
