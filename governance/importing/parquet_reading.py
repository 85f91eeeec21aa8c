"""Parquet exports: columns of any plain type become the text that a table would hold."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from governance.importing.problems import ImportProblem
from governance.importing.rows import MOST_COLUMNS, NATIVE, every, heading, positions, write_parts

DAMAGED = "不是完整的 Parquet 文件（可能没有下载完或已损坏）：请重新导出。"
BATCH = 5_000
BROKEN = (pa.ArrowException, OSError, ValueError, OverflowError, UnicodeError)


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read one parquet file and answer what was found in it."""
    wanted = request["wanted"]
    with open(request["path"], "rb") as file:
        head = file.read(4)
        if head != b"PAR1":
            what = "是加密的 Parquet 文件" if head == b"PARE" else "不是 Parquet 文件"
            raise ImportProblem(f"{what}：请核对扩展名，或重新导出。")
    try:
        file = pq.ParquetFile(request["path"])
        schema = file.schema_arrow
    except MemoryError:
        raise
    except BROKEN as error:
        raise ImportProblem(DAMAGED) from error
    if len(schema) > MOST_COLUMNS:
        raise ImportProblem(f"有 {len(schema):,} 列，不像正常的导出，已拒绝：请重新导出。")
    headings = [heading(name) for name in schema.names]
    places = positions(headings, wanted)
    answer: dict[str, Any] = {"headings": every(headings, len(headings), wanted), "width": len(headings)}
    if wanted is not None and len(places) < len(set(wanted)):
        return answer | {"rows": 0, "columns": [(one, "") for one in places]}
    picked = sorted(set(places.values()))
    _refuse_locked(file, [schema.names[place] for place in picked])
    _refuse_miscounted(file, [schema.names[place] for place in picked])
    nested = [place for place in picked if pa.types.is_nested(schema.field(place).type)]
    if nested and wanted is not None:
        raise ImportProblem(
            f"的列“{headings[nested[0]]}”（第 {nested[0] + 1} 列）里还有表或列表，不是一个值："
            "请在导出时展开这一列，或不要映射它。"
        )
    plain = [place for place in picked if place not in nested]
    count, columns = write_parts(_parts(file, plain, list(places.values())), places, request["parquet"])
    return answer | {"rows": count, "columns": columns}


def _refuse_locked(file: pq.ParquetFile, names: list[str]) -> None:
    """Refuse columns that cannot be decrypted: to ask for their counts would end the process."""
    try:
        next(file.iter_batches(1, row_groups=[0], columns=names, use_threads=False), None)
    except MemoryError:
        raise
    except (*BROKEN, IndexError) as error:  # whatever else is wrong is found, and told, below
        if "crypt" in str(error).lower():
            raise ImportProblem("要读的列是加密的：请在导出时不加密，或不要映射这些列。") from error


def _refuse_miscounted(file: pq.ParquetFile, names: list[str]) -> None:
    """Refuse a file whose parts tell of different counts: reading it would end early without a word."""
    groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
    for number, group in enumerate(groups, 1):
        for place in range(group.num_columns):
            column = file.schema.column(place)
            if column.max_repetition_level or column.path not in names:  # a list has any number of values in a row
                continue
            values = group.column(place).num_values
            if values != group.num_rows:
                raise ImportProblem(
                    f"第 {number} 组写明有 {group.num_rows:,} 行，列“{heading(column.path)}”"
                    f"却有 {values:,} 个值，行数不可信，已拒绝：请重新导出。"
                )
    if (total := sum(group.num_rows for group in groups)) != file.metadata.num_rows:
        raise ImportProblem(f"写明有 {file.metadata.num_rows:,} 行，各组加起来却是 {total:,} 行，已拒绝：请重新导出。")


def _parts(file: pq.ParquetFile, plain: list[int], picks: list[int]) -> Iterator[pa.Table]:
    """Tables of the picked cells as text, column by column: row by row it would take twenty times as long."""
    number = 0
    names = file.schema_arrow.names
    leaves = [names[place] for place in plain]
    try:
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(BATCH, row_groups=[group], columns=leaves, use_threads=False):
                columns = batch.columns if plain else []
                texts = {place: _texts(one, number, names[place]) for place, one in zip(plain, columns, strict=True)}
                nothing = pa.nulls(batch.num_rows, pa.string())
                numbers = pa.array(range(number + 1, number + batch.num_rows + 1), pa.int64())
                yield pa.Table.from_arrays(
                    [numbers, nothing, *(texts.get(pick, nothing) for pick in picks)],
                    names=["row_number", "problem", *(f"h{place}" for place in range(len(picks)))],
                )
                number += batch.num_rows
    except MemoryError:
        raise
    except BROKEN as error:
        raise ImportProblem(f"在第 {number} 行之后读不下去（{DAMAGED[:-1]}）。") from error
    if number != file.metadata.num_rows:
        raise ImportProblem(f"写明有 {file.metadata.num_rows:,} 行，实际只读到 {number:,} 行，已拒绝：请重新导出。")


def _texts(column: pa.Array, before: int, name: str) -> pa.Array:
    """A column as text; `before` rows of the file came before it."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column.validate(full=True)  # bytes that are no UTF-8
        return column.cast(pa.string())
    return pa.array([_cell(value, row, name) for row, value in enumerate(_values(column), before + 1)], pa.string())


def _values(column: pa.Array) -> list[Any]:
    """The values of a column; one that no calendar has, which others write for "never", stands as its number."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        if not pa.types.is_temporal(column.type):
            raise
        values = [_value(one) for one in column]
    return values


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        return str(scalar.value)


def _cell(value: Any, number: int, name: str) -> str | None:
    try:
        return text(value)
    except UnicodeError as error:
        raise ImportProblem(
            f"第 {number} 行的列“{heading(name)}”是字节，不是 UTF-8 文字：请在导出时转成文字，或不要映射它。"
        ) from error


def text(value: Any) -> str | None:
    """Write a value as text: times behind the native mark, whole numbers without a point."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value != value:
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime.datetime):
        return NATIVE + value.isoformat(" ")
    if isinstance(value, datetime.date):
        return NATIVE + value.isoformat()
    if isinstance(value, decimal.Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return str(value)
