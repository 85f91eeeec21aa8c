"""One canonical column of a mapping: from which heading, and how its cells are converted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from governance.importing.catalogue import HASHED, Column, Table
from governance.importing.crosswalk import read_crosswalk
from governance.importing.grammar import Place
from governance.importing.problems import listing, nearest
from governance.importing.rows import Heading

ERA, ERA_BEGINS = "%Ey", 1911  # the year in the era of the Republic (民國), and the last common year before it
COUNTED = ("excel", "unix", "unix_ms")  # formats of times that are counted from an epoch
OPTIONS = ("from", "formats", "values", "crosswalk", "otherwise", "value", "default", "extract", "plus_hours", "hash")


@dataclass(frozen=True)
class ColumnRule:
    """How one canonical column is filled; all texts are canonical, codes are resolved."""

    heading: Heading | None = None  # a text, or the number of the column
    also: tuple[Heading, ...] = ()  # further columns, whose cells are joined to it
    formats: tuple[str, ...] = ()
    values: dict[str, str] | None = None
    otherwise: str | None = None
    value: str | None = None
    default: str | None = None
    extract: str | None = None
    plus_hours: float = 0
    hash: bool = False
    crosswalk: str | None = None  # the file that `values` came from


def read_column(place: Place, column: Column, found: Any) -> ColumnRule:
    """Check one line of [tables.<t>.columns]."""
    name, hashed = column.name, column.name in HASHED
    if isinstance(found, str | int) and not isinstance(found, bool):
        return ColumnRule(heading=place.column(found, name), hash=hashed)
    if not isinstance(found, dict):
        raise place.problem(f'“{name}”应是引号里的表头（{name} = "表头"），或一个表（{{ from = "表头", … }}）', name)
    inner = place.into(name)
    options = place.table(found, name)
    inner.known(options, OPTIONS)
    headings = _headings(inner, options["from"]) if "from" in options else (None,)
    if ("from" in options) == ("value" in options):
        raise inner.problem("要么写 from（来自哪个表头），要么写 value（固定值），二者取一", name)
    if "value" in options and len(options) > 1:
        raise inner.problem(f"是固定值（value），不能再写 {listing([one for one in options if one != 'value'])}", name)
    if "hash" in options and not (hashed and isinstance(options["hash"], bool)):
        raise inner.problem(f"的 hash 只能是 true 或 false，只用于 {listing(HASHED)}", "hash")
    for option in ("formats", "plus_hours"):
        if option in options and not column.is_time:
            raise inner.problem(f"不是时间列，不能写 {option}", option)
    return ColumnRule(
        heading=headings[0],
        also=tuple(one for one in headings[1:] if one),
        formats=_formats(inner, options),
        values=_crossed(inner, column, options)
        if "crosswalk" in options
        else _values(inner, column, options["values"])
        if "values" in options
        else None,
        otherwise=_target(inner, column, options, "otherwise"),
        value=_target(inner, column, options, "value"),
        default=_target(inner, column, options, "default"),
        extract=_extract(inner, options),
        plus_hours=_hours(inner, options),
        hash=options.get("hash", hashed) and "value" not in options,
        crosswalk=Path(options["crosswalk"]).name if "crosswalk" in options else None,
    )


def _headings(place: Place, found: Any) -> tuple[Heading, ...]:
    """One column, or several whose cells belong together: a date and its time of day."""
    if not isinstance(found, list):
        return (place.column(found, "from"),)
    headings = tuple(place.column(one, "from") for one in found)
    if not 1 <= len(set(headings)) == len(headings) <= 4:
        raise place.problem("的 from 是列表时，应是一至四个不同的表头或列号", "from")
    return headings


def _formats(place: Place, options: dict[str, Any]) -> tuple[str, ...]:
    formats = place.words(options.get("formats", []), "formats")
    for one in formats:
        if one in COUNTED:
            continue
        before, era, after = one.partition(ERA)
        if era and "%" in before:
            raise place.problem(
                f"的时间格式“{one}”里 {ERA}（民国年）前面不能有别的记号：例如 民國%Ey年%m月%d日", "formats"
            )
        if not _is_accepted("select try_strptime('2000-01-01', ?)", f"%Y{after}" if era else one):
            raise place.problem(f"的时间格式“{one}”写错了：用 %Y %m %d %H %M %S 等记号", "formats")
        if "%" not in one:
            raise place.problem(
                f"的时间格式“{one}”里没有 % 记号：例如 %Y/%m/%d %H:%M；计数的时间写 {'、'.join(COUNTED)}", "formats"
            )
    return formats


@cache
def _is_accepted(query: str, text: str) -> bool:
    """Say whether DuckDB takes a text as the format or pattern of a function."""
    try:
        with _duckdb().cursor() as cursor:
            cursor.execute(query, [text])
    except duckdb.Error:
        return False
    return True


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _values(place: Place, column: Column, found: Any) -> dict[str, str]:
    inner = place.into("values")
    return {
        word.strip(): constant(inner, column, target, word) if target != "" else ""
        for word, target in inner.table(found).items()
    }


def _crossed(place: Place, column: Column, options: dict[str, Any]) -> dict[str, str]:
    """The words of a crosswalk; only for codes of places, units and the like."""
    if column.codes or column.type != "VARCHAR" or not re.search(r"_(code|id)$", column.name):
        raise place.problem("不是代码列，不能写 crosswalk（对照表）", "crosswalk")
    if clash := [one for one in ("values", "otherwise") if one in options]:
        raise place.problem(f"写了 crosswalk（对照表），不能再写 {listing(clash)}", "crosswalk")
    return read_crosswalk(place, place.word(options["crosswalk"], "crosswalk"))


def _target(place: Place, column: Column, options: dict[str, Any], option: str) -> str | None:
    return constant(place, column, options[option], option) if option in options else None


def constant(place: Place, column: Column, target: Any, key: str) -> str:
    """Resolve the target of a conversion; in a code column it must be a standard code or its label."""
    if isinstance(target, dict | list):
        raise place.problem(f"“{key}”的目标值应是文字、数字或 true/false", key)
    text = str(target).lower() if isinstance(target, bool) else str(target).strip()
    if not column.codes:
        return column.words.get(text, text)
    code = column.code(text)
    if code is None:
        allowed = [f"{one} {label}" for one, label in column.codes.items()]
        raise place.problem(
            f"“{key}”的目标值“{text}”不是{column.label}的标准代码{nearest(text, column.codes)}；"
            f"可用：{listing(allowed, 30)}",
            key,
        )
    return code


def _extract(place: Place, options: dict[str, Any]) -> str | None:
    if "extract" not in options:
        return None
    pattern = place.word(options["extract"], "extract")
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise place.problem("的 extract 不是可用的正则表达式", "extract") from error
    if not _is_accepted("select regexp_extract('x', ?, 1)", pattern):
        raise place.problem("的 extract 不是可用的正则表达式", "extract")
    if groups < 1:
        raise place.problem("的 extract 要有一对括号，取括号里的部分", "extract")
    return pattern


def _hours(place: Place, options: dict[str, Any]) -> float:
    hours = options.get("plus_hours", 0)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not abs(hours) <= 24 * 3660:
        raise place.problem("的 plus_hours 应是小时数", "plus_hours")
    return float(hours)


def refuse_headings(place: Place, table: Table, headings: tuple[Heading, ...], header_row: int) -> None:
    """A file without a row of headings has none to name."""
    named = [one for one in headings if isinstance(one, str)]
    if header_row == 0 and named and table.name != "boundaries":
        raise place.problem(
            f"的 header_row = 0 表示文件没有表头行，不能用表头“{named[0]}”称呼列：请改写列号（如 3 指第 3 列）",
            named[0],
        )
