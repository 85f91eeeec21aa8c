"""安全隐患: what was found, what was rectified, what was looked at again; where it returns; what a project ended."""

import streamlit as st

from governance import components, filters
from governance.codes import LABELS
from governance.components import hazards, missing_export
from governance.queries import run

filter = filters.current()
totals = run("indicator_totals", filter, only=[*hazards.KEYS, *hazards.RATES, *hazards.INSPECTIONS])
found = hazards.any_hazard(totals)
if found.empty:
    missing_export("hazards", filter.as_of)
components.stop_if_empty(found, "安全隐患")
components.key_figures(totals, hazards.KEYS)
components.key_figures(totals, hazards.RATES)

trend = filter.months_back(13)
left, right = st.columns([3, 2])
with left:
    hazards.stages(run("indicators_by_month", trend, only=hazards.KEYS[:3]), totals, trend)
with right:
    if not missing_export("hazards", filter.as_of):
        hazards.waiting(run("hazards_open_by_age", filter), filter)
    hazards.inspections(totals, filter)
hazards.kinds(run("hazards_by_type", filter), filter)

level = components.chosen_level(filter, st.container())
hazards.places(run("hazards_by_region", filter, level=level), LABELS["level"][level], filter)
hazards.returning(run("hazards_returning", filter), filter)
hazards.projects(run("projects_before_after", filter), filter)
