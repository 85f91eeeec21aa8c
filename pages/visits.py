"""走访与队伍: how many households are reached month by month, and who is there to reach them. Nobody by himself."""

import streamlit as st

from governance import components, filters, queries
from governance.components import services, team, visits
from governance.queries import run

REACHED = ["visit_coverage", "visited_ever_rate", "visit_coverage_all", "lookback_rate"]
AROUND = ["liaison_rate", "partner_count", "party_grid_rate", "video_online_rate"]
CREWS = ["staff_count", "staff_fte", "staffed_rate", "households_per_fte"]

filter = filters.current()
totals = run("indicator_totals", filter, only=[*REACHED, "relapse_rate", *CREWS, *AROUND])
level = components.chosen_level(filter, st.container())
trend = filter.months_back(13)

st.subheader("走访", anchor=False)
if not components.missing_export("visits", filter.as_of):
    components.key_figures(totals, REACHED)
    left, right = st.columns([3, 2])
    with left:
        visits.by_month(run("visits_by_month", trend), trend)
    with right:
        visits.by_type(run("visits_by_type", filter), filter)
    visits.gaps(run("visits_by_community", filter), filter)
    visits.by_place(run("visits_by_region_month", trend, level=level), level, trend)
    visits.lookbacks(run("lookbacks_by_month", trend), run("relapses_by_lookback", filter), trend)

st.subheader("队伍", anchor=False)
if not components.missing_export("staff", filter.as_of):
    components.key_figures(totals, CREWS)
    left, right = st.columns(2)
    with left:
        team.roles(run("crew_by_role", filter), run("shared_posts", filter), filter)
    with right:
        team.grid_sizes(run("grid_sizes", filter), run("grids_by_former_kind", filter), filter)
    team.by_place(run("team_by_region", filter, level=level), level, filter)

st.subheader("包联、共建力量、网格党组织、阵地与点位", anchor=False)
if {"liaisons", "partners", "video_points"} & queries.current_store(filter.as_of).tables:
    components.key_figures(totals, AROUND)
if not components.missing_export("liaisons", filter.as_of):
    services.liaisons(run("liaisons_by_community", filter), filter)
left, right = st.columns(2)
with left:
    if has_partners := not components.missing_export("partners", filter.as_of):
        team.partners(run("partners_by_type", filter), filter)
with right:
    if not components.missing_export("facilities", filter.as_of):
        team.facilities(run("facilities_by_type", filter), filter)
if has_partners:
    team.party(run("party_by_level", filter), run("party_by_community", filter), filter)
if not components.missing_export("video_points", filter.as_of):
    team.video(run("video_by_system", filter), filter)
