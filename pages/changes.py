"""版本变化: what became of the cases between two versions of the data, and of figures already reported."""

import dataclasses

import streamlit as st

from governance import codes, components, filters
from governance.indicators import INDICATORS
from governance.queries import MOST_ROWS, run

REPORTED = [key for key, entry in INDICATORS.items() if entry.theme in ("受理与办结", "办理时效", "群众评价")]

filter = filters.current()
earlier = components.chosen_earlier(filter)
if earlier is None:
    st.stop()

kinds = run("changes_by_kind", filter, earlier=earlier.id)
with components.card(components.title_of_changes(kinds), "按案件编号逐件比对两个版本；一件可有几种变化"):
    components.table(kinds, "changes_by_kind", filter)
    components.download(kinds, "changes_by_kind", filter, key="kinds")

changed = list(kinds["change"])
if changed:
    change = components.chosen_option("change", "看哪一种", changed, lambda code: codes.label("change", code))
    found = run("changed_cases", filter, earlier=earlier.id, change=change, limit=MOST_ROWS)
    with components.card(f"{codes.label('change', change)}：{len(found):,} 件", "前后两列写出改动的那一项"):
        components.changed_rows(found, filter)
        components.download(found, "changed_cases", filter, key="changed")

then = run("indicator_totals", dataclasses.replace(filter, as_of=earlier.id), only=REPORTED)
now = run("indicator_totals", filter, only=REPORTED)
effect = components.late_effect(then, now)
with components.card(
    "当时报的数，现在重算是多少",
    f"同一筛选、同一统计期（{filter.start} 至 {filter.stop}，不含）；当时的按数据截至 "
    f"{earlier.as_of:%Y-%m-%d %H:%M} 的版本，现在的按正在看的版本。迟到和补录会让已报的数改变。",
):
    st.dataframe(effect, hide_index=True, height=420)
