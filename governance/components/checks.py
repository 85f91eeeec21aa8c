"""对账: the marks that red reconciliations leave on pages, the list of all of them, and the rows that break one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from governance import checks, codes, filters, queries, theme
from governance.checks import Check, Result
from governance.components.figures import card, case_link
from governance.components.tables import download, table
from governance.components.text import escaped
from governance.filters import CHOICES, EARLIEST, LATEST, Filter
from governance.store import Store

SCENES = {"map": "一张图", "now": "近期态势", "satisfaction": "满意度", "timeliness": "办理时效",
          "workload": "网格负荷均衡", "together": "共治"}  # fmt: skip
COLORS = {"✗": theme.ALERT, "✓": theme.GOOD, "—": theme.MUTED, "？": theme.MUTED}
LINKED = 5  # rows with a way to their cases
SHOWN = 500


@contextmanager
def marked(store: Store) -> Iterator[None]:
    """Around a page: afterwards one red sentence under its head when a number that it showed rests on a red check."""
    place = st.container()
    with queries.recorded() as asked:
        try:
            yield
        except StopException:  # a page that ends early has shown what it has shown
            _mark(place, store, asked)
            raise
    _mark(place, store, asked)


def _mark(place: st.delta_generator.DeltaGenerator, store: Store, asked: queries.Asked) -> None:
    red = [one for one in checks.results(store) if one.is_red and one.check.is_asked(asked)]
    if not red:
        return
    words = "；".join(f"“{one.check.title}”{size(one)}" for one in red)
    with place:
        if any(one.broken_count for one in red):
            st.error(escaped(f"对账不符：{words}。本页有数字依赖它，改正前请勿引用。"))
        else:
            st.warning(escaped(f"对账没有完成：{words}。本页有数字依赖它，暂不知道对不对。"))
        st.page_link("pages/checks.py", label="去对账看是哪些行", icon=":material/arrow_forward:",
                     query_params=filters.link(check=red[0].check.name))  # fmt: skip


def size(result: Result) -> str:
    """How far a reconciliation is off, in words."""
    if result.problem:
        return "没能核对"
    if result.broken_count:
        return f"有 {result.broken_count:,} 组不符"
    return "相符" if result.group_count else "没有可核对的"


def summary(results: Sequence[Result]) -> str:
    """The title over all reconciliations: how many hold."""
    red = [one for one in results if one.broken_count]
    unknown = sum(bool(one.problem) for one in results)
    groups = sum(one.group_count for one in results)
    said = f"，{unknown} 项没能核对" if unknown else ""
    if not red:
        return f"{len(results) - unknown} 项全部相符，共核对 {groups:,} 组{said}"
    return f"{len(results)} 项中 {len(red)} 项不符{said}：" + "；".join(one.check.title for one in red)


def check_list(results: Sequence[Result]) -> None:
    """Every reconciliation: its words, green or red, how many groups were looked at, what rests on it."""
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "结果": _verdict(one),
                    "说的是": one.check.title,
                    "核对组数": one.group_count,
                    "不符组数": one.broken_count,
                    "不符时停用的画面": "、".join(SCENES.get(scene, scene) for scene in one.check.scenes),
                }
                for one in sorted(results, key=lambda one: not one.is_red)
            ]
        ).style.map(lambda text: f"color: {COLORS[text[0]]}", subset=["结果"]),
        hide_index=True,
        height="content",
        column_config={
            "结果": st.column_config.Column(width=125),
            "说的是": st.column_config.Column(width=380),
            "核对组数": st.column_config.NumberColumn(format="localized", width=90),
            "不符组数": st.column_config.NumberColumn(format="localized", width=90),
        },
    )


def _verdict(result: Result) -> str:
    if result.problem:
        return "？没能核对"
    return "✗ 不符" if result.broken_count else "✓ 相符" if result.group_count else "— 没有可核对的"


def check_card(result: Result, store: Store, filter: Filter) -> None:
    """One reconciliation: what it looks at, and for a red one the rows that break it and the cases behind them."""
    check = result.check
    with card(f"{check.title}：{size(result)}", f"核对 {result.group_count:,} 组。{''.join(check.query.notes)}"):
        if result.problem:
            st.caption(escaped(result.problem))
        elif result.is_red:
            rows = checks.broken_rows(store, check)
            if rows.empty:
                st.caption("不符的行涉及来源文件，由分析人员查看。")
            else:
                table(rows.head(SHOWN), check.query.name, filter)
                _links(check, rows, filter)
                download(rows, check.query.name, filter, key=f"check-{check.name}")
        with st.popover("核对用的 SQL", icon=":material/code:", type="tertiary"):
            st.code(check.query.sql, language="sql")


def _links(check: Check, rows: pd.DataFrame, filter: Filter) -> None:
    """The way to the cases behind the first rows: their place, category and time as the filter."""
    wide = replace(filter, region=None, category=(), channel=(), origin=(), urgency=(), start=EARLIEST, stop=LATEST)
    for number, row in enumerate(rows.head(LINKED).to_dict("records"), 1):
        found = filters.narrowed(wide, {str(key): value for key, value in row.items()})
        if found is None or (found.region, found.category, found.start) == (None, (), wide.start):
            continue
        words = " ".join(_word(key, row[key]) for key in check.query.grain if key in row)
        case_link("reported_count", label=f"第 {number} 行（{words}）的案件", filter=found)


def _word(column: str, value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return codes.label(column, value) if column in CHOICES else str(value)
