"""The head of a page, its empty state, and what a reader chooses on the page itself."""

import logging
import re
import traceback
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from governance import codes, filters, places, queries, snapshots
from governance.components.text import escaped
from governance.filters import EVERYWHERE, Filter, place_options
from governance.indicators import INDICATORS


def masthead(title: str, filter: Filter) -> None:
    """The head of every page: its title, what is looked at, and how far the data reach."""
    store = queries.current_store(filter.as_of)
    st.title(title, anchor=False)
    last = filter.stop - timedelta(days=1)
    where = EVERYWHERE if filter.region is None else place_options(store).at[filter.region, "full_name"]
    words = [where, f"{filter.start} 至 {last}（{(filter.stop - filter.start).days} 天）"]
    words += [
        codes.label(name, code)
        for name in ("category", "channel", "origin", "urgency")
        for code in getattr(filter, name)
    ]
    line = f"{' · '.join(words)} · 数据截至 {store.as_of:%Y-%m-%d %H:%M}"
    if store.snapshot.is_demo:
        line += " · 演示数据（按公开报道生成）"
    st.caption(escaped(line))
    if filter.stop > (store.as_of + timedelta(days=1) - timedelta(microseconds=1)).date():
        st.info(f"统计期尚未结束：数据只到 {store.as_of:%Y-%m-%d %H:%M}，与上期、去年同期不等长。")
    newest = snapshots.latest()
    if filter.as_of and newest.id != store.snapshot.id:
        st.info(f"现在看的是较早的数据版本；最新的截至 {newest.as_of:%Y-%m-%d %H:%M}，在左侧“数据版本”里切换。")
    if store.snapshot.warning:
        st.warning(store.snapshot.warning)


def trouble(error: Exception) -> None:
    """One Chinese sentence for whatever went wrong; the details of the unforeseen go to the log, under a number."""
    if type(error).__module__.startswith("governance."):
        st.error(escaped(str(error)))
        return
    number = uuid.uuid4().hex[:8]
    told = re.sub(r"\d{11,}", "…", "".join(traceback.format_exception(error)))  # phones and ID numbers of some cell
    logging.getLogger(__name__).error("错误编号 %s\n%s", number, told)
    st.error(f"这一页出错了，已记入日志，错误编号 {number}。请告诉系统管理员；其他页面可以照常使用。")


def stop_if_empty(frame: pd.DataFrame, what: str = "案件") -> None:
    """End the page with one sentence when there is nothing to show."""
    if frame.empty:
        st.info(f"所选范围和统计期内没有{what}。可以放宽统计期，或改选区划、类别。")
        st.stop()


def breadcrumb(options: pd.DataFrame, region: str | None) -> None:
    """The way from everywhere down to the region; each step goes back to itself."""
    steps = [None, *places.way_down(options, region)]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for step in steps:
            label = EVERYWHERE if step is None else options.at[step, "name"]
            st.button(
                escaped(label) if step == region else f"{escaped(label)} ›",
                key=f"step-{step}", type="tertiary", disabled=step == region,
                on_click=filters.choose_region, args=(step,),
            )  # fmt: skip


def chosen_indicator(keys: Sequence[str], where: DeltaGenerator) -> str:
    """A choice among indicators, kept in the URL by its key."""
    return _choice("indicator", list(keys), keys[0], lambda name: where.selectbox(
        "指标", list(keys), format_func=lambda key: INDICATORS[key].label, key=name))  # fmt: skip


def chosen_level(filter: Filter, where: DeltaGenerator) -> str:
    """A choice among the levels of places below the region, kept in the URL; the county where there is no place."""
    options = place_options(queries.current_store(filter.as_of))
    levels = places.levels_below(options, filter.region)
    if not levels:
        return "county"
    return _choice("level", levels, places.next_level(options, filter.region), lambda name: where.segmented_control(
        "层级", levels, format_func=partial(codes.label, "level"), key=name, required=True))  # fmt: skip


def chosen_theme(themes: Sequence[str]) -> str:
    """A choice among themes of the dictionary, kept in the URL."""
    return _choice("theme", list(themes), themes[0], lambda name: st.pills(
        "主题", list(themes), key=name, required=True))  # fmt: skip


def chosen_part(parts: dict[str, str], where: DeltaGenerator) -> str:
    """A choice among parts of an indicator's cases, kept in the URL."""
    return _choice("part", list(parts), next(iter(parts)), lambda name: where.segmented_control(
        "列出", list(parts), format_func=lambda part: parts[part], key=name, required=True))  # fmt: skip


def chosen_option(name: str, label: str, options: Sequence[str], words: Callable[[str], str]) -> str:
    """A choice among a page's own options, kept in the URL; the first is the standard."""
    return _choice(name, list(options), options[0], lambda key: st.selectbox(
        label, list(options), format_func=words, key=key))  # fmt: skip


def _choice(name: str, options: list[str], standard: str, draw: Callable[[str], str | None]) -> str:
    """Draw a widget of one page whose value is a URL parameter of the same name; what is not an option is not taken."""
    asked, last = st.query_params.get(name), st.session_state.get(f"{name}-in-url")
    current = st.session_state.get(name)
    is_gone = asked is None and last is not None  # taken out of the URL by the back button or by another link
    is_unchosen = last is None and current == st.session_state.get(f"{name}-standard")  # follows a standard that moves
    if asked in options and (asked != last or name not in st.session_state):
        st.session_state[name] = asked
    elif is_gone or is_unchosen or current not in options:
        st.session_state[name] = standard
    value = draw(name)
    value = value if value in options else standard
    if value != standard:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]
    st.session_state[f"{name}-in-url"] = value if value != standard else None
    st.session_state[f"{name}-standard"] = standard
    return value
