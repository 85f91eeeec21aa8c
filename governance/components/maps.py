"""The map on a page: what a reader chooses about it, the map itself with its legend, and what a pick on it does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from governance import codes, filters, maps, places, queries
from governance.components.page import chosen_option
from governance.components.text import escaped
from governance.filters import EVERYWHERE, Filter, place_options
from governance.indicators import Indicator
from governance.maps import serving
from governance.maps.columns import columns, heights, meaning
from governance.surroundings import LAYERS

NAME = "governance.map"
ROOM = Path(maps.__file__).parent
KEY = "place-map"
STEPS = {"whole": "整个统计期", "month": "逐月播放", "week": "逐周播放"}
KINDS = {"plan": "平面", "columns": "立体柱"}
MONTHS_PLAYED = {"month": 13, "week": 6}


@dataclass(frozen=True)
class Looks:
    """How a reader wants the map: classes, comparison, periods, plan or columns, layers."""

    method: str
    compare: str
    step: str
    kind: str
    layers: tuple[str, ...]


def map_looks(indicator: Indicator) -> Looks:
    """The choices about the map in one row, each kept in the URL; what does not suit the indicator is not offered."""
    first, second, third, fourth, fifth = st.columns([2, 2, 2, 2, 4], vertical_alignment="bottom")
    with first:
        method = chosen_option("method", "分级方法", maps.methods(indicator), maps.METHODS.__getitem__)
    with second:
        compare = chosen_option("compare", "对比", list(maps.COMPARISONS), maps.COMPARISONS.__getitem__)
    with third:
        step = chosen_option("step", "时间", list(STEPS), STEPS.__getitem__)
    with fourth:
        kind = chosen_option("map", "图形", list(KINDS), KINDS.__getitem__)
    with fifth:
        layers = _layers()
    return Looks(method, compare, step, kind, layers)


def on_the_map(options: pd.DataFrame, filter: Filter) -> Filter:
    """The filter of what the map shows: a place with nothing below it lies among its like."""
    return replace(filter, region=places.surroundings(options, filter.region)[0])


def place_map(
    filter: Filter, level: str, indicator: Indicator, looks: Looks, layers: Sequence[maps.Layer] = ()
) -> None:
    """The map of a level within the chosen place; a click or Enter on a place chooses it."""
    store = queries.current_store(filter.as_of)
    options = place_options(store)
    here, chosen = on_the_map(options, filter), places.surroundings(options, filter.region)[1]
    around = here.region
    shapes = queries.run("place_tree", here, level=level)
    found = serving.served(store, level, around)
    assert found is not None
    regions = queries.run("indicators_by_region", here, level=level, only=[indicator.key])
    is_plan = looks.kind == "plan"  # columns show the whole period as it is
    frames = _frames(here, level, indicator, looks.step) if is_plan else None
    compare = None if frames or not is_plan else _comparison(here, level, indicator, looks.compare)
    data = maps.view(
        shapes, regions, indicator, method=looks.method, compare=compare, frames=frames, layers=layers,
        outlines=found.outlines, caption=_caption(filter, level, indicator, around, shapes, compare), chosen=chosen,
    )  # fmt: skip
    state = st.session_state.get(KEY) or {}
    address = None if state.get("inline") else serving.address(store, level, around)
    data["geometry"] = {
        "address": address,
        "digest": found.outlines.digest,
        "document": None if address else orjson.loads(found.outlines.content),
    }
    data["up"] = None if filter.region is None else _parent(options, filter.region) or ""
    rows = maps.aligned(shapes, regions)
    is_columns = not is_plan and bool(state.get("webgl"))
    if not is_plan:
        data["heights"] = heights(indicator, rows).fillna(0).clip(lower=0).round(3).tolist()
    data["isHidden"] = is_columns
    _component()(key=KEY, data=data, on_place_change=_go, on_webgl_change=_nothing, on_inline_change=_nothing)
    if is_columns:
        _columns(shapes, rows, indicator, looks, found.outlines)
    _unlocated(regions, indicator)


def _columns(
    shapes: pd.DataFrame, rows: pd.DataFrame, indicator: Indicator, looks: Looks, outlines: maps.Outlines
) -> None:
    scale = maps.scale(indicator, rows["value"], rows["base"], looks.method)
    deck = columns(shapes, rows, indicator, scale, outlines)
    event = st.pydeck_chart(
        deck, on_select="rerun", selection_mode="single-object", key=f"columns-{outlines.digest}", height=520,
        alt=f"各地{indicator.label}立体柱图",
    )  # fmt: skip
    st.caption(f"{meaning(indicator)}；按住右键拖动可转动。")
    try:
        picked = str(event["selection"]["objects"]["places"][0]["place_code"])
    except (KeyError, IndexError, TypeError):
        return
    if picked in set(shapes["place_code"]) and picked != st.session_state["filter"].region:
        filters.choose_region(picked)
        st.rerun()


def _layers() -> tuple[str, ...]:
    """Several of the layers, kept in the URL; what is not a layer is not taken."""
    name = "layers"
    asked, last = st.query_params.get_all(name), st.session_state.get(f"{name}-in-url")
    known = [value for value in LAYERS if value in asked]
    if known and (known != last or name not in st.session_state):
        st.session_state[name] = known
    elif (last and not known) or not set(st.session_state.get(name) or []) <= set(LAYERS):  # back: out of the URL
        st.session_state[name] = []
    st.multiselect(
        "叠加",
        list(LAYERS),
        format_func=lambda key: LAYERS.get(key, key),
        key=name,
        placeholder="不叠加",
    )
    chosen = [value for value in LAYERS if value in (st.session_state.get(name) or [])]
    if chosen:
        st.query_params[name] = chosen
    elif name in st.query_params:
        del st.query_params[name]
    st.session_state[f"{name}-in-url"] = chosen or None
    return tuple(chosen)


def _go() -> None:
    """A place was picked in the browser, which may send anything: only a place of the viewer's store is gone to."""
    picked = (st.session_state.get(KEY) or {}).get("place")
    current = st.session_state.get("filter")
    if picked == "":
        filters.choose_region(None)
    elif current and isinstance(picked, str) and picked in place_options(queries.current_store(current.as_of)).index:
        filters.choose_region(picked)


def _nothing() -> None:
    """The browser said what it can do: the run that follows reads it."""


def _parent(options: pd.DataFrame, region: str) -> str | None:
    return next((code for code in reversed(places.way_down(options, region)) if code != region), None)


def _comparison(here: Filter, level: str, indicator: Indicator, compare: str) -> maps.Comparison | None:
    """The values of 上期 or 去年同期; one sentence and nothing where the data do not reach back so far."""
    if compare == "none":
        return None
    before = here.previous() if compare == "previous" else here.last_year()
    words = maps.COMPARISONS[compare].removeprefix("较")
    first = queries.run("data_span", here).at[0, "first_reported_at"]
    if pd.isna(first) or pd.Timestamp(before.start) < pd.Timestamp(first).normalize():
        st.caption(f"{words}（{before.start} 起）的数据不全，图上是本期的数，没有对比。")
        return None
    values = queries.run("indicators_by_region", before, level=level, only=[indicator.key])
    return maps.Comparison(values, words)


def _frames(here: Filter, level: str, indicator: Indicator, step: str) -> maps.Frames | None:
    if step == "whole":
        return None
    played = here.months_back(MONTHS_PLAYED[step])
    values = queries.run("indicator_frames", played, level=level, indicator=indicator.key, step=step)
    return maps.Frames(values, step)


def _caption(
    filter: Filter, level: str, indicator: Indicator, around: str | None, shapes: pd.DataFrame,
    compare: maps.Comparison | None,
) -> maps.Caption:  # fmt: skip
    store = queries.current_store(filter.as_of)
    where = EVERYWHERE if around is None else str(place_options(store).at[around, "full_name"])
    title = f"各{codes.LABELS['level'][level]}{indicator.label}" + (f"：较{compare.words}变化" if compare else "")
    last = filter.stop - pd.Timedelta(days=1)
    period = f"{filter.start} 至 {last}"
    notes = [f"数据截至 {store.as_of:%Y-%m-%d %H:%M}", *maps.boundary_notes(shapes)]
    if store.snapshot.is_demo:
        notes.append("演示数据")
    return maps.Caption(title, f"{where} · {period}", notes, f"{where.split()[-1]}{title}_{filter.start}_{last}")


def _unlocated(regions: pd.DataFrame, indicator: Indicator) -> None:
    """Say what the map cannot show: cases that are not located at this level."""
    for row in regions[regions["place_code"].isna() & (regions["base"] > 0)].itertuples():
        number = f"{indicator.label} {indicator.format(row.value)}"
        number += "" if indicator.is_count else f"（n={row.base:,.0f}）"
        st.caption(escaped(f"未落到这一层级、图上看不见的：{number}"))


def _component() -> Any:
    """The component, known to the runtime that runs this page.

    Its script is served as a file of its own: an inline one would be a blob, which the content policy refuses. The
    framework finds such files only in installed packages, so the folder is made known by hand.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        manifest = ComponentManifest(name="governance", version="0", components=[ComponentConfig("map", "static")])
        manager.register_from_manifest(manifest, ROOM)
    return _renderer()


@cache
def _renderer() -> Any:
    html = (ROOM / "static" / "map.html").read_text(encoding="utf-8")
    return st.components.v2.component(NAME, html=html, css="map.css", js="component.js")
