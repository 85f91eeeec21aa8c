"""一张图: any indicator of the dictionary on the map, from the county to the grid; a click goes one place deeper."""

import streamlit as st

from governance import charts, components, filters, findings, maps, places, queries
from governance.codes import LABELS
from governance.indicators import INDICATORS
from governance.queries import run

filter = filters.current()
options = filters.place_options(queries.current_store(filter.as_of))

components.breadcrumb(options, filter.region)
left, right = st.columns([2, 3], vertical_alignment="bottom")
indicator = INDICATORS[components.chosen_indicator(list(INDICATORS), left)]
levels = places.levels_below(options, filter.region)
level = components.chosen_level(levels, places.next_level(options, filter.region), right)

shapes = run("place_tree", filter, level=level)
components.stop_if_empty(shapes, "区划或网格")
regions = run("indicators_by_region", filter, level=level)
shown = regions[regions["indicator"] == indicator.key]

left, right = st.columns([3, 2])
with left, st.container(border=True, height="stretch"):
    deck, scale = maps.choropleth(shapes.merge(shown.drop(columns="name"), on="place_code", how="left"), indicator)
    label = f"各{LABELS['level'][level]}{indicator.label}"
    clicked = components.map_chart(deck, key=f"map-{level}-{filter.region}", alt=f"{label}地图")
    components.legend(scale, indicator, shapes)
    components.unlocated(shown, indicator)
    if clicked in set(shapes["place_code"]) and clicked != filter.region:
        filters.choose_region(clicked)
        st.rerun()
with right, components.card(label, "最需要关注的在前；样本不足的不排在内"):
    components.ranked_places(shown, indicator)
    components.foot(shown, "indicators_by_region", filter, indicator.key)

totals = run("indicator_totals", filter)
components.key_figures(totals, ["response_hours", "overdue_count", "on_time_rate", "satisfaction_rate"])

left, right = st.columns([2, 3])
trend = filter.months_back(13)
monthly = run("indicators_by_month", trend).query("indicator == @indicator.key")
with left, components.card(findings.trend(monthly, indicator), "近十三个月"):
    components.chart(charts.indicator_by_month(monthly, indicator.key), "trend", f"各月{indicator.label}")
    components.foot(monthly, "indicators_by_month", trend, indicator.key)
categories = run("cases_by_category", filter)
with right, components.card("类别构成与变化"):
    components.table(categories.iloc[:, :7], "cases_by_category", filter)
    components.foot(categories, "cases_by_category", filter, "reported_count")
