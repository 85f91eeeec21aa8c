"""总览: in one minute where things are stuck, why, and who must act."""

import streamlit as st

from governance import charts, components, filters, findings, places, queries
from governance.indicators import INDICATORS, with_beside
from governance.queries import run

TRACK = ["reported_count", "closed_count", "backlog", "overdue_count", "on_time_rate", "response_hours"]
LATE = INDICATORS["overdue_count"]
WHOLE = ["backlog", "overdue_count", "solved_rate", "satisfaction_rate"]

filter = filters.current()
totals = run("indicator_totals", filter, only=with_beside([*WHOLE, "on_time_rate", "overdue_rate", "excluded_rate"]))
components.stop_if_empty(
    totals[(totals["indicator"] == "excluded_rate") | (totals["indicator"] == "backlog")].query("base > 0")
)
level = places.next_level(filters.place_options(queries.current_store(filter.as_of)), filter.region)
regions = run("indicators_by_region", filter, level=level, only=["overdue_count"])
categories = run("indicators_by_category", filter, only=["on_time_rate"])
units = run("overdue_by_unit", filter)

components.briefing(
    {
        "哪里堵了": findings.stuck(totals, regions),
        "为什么": findings.why(totals, categories),
        "谁该动": findings.who(units),
    }
)
st.subheader("三条线，各看各的", anchor=False, help="矛盾纠纷、安全隐患、民生服务性质不同、时限不同，不相加")
components.tracks(run("indicators_by_track", filter, only=TRACK), TRACK, run("backlog_by_age", filter))

st.subheader("眼下要动的，群众怎么说", anchor=False)
components.key_figures(totals, WHOLE)

left, right = st.columns([2, 3])
with (
    left,
    components.card(findings.extremes(regions, LATE, otherwise="超期在哪里"), "期末已过办结期限、仍未办结的案件"),
):
    components.overdue_places(regions)
    components.foot(regions, "indicators_by_region", filter, "overdue_count")
with right, components.card(findings.latest(units), "期末在办，按承办单位"):
    components.table(units.drop(columns=["unit_id", "due_count"]).head(12), "overdue_by_unit", filter)
    components.foot(units, "overdue_by_unit", filter, "overdue_count")

trend = filter.months_back(13)
flow = run("cases_by_month", trend)
with components.card(findings.flow(flow, filter.stop), f"{trend.months}；期末在办 = 上月期末在办 + 受理 − 办结"):
    components.chart(charts.flow_by_month(flow), "flow", "各月受理、办结件数与期末在办件数")
    components.foot(flow, "cases_by_month", trend, "reported_count")
kinds = run("cases_by_category", filter)
with components.card(findings.most_frequent(kinds), "各类别与上期、去年同期相比"):
    components.table(kinds, "cases_by_category", filter)
    components.foot(kinds, "cases_by_category", filter, "reported_count")
