"""Downloads: CSV that a spreadsheet opens in Chinese and never runs as a formula."""

import csv
import io
from collections.abc import Sequence

import pandas as pd

CONTROLS = ("\t", "\r", "\n")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", *CONTROLS)


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe in front."""
    if isinstance(value, str):
        start = next(
            (i for i, mark in enumerate(value) if mark in CONTROLS or (mark.isprintable() and not mark.isspace())), 0
        )
        if value[start : start + 1] in FORMULA_STARTS:
            return "'" + value
    return value


def to_csv(frame: pd.DataFrame, headings: Sequence[str], notes: Sequence[str] = ()) -> bytes:
    """The frame as UTF-8 CSV with a BOM: headings, rows, then one line per note (口径, 统计期, 数据截至)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(heading) for heading in headings])
    for row in frame.itertuples(index=False):
        writer.writerow(["" if _is_null(value) else safe(value) for value in row])
    for note in notes:
        writer.writerow([safe(note)])
    return text.getvalue().encode("utf-8-sig")


def _is_null(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value
