"""Writes tables as platforms export them: Chinese headings, their own words and date formats, csv or xlsx.

The mapping file of a platform is read backwards, so an export and its mapping never drift apart by accident; that
the mappings themselves are right is checked by the tests, which count in the raw files with headings written by hand.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import xlsxwriter  # type: ignore[import-untyped]

PACKAGE = Path(__file__).resolve().parents[1]
MAPPINGS = PACKAGE / "mappings"
Rows = dict[str, np.ndarray]


@dataclass(frozen=True)
class Style:
    """How a platform writes its files."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    offset: str = ""  # written behind every time, e.g. +08:00
    is_native: bool = False  # xlsx with date cells instead of text
    preamble: tuple[str, ...] = ()  # lines above the headings of an xlsx


@cache
def mapping(name: str) -> dict[str, Any]:
    """A mapping file of the demo."""
    return tomllib.loads((MAPPINGS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _labels() -> dict[str, dict[str, str]]:
    lists = tomllib.loads((PACKAGE / "codes.toml").read_text(encoding="utf-8")).values()
    return {column: one["codes"] for one in lists for column in one["columns"]}


def to_rows(name: str, tables: tuple[str, ...], frame: pd.DataFrame, style: Style) -> Rows:
    """The frame's canonical columns as the platform's columns of text (times stay times in native workbooks)."""
    rows: Rows = {}
    for table in tables:
        for column, rule in mapping(name)["tables"][table]["columns"].items():
            rule = {"from": rule} if isinstance(rule, str) else rule
            heading = rule.get("from")
            if heading is None or heading in rows or "plus_hours" in rule or column not in frame:
                continue
            rows[heading] = _texts(frame[column], rule, _labels().get(f"{table}.{column}", {}), style)
    return rows


def _texts(values: pd.Series, rule: dict[str, Any], labels: dict[str, str], style: Style) -> np.ndarray:
    if values.dtype.kind == "M":
        if style.is_native:
            return values.to_numpy()
        return _times(values.to_numpy(), rule.get("formats", ["%Y-%m-%d %H:%M:%S"])[0], style.offset)
    if "values" in rule:
        labels = labels | _words(rule["values"])
    elif values.dtype == bool or (values.dtype == object and values.map(type).eq(bool).any()):
        labels = {"True": "是", "False": "否"}
    plain = values.astype(object).where(values.notna(), None).to_numpy()
    places, different = pd.factorize(pd.Series(plain, dtype=object))  # -1, the last, where there is nothing
    texts = np.array([*(labels.get(_plain(one), _plain(one)) for one in different), None], dtype=object)[places]
    return _vary(texts, rule["values"]) if "values" in rule else texts


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _words(values: dict[str, Any]) -> dict[str, str]:
    """Code to word; the first word of a code is the usual one."""
    return {str(code): word for word, code in reversed(values.items())}


def _vary(texts: np.ndarray, values: dict[str, Any]) -> np.ndarray:
    """Every 17th time, use another of the words that mean the same."""
    for code in set(map(str, values.values())):
        words = [word for word, target in values.items() if str(target) == code]
        if len(words) > 1:
            rows = np.flatnonzero(texts == words[0])[::17]
            texts[rows] = words[1]
    return texts


def _times(values: np.ndarray, pattern: str, offset: str) -> np.ndarray:
    """Times as text: every day and every minute of the day is formatted once."""
    cut = pattern.find("%H") if "%H" in pattern else len(pattern)
    missing = np.isnat(values)
    minutes = np.where(missing, 0, values.astype("datetime64[m]").astype(np.int64))
    days, place = np.unique(minutes // 1440, return_inverse=True)
    dates = pd.to_datetime(days, unit="D").strftime(pattern[:cut]).to_numpy(dtype=object)
    hours = pd.to_datetime(np.arange(1440), unit="m").strftime(pattern[cut:] or " ").to_numpy(dtype=object)
    texts = dates[place] + (hours[minutes % 1440] + offset if cut < len(pattern) else "")
    texts[missing] = None
    return texts


def write(path: Path, rows: Rows, style: Style, sheet: str = "Sheet1") -> None:
    """Write the columns as the file its name says: xlsx, or text in the platform's encoding."""
    if path.suffix == ".xlsx":
        write_workbook(path, {sheet: rows}, style)
        return
    table = pa.table({heading: pa.array(column, pa.string()) for heading, column in rows.items()})
    sink = pa.BufferOutputStream()
    options = pa.csv.WriteOptions(delimiter=style.delimiter, quoting_style="needed", quoting_header="needed")
    pa.csv.write_csv(table, sink, options)
    data = sink.getvalue().to_pybytes()
    if style.encoding == "utf-8-sig":
        data = b"\xef\xbb\xbf" + data
    elif style.encoding != "utf-8":
        data = data.decode().encode(style.encoding)
    path.write_bytes(data)


def write_workbook(path: Path, sheets: dict[str, Rows], style: Style) -> None:
    """Write a workbook; the same content gives the same cells on every run."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 7, 1), "comments": "演示数据"})
        moment, day = book.add_format({"num_format": "yyyy/m/d h:mm"}), book.add_format({"num_format": "yyyy/m/d"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for number, text in enumerate(style.preamble):
                page.write_string(number, 0, text)
            top = len(style.preamble)
            page.write_row(top, 0, list(rows))
            columns = [
                column.astype("datetime64[us]").tolist() if column.dtype.kind == "M" else column.tolist()
                for column in rows.values()
            ]
            for number, cells in enumerate(zip(*columns, strict=True), top + 1):
                for place, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        page.write_datetime(number, place, cell, moment if cell.hour or cell.minute else day)
                    elif cell is not None:
                        page.write_string(number, place, cell)
