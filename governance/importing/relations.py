"""Two questions about what lies in the database of an import."""

from __future__ import annotations

import duckdb


def exists(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether there is a table of that name that will be published."""
    found = con.execute("select 1 from duckdb_tables() where table_name = ? and not temporary", [table]).fetchone()
    return found is not None


def rows_in(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has."""
    row = con.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
