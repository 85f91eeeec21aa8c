"""The rows that the mapping itself holds, laid beside those of the files and judged as strictly."""

from __future__ import annotations

import duckdb

from governance.importing.columns import ColumnRule
from governance.importing.feed import Feed
from governance.importing.literals import Literal
from governance.importing.mapping import Mapping
from governance.importing.problems import ImportProblem
from governance.importing.recoding import YEARS, literal, name, odd_year, typed

FLAGS = ("_zero", "_dropped", "_unclosed", "_untimed")


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
