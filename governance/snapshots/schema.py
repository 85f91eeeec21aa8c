"""The canonical tables as schema.sql declares them, and what derive/*.sql make of them."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from governance import deadlines

SCHEMA = Path(__file__).parents[1] / "schema.sql"
DERIVE = Path(__file__).parents[1] / "derive"
DERIVE_ORDER = ("places", "facts", "deadlines", "process", "cases", "ledgers")

Columns = dict[str, str]


@cache
def _statements() -> dict[str, str]:
    """Return the `create table` statement of every canonical table."""
    with duckdb.connect() as con:
        statements = [statement.query.strip() for statement in con.extract_statements(SCHEMA.read_text("utf-8"))]
    matches = [(re.search(r"^create table (\w+)", query, re.MULTILINE), query) for query in statements]
    return {match[1]: query for match, query in matches if match}


@cache
def _columns() -> dict[str, Columns]:
    with duckdb.connect() as con:
        con.execute(SCHEMA.read_text("utf-8"))
        return table_columns(con)


@cache
def derived_columns() -> dict[str, Columns]:
    """Return every table of a published snapshot with its columns and types, canonical and derived."""
    with duckdb.connect() as con:
        con.execute(SCHEMA.read_text("utf-8"))
        _run_derive(con, datetime(2000, 1, 1), deadlines.packaged())
        return table_columns(con)


def canonical_tables() -> tuple[str, ...]:
    """Return the names of the canonical tables, in the order of schema.sql."""
    return tuple(_statements())


def canonical_columns(table: str) -> Columns:
    """Return the columns of a canonical table with their types."""
    return dict(_columns()[table])


def table_columns(con: duckdb.DuckDBPyConnection) -> dict[str, Columns]:
    """Return the tables of the main schema with their columns and types."""
    rows = con.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'main' and database_name = current_database() and not internal "
        "and table_name in (select table_name from duckdb_tables() where not temporary) "
        "order by table_name, column_index"
    ).fetchall()
    tables: dict[str, Columns] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables


def create_tables(con: duckdb.DuckDBPyConnection, names: Iterable[str] | None = None) -> None:
    """Create the named canonical tables (default: all) where they are missing, with their constraints."""
    present = table_columns(con)
    for table in canonical_tables() if names is None else names:
        if table not in present:
            con.execute(_statements()[table])


def derive(con: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Bring the tables of `con` into the canonical form, add the derived columns and tables, complete the map."""
    from governance import boundaries  # heavy, and only an import needs it

    con.execute("create temp table if not exists generated_boundaries (place_code varchar)")
    _conform(con)
    con.execute("delete from boundaries where is_schematic and place_code in (from generated_boundaries)")
    con.execute("create or replace temp table generated_boundaries as select place_code from boundaries")
    _run_derive(con, as_of, deadlines.current())
    boundaries.complete(con)
    con.execute(
        "create or replace temp table generated_boundaries as "
        "select place_code from boundaries where place_code not in (from generated_boundaries)"
    )


def _conform(con: duckdb.DuckDBPyConnection) -> None:
    """Create missing tables, drop columns derived earlier, add missing columns as nulls."""
    create_tables(con)
    present = table_columns(con)
    for table in canonical_tables():
        wanted = canonical_columns(table)
        if set(present[table]) != set(wanted):
            chosen = ", ".join(
                column if column in present[table] else f"null::{kind} as {column}" for column, kind in wanted.items()
            )
            con.execute(f"create or replace table {table} as select {chosen} from {table}")


def _run_derive(con: duckdb.DuckDBPyConnection, as_of: datetime, rules: "deadlines.Rules") -> None:
    con.execute(f"set variable as_of = timestamp '{as_of.isoformat(sep=' ')}'")
    for statement in deadlines.statements(rules):
        con.execute(statement)
    for name in DERIVE_ORDER:
        con.execute((DERIVE / f"{name}.sql").read_text("utf-8"))
