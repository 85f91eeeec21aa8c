"""What the readers share: headings, the rows they hand over, and the parquet they hand them over in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import pyarrow as pa
import pyarrow.parquet as pq

from governance.importing.problems import ImportProblem

Row = tuple[int, list[str | None], str | None]  # row number, cells (none where they are unknown), what is wrong
BATCH = 20_000
NATIVE = "\x1f"  # stands before a time that came from a date cell, so needs no format


def heading(cell: object) -> str:
    """Clean a heading: white space around it, byte order marks, line breaks, Excel's _x000D_."""
    return re.sub(r"_x000D_|[\r\n\t\x00\ufeff\u200b]", "", "" if cell is None else str(cell)).strip()


def positions(headings: list[str], wanted: list[str]) -> dict[str, int]:
    """Find the wanted headings; one that stands twice is refused, for which column is meant is unknown."""
    found = {}
    for one in wanted:
        clean = heading(one)
        if headings.count(clean) > 1:
            raise ImportProblem(f"的表头“{clean}”出现了 {headings.count(clean)} 次：请删去重复的列后再导入。")
        if clean in headings:
            found[one] = headings.index(clean)
    return found


def write(rows: Iterable[Row], places: dict[str, int], path: str) -> tuple[int, dict[str, str]]:
    """Write the wanted cells as text; return the number of rows and the parquet column of each heading."""
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
    return total, columns


def elsewhere(wanted: list[str], candidates: Iterable[tuple[int, list[str]]], header_row: int) -> str:
    """Say in which of the first rows the headings seem to stand, when not in the one that was named."""
    for number, cells in candidates:
        names = {heading(cell) for cell in cells}
        if number != header_row and wanted and sum(heading(one) in names for one in wanted) * 2 > len(wanted):
            return f"（表头似乎在第 {number} 行：请在映射文件 [file] 写 header_row = {number}）"
    return ""
