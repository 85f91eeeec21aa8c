"""溯源: one number followed back: its definition, what was left out, the checks, the SQL, the row of the file."""

import streamlit as st

from governance import components, filters
from governance.components import trace
from governance.indicators import INDICATORS
from governance.queries import run

PARTS = {"base": "分母（算数的）", "hit": "分子（成功的）", "miss": "在分母、不在分子"}

filter = filters.current()
left, right = st.columns([2, 3], vertical_alignment="bottom")
indicator = INDICATORS[components.chosen_indicator(list(INDICATORS), left)]
part = components.chosen_part(PARTS, right)
totals = run("indicator_totals", filter, only=[indicator.key])
left_out = run("exclusions_by_reason", filter, indicator=indicator.key)

trace.number(indicator, totals, left_out)
left, right = st.columns(2)
with left:
    trace.meaning(indicator)
with right:
    trace.left_out(left_out, filter)
trace.covering(indicator, filter)
trace.rows(indicator, part, filter)
trace.as_run(indicator, filter)
trace.origin(filter)
