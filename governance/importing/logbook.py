"""What became of every row of this import, written into the logs that the snapshot keeps."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from governance.importing.catalogue import Table
from governance.importing.checking import ACCEPTED
from governance.importing.recoding import YEARS, name
from governance.importing.staging import Feed
from governance.snapshots import Snapshot
from governance.snapshots.logs import CORRECTED, LOGS, layout

MOST_WORDS = 100  # of one correction in one file that are told one by one


def write(con: duckdb.DuckDBPyConnection, feeds: Sequence[tuple[Feed, str]], source: str) -> None:
    """Add this import to the logs in `con`, which may hold those of the snapshot so far.

    A complete export replaces what was told of its source and table; an upsert only what was told of files of the
    same name, for that is how a corrected file comes again.
    """
    for log in LOGS:
        con.execute(f"create table if not exists {log} ({layout(log)})")
    for feed, staged in feeds:
        for log in LOGS:
            _forget(con, log, feed, source)
        for number, file in feed.files:
            told = [source, feed.table.name, file.path.name, file.sheet]
            con.execute(
                f"insert into rejects select ?, ?, ?, ?, _row, _column, _value, _reason from {staged} "
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
