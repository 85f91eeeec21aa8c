"""明细: the rows behind a number, by the same predicates as the number: cases, or entries of a ledger."""

import streamlit as st

from governance import components, filters, queries
from governance.indicators import INDICATORS
from governance.queries import MOST_ROWS, run

PARTS = {"base": "分母（算数的）", "hit": "分子（成功的）", "miss": "在分母、不在分子"}

filter = filters.current()
left, right = st.columns([2, 3], vertical_alignment="bottom")
keys = [key for key in INDICATORS if queries.rows_of(key)]
indicator = INDICATORS[components.chosen_indicator(keys, left)]
part = components.chosen_part(PARTS, right)
st.caption(components.escaped(indicator.definition))

name = queries.rows_of(indicator.key) or "case_list"
unit, what = ("件", "案件") if name == "case_list" else ("条", "记录")
found = run(name, filter, indicator=indicator.key, part=part, limit=MOST_ROWS)
components.stop_if_empty(found, what)
with components.card(
    f"{indicator.label}：{len(found):,} {unit}" + (f"（只列前 10 万{unit}）" if len(found) == MOST_ROWS else "")
):
    components.table(found.head(2000), name, filter, height=620)
    if len(found) > 2000:
        st.caption(f"屏幕上列前 2,000 {unit}，下载包含全部。")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        components.download(found, name, filter, key="cases")
        components.case_link(indicator.key, part, has_rows=False)
