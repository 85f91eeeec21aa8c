"""Several sheets in one workbook: which of them are one table in parts, and which are other tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache

import duckdb

from governance.drafting import evidence, headings
from governance.drafting.proposing import is_required
from governance.importing import catalogue
from governance.importing.problems import ImportProblem
from governance.importing.reading import ReadFile
from governance.importing.recoding import literal

SURE = 0.7  # from here a heading is one that a table has
LEAST = 3  # columns that a sheet must have of a table
ALIKE = 0.8  # sheets that share this much of their headings are parts of one table
REPEATED = 0.3  # of the values of a column: sheets that share more are versions of one list
PERIOD = re.compile(
    r"([0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*月|20[0-9]{2}|^[0-9]{1,2}$|[一二三四1-4]季|Q[1-4]|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    re.IGNORECASE,
)
JOINED = "/"  # no name of a sheet can hold it


@cache
def table_of(names: tuple[str, ...]) -> str | None:
    """The canonical table whose key and required columns, but one, these headings fill, and of which they have most."""
    found: dict[str, int] = {}
    for name, table in catalogue.tables().items():
        if name == "boundaries":
            continue
        columns = evidence.fillable(table)
        filled = {
            column.name for column in columns
            if any(headings.similarity(name, column.name, one)[0] >= SURE for one in names if one)
        }  # fmt: skip
        needed = {column.name for column in columns if is_required(column)}
        if set(table.key) - {"source"} <= filled and len(needed - filled) <= 1 and len(filled) >= LEAST:
            found[name] = len(filled)
    best = [name for name, count in found.items() if count == max(found.values())]
    return best[0] if len(best) == 1 else None


def alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sheets have the same headings, all but a few."""
    a, b = {name for name in one if name}, {name for name in other if name}
    return len(a & b) >= ALIKE * max(len(a), len(b), 1)


def months(names: Sequence[str], lists: Mapping[str, Sequence[str]]) -> list[str]:
    """The largest group of sheets that have the same headings and are called like months; two at least."""
    called = [name for name in names if PERIOD.search(name) and sum(map(bool, lists[name])) > 1]
    groups = [[other for other in called if alike(lists[one], lists[other])] for one in called]
    largest = max(groups, key=len, default=[])
    return largest if len(largest) > 1 else []


def are_periods(names: Sequence[str]) -> bool:
    """Whether every sheet is called like a month, a quarter or a year."""
    return all(PERIOD.search(name) for name in names)


def repeat(con: duckdb.DuckDBPyConnection, one: ReadFile, other: ReadFile, heads: Mapping[str, Sequence[str]]) -> bool:
    """Whether the rows of one sheet are in the other, too: then they are versions, not parts.

    Titles and notes, which are the same every month and fill few cells, do not count.
    """
    first, second = heads[one.sheet or ""], heads[other.sheet or ""]
    for place, name in enumerate(first):
        if not name or name not in second:
            continue
        a, b = one.columns[place + 1], other.columns[second.index(name) + 1]
        row = con.execute(
            f"select count(*), count(distinct {a}), "
            f"count(distinct {a}) filter ({a} in (select {b} from read_parquet(?) where {_is_full(other)})) "
            f"from read_parquet(?) "
            f"where {a} <> '' and not regexp_full_match({a}, '[0-9]{{1,4}}') and {_is_full(one)}",
            [str(other.parquet), str(one.parquet)],
        ).fetchone()
        if row and row[1] > 3 and row[1] * 2 > row[0] and row[2] > max(1, REPEATED * row[1]):
            return True
    return False


def _is_full(sheet: ReadFile) -> str:
    """The SQL condition of a row that fills at least half as many columns as most rows do."""
    filled = " + ".join(f"coalesce(({column} <> '')::int, 0)" for column in sheet.columns.values())
    return f"({filled}) * 2 >= (select median({filled}) from read_parquet({literal(str(sheet.parquet))}))"


def named(answer: str, names: Sequence[str], path_name: str) -> list[str]:
    """The sheets that an answer names: one, several joined by /, or by a pattern."""
    found: list[str] = []
    for wanted in answer.split(JOINED):
        fitting = [name for name in names if fnmatchcase(name.strip(), wanted.strip())]
        if not fitting:
            known = "、".join(names[:12])
            raise ImportProblem(f"文件 {path_name} 没有有内容的工作表“{wanted}”（有：{known}）：请核对 file.sheet。")
        found += fitting
    return [name for name in names if name in found]


def written(chosen: Sequence[str], names: Sequence[str]) -> str | list[str]:
    """How a mapping names several sheets: by what only their names end with, else one by one."""
    ending = chosen[0][-1]
    if ending in "月季" and [one for one in names if one.endswith(ending)] == list(chosen):
        return f"*{ending}"
    return list(chosen)
