"""What an import would do, for whoever decides: the first rows as they will look, what becomes of the cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb

from governance import codes, snapshots
from governance.importing import merging
from governance.importing.catalogue import HASHED, Column
from governance.importing.checking import ACCEPTED, content
from governance.importing.feed import Feed
from governance.importing.problems import shorten
from governance.importing.recoding import name
from governance.importing.report import Preview

FIRST_ROWS = 20
HIDDEN = "（加密）"
KINDS = ("new", "late", "closed", "closed_late", "reopened", "reclassified", "removed")


def preview(con: duckdb.DuckDBPyConnection, feed: Feed, staged: str) -> Preview:
    """The first accepted rows with the columns that the mapping fills, codes as words; free text is masked by now."""
    columns = [column for column in feed.table.columns.values() if column.name in feed.rule.columns]
    columns = [column for column in columns if column.name != "geometry"]
    selected = ", ".join(name(column.name) for column in columns)
    rows = con.execute(
        f"select _row, {selected} from {staged} where {ACCEPTED} order by _file, _row limit {FIRST_ROWS}"
    ).fetchall()
    headings = ("行", *(column.label for column in columns))
    shown = [
        (str(row), *(_shown(value, column) for value, column in zip(values, columns, strict=True)))
        for row, *values in rows
    ]
    return Preview(headings, tuple(shown))


def _shown(value: Any, column: Column) -> str:
    """A value as a reader will see it."""
    if value is None:
        return ""
    if column.name in HASHED:
        return HIDDEN
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    words = column.codes or {code: word for word, code in reversed(column.words.items())}
    return shorten(words.get(str(value), value), 80)


def changes(
    con: duckdb.DuckDBPyConnection, feed: Feed, staged: str, base: snapshots.Snapshot | None
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Count what becomes of the cases, by the kinds of words/changes.sql, and name the months that change.

    To be asked before the merge: `cases` in `con` still is what the snapshot in use holds. Kinds overlap.
    """
    if feed.table.name != "cases" or base is None or "cases" not in base.tables:
        return {}, ()
    columns = "source, case_id, category, subcategory, kind, origin, urgency, reported_at, closed_at, reopen_count"
    same = content(feed.table)
    con.execute(
        "create or replace temp table outlook as with "
        f"old as (select {columns}, {same} as _hash from cases where {merging.touched(feed, staged)}), "
        f"new as (select {columns}, {same} as _hash from {staged} where {ACCEPTED}) "
        "select o, n from old as o full join new as n on o.source = n.source and o.case_id = n.case_id "
        "where o._hash is distinct from n._hash"
    )
    both = "o.case_id is not null and n.case_id is not null"
    cut_off = f"timestamp '{base.as_of.isoformat(sep=' ')}'"
    closed = f"{both} and o.closed_at is null and n.closed_at"
    classes = ("category", "subcategory", "kind", "origin", "urgency")
    kinds = {
        "new": f"o.case_id is null and n.reported_at >= {cut_off}",
        "late": f"o.case_id is null and n.reported_at < {cut_off}",
        "closed": f"{closed} >= {cut_off}",
        "closed_late": f"{closed} < {cut_off}",
        "reopened": f"{both} and ((o.closed_at is not null and n.closed_at is null) "
        "or coalesce(n.reopen_count, 0) > coalesce(o.reopen_count, 0))",
        "reclassified": f"{both} and ({' or '.join(f'o.{one} is distinct from n.{one}' for one in classes)})",
        "removed": "n.case_id is null",
    }
    counted = ", ".join(f"count_if({kinds[kind]})" for kind in KINDS)
    months = "list(distinct strftime(coalesce(n.reported_at, o.reported_at), '%Y-%m'))"
    *counts, found = con.execute(f"select {counted}, {months} from outlook").fetchone() or ()
    con.execute("drop table outlook")
    return {kind: count for kind, count in zip(KINDS, counts, strict=True) if count}, tuple(sorted(found or ()))


def worded(counts: dict[str, int]) -> dict[str, int]:
    """The counts by the names that a reader knows from 版本变化."""
    return {codes.label("change", kind): count for kind, count in counts.items()}
