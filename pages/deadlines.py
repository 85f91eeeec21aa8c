"""时限承诺: 急事马上办, 小事不过夜, 难事不过周 and the others: what was promised, what was kept, what is due now."""

import streamlit as st

from governance import components, filters
from governance.components import deadlines
from governance.queries import run

VARIANTS = ["on_time_rate", "on_time_rate_by_due", "on_time_rate_by_report"]
KEPT = ["promise_kept_rate", "promise_response_rate"]
ARRIVAL = ["arrival_rate", "arrival_hours", "arrival_hours_p90"]

filter = filters.current()
totals = run("indicator_totals", filter, only=[*VARIANTS, *KEPT, *ARRIVAL, "promise_overdue_count", "overdue_count"])
rules = run("promises_by_rule", filter)
if rules.empty:
    deadlines.none_made()
judged = totals[totals["indicator"].isin([*VARIANTS, *KEPT, "promise_overdue_count", "arrival_hours"])]
components.stop_if_empty(judged[judged["base"] > 0], "有时限的案件")

if len(rules):
    components.key_figures(totals, [*KEPT, "promise_overdue_count", "overdue_count"])
    left, right = st.columns(2)
    with left:
        deadlines.kept(rules, filter)
    with right:
        deadlines.still_open(rules)
    deadlines.due(run("promises_due", filter), filter)

st.subheader("十分钟内赶到", anchor=False, help="有呼必应：上报到有人到场的时间；只有登记了到场时间的案件看得出来")
components.key_figures(totals, ARRIVAL)

st.subheader(
    "按期办结率的三种口径", anchor=False,
    help="同样的案件、同样的期限，只是归入哪个统计期不同：办结时或到期时、到期那天、上报那天",
)  # fmt: skip
components.key_figures(totals, VARIANTS)
trend = filter.months_back(13)
compared = [*VARIANTS, KEPT[0]]
deadlines.variants(run("indicators_by_month", trend, only=compared), compared, totals, trend)

deadlines.in_force(run("deadline_rules", filter), filter)
