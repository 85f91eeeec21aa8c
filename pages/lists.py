"""清单与项目: what is listed, who takes it, what is done, and what is built for how many."""

import pandas as pd
import streamlit as st

from governance import components, filters, queries
from governance.components import councils, services
from governance.queries import run

FIGURES = ["list_claim_rate", "list_done_rate", "handling_rate", "project_done_count"]
PLANS = ["plan_kept_rate", "plan_ahead_rate", "plan_open_count"]

filter = filters.current()
components.key_figures(run("indicator_totals", filter, only=FIGURES), FIGURES)

st.subheader("三张清单、点单与认领", anchor=False)
if not components.missing_export("list_items", filter.as_of):
    types, topics = run("lists_by_type", filter), run("lists_by_topic", filter)
    if types.empty:
        st.info("所选范围和统计期内没有清单事项。可以放宽统计期，或改选区划。")
    else:
        left, right = st.columns(2)
        with left:
            councils.list_types(types, filter)
        with right:
            councils.list_details(types, topics, filter)
        left, right = st.columns(2)
        with left:
            councils.list_units(run("lists_by_unit", filter), filter)
        with right:
            regions = run("indicators_by_region", filter, level="community", only=["list_claim_rate"])
            councils.fair_places(regions, "list_claim_rate", filter)

        services.handlings(run("lists_by_handling", filter), filter)

st.subheader("分类梳理台账、次日计划", anchor=False)
if not components.missing_export("plans", filter.as_of):
    plans = run("indicator_totals", filter, only=PLANS)
    components.key_figures(plans, PLANS)
    services.plans(run("plans_by_topic", filter), plans, filter)

st.subheader("民生项目", anchor=False)
if not components.missing_export("projects", filter.as_of):
    end = pd.Timestamp(queries.current_store(filter.as_of).as_of)
    councils.projects(run("projects_by_type", filter), run("projects", filter), filter, end)
