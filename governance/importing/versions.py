"""What a later version of a row does to the earlier ones, also where it says that the row is none of this table."""

from __future__ import annotations

import duckdb

from governance.importing.checking import ACCEPTED
from governance.importing.feed import Feed
from governance.importing.recoding import name
from governance.importing.staging import CLEARED

LEFT_OUT = f"_skip in ('excluded', 'not_for', '{CLEARED}')"


def settle(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str) -> None:
    """Supersede what a later file of the command tells anew, and make the table `left_out`.

    To be asked after checking.settle_duplicates, which settles accepted rows among themselves.
    """
    if not feed.has_versions:
        return
    columns = [name(column) for column in feed.table.key]
    key, known = ", ".join(columns), " and ".join(f"{column} is not null" for column in columns)
    same = " and ".join(f"a.{column} = b.{column}" for column in columns)
    # What a row says stands above one beside it that is left out; the mapping's own rows (file 0) stand above all.
    con.execute(
        f"create temp table {left_out(staged)} as select a.* from ("
        f"select {key}, max(_file) as _last from {staged} where {LEFT_OUT} and {known} group by all) as a "
        f"anti join (select {key}, _file from {staged} where _skip is null) as b "
        f"on {same} and (b._file >= a._last or b._file = 0)"
    )
    con.execute(f"delete from {staged} where _skip = '{CLEARED}'")
    rejected = f"select {key} from {staged} where _skip is null and _reason is not null"
    con.execute(
        f"create or replace temp table last_words as select {key}, max(_last) as _last from ("
        f"select {key}, _file as _last from {staged} semi join ({rejected}) using ({key}) where {ACCEPTED} "
        f"union all select {key}, _last from {left_out(staged)}) group by all"
    )
    con.execute(
        f"update {staged} as a set _skip = 'superseded', _reason = null, _column = null, _value = null "
        f"from last_words as b where {same} and a._file < b._last and a._file > 0 and a._skip is null"
    )
    con.execute("drop table last_words")


def left_out(staged: str) -> str:
    """The table of the keys whose last word is that there is no such row, or none of this table."""
    return f"{staged}_left_out"
