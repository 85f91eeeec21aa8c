"""What the readers share: headings, the rows they hand over, and the parquet they hand them over in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from governance.importing.problems import ImportProblem, shorten

Heading = str | int  # a column by its heading, or by its number counted from 1
Row = tuple[int, list[str | None], str | None]  # row number, cells (none where they are unknown), what is wrong
BATCH = 20_000
COUNTER = ".rows"
MOST_COLUMNS = 20_000
FOOTER = "\x1ffooter"  # what is "wrong" with a row of totals: it is left out and counted
NATIVE = "\x1f"  # stands before a time that came from a date cell, so needs no format


def heading(cell: object) -> str:
    """Clean a heading: white space around it, byte order marks, line breaks, Excel's _x000D_."""
    return re.sub(r"_x000D_|[\r\n\t\x00\ufeff\u200b]", "", "" if cell is None else str(cell)).strip()


def called(column: Heading) -> str:
    """Name a column in a sentence."""
    return f"第 {column} 列" if isinstance(column, int) else f"“{column}”"


def positions(headings: list[str], wanted: list[Heading] | None, width: int | None = None) -> dict[Heading, int]:
    """Find the wanted columns, or every one by its number where nothing is named.

    A heading that stands twice is refused where it is named, for which column is meant is unknown; `width` counts
    the columns where there are more than headings.
    """
    width = len(headings) if width is None else width
    if wanted is None:
        return {number: number - 1 for number in range(1, width + 1)}
    found: dict[Heading, int] = {}
    for one in wanted:
        if isinstance(one, int):
            if one <= width:
                found[one] = one - 1
            continue
        clean = heading(one)
        if headings.count(clean) > 1:
            places = "、".join(str(place) for place, one in enumerate(headings, 1) if one == clean)
            raise ImportProblem(
                f"的表头“{clean}”出现了 {headings.count(clean)} 次（第 {shorten(places, 30)} 列）："
                "请在映射文件中写列号，或删去重复的列后再导入。"
            )
        if clean in headings:
            found[one] = headings.index(clean)
    return found


def every(headings: list[str], width: int, wanted: list[Heading] | None) -> list[str]:
    """The headings as the answer lists them: one for each column, empty ones too, where every column is handed over."""
    return headings + [""] * (width - len(headings)) if wanted is None else headings


def texts(wanted: list[Heading] | None) -> list[str]:
    """The columns that are named by their heading."""
    return [one for one in wanted or () if isinstance(one, str)]


def footers(words: list[str]) -> re.Pattern[str] | None:
    """What the first text of a row of totals looks like: 合计, 合 计：, 总计（12 件）."""
    named = "|".join(re.escape(re.sub(r"\s", "", one)) for one in words)
    return re.compile(rf"({named})(?![\w]*[^\W\d_])|({named})共?\d") if named else None


def is_footer(cells: Iterable[str | None], pattern: re.Pattern[str] | None) -> bool:
    """Say whether a row begins with a word for totals."""
    if pattern is None:
        return False
    first = next((one for one in cells if one and one.strip()), "")
    return pattern.match(re.sub(r"\s", "", first)) is not None


def write(rows: Iterable[Row], places: dict[Heading, int], path: str) -> tuple[int, list[tuple[Heading, str]]]:
    """Write the wanted cells as text; return the number of rows and the parquet column of each wanted column."""
    iterator: Iterator[Row] = iter(rows)
    try:
        iterator = chain([next(iterator)], iterator)
    except StopIteration:
        raise ImportProblem("只有表头，没有数据行：请在原系统中重新导出。") from None
    columns = {one: f"h{number}" for number, one in enumerate(places)}
    names = list(columns.values())
    schema = pa.schema([("row_number", pa.int64()), ("problem", pa.string())] + [(name, pa.string()) for name in names])
    picks = list(places.values())
    total = 0
    with pq.ParquetWriter(path, schema, compression="snappy", use_dictionary=False, write_statistics=False) as writer:
        while batch := list(islice(iterator, BATCH)):
            total += len(batch)
            cells = [pa.array([row[1][pick] if row[1] else None for row in batch], pa.string()) for pick in picks]
            fixed = [pa.array([row[0] for row in batch], pa.int64()), pa.array([row[2] for row in batch], pa.string())]
            writer.write_table(pa.Table.from_arrays(fixed + cells, schema=schema))
            Path(path + COUNTER).write_text(str(total))  # whoever waits may say how far the reading is
    return total, list(columns.items())


def elsewhere(wanted: list[str], candidates: Iterable[tuple[int, list[str]]], header_row: int) -> str:
    """Say in which of the first rows the headings seem to stand, when not in the one that was named."""
    for number, cells in candidates:
        names = {heading(cell) for cell in cells}
        if number != header_row and wanted and sum(heading(one) in names for one in wanted) * 2 > len(wanted):
            return f"（表头似乎在第 {number} 行：请在映射文件 [file] 写 header_row = {number}）"
    return ""
