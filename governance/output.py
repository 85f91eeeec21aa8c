"""How the command line writes a table: csv and json for programs, aligned text for people."""

import json
import math
import unicodedata
from datetime import date, datetime, time
from typing import Any

import pandas as pd

FORMATS = ("csv", "json", "table")


def write(frame: pd.DataFrame, form: str) -> str:
    """Return a frame as csv, as a JSON list of records, or as aligned text. Times are ISO 8601, nothing is null."""
    names = [str(name) for name in frame.columns]
    columns = [_values(frame[name]) for name in frame.columns]
    records = [list(row) for row in zip(*columns, strict=True)]
    if form == "json":
        return json.dumps([dict(zip(names, row, strict=True)) for row in records], ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        texts = pd.DataFrame([[_text(value) for value in row] for row in records], columns=names, dtype="object")
        return str(texts.to_csv(index=False, lineterminator="\n"))
    return aligned([names, *([_text(value, "—") for value in row] for row in records)]) + "\n"


def _values(column: pd.Series) -> list[Any]:
    """Return plain Python values. A column of midnights holds dates, unless its name ends in `_at`."""
    values = [None if _is_missing(value) else value for value in column.tolist()]
    moments = [value for value in values if isinstance(value, datetime)]
    is_dates = not str(column.name).endswith("_at") and all(value.time() == time() for value in moments)
    return [_plain(value, is_dates) for value in values]


def _is_missing(value: object) -> bool:
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    return isinstance(value, float) and not math.isfinite(value)


def _plain(value: Any, is_date: bool) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if is_date else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [_plain(item, False) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item, False) for key, item in value.items()}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _text(value: Any, nothing: str = "") -> str:
    if value is None:
        return nothing
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def aligned(rows: list[list[str]]) -> str:
    """Return rows as columns of equal width; a Chinese character is two wide."""
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    padded = [[cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return "\n".join("  ".join(row).rstrip() for row in padded)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
