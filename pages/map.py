"""一张图: any indicator of the dictionary on the map, from the county to the grid; a click goes one place deeper."""

import streamlit as st

from governance import charts, components, filters, findings, queries
from governance.codes import LABELS
from governance.indicators import INDICATORS
from governance.queries import run

filter = filters.current()
options = filters.place_options(queries.current_store(filter.as_of))

if filter.region:
    components.breadcrumb(options, filter.region)
left, right = st.columns([2, 3], vertical_alignment="bottom")
indicator = INDICATORS[components.chosen_indicator(list(INDICATORS), left)]
level = components.chosen_level(filter, right)

components.stop_if_empty(run("place_tree", filter, level=level), "区划或网格")
looks = components.map_looks(indicator)
here = components.on_the_map(options, filter)
shown = run("indicators_by_region", here, level=level, only=[indicator.key])

left, right = st.columns([3, 2])
with left, st.container(border=True, height="stretch"):
    components.place_map(filter, level, indicator, looks, components.map_layers(filter, level, list(looks.layers)))
    components.boundary_notes(filter)
title = findings.extremes(shown, indicator, otherwise=f"各{LABELS['level'][level]}{indicator.label}")
trend = filter.months_back(13)
monthly = run("indicators_by_month", trend, only=[indicator.key])
with right, components.card(title, components.order_of(indicator)):
    components.ranked_places(shown, indicator)
    components.foot(shown, "indicators_by_region", here, indicator.key)
with right, components.card(findings.trend(monthly, indicator), trend.months):
    components.chart(charts.indicator_by_month(monthly, indicator.key), "trend", f"各月{indicator.label}")
    components.foot(monthly, "indicators_by_month", trend, indicator.key)

keys = ["response_hours", "overdue_count", "on_time_rate", "satisfaction_rate"]
totals = run("indicator_totals", filter, only=[*keys, "rating_share", "backlog"])
components.key_figures(totals, keys)

components.open_cases(options, totals, filter)
around = st.columns([2, 3]) if filter.region else [st.container()]
categories = run("cases_by_category", filter)
if filter.region:
    with around[0]:
        components.neighbours(options, indicator, filter)
with around[-1], components.card(findings.most_frequent(categories), "与上期、去年同期相比"):
    components.table(categories.iloc[:, :7], "cases_by_category", filter)
    components.foot(categories, "cases_by_category", filter, "reported_count")
left, right = st.columns([2, 3])
with left:
    components.crew(filter)
with right:
    components.repeats(options, filter)
