"""时限承诺: 急事马上办, 小事不过夜, 难事不过周 and the others: what was promised, what was kept, what is due now."""

import streamlit as st

from governance import components, filters
from governance.charts import process as charts_process
from governance.findings import process as findings_process
from governance.queries import run

VARIANTS = ["on_time_rate", "on_time_rate_by_due", "on_time_rate_by_report"]
KEPT = ["promise_kept_rate", "promise_response_rate"]
ARRIVAL = ["arrival_rate", "arrival_hours", "arrival_hours_p90"]

filter = filters.current()
totals = run("indicator_totals", filter, only=[*VARIANTS, *KEPT, *ARRIVAL, "promise_overdue_count", "overdue_count"])
rules = run("promises_by_rule", filter)
if rules.empty:
    components.no_promises()
judged = totals[totals["indicator"].isin([*VARIANTS, *KEPT, "promise_overdue_count", "arrival_hours"])]
components.stop_if_empty(judged[judged["base"] > 0], "有时限的案件")

if len(rules):
    components.key_figures(totals, [*KEPT, "promise_overdue_count", "overdue_count"])
    left, right = st.columns(2)
    with (
        left,
        components.card(findings_process.promises(rules), "统计期内应判的案件，每件只判一次；没有响应的算未兑现"),
    ):
        components.promise_rates(rules)
        components.foot(rules, "promises_by_rule", filter, "promise_kept_rate", "miss")
    with (
        right,
        components.card(findings_process.open_promises(rules), "期末时点还在办的，离承诺时刻还有多久、超了多久"),
    ):
        components.open_promises(rules)
        components.case_link("promise_overdue_count")
    due = run("promises_due", filter)
    with components.card("今日待办，该催的：已超过和 48 小时内到承诺时刻的在办案件", "超得最久的在前"):
        components.due_promises(due, filter)
        components.foot(due, "promises_due", filter)

st.subheader("十分钟内赶到", anchor=False, help="有呼必应：上报到有人到场的时间；只有登记了到场时间的案件看得出来")
components.key_figures(totals, ARRIVAL)

st.subheader(
    "按期办结率的三种口径", anchor=False,
    help="同样的案件、同样的期限，只是归入哪个统计期不同：办结时或到期时、到期那天、上报那天",
)  # fmt: skip
components.key_figures(totals, VARIANTS)
trend = filter.months_back(13)
monthly = run("indicators_by_month", trend, only=[*VARIANTS, KEPT[0]])
with components.card(
    findings_process.variants(totals), f"{trend.months}；空心点样本不足。受理口径最近的月份还没有到齐"
):
    components.chart(
        charts_process.rates_by_month(monthly, [*VARIANTS, KEPT[0]]), "variants", "各月三种口径的按期办结率与承诺兑现率"
    )
    components.foot(monthly, "indicators_by_month", trend, "on_time_rate", "miss")

listed = run("deadline_rules", filter)
with components.card("时限规则", "发布快照时所用；在数据目录的 deadlines.toml 里增改，重新导入后生效"):
    components.deadline_rules(listed)
    components.foot(listed, "deadline_rules", filter)
