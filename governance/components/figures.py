"""Key figures and cards: a number with everything that it needs to be believed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from governance import codes, filters, queries
from governance.components.text import definition, escaped, joined
from governance.contrasts import counts_differ, rates_differ
from governance.estimates import wilson
from governance.filters import Filter
from governance.importing import catalogue
from governance.indicators import INDICATORS, NOTHING, Direction, Indicator, Verdict, conditions, is_missing

NARROWEST = 132  # px of a small figure: its label and the sign for help stand in one line
CHART_CONFIG = {"displayModeBar": False, "responsive": True}
REGISTERS = {"has_dispute(": "disputes", "has_hazard(": "hazards"}
"""What the base of an indicator asks of a case, and the register that knows it."""


def key_figures(totals: pd.DataFrame, keys: Sequence[str]) -> None:
    """A row of cards, one per indicator: value, change from 上期, 去年同期, n, and the way to the cases."""
    rows = totals.set_index("indicator")
    with st.grid(columns=len(keys), min_column_width=185):
        for key in keys:
            with st.container(border=True, height="stretch", vertical_alignment="distribute"):
                key_figure(INDICATORS[key], rows)


def key_figure(indicator: Indicator, rows: pd.DataFrame) -> None:
    """One figure with all it needs to be believed. rows: as the query `indicator_totals`, by indicator."""
    row = rows.loc[indicator.key]
    if unkept := _unkept(indicator):
        st.metric(indicator.label, "—", help=definition(indicator))
        st.caption(escaped(unkept))
        return
    few = not is_missing(row["value"]) and row["base"] < indicator.minimum
    is_judged = not few and indicator.direction is not Direction.NEUTRAL and _is_clear(indicator, row)
    change = indicator.format_change(row["value"], row["previous"])
    upper = st.container()  # the ways to the cases stand at the foot, in one line with those of the cards beside
    upper.metric(
        indicator.label,
        indicator.format(row["value"]),
        delta=change or None,
        delta_arrow="off" if change == "持平" else "auto",
        delta_color="off"
        if not is_judged or change == "持平"
        else "inverse"
        if indicator.direction == "lower"
        else "normal",
        delta_description="环比" if change else None,
        help=definition(indicator),
    )
    facts = _basis(indicator, row, few)
    if indicator.beside:
        beside = INDICATORS[indicator.beside]
        facts.append(f"{beside.label} {beside.format(rows.at[beside.key, 'value'])}")
    upper.caption(escaped(joined(facts)))
    if indicator.table == "grids" and not indicator.is_rate:  # a load is made of open cases, a share of grids
        case_link("backlog", label="查看在办案件", traced=indicator.key)
    else:
        case_link(indicator.key, has_rows=bool(row["base"] > 0 and queries.rows_of(indicator.key)))


def _unkept(indicator: Indicator) -> str:
    """What to say where nobody keeps the ledger that an indicator counts: no register is not "none"."""
    needed = [indicator.table, *(table for word, table in REGISTERS.items() if word in indicator.base)]
    kept = queries.current_store(filters.current().as_of).tables
    labels = [catalogue.tables()[table].label for table in needed if table not in kept]
    return f"没有导入{'、'.join(labels)}，不是零" if labels else ""


def _is_clear(indicator: Indicator, row: pd.Series) -> bool:
    """Whether the change from 上期 is more than chance gives; a median or a mean has no interval here: grey."""
    if is_missing(row["value"]) or is_missing(row["previous"]):
        return False
    if indicator.is_rate:
        before = row["previous_base"]
        return rates_differ(row["hit"], row["base"], row["previous"] * before, before)
    return indicator.is_count and counts_differ(row["value"], row["previous"])


def _basis(indicator: Indicator, row: pd.Series, few: bool) -> list[str]:
    verdict = indicator.verdict(row["value"], row["base"])
    parts = (
        []
        if verdict in (Verdict.FEW, Verdict.UNJUDGED)
        else [f"{verdict}（目标 {indicator.format(indicator.target)}）"]
    )
    if indicator.is_rate and row["base"]:
        parts.append(f"{row['hit']:,.0f} / {row['base']:,.0f}")
    elif not indicator.is_count:
        parts.append(f"n = {row['base']:,.0f}")
    if is_missing(row["value"]) and row["base"]:
        parts.append("除数为零，没有数")
    if few:
        interval = wilson(row["hit"], row["base"]) if indicator.is_rate else None
        parts.append("样本不足" + (f"，95% 区间 {interval[0]:.0%}–{interval[1]:.0%}" if interval else ""))
    if not is_missing(row["last_year"]):
        parts.append(f"去年同期 {indicator.format(row['last_year'])}")
    else:
        parts.append("去年同期 —")
    return parts


def case_link(
    indicator: str,
    part: str = "base",
    label: str = "",
    filter: Filter | None = None,
    traced: str = "",
    has_rows: bool = True,
    **more: list[str],
) -> None:
    """The way from a number to the rows behind it, by the indicator's own predicates, and to where it comes from.

    filter: that of the number, where it is not the page's own; `more` narrows it.
    """
    label = label or ("查看案件" if INDICATORS[indicator].table == "cases" else "查看明细")
    base: dict[str, list[str] | str] = filters.link() if filter is None else {**filters.params(filter)}
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        if has_rows:
            asked = {**base, **_as_written(indicator, part), **more}
            st.page_link("pages/cases.py", label=label, icon=":material/arrow_forward:", query_params=asked)
        asked = {**base, **_as_written(traced or indicator, part), **more}
        st.page_link("pages/trace.py", label="溯源", icon=":material/manage_search:", query_params=asked)


def _as_written(indicator: str, part: str) -> dict[str, list[str] | str]:
    """The parameters as the page itself will write them: what is standard is left out."""
    return {
        name: value for name, value in {"indicator": indicator, "part": part}.items() if value != queries.EXTRAS[name]
    }


@contextmanager
def card(title: str, note: str = "", help: str | None = None) -> Iterator[None]:
    """A bordered block: a title that says what is seen, a note on how it is measured."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"##### {escaped(title)}", help=help)
        if note:
            st.caption(escaped(note))
        yield


def chart(made: go.Figure, key: str, alt: str) -> None:
    """Draw a figure in the house's look; `alt` is what a reader who cannot see it is told."""
    st.plotly_chart(made, theme=None, config=CHART_CONFIG, key=key, alt=alt)


def briefing(findings: Mapping[str, str]) -> None:
    """The three lines that a leader reads first."""
    with st.container(border=True):
        for heading, sentence in findings.items():
            left, right = st.columns([1, 9])
            left.markdown(f"**{heading}**")
            right.markdown(escaped(sentence))


def tracks(indicators: pd.DataFrame, keys: Sequence[str], ages: pd.DataFrame) -> None:
    """One card for each of the three tracks, side by side and never added up."""
    for column, (track, label) in zip(st.columns(3), codes.TRACKS.items(), strict=True):
        rows = indicators[indicators["track"] == track].set_index("indicator")
        with column.container(border=True, height="stretch"):
            st.markdown(f"##### {label}")
            with st.grid(columns=3, min_column_width=NARROWEST):
                for key in keys:
                    _small_figure(INDICATORS[key], rows)
            waiting = ages[ages["track"] == track]
            st.caption("在办已等：" + joined([f"{row.age} {row.open_count:,} 件" for row in waiting.itertuples()]))
            case_link("backlog", label="查看在办案件", category=codes.TRACK_CATEGORIES[track])


def _small_figure(indicator: Indicator, rows: pd.DataFrame) -> None:
    row = rows.loc[indicator.key] if indicator.key in rows.index else None
    few = row is not None and row["base"] < indicator.minimum
    value = NOTHING if row is None else indicator.format(row["value"])
    inside = st.container(gap=None)
    inside.caption(indicator.label, help=definition(indicator))
    inside.markdown(f"**{value}**" + (" :gray[样本不足]" if few and not is_missing(row["value"]) else ""))  # type: ignore[index]


def dictionary_entry(indicator: Indicator, row: pd.Series) -> None:
    """One entry of the 指标词典: what it says, what it counts, and the very conditions that compute it."""
    facts = {
        "分子": indicator.numerator,
        "分母": indicator.denominator,
        "剔除": indicator.excluded,
        "为什么看": indicator.why,
        "方向": {"higher": "越高越好", "lower": "越低越好", "neutral": "不评好坏"}[indicator.direction],
        "目标": indicator.format(indicator.target) if indicator.target is not None else "",
        "最少样本": f"{indicator.minimum} 件，不足时灰色显示、不评价、不排序" if indicator.minimum else "",
        "版本": f"第 {indicator.version} 版，{indicator.valid_from} 起",
        "变更": "；".join(indicator.changes),
    }
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"##### {indicator.label}", width="content")
            value = "—" if _unkept(indicator) else indicator.format(row["value"])
            st.markdown(f"##### {value}", width="content")  # as high as its neighbour
        st.markdown(escaped(indicator.definition))
        st.caption("  \n".join(f"{name}：{escaped(words)}" for name, words in facts.items() if words))
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.popover("计算条件", icon=":material/code:", type="tertiary"):
                st.code(conditions(indicator), language="sql")
            case_link(indicator.key, has_rows=queries.rows_of(indicator.key) is not None)
