"""What became of every row of this import, written into the logs that the snapshot keeps."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from governance.importing.catalogue import Table
from governance.importing.checking import ACCEPTED
from governance.importing.feed import Feed
from governance.importing.recoding import YEARS, name
from governance.importing.relations import rows_in
from governance.importing.versions import left_out
from governance.snapshots import Snapshot
from governance.snapshots.logs import CORRECTED, LOGS, layout

MOST_WORDS = 100  # of one correction in one file that are told one by one


def write(con: duckdb.DuckDBPyConnection, feeds: Sequence[tuple[Feed, str]], source: str) -> None:
    """Add this import to the logs in `con`, which may hold those of the snapshot so far.

    A complete export replaces what was told of its source and table; an upsert what was told of files of the same
    name, for that is how a corrected file comes again, and of each rejected row whose key comes again.
    """
    for log in LOGS:
        con.execute(f"create table if not exists {log} ({layout(log)})")
    for feed, staged in feeds:
        for log in LOGS:
            _forget(con, log, feed, source)
        _settle(con, feed, staged, source)
        for number, file in feed.files:
            told = [source, feed.table.name, file.path.name, file.sheet]
            con.execute(
                f"insert into rejects select ?, ?, ?, ?, _row, _column, _value, _reason, "
                f"{_row_key(feed.table)}, {_month(feed.table)} from {staged} "
                f"where _skip is null and _reason is not null and _file = {number} order by _row",
                told,
            )
            con.execute(f"insert into intake {_outcomes(feed.table, staged, number)}", told)
            con.execute(f"insert into intake {_corrections(feed.table, staged, number)}", told)


def has_news(con: duckdb.DuckDBPyConnection, base: Snapshot) -> bool:
    """Whether other rows are rejected now than the snapshot in use tells of, although its data stay as they are.

    Where a row stands does not count: a reading of a database numbers its rows anew each time.
    """
    what = "distinct source, table_name, file, column_name, value, reason"
    now = f"select {what} from rejects"
    files = [str(path) for path in base.files("rejects")]
    then = f"select {what} from read_parquet($files)" if files else f"{now} where false"
    for first, second in ((now, then), (then, now)):
        if con.execute(f"({first}) except ({second}) limit 1", {"files": files} if files else None).fetchone():
            return True
    return False


def _forget(con: duckdb.DuckDBPyConnection, log: str, feed: Feed, source: str) -> None:
    told = "source = ? and table_name = ?"
    if feed.rule.merge == "replace":
        con.execute(f"delete from {log} where {told}", [source, feed.table.name])
        return
    for _, file in feed.files:
        con.execute(
            f"delete from {log} where {told} and file = ? and sheet is not distinct from ?",
            [source, feed.table.name, file.path.name, file.sheet],
        )


def _settle(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str, source: str) -> None:
    """Count earlier rejects as superseded where a newer version of the row says what holds, whatever it says."""
    if feed.rule.merge != "upsert" or not rows_in(con, "rejects"):
        return
    key = _row_key(feed.table)
    told = [source, feed.table.name]
    con.execute(
        "create or replace temp table settled as select * from rejects where source = ? and table_name = ? "
        f"and row_key in (select {key} from {staged} where _skip is null "
        f"union all select {key} from {left_out(staged)})",
        told,
    )
    if rows_in(con, "settled"):
        con.execute(
            "delete from rejects where source = ? and table_name = ? and row_key in (select row_key from settled)", told
        )
        place = "source, table_name, file, sheet, month"
        con.execute(f"insert into intake select {place}, 'rejected', reason, -count(*) from settled group by all")
        con.execute(f"insert into intake select {place}, 'superseded', null, count(*) from settled group by all")
        con.execute(
            f"create or replace table intake as select {place}, outcome, reason, sum(row_count)::bigint as row_count "
            "from intake group by all having sum(row_count) <> 0"
        )
    con.execute("drop table settled")


def _row_key(table: Table) -> str:
    """The SQL of what a row is known by in the next import."""
    columns = [name(column) for column in table.key]
    known = " and ".join(f"{column} is not null" for column in columns)
    texts = ", ".join(f"{column}::varchar" for column in columns)
    return f"case when {known} then substr(sha256(concat_ws(chr(30), {texts})), 1, 32) end"


def _outcomes(table: Table, staged: str, number: int) -> str:
    """Every row of a file once: by month and outcome."""
    return (
        f"select ?, ?, ?, ?, {_month(table)}, "
        "coalesce(_skip, case when _reason is null then 'accepted' else 'rejected' end), "
        f"case when _skip is null then _reason end, count(*) from {staged} where _file = {number} group by 5, 6, 7"
    )


def _corrections(table: Table, staged: str, number: int) -> str:
    """What was changed in accepted rows; of words that were filed under another code, the most frequent ones."""
    return (
        f"with told as (select {_month(table)} as month, unnest(_corrected) as what from {staged} "
        f"where {ACCEPTED} and _file = {number}), "
        "known as (select what from told group by what qualify row_number() over "
        f"(partition by {without_word('what')} order by count(*) desc, what) <= {MOST_WORDS}) "
        f"select ?, ?, ?, ?, month, '{CORRECTED}', "
        f"case when what in (from known) then what else {without_word('what')} end as what, count(*) "
        "from told group by month, 7"
    )


def without_word(what: str) -> str:
    """The SQL of a correction without the word it is about: 类别未登记，归入“其他”：甲 → 类别未登记，归入“其他”."""
    return f"split_part({what}, '：', 1)"


def _month(table: Table) -> str:
    """The month a row is about: of its first required event, else of its first event."""
    events = [column for column in table.columns.values() if column.is_event]
    if not events:
        return "null::date"
    event = name(next((column for column in events if column.required), events[0]).name)
    in_range = f"year({event}) between {YEARS[0]} and {YEARS[1]}"
    return f"case when {in_range} then date_trunc('month', {event})::date end"
