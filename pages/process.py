"""流程时效: which way cases take, where it takes long, who was called and came, who passed on what was his."""

import streamlit as st

from governance import components, filters
from governance.components import process
from governance.findings import process as findings_process
from governance.indicators import with_beside
from governance.queries import run

KEYS = ["six_steps_rate", "report_in_rate", "order_lookup_rate", "first_unit_rate"]

filter = filters.current()
if components.missing_export("case_steps", filter.as_of):
    st.stop()
totals = run("indicator_totals", filter, only=with_beside([*KEYS, "step_record_rate", "seven_steps_rate"]))
steps = run("process_by_step", filter)
st.caption(components.escaped(findings_process.recorded(totals)))
components.stop_if_empty(steps, "有步骤记录的案件")
components.key_figures(totals, KEYS)

left, right = st.columns([3, 2])
with left:
    process.reached(steps, filter)
with right:
    process.times(steps)

level = components.chosen_level(filter, st.container())
left, right = st.columns(2)
with left:
    process.by_place(run("step_hours_by_region", filter, level=level), level, filter)
with right:
    process.by_category(run("step_hours_by_category", filter), filter)

process.paths(run("case_paths", filter), totals, filter)
process.whistles(run("whistles_by_unit", filter), filter)

left, right = st.columns(2)
with left:
    process.orders(run("orders_by_step", filter), filter)
with right:
    process.handovers(run("handovers_by_count", filter), filter)
