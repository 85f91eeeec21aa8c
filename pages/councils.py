"""议事协商: are meetings held when promised, are issues solved, and what becomes of proposals."""

import streamlit as st

from governance import components, filters
from governance.components import councils, services
from governance.queries import run

MEETINGS = ["meeting_count", "meeting_attendance", "meeting_kept_rate", "issue_solved_rate"]
OUTCOMES = ["issue_open_count", "issue_days", "proposal_adoption_rate", "rule_document_count"]

filter = filters.current()
totals = run("indicator_totals", filter, only=[*MEETINGS, *OUTCOMES, "proposal_done_rate"])
regions = run("indicators_by_region", filter, level="community", only=["meeting_kept_rate", "issue_solved_rate"])

components.key_figures(totals, MEETINGS)
components.key_figures(totals, OUTCOMES)

st.subheader("会议", anchor=False)
if not components.missing_export("meetings", filter.as_of):
    trend = filter.months_back(13)
    councils.meeting_calendar(run("meetings_by_month", trend), run("meetings_by_type", trend), trend)
    councils.meeting_types(run("meetings_by_type", filter), filter)
    left, right = st.columns(2)
    with left:
        councils.fair_places(regions, "meeting_kept_rate", filter)
    with right:
        services.council_effects(run("councils_before_after", filter), filter)

st.subheader("议题", anchor=False)
if not components.missing_export("issues", filter.as_of):
    left, right = st.columns(2)
    with left:
        councils.issues(run("issues_by_topic", filter), totals, filter)
    with right:
        councils.fair_places(regions, "issue_solved_rate", filter)

st.subheader("建议：征集、筛选、采纳、落地", anchor=False)
if not components.missing_export("proposals", filter.as_of):
    left, right = st.columns(2)
    with left:
        councils.proposals(run("proposal_funnel", filter), filter)
    with right:
        councils.occasions(run("proposals_by_occasion", filter), filter)
    councils.rule_documents(run("rule_documents", filter), filter)
