"""What the values of a column say for or against its being a canonical column."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from governance.codes import COLUMNS
from governance.drafting import coding, headings
from governance.drafting.models import ColumnLook
from governance.importing.catalogue import HASHED, Column, Table

MOST_CODES = 300
FREE = ("source_file", "source_sheet", "source_row", "source", "geometry")
NARROW = ("kind", "origin")


@dataclass(frozen=True)
class Candidate:
    """A column of the export that may fill a canonical column, how surely, and why."""

    look: ColumnLook
    score: float
    reason: str


def fillable(table: Table) -> list[Column]:
    """The canonical columns that a mapping may name; those that must be filled first."""
    columns = [column for column in table.columns.values() if column.name not in FREE]
    return sorted(columns, key=lambda column: not (column.required and column.default is None))


def candidate(
    vocabulary: coding.Vocabulary, table: Table, column: Column, look: ColumnLook, rows: int
) -> Candidate | None:
    """Weigh heading and values; none where the column of the export cannot be meant or may not be imported."""
    if look.personal or (column.name in HASHED and table.name != "staff"):
        return None
    base, word = headings.similarity(table.name, column.name, look.heading)
    shape, fit = _fit(vocabulary, table, column, look, rows)
    if not look.heading:
        score = {"unique": 0.5, "time": 0.45, "code": 0.5, "place": 0.5}.get(shape, 0.0) * (fit >= 0.95)
        return Candidate(look, score, f"没有表头，{_said(shape, look, rows)}") if score else None
    if not base:
        return None
    score = base * (0.15 + 0.85 * fit)
    if shape == "code" and base < 0.8:
        score = min(0.9, score + 0.2)  # a heading that may mean several things, and words that mean this one
    said = _said(shape, look, rows)
    same = "就是" if headings.plain(look.heading) == word else "近于"
    return Candidate(look, round(score, 3), f"表头{same}“{word}”" + (f"，{said}" if said else ""))


def is_time(look: ColumnLook) -> bool:
    """Most cells are times."""
    return bool(look.filled) and sum(one.count for one in look.times) >= 0.5 * look.filled


def is_unique(look: ColumnLook, rows: int) -> bool:
    """Every row has a value of its own."""
    return look.filled == look.distinct == rows > 1


def counts_rows(look: ColumnLook, rows: int) -> bool:
    """Whether it only numbers the rows of this file: such numbers mean other cases next month."""
    return is_unique(look, rows) and (look.low, look.high) == (1, rows)


@cache
def _span(name: str) -> tuple[float, float]:
    return (-180, 180) if name == "lon" else (-90, 90)


def _fit(vocabulary: coding.Vocabulary, table: Table, column: Column, look: ColumnLook, rows: int) -> tuple[str, float]:
    """How well values fit, 0 to 1, and by what they were judged."""
    if not look.filled:
        return "empty", 0.0
    if column.is_time:
        times = sum(one.count for one in look.times)
        return "time", min(1.0, times / look.filled) if times * 2 >= look.filled else 0.0
    if column.name in ("lon", "lat"):
        low, high = _span(column.name)
        inside = look.low is not None and look.high is not None and low <= look.low and look.high <= high
        nearby = inside and (look.high or 0) > (60 if column.name == "lon" else 10)
        nearby = nearby and any("." in one for one in look.samples)  # else it may as well count something
        return ("place" if nearby else "number"), look.numbers / look.filled if inside else 0.0
    if (table.name, column.name) == ("cases", "case_id") or table.key == (column.name,):
        share = look.distinct / max(1, rows)
        times = sum(one.count for one in look.times) > 0.9 * look.filled and not look.numbers
        return ("unique" if is_unique(look, rows) else "mostly"), 0.0 if times else 1.0 if share > 0.9 else 0.9
    if f"{table.name}.{column.name}" in COLUMNS or column.words:
        known = vocabulary.known_share(table, column, look)
        if look.distinct > MOST_CODES:
            return "many", 0.3
        if column.name in NARROW or not look.heading:  # few words are possible, so they tell
            return ("code" if known >= 0.6 else "words"), max(known, 0.25 if look.heading else 0.0)
        return ("code" if known >= 0.6 and look.distinct > 1 else "words"), 1.0
    if column.type in ("INTEGER", "DOUBLE"):
        return "number", look.numbers / look.filled
    if column.type == "BOOLEAN":
        return "words", 1.0 if look.distinct <= 8 else 0.0
    if is_time(look) and column.name not in ("estate_id", "place_id"):
        return "text", 0.2
    if column.name == "title" and (look.numbers * 2 > look.filled or look.distinct < 3 < look.filled):
        return "text", 0.6
    return "text", 1.0 if look.heading else 0.0


def _said(shape: str, look: ColumnLook, rows: int) -> str:
    filled = "" if look.filled == rows else f"，{look.filled} 行有值"
    if shape == "unique":
        return "每行一个值，不重复"
    if shape == "mostly":
        return f"{rows} 行中有 {look.distinct} 个不同的值"
    if shape == "time":
        return f"{sum(one.count for one in look.times)} 格是时间{filled}"
    if shape == "code":
        return f"{look.distinct} 种取值，多数是标准类别的说法{filled}"
    if shape == "words":
        return f"{look.distinct} 种取值{filled}"
    if shape == "place":
        return f"数值在 {look.low:g} 到 {look.high:g} 之间{filled}"
    if shape == "empty":
        return "整列为空"
    return filled.lstrip("，")
