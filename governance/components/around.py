"""Blocks around the map: how outlines fit, what waits, who is on duty, how a place stands, what comes back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from governance import charts, maps, surroundings, theme
from governance.components.figures import card, case_link, chart
from governance.components.tables import download, foot, table
from governance.components.text import escaped
from governance.filters import EVERYWHERE, Filter
from governance.indicators import Indicator
from governance.queries import run

LISTED = 20  # cases and clusters shown on a card; the rest lies behind its link
MOST_CLUSTERS = 1000
TALLEST = 320  # px of a table
LOOKS = {
    surroundings.CHOSEN: theme.ACCENT,
    surroundings.OTHER: theme.BLUES[1],
    surroundings.FEW: theme.TOO_FEW,
}


def map_layers(filter: Filter, level: str, chosen: Sequence[str]) -> list[maps.Layer]:
    """The chosen layers as symbols, aggregated by their queries; keys that are no layer are passed over."""
    return [
        maps.Layer(
            key, label, surroundings.marks(key, run(surroundings.LAYER_QUERIES[key], filter, **_extras(key, level)))
        )
        for key, label in surroundings.LAYERS.items()
        if key in chosen
    ]


def _extras(layer: str, level: str) -> dict[str, Any]:
    return {"level": level} | ({"limit": MOST_CLUSTERS} if layer == "repeat" else {})


def boundary_notes(filter: Filter) -> None:
    """Under a map: how outlines and data fit together, in one line, and place by place when opened."""
    gaps = run("boundary_gaps", filter)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(escaped(surroundings.boundaries(gaps)), width="content")
        with st.popover(
            "边界情况", icon=":material/polyline:", type="tertiary", on_change="rerun", key="gaps"
        ) as shown:
            if shown.open:
                odd = gaps[gaps["state"] != "有边界有数据"]
                if odd.empty:
                    st.caption("每个地点都有自己的边界和数据。")
                else:
                    table(odd, "boundary_gaps", filter, height=360, width=720)
                    download(odd, "boundary_gaps", filter, key="csv-gaps")


def open_cases(options: pd.DataFrame, totals: pd.DataFrame, filter: Filter) -> None:
    """A card: the cases that wait, the longest overdue first, and the way to all of them."""
    with card(surroundings.waiting(totals), "超期最久的在前，其次是快到期的；期末时点"):
        cases = run("open_cases", filter, limit=LISTED)
        if cases.empty:
            st.caption("所选范围内没有在办案件。")
            return
        shown = _from_here(cases.drop(columns=["reported_at", "case_id", "source"]), options, filter.region)
        table(shown, "open_cases", filter, height=TALLEST)
        with st.container(horizontal=True, gap="small"):
            case_link("backlog", label="查看全部在办")
            case_link("overdue_count", label="查看全部超期")


def crew(filter: Filter) -> None:
    """A card: the grids and households of the place and who works there, as numbers only."""
    roles, grids = run("crew_by_role", filter), run("workload_by_grid", filter)
    with card(surroundings.crew(roles, grids), "期末在岗；只有数量，没有个人"):
        st.caption(escaped(surroundings.profile(run("place_profile", filter).iloc[0])))
        if grids.empty and roles.empty:
            st.caption("所选范围内没有网格，或没有导入网格和队伍（表 grids、staff）。")
            return
        with st.grid(columns=2, min_column_width=150):
            for name, value in surroundings.households(grids).items():
                with st.container(gap=None):
                    st.caption(name)
                    st.markdown(f"**{escaped(value)}**")
        if roles.empty:
            st.caption("没有导入队伍名册（表 staff）：用映射文件的 [tables.staff] 导入网格、岗位和折算人力。")
        else:
            table(roles, "crew_by_role", filter)
        with st.container(horizontal=True, gap="small"):
            st.page_link("pages/workload.py", label="查看网格负荷", icon=":material/arrow_forward:")


def neighbours(options: pd.DataFrame, indicator: Indicator, filter: Filter) -> None:
    """A card: the place against its siblings and the place above, for the indicator on the map."""
    found = _standing(options, indicator, filter)
    if found is None:
        with card(f"与相邻地方比{indicator.label}"):
            st.caption("没有同级的地方可比。")
        return
    with card(found.sentence, "需要关注的在前；灰色为样本不足，不参与排位"):
        rows = found.rows
        texts = [
            indicator.format(row.value) + ("" if indicator.is_count else f"（n={row.base:,.0f}）")
            for row in rows.itertuples()
        ]
        bars = charts.bars(list(rows["name"]), list(rows["value"]), texts, [LOOKS[look] for look in rows["look"]])
        if found.reference is not None and found.reference == found.reference:
            bars.add_vline(x=found.reference, line={"color": theme.MUTED, "width": 1.5, "dash": "dot"}, layer="below")
            bars.update_traces(textfont={"shadow": ", ".join(["0 0 2px #ffffff"] * 4)})
        chart(bars, "neighbours", found.sentence)
        if found.reference is not None and found.reference == found.reference:
            st.caption(escaped(f"虚线为{found.reference_name} {indicator.format(found.reference)}"))


def _standing(options: pd.DataFrame, indicator: Indicator, filter: Filter) -> surroundings.Standing | None:
    region = filter.region
    if region is None:
        return None
    level, parent = options.at[region, "level"], options.at[region, "parent_code"]
    parent = parent if isinstance(parent, str) and parent in options.index else None
    beside = replace(filter, region=parent)
    rows = surroundings.indicator_of(
        run("indicators_by_region", beside, level=level, only=[indicator.key]), indicator.key
    )
    like = options[options["parent_code"].isna() if parent is None else options["parent_code"] == parent]
    siblings = rows[rows["place_code"].isin(like["place_code"])]
    if len(siblings) < 2 or region not in set(siblings["place_code"]):
        return None
    whole = run("indicator_totals", beside, only=[indicator.key]).set_index("indicator")
    name = EVERYWHERE if parent is None else options.at[parent, "name"]
    return surroundings.standing(siblings, indicator, region, (name, whole.at[indicator.key, "value"]), level)


def repeats(options: pd.DataFrame, filter: Filter) -> None:
    """A card: the same matter at the same place, three times or more within 90 days."""
    clusters = run("repeat_clusters", filter, limit=MOST_CLUSTERS)
    with card(surroundings.repeats(clusters), "同一地点（或约 200 米的方格、同一小区）、同一小类，90 天内 3 件及以上"):
        if clusters.empty:
            st.caption("没有 90 天内同一地点、同一小类 3 件及以上的；案件没有地点编号、坐标和小区时看不出重复。")
            return
        shown = clusters.drop(columns=["number", "place_code", "lon", "lat"]).head(LISTED)
        table(_from_here(shown, options, filter.region), "repeat_clusters", filter, height=TALLEST)
        foot(clusters, "repeat_clusters", filter)


def _from_here(frame: pd.DataFrame, options: pd.DataFrame, region: str | None) -> pd.DataFrame:
    """The frame with the names of its places shortened by what the page already says: the way down to the region."""
    if region is None:
        return frame
    full, name = options.at[region, "full_name"], options.at[region, "name"]
    return frame.assign(place=[name if place == full else place.removeprefix(f"{full} ") for place in frame["place"]])
