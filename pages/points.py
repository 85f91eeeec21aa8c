"""积分与志愿: what is earned and redeemed, how many take part, and what volunteers do. 人次 are not 人数."""

import streamlit as st

from governance import components, filters
from governance.components import points
from governance.queries import run

LEDGER = ["points_earned", "redemption_rate", "points_balance", "participating_household_rate"]
SERVICE = ["activity_count", "activity_hours", "activity_beneficiaries", "activity_kept_rate"]

filter = filters.current()
totals = run("indicator_totals", filter, only=[*LEDGER, *SERVICE])
trend = filter.months_back(13)

st.subheader("积分", anchor=False)
if not components.missing_export("points", filter.as_of):
    components.key_figures(totals, LEDGER)
    left, right = st.columns([3, 2])
    with left:
        points.by_month(run("points_by_month", trend), trend)
        points.ledgers(run("points_by_ledger", filter), filter)
    with right:
        points.by_reason(run("points_by_reason", filter), filter)

st.subheader("志愿服务与活动", anchor=False)
if not components.missing_export("activities", filter.as_of):
    components.key_figures(totals, SERVICE)
    points.routine(run("activities_by_month", trend), trend)
    left, right = st.columns([2, 3])
    with left:
        points.activity_types(run("activities_by_type", filter), filter)
    with right:
        points.teams(run("activities_by_team", filter), filter)
    points.brands(run("activities_by_brand", filter), filter)
