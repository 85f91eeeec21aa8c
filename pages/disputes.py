"""矛盾纠纷: are quarrels settled, within seven days, at which level, by which way, and do they stay settled."""

import streamlit as st

from governance import components, filters
from governance.codes import LABELS
from governance.components import disputes, missing_export
from governance.indicators import INDICATORS
from governance.queries import run

filter = filters.current()
totals = run("indicator_totals", filter, only=[*disputes.KEYS, *disputes.MORE_KEYS])
found = disputes.any_dispute(totals)
if found.empty:
    missing_export("disputes", filter.as_of)
components.stop_if_empty(found, "矛盾纠纷")
components.key_figures(totals, disputes.KEYS)
components.key_figures(totals, disputes.MORE_KEYS)

if not missing_export("disputes", filter.as_of):
    days = run("disputes_settled_by_day", filter)
    levels = run("disputes_by_level", filter, only=["settling_hours"])
    disputes.seven_days(levels, days, totals, filter)
    disputes.kinds(run("disputes_by_type", filter), filter)
    ways = run("disputes_by_way", filter)
    left, right = st.columns(2)
    with left:
        note = "统计期内调解终结的；一件用了几种的每种都算一次"
        disputes.ways(ways, "method", "情、理、法、诉", note, filter)
    with right:
        disputes.ways(ways, "agreement", "协议形式", "统计期内调解终结的；口头、书面或没有协议", filter)

disputes.levels(run("solved_levels", filter), filter)

left, right = st.columns([2, 3], vertical_alignment="bottom")
key = components.chosen_indicator(disputes.CHOICES, left)
level = components.chosen_level(filter, right)
left, right = st.columns([2, 3])
with left:
    label = f"各{LABELS['level'][level]}{INDICATORS[key].label}"
    disputes.places(run("indicators_by_region", filter, level=level, only=[key]), key, label, filter)
with right:
    trend = filter.months_back(13)
    disputes.months(run("indicators_by_month", trend, only=[key]), key, trend)
