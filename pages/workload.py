"""网格负荷: which grids carry how much, for whom help is due. Grids only, no person in any grain."""

import streamlit as st

from governance import charts, components, filters, findings
from governance.queries import run

KEYS = ["workload", "workload_balance", "workload_gini", "staffed_rate"]

filter = filters.current()
grids = run("workload_by_grid", filter)
totals = run("indicator_totals", filter, only=[*KEYS, "workload_p90"])

components.key_figures(totals, KEYS)
if grids.empty:
    st.info("这里没有登记网格，负荷只能看到案件的时间分布。导入网格和网格队伍后，这一页会显示每个网格的负荷。")
    components.missing_export("grids", filter.as_of)
else:
    left, right = st.columns([2, 3])
    with left, components.card(findings.idle(grids), "末级网格按单位人力在办权重分组；红色为高于 P90"):
        p90 = totals.set_index("indicator").at["workload_p90", "value"]
        components.chart(charts.load_distribution(grids["load"], p90), "loads", "各负荷段的网格数")
    with right, components.card(findings.balance(grids), "先看有没有临时性原因，再考虑调配力量；不用于考核个人"):
        components.busy_grids(grids, filter)
        components.foot(grids, "workload_by_grid", filter, "backlog")
    vacant = grids[grids["fte"] == 0].sort_values("open_count", ascending=False)
    with components.card(findings.vacant(vacant), "有在办案件的在前"):
        components.vacant_grids(vacant, filter)
        components.foot(vacant, "workload_by_grid", filter, "located_rate", "hit")

ages = run("backlog_by_day", filter)
with components.card(findings.waiting(ages), "每天 24:00 的在办，按已等天数"):
    components.chart(charts.backlog_ages(ages), "ages", "每天在办案件按已等天数分段")
    components.foot(ages, "backlog_by_day", filter, "backlog")

hours = run("cases_by_hour", filter)
with components.card(findings.rush(hours), "星期 × 钟点的受理量；停在格子上看响应快慢"):
    components.chart(charts.hours_of_week(hours), "hours", "星期和钟点的受理量")
    components.foot(hours, "cases_by_hour", filter, "reported_count")
