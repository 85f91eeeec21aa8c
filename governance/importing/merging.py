"""The accepted rows laid over the tables of the snapshot in use."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from governance.importing.checking import ACCEPTED, content
from governance.importing.feed import Feed
from governance.importing.recoding import name
from governance.importing.relations import exists, rows_in
from governance.importing.versions import left_out


@dataclass(frozen=True)
class Change:
    """What the import did to one table of the snapshot."""

    new: int
    replaced: int
    unchanged: int
    removed: int

    @property
    def is_nothing(self) -> bool:
        """The table says what it said before."""
        return not (self.new or self.replaced or self.removed)


def merge(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str) -> Change:
    """Lay the accepted rows of `staged` over the table in `con`."""
    table, key = feed.table, ", ".join(name(column) for column in feed.table.key)
    columns = ", ".join(name(column) for column in table.columns)
    con.execute(f"create or replace temp view incoming as select {columns} from {staged} where {ACCEPTED}")
    if not exists(con, table.name):
        con.execute(f"create table {table.name} as select {columns} from incoming")
        count = rows_in(con, "incoming")
        con.execute("drop view incoming")
        return Change(count, 0, 0, 0)
    con.execute(f"create or replace temp view touched as select * from {table.name} where {touched(feed, staged)}")
    same = content(table)
    con.execute(
        f"create or replace temp table equal as select {key} from (select {key}, {same} as _hash from incoming) "
        f"semi join (select {key}, {same} as _hash from touched) using ({key}, _hash)"
    )
    unchanged = rows_in(con, "equal")
    matched = rows_in(con, f"(select {key} from incoming semi join touched using ({key}))")
    change = Change(
        new=rows_in(con, "incoming") - matched,
        replaced=matched - unchanged,
        unchanged=unchanged,
        removed=rows_in(con, f"(select {key} from touched anti join incoming using ({key}))"),
    )
    if feed.rule.merge == "upsert" and not change.is_nothing:
        con.execute(f"delete from {table.name} where {touched(feed, staged)}")
        con.execute(f"insert into {table.name} by name from incoming")
    elif not change.is_nothing:  # most of the table, as a rule: to delete it would leave holes
        con.execute(
            f"create temp table merged as select {columns} from {table.name} where not ({touched(feed, staged)}) "
            f"union all select {columns} from incoming"
        )
        con.execute("drop view touched")
        con.execute(f"create or replace table {table.name} as from merged")
        con.execute("drop table merged")
    con.execute("drop view if exists touched; drop view incoming; drop table equal")
    return change


def touched(feed: Feed, staged: str) -> str:
    """Which rows of the table so far this import speaks for."""
    table = feed.table
    if feed.rule.merge == "upsert":
        keys = ", ".join(name(column) for column in table.key)
        spoken_for = f"select {keys} from {staged} where {ACCEPTED} union all select {keys} from {left_out(staged)}"
        return f"({keys}) in ({spoken_for})" if len(table.key) > 1 else f"{keys} in ({spoken_for})"
    if "source" in table.columns:
        return f"source in (select distinct source from {staged} where source is not null)"
    return "true"
