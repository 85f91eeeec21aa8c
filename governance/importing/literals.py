"""Rows written in the mapping itself: the few places of a county that no export lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from governance.importing.catalogue import AUTOMATIC, Table
from governance.importing.columns import ColumnRule, constant
from governance.importing.problems import ImportProblem, nearest
from governance.importing.recoding import YEARS, literal, name, odd_year, typed

if TYPE_CHECKING:
    from governance.importing.grammar import Place
    from governance.importing.mapping import Mapping
    from governance.importing.staging import Feed

Literal = dict[str, str]
FLAGS = ("_zero", "_dropped", "_unclosed", "_untimed")


def read_rows(place: Place, table: Table, found: Any) -> tuple[Literal, ...]:
    """Check `rows` of [tables.<t>]: canonical columns with their values."""
    if not isinstance(found, list):
        raise place.problem("的 rows 应是列表：rows = [ { 标准列 = 值, … }, … ]", "rows")
    return tuple(_row(place, table, place.table(row, "rows")) for row in found)


def _row(place: Place, table: Table, found: dict[str, Any]) -> Literal:
    for given in found:
        if given not in table.columns or given in AUTOMATIC:
            hint = nearest(given, table.columns)
            raise place.problem(f"的 rows 里没有叫“{given}”的标准列{hint}；{table.name} 的列见 schema.sql", given)
    for column in table.columns.values():
        if column.required and column.default is None and column.name not in ("source", *found):
            raise place.problem(f"的 rows 里有一行缺少必需的列 {column.name}（{column.label}）", "rows")
    return {given: constant(place, table.columns[given], value, given) for given, value in found.items()}


def add_rows(con: duckdb.DuckDBPyConnection, mapping: Mapping, feed: Feed, staged: str) -> None:
    """Put the rows of the mapping beside those of the files; where both have a key, the file's row counts."""
    table = feed.table
    key = ", ".join(name(column) for column in table.key)
    for row in feed.rule.rows:
        con.execute(f"create or replace temp table written as select {_cells(mapping, feed, row)}")
        broken = [f"{table.columns[column].label}不对" for column in row if _holds(con, f"{name(column)} is null")]
        broken += [
            f"{table.columns[column].label}的年份不在 {YEARS[0]}–{YEARS[1]} 之间"
            for column in row
            if table.columns[column].is_time and _holds(con, odd_year(column))
        ]
        broken += [check.reason for check in table.checks if _holds(con, f"not ({check.expression})")]
        if broken:
            where = f"映射文件 {mapping.path.name} [tables.{table.name}] 的 rows 中“{next(iter(row.values()))}”一行"
            raise ImportProblem(f"{where}{broken[0]}：请改正后再导入。")
        flags = ", ".join(f"false as {flag}" for flag in FLAGS)
        con.execute(
            f"insert into {staged} by name select 0 as _file, 0 as _row, {flags}, * from written "
            f"where ({key}) not in (select ({key}) from {staged} where _skip is null and _reason is null)"
        )


def layout(feed: Feed) -> str:
    """The columns of a staging table that no file feeds."""
    kinds = [(name(column.name), column.type) for column in feed.table.columns.values()]
    kinds += [("_file", "integer"), ("_row", "bigint"), *((flag, "boolean") for flag in FLAGS)]
    kinds += [(verdict, "varchar") for verdict in ("_skip", "_column", "_reason", "_value")] + [
        ("_corrected", "varchar[]")
    ]
    return ", ".join(f"{column} {kind}" for column, kind in kinds)


def _cells(mapping: Mapping, feed: Feed, row: Literal) -> str:
    cells = []
    for column in feed.table.columns.values():
        text = column.default or "null"
        if column.name == "source":
            text = literal(mapping.source)
        elif column.name in row:
            text = typed(literal(row[column.name]), column, ColumnRule(), feed.rule.options, b"")
        cells.append(f"cast({text} as {column.type}) as {name(column.name)}")
    return ", ".join(cells)


def _holds(con: duckdb.DuckDBPyConnection, condition: str) -> bool:
    return con.execute(f"select 1 from written where {condition}").fetchone() is not None
