"""代办与平台: what is done for those who cannot come themselves, and the platforms that people know by name."""

import streamlit as st

from governance import components, filters
from governance.components import services
from governance.queries import run

FIGURES = ["errand_count", "errand_share", "errand_hours", "platform_share"]

filter = filters.current()
if components.missing_export("cases", filter.as_of):
    st.stop()
components.key_figures(run("indicator_totals", filter, only=FIGURES), FIGURES)
left, right = st.columns(2)
with left:
    services.errands(run("errands_by_type", filter), filter)
with right:
    services.platforms(run("cases_by_platform", filter), filter)
