"""一张图: any indicator of the dictionary on the map, from the county down to the grid; a click goes one place deeper."""

import streamlit as st

from governance import charts, components, filters, findings, maps, places, queries
from governance.codes import LABELS
from governance.indicators import INDICATORS
from governance.queries import run

filter = filters.current()
options = filters.place_options(queries.current_store(filter.as_of))
levels = places.levels_below(options, filter.region)

components.breadcrumb(options, filter.region)
left, right = st.columns([3, 2], vertical_alignment="bottom")
indicator = INDICATORS[components.chosen_indicator(list(INDICATORS), left)]
level = components.chosen_level(levels, places.next_level(options, filter.region), right)

regions = run("indicators_by_region", filter, level=level)
shown = regions[regions["indicator"] == indicator.key]
shapes = run("place_tree", filter, level=level)
totals = run("indicator_totals", filter)
components.stop_if_empty(shapes, "区划或网格")

drawn, beside = st.columns([3, 2])
with drawn, st.container(border=True):
    picture = shapes.merge(shown, on="place_code", how="left", suffixes=("", "_case"))
    deck, scale = maps.choropleth(picture, indicator)
    clicked = components.map_chart(
        deck, key=f"map-{level}-{filter.region}", alt=f"各{LABELS['level'][level]}{indicator.label}地图"
    )
    components.legend(scale, indicator, bool(shapes["is_schematic"].any()), shapes["approval_number"].dropna().max())
    components.unlocated(shown, indicator)
    if clicked in set(shapes["place_code"]) and clicked != filter.region:
        filters.choose_region(clicked)
        st.rerun()

with beside:
    with components.card(f"各{LABELS['level'][level]}{indicator.label}", "按数值从大到小；样本不足的不排在内"):
        components.ranked_places(shown, indicator)
        components.foot(shown, "indicators_by_region", filter, indicator.key)
    trend = filter.months_back(13)
    monthly = run("indicators_by_month", trend)
    monthly = monthly[monthly["indicator"] == indicator.key]
    with components.card(findings.trend(monthly, indicator), "近十三个月"):
        components.chart(charts.indicator_by_month(monthly, indicator.key), "trend", f"各月{indicator.label}")
        components.foot(monthly, "indicators_by_month", trend, indicator.key)

components.key_figures(totals, ["response_hours", "backlog", "overdue_count", "on_time_rate", "satisfaction_rate"])
with components.card("类别构成与变化"):
    categories = run("cases_by_category", filter)
    components.table(categories, "cases_by_category", filter)
    components.foot(categories, "cases_by_category", filter, "reported_count")
