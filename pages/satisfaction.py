"""满意度: are people answered, helped and content, is it getting better, and where not."""

import streamlit as st

from governance import charts, components, filters, findings
from governance.codes import LABELS
from governance.indicators import INDICATORS, with_beside
from governance.queries import run

RATE = INDICATORS["satisfaction_rate"]
RATES = ["satisfaction_rate", "solved_rate", "response_rate", "rating_share"]
BASES = {
    "satisfaction_rate": "satisfaction_n",
    "solved_rate": "solved_n",
    "response_rate": "response_n",
    "rating_share": "closed_n",
}

filter = filters.current()
totals = run("indicator_totals", filter, only=with_beside(RATES))
trend = filter.months_back(24)
monthly = run("satisfaction_by_month", trend)
components.stop_if_empty(monthly[monthly[list(BASES.values())].sum(axis=1) > 0], "评价、回访或响应记录")

components.key_figures(totals, RATES)
with components.card(
    findings.trend(monthly.rename(columns={"satisfaction_rate": "value", "satisfaction_n": "base"}), RATE),
    "近二十四个月；阴影为满意率的 95% 区间，空心点为样本不足的月份。满意率要与参评率一起看。",
):
    wide = st.toggle("把“基本满意”也算满意（宽口径）", key="inclusive", bind="query-params")
    first = "satisfaction_rate_inclusive" if wide else "satisfaction_rate"
    bases = {**BASES, "satisfaction_rate_inclusive": "satisfaction_n"}
    components.chart(
        charts.rates_by_month(monthly, [first, *RATES[1:]], bases), "rates", "各月满意率、解决率、响应率、参评率"
    )
    components.foot(monthly, "satisfaction_by_month", trend, "satisfaction_rate")

level = components.chosen_level(filter, st.container())
regions = run("indicators_by_region", filter, level=level, only=[RATE.key])
before = run("indicators_by_region", filter.previous(), level=level, only=[RATE.key])
left, right = st.columns([2, 3])
title = findings.extremes(regions, RATE, otherwise=f"各{LABELS['level'][level]}满意率")
with left, components.card(title, "从最低的开始；样本不足的不排在内"):
    components.ranked_places(regions[regions["indicator"] == RATE.key], RATE)
    components.foot(regions, "indicators_by_region", filter, RATE.key, "miss")
moved = components.moved_places(regions, before, RATE.key)
note = "上期（空心）到本期（实心）；两期样本都够的地方才列，灰色的变化可能只是偶然"
with right, components.card(findings.moved_places(moved, RATE), note):
    components.changed_places(moved, RATE)
    components.foot(before, "indicators_by_region", filter.previous())
    components.case_link(RATE.key, "miss", "查看本期未满意的案件")

for column, name, label in zip(st.columns(2), ("channel", "category"), ("按渠道", "按类别"), strict=True):
    rates = run(f"indicators_by_{name}", filter, only=[first])
    title = findings.extremes(rates, INDICATORS[first], name, label)
    with column, components.card(title, f"{label}；灰色为样本不足"):
        components.rates_by_code(rates, name, first)
        components.foot(rates, f"indicators_by_{name}", filter, first, "miss")
