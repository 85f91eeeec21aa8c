"""Tables and downloads: frames of a query with Chinese headings, code labels and the formats of the dictionary."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from governance import access, codes, exporting, filters, queries
from governance.components.figures import case_link
from governance.filters import Filter
from governance.importing import catalogue
from governance.indicators import INDICATORS, is_missing
from governance.snapshots import Snapshot

ROW = 33  # px of a row
SPARE = 3  # rows that are rather shown than scrolled to
TALL = 12 * ROW  # px that a table takes at most, unless it is told otherwise
WIDE = 720  # px: a table opened from a card is wider than the card
CODED = {"category", "channel", "origin", "urgency", "status", "level", "change", "role", "step", "visit_type"}
CODED |= {"party_level", "severity", "mediation_level", "solved_level", "property_mode", "errand", "handling"}
ROW_FILTERS = {*filters.CHOICES, "place_code", "month", "day", "track", "indicator"}  # a row of these is a filter
SPANS = ("小时", "天")  # units that a heading says where the cells hold bare numbers
PATHS = {"path", "missing_steps", "loop_steps"}  # steps joined by ">"


def foot(frame: pd.DataFrame, name: str, filter: Filter, indicator: str | None = None, part: str = "base") -> None:
    """Under a card: the figures as a table, as a file, and the cases behind them."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.popover(
            "表格",
            icon=":material/table:",
            type="tertiary",
            on_change="rerun",
            key=f"table-{name}-{indicator}-{filter.start}",
        ) as shown:
            if shown.open:
                table(frame, name, filter, height=360, width=WIDE)
        download(frame, name, filter, key=f"csv-{name}-{indicator}-{filter.start}")
        if indicator:
            case_link(indicator, part, filter=filter)
            _row_link(frame, name, filter, indicator, part)


def _row_link(frame: pd.DataFrame, name: str, filter: Filter, indicator: str, part: str) -> None:
    """The way from one row of a table (a place, a month, a category) to where its number comes from."""
    grain = [column for column in queries.read(name).grain if column in frame.columns]
    if not frame.empty and set(grain) & ROW_FILTERS:
        with st.popover(
            "逐行溯源", icon=":material/manage_search:", type="tertiary", on_change="rerun",
            key=f"trace-{name}-{indicator}-{filter.start}",
        ) as shown:  # fmt: skip
            if shown.open:
                _choose_row(frame, grain, name, filter, indicator, part)


def _choose_row(frame: pd.DataFrame, grain: list[str], name: str, filter: Filter, indicator: str, part: str) -> None:
    rows = frame.drop_duplicates(grain).to_dict("records")
    words = [_row_words(row, grain) for row in rows]
    number = st.selectbox(
        "哪一行", range(len(rows)), format_func=lambda index: words[index], key=f"row-{name}-{indicator}"
    )
    row = {str(key): value for key, value in rows[number].items()}
    found = filters.narrowed(filter, row)
    if found is None:
        st.caption("这一行是没有落到地点、没有填写或不在统计期内的，筛选项里没有对应的一项。")
        return
    asked = row["indicator"] if row.get("indicator") in INDICATORS else indicator
    case_link(str(asked), part, filter=found)


def _row_words(row: dict, grain: list[str]) -> str:
    names = [str(row[column]) for column in ("name", "place", "full_name") if column in row][:1]
    return " · ".join(
        names + [_word(column, row[column]) for column in grain if not (names and column == "place_code")]
    )


def _word(column: str, value: object) -> str:
    if column == "indicator":
        return INDICATORS[str(value)].label
    if column == "track":
        return codes.TRACKS.get(str(value), str(value))
    if isinstance(value, pd.Timestamp | date):
        return f"{value:%Y-%m-%d}"
    return codes.label(column, value) if column in CODED else str(value)


def table(
    frame: pd.DataFrame,
    name: str,
    filter: Filter,
    height: int = TALL,
    width: int | Literal["stretch"] = "stretch",
    early: Sequence[str] = (),
) -> None:
    """A frame of query `name` with Chinese headings, code labels and the formats of the dictionary.

    height: the most it takes; a table that is not much longer is as high as its rows.
    early: columns to show right after the first, where they are seen without scrolling.
    """
    if frame.empty:
        st.caption("没有可列的行。")
        return
    columns = queries.read(name).columns
    shown = readable(frame, name, queries.current_store(filter.as_of).snapshot)
    for column in shown.select_dtypes("number").columns:
        if _is_share(column):
            shown[column] = shown[column] * 100  # Streamlit's own "percent" writes 98.3% above 99.74%
    st.dataframe(
        shown, hide_index=True, height="content" if len(shown) <= height // ROW + SPARE else height, width=width,
        placeholder="—",
        column_order=[
            column for column in dict.fromkeys([*shown.columns[:1], *early, *shown.columns]) if column in shown
        ],
        column_config={column: _column(column, columns[column], shown[column]) for column in shown.columns},
    )  # fmt: skip


def readable(frame: pd.DataFrame, name: str, snapshot: Snapshot) -> pd.DataFrame:
    """The frame with labels for codes and titles for sources; a long frame of indicators gets its values written out.

    A column that stands empty because the viewer's role may not see it is left out.
    """
    hidden = {name for name in access.hidden_names(access.current().role) & set(frame) if frame[name].isna().all()}
    shown = frame[[column for column in queries.read(name).columns if column in frame and column not in hidden]].copy()
    titles, words = snapshot.titles, catalogue.tables()
    for column in shown.columns:
        if column in CODED:
            shown[column] = shown[column].map(lambda code, name=column: codes.label(name, code)).astype("category")
        elif column in PATHS:
            shown[column] = shown[column].map(codes.path)
        elif column == "track":
            shown[column] = shown[column].map(codes.TRACKS)
        elif column == "source":
            shown[column] = shown[column].map(lambda code: titles.get(code, code))
        elif column == "table_name":
            shown[column] = shown[column].map(lambda table: words[table].label if table in words else table)
        elif column == "column_name":
            shown[column] = [_heading(*row) for row in zip(frame["table_name"], frame[column], strict=True)]
        elif column == "rating":
            shown[column] = shown[column].map(lambda code: "" if is_missing(code) else codes.label("rating", int(code)))
    for column in shown.select_dtypes("float").columns:
        if (shown[column].dropna() % 1 == 0).all() and column not in INDICATORS and column != "value":
            shown[column] = shown[column].astype("Int64")  # whole numbers with gaps stay whole
    if "indicator" in shown.columns:
        for column in {"value", "previous", "last_year"} & set(shown.columns):
            shown[column] = [
                INDICATORS[key].format(value) for key, value in zip(shown["indicator"], shown[column], strict=True)
            ]
        shown["indicator"] = [INDICATORS[key].label for key in shown["indicator"]]
    return shown


def _heading(table: str, column: object) -> object:
    """A canonical column as the data dictionary calls it."""
    known = catalogue.tables()[table].columns if table in catalogue.tables() else {}
    return known[str(column)].label if column in known else column


def _is_share(name: str) -> bool:
    return INDICATORS[name].unit == "%" if name in INDICATORS else name == "share" or name.endswith(("_rate", "_share"))


def _column(name: str, label: str, values: pd.Series) -> ColumnConfig:
    if _is_share(name) and pd.api.types.is_numeric_dtype(values):
        definition = INDICATORS[name].definition if name in INDICATORS else None
        return st.column_config.NumberColumn(label, format="%.1f%%", help=definition)
    if pd.api.types.is_datetime64_any_dtype(values):
        only_days = name.endswith("_on") or name == "day"
        form = "YYYY-MM" if name.endswith("month") else "YYYY-MM-DD" if only_days else "YYYY-MM-DD HH:mm"
        return st.column_config.DatetimeColumn(label, format=form, width=9 * len(form))
    if pd.api.types.is_float_dtype(values):
        unit = INDICATORS[name].unit if name in INDICATORS else ""
        return st.column_config.NumberColumn(f"{label}（{unit}）" if unit in SPANS else label, format="%,.1f")
    if pd.api.types.is_integer_dtype(values):
        return st.column_config.NumberColumn(label, format="localized")
    return st.column_config.Column(label)


def download(frame: pd.DataFrame, name: str, filter: Filter, key: str) -> None:
    """A CSV of what is shown, with its 口径 below the rows; made only when asked for."""
    # Of the snapshot that is shown, also when the button is pressed after an import has published another.
    made = partial(csv_of, frame, name, filter, queries.current_store(filter.as_of).snapshot)
    st.download_button("下载", made, file_name=f"{queries.read(name).title}.csv", mime="text/csv",
                       icon=":material/download:", type="tertiary", key=key, on_click="ignore")  # fmt: skip


def csv_of(frame: pd.DataFrame, name: str, filter: Filter, snapshot: Snapshot) -> bytes:
    """The bytes of a download: the rows, then the period, the snapshot they are of, and the notes of the query."""
    query = queries.read(name)
    notes = [
        f"统计期 {filter.start} 至 {filter.stop}（不含）；数据截至 {snapshot.as_of}；快照 {snapshot.id}",
        *query.notes,
    ]
    shown = readable(frame, name, snapshot)
    return exporting.to_csv(shown, [query.columns[column] for column in shown.columns], notes)
