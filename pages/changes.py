"""版本变化: what became of the cases between two versions of the data, and of figures already reported."""

import streamlit as st

from governance import checks, codes, components, filters, queries
from governance.indicators import INDICATORS
from governance.queries import MOST_ROWS, run

REPORTED = [key for key, entry in INDICATORS.items() if entry.theme in ("受理与办结", "办理时效", "群众评价")]

filter = filters.current()
earlier = components.chosen_earlier(filter)
if earlier is None:
    st.stop()

both = queries.current_store(filter.as_of, earlier.id)
components.check_card(checks.run(both, checks.read(checks.VERSIONS)), both, filter)

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

components.reported_then(components.last_month(filter, earlier), earlier, REPORTED, "当时报的上月数，现在重算是多少")
components.reported_then(filter, earlier, REPORTED, "所选统计期，当时报的和现在重算的")
