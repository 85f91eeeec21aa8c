"""What the readers share: headings, the rows they hand over, and the parquet they hand them over in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from governance.importing.problems import ImportProblem, shorten

Heading = str | int  # a column by its heading, or by its number counted from 1
Written = tuple[int, list[tuple[Heading, str]]]  # how many rows, and where each wanted column went
Row = tuple[int, list[str | None], str | None]  # row number, cells (none where they are unknown), what is wrong
BATCH = 20_000
COUNTER = ".rows"
MOST_COLUMNS = 20_000
FOOTER = "\x1ffooter"  # what is "wrong" with a row of totals: it is left out and counted
NO_MORE = "没有更多的工作表了"
SPACE = " \t\r\n\v\f\u00a0\u3000\u200b\ufeff\u2028\u2029"
NATIVE = "\x1f"  # stands before a time that came from a date cell, so needs no format


def heading(cell: object) -> str:
    """Clean a heading: white space around it, signs that nobody sees, line breaks, Excel's _x000D_."""
    return re.sub(
        r"_x000D_|[\r\n\t\x00\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]", "", "" if cell is None else str(cell)
    ).strip()


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


def write(rows: Iterable[Row], places: dict[Heading, int], path: str) -> Written:
    """Write the wanted cells as text; return the number of rows and the parquet column of each wanted column."""
    iterator = iter(rows)
    return write_parts(iter(lambda: list(islice(iterator, BATCH)), []), places, path)


def write_parts(parts: Iterable[list[Row] | pa.Table], places: dict[Heading, int], path: str) -> Written:
    """Do the same for rows that come in lists, or in tables of the wanted cells alone.

    Cells are trimmed here, where it costs a fortieth of what it costs in SQL.
    """
    columns = {one: f"h{number}" for number, one in enumerate(places)}
    names = list(columns.values())
    schema = pa.schema([("row_number", pa.int64()), ("problem", pa.string())] + [(name, pa.string()) for name in names])
    picks = list(places.values())
    total, held = 0, 0
    pending: list[pa.Table] = []
    with pq.ParquetWriter(path, schema, compression="snappy", use_dictionary=False, write_statistics=False) as writer:
        for part in parts:
            table = _table(part, picks, schema) if isinstance(part, list) else part
            pending.append(_trimmed(table))
            total, held = total + len(table), held + len(table)
            if held >= BATCH:
                writer.write_table(pa.concat_tables(pending))
                pending, held = [], 0
                Path(path + COUNTER).write_text(str(total))  # whoever waits may say how far the reading is
        if pending:
            writer.write_table(pa.concat_tables(pending))
    if not total:
        raise ImportProblem("只有表头，没有数据行：请在原系统中重新导出。")
    return total, list(columns.items())


def _trimmed(table: pa.Table) -> pa.Table:
    cells = [pc.utf8_trim(column, SPACE) for column in table.columns[2:]]
    return pa.Table.from_arrays([*table.columns[:2], *cells], names=table.column_names)


def _table(rows: list[Row], picks: list[int], schema: pa.Schema) -> pa.Table:
    cells = [pa.array([row[1][pick] if row[1] else None for row in rows], pa.string()) for pick in picks]
    fixed = [pa.array([row[0] for row in rows], pa.int64()), pa.array([row[2] for row in rows], pa.string())]
    return pa.Table.from_arrays(fixed + cells, schema=schema)


def elsewhere(wanted: list[str], candidates: Iterable[tuple[int, list[str]]], header_row: int) -> str:
    """Say in which of the first rows the headings seem to stand, when not in the one that was named."""
    for number, cells in candidates:
        names = {heading(cell) for cell in cells}
        if number != header_row and wanted and sum(heading(one) in names for one in wanted) * 2 > len(wanted):
            return f"（表头似乎在第 {number} 行：请在映射文件 [file] 写 header_row = {number}）"
    return ""
