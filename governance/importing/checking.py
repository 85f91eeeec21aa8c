"""The verdicts that need the whole import: the data cut-off, what lies after it, and repeated keys."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from governance.importing.catalogue import AUTOMATIC, Column, Table
from governance.importing.recoding import literal, name

ACCEPTED = "_skip is null and _reason is null"
LATER = "晚于数据截至的时间按未发生处理（{}）"
FOLLOW = {  # what cannot be known yet when the time that goes with it has not come
    ("cases", "rated_at"): ("rating", "is_rating_default"),
    ("cases", "visited_at"): ("outcome_visit",),
    ("cases", "closed_at"): ("outcome",),
}


def content(table: Table) -> str:
    """Return the SQL of a hash over what a row says, not over where it came from."""
    columns = [name(column) for column in table.columns if column not in AUTOMATIC]
    return f"hash({', '.join(columns)})"


def latest_event(con: duckdb.DuckDBPyConnection, table: Table, staged: str, now: datetime) -> datetime | None:
    """Return the greatest event time among the accepted rows that the clock has reached."""
    events = [column.name for column in table.columns.values() if column.is_event]
    times = [column for column in events if table.columns[column].type == "TIMESTAMP"] or events
    if not times:
        return None
    clock = f"timestamp '{now.isoformat(sep=' ')}'"
    greatest = ", ".join(f"max({name(one)}::timestamp) filter ({name(one)}::timestamp <= {clock})" for one in times)
    row = con.execute(f"select greatest({greatest}, null) from {staged} where {ACCEPTED}").fetchone()
    return row[0] if row else None


def cut_off(latest: list[datetime | None]) -> datetime | None:
    """Return the default data cut-off: one second after the last event, so that half-open intervals include it."""
    known = [one for one in latest if one]
    return max(known).replace(microsecond=0) + timedelta(seconds=1) if known else None


def apply_cut_off(con: duckdb.DuckDBPyConnection, table: Table, staged: str, as_of: datetime, mapped: set[str]) -> None:
    """Reject rows that begin after the cut-off, forget single times after it and say so in the row if it was mapped."""
    limit = f"timestamp '{as_of.isoformat(sep=' ')}'"
    for column in [one for one in table.columns.values() if one.is_event and one.required]:
        con.execute(
            f"update {staged} set _reason = {literal(f'{column.label}晚于数据截至')}, "
            f"_column = {literal(column.name)}, "
            f"_value = {name(column.name)}::varchar where {ACCEPTED} and {name(column.name)}::timestamp > {limit}"
        )
    for column in [one for one in table.columns.values() if one.is_event and not one.required]:
        _forget(con, table, staged, column, limit, column.name in mapped)


def _forget(
    con: duckdb.DuckDBPyConnection, table: Table, staged: str, column: Column, limit: str, is_told: bool
) -> None:
    late = f"{ACCEPTED} and {name(column.name)}::timestamp > {limit}"
    emptied = [f"{name(one)} = null" for one in (column.name, *FOLLOW.get((table.name, column.name), ()))]
    if is_told:
        emptied.append(f"_corrected = list_append(_corrected, {literal(LATER.format(column.label))})")
    con.execute(f"update {staged} set {', '.join(emptied)} where {late}")


def settle_duplicates(
    con: duckdb.DuckDBPyConnection, table: Table, staged: str, identity: tuple[str, ...] = ()
) -> None:
    """Rows with one key: the last is kept; earlier ones are repeats when equal to it.

    Others are superseded when the last stands in a later file, and rejected when it stands in the same one.
    """
    key = ", ".join(name(column) for column in table.key)
    told = "、".join(table.columns[column].label for column in identity or table.key if column != "source")
    repeated = f"{told}都相同，按同一件处理" if identity else f"{told}重复"
    con.execute(
        f"create or replace temp table repeated as "
        f"select {key} from {staged} where {ACCEPTED} group by all having count(*) > 1"
    )
    con.execute(
        f"create or replace temp table earlier as "
        f"select _id, _hash = first_value(_hash) over latest as _is_equal, "
        f"_file < first_value(_file) over latest as _is_older from ("
        f"select {staged}.rowid as _id, _file, _row, {key}, {content(table)} as _hash "
        f"from {staged} semi join repeated using ({key}) "
        f"where {ACCEPTED}) window latest as (partition by {key} order by _file desc, _row desc) "
        f"qualify row_number() over latest > 1"
    )
    found = con.execute("select 1 from earlier limit 1").fetchone()
    if not found:
        con.execute("drop table repeated; drop table earlier")
        return
    rejected = "not (_is_equal or _is_older)"
    con.execute(
        f"update {staged} set _skip = case when _is_equal then 'duplicate' when _is_older then 'superseded' end, "
        f"_reason = case when {rejected} then {literal(f'{repeated}，内容不同（保留最后一行）')} end, "
        f"_column = case when {rejected} then {literal(table.key[-1])} end, "
        f"_value = case when {rejected} then {_shown_key(table)} end "
        f"from earlier where {staged}.rowid = earlier._id"
    )
    con.execute("drop table repeated; drop table earlier")


def _shown_key(table: Table) -> str:
    parts = ", ".join(f"{name(column)}::varchar" for column in table.key if column != "source")
    return f"left(concat_ws(' ', {parts}), 80)"
