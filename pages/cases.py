"""案件明细: the cases behind a number, by the same predicates as the number."""

import streamlit as st

from governance import components, filters
from governance.indicators import INDICATORS, of_table
from governance.queries import MOST_ROWS, run

PARTS = {"base": "分母（算数的）", "hit": "分子（成功的）", "miss": "在分母、不在分子"}

filter = filters.current()
left, right = st.columns([2, 3], vertical_alignment="bottom")
keys = [indicator.key for indicator in of_table("cases")]
indicator = INDICATORS[components.chosen_indicator(keys, left)]
part = components.chosen_part(PARTS, right)
st.caption(components.escaped(indicator.definition))

found = run("case_list", filter, indicator=indicator.key, part=part, limit=MOST_ROWS)
components.stop_if_empty(found)
with components.card(
    f"{indicator.label}：{len(found):,} 件" + ("（只列前 10 万件）" if len(found) == MOST_ROWS else "")
):
    components.table(found.head(2000), "case_list", filter, height=620)
    if len(found) > 2000:
        st.caption("屏幕上列前 2,000 件，下载包含全部。")
    components.download(found, "case_list", filter, key="cases")
