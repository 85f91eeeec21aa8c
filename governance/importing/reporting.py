"""Counting the outcome of every row for the report, and the refusals that follow from the counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from governance import snapshots
from governance.importing import logbook, outlines
from governance.importing import outlook as looking
from governance.importing.basis import Part
from governance.importing.checking import ACCEPTED
from governance.importing.feed import Feed
from governance.importing.mapping import Mapping
from governance.importing.merging import Change
from governance.importing.reading import ReadFile
from governance.importing.relations import rows_in
from governance.importing.report import FileReport, ImportReport, Preview, Reject, TableReport
from governance.importing.rows import Heading
from governance.importing.unpivoting import filled_cells

MOST_REJECTS = 20_000


def build(
    con: duckdb.DuckDBPyConnection,
    rules: Mapping,
    staged: Sequence[tuple[Feed, str]],
    changes: dict[str, Change],
    as_of: datetime,
) -> ImportReport:
    """Count everything."""
    tables = {}
    for feed, name in staged:
        tables[feed.table.name] = _table(con, feed, name, changes[feed.table.name])
    return ImportReport(
        title=rules.title,
        source=rules.source,
        as_of=as_of,
        is_as_of_given=False,
        dry_run=False,
        files=_files(con, staged),
        tables=tables,
        rejects=[reject for feed, name in staged for reject in _rejects(con, feed, name)],
    )


def outlook(
    con: duckdb.DuckDBPyConnection, staged: Sequence[tuple[Feed, str]], base: snapshots.Snapshot | None
) -> tuple[dict[str, Preview], dict[str, int], tuple[str, ...]]:
    """What can only be seen before the merge: the first rows per table, what becomes of the cases, months touched."""
    preview = {feed.table.name: looking.preview(con, feed, name) for feed, name in staged if feed.rule.columns}
    counts: dict[str, int] = {}
    months: tuple[str, ...] = ()
    for feed, name in staged:
        if feed.table.name == "cases":
            counts, months = looking.changes(con, feed, name, base)
    return preview, counts, months


def _table(con: duckdb.DuckDBPyConnection, feed: Feed, name: str, change: Change) -> TableReport:
    by_skip = dict(con.execute(f"select coalesce(_skip, ''), count(*) from {name} group by 1").fetchall())
    reasons = con.execute(
        f"select _reason, count(*) from {name} where _skip is null and _reason is not null "
        "group by 1 order by 2 desc, 1"
    ).fetchall()
    unclosed, untimed = con.execute(
        f"select count_if(_unclosed), count_if(_untimed) from {name} where {ACCEPTED}"
    ).fetchone() or (0, 0)
    corrections = con.execute(
        f"select {logbook.without_word('what')}, count(*) from ("
        f"select unnest(_corrected) as what from {name} where {ACCEPTED}) group by 1 order by 2 desc, 1"
    ).fetchall()
    report = TableReport(
        feed.table.name,
        feed.table.label,
        feed.rule.merge,
        rows_read=sum(by_skip.values()),
        accepted=rows_in(con, f"{name} where {ACCEPTED}"),
        rejected=dict(reasons),
        excluded=by_skip.get("excluded", 0),
        not_for_table=by_skip.get("not_for", 0),
        duplicates=by_skip.get("duplicate", 0),
        superseded=by_skip.get("superseded", 0),
        merged=by_skip.get("merged", 0),
        corrected=dict(corrections),
        new=change.new,
        replaced=change.replaced,
        unchanged=change.unchanged,
        removed=change.removed,
    )
    if feed.table.name == "cases":
        report.reversed_times = rows_in(con, f"{name} where {ACCEPTED} and closed_at < reported_at")
    if feed.rule.closed and feed.rule.closed.prefer == "time":
        if unclosed:
            report.notes.append(f"状态未办结但有办结时间（以时间为准，按已办结）：{unclosed:,} 行")
        if untimed:
            report.notes.append(f"状态已办结但无办结时间（以时间为准，按未办结）：{untimed:,} 行")
    if feed.table.name == "boundaries":
        report.notes += outlines.notes(con, feed, name)
    report.notes += outlines.unmatched(con, feed, name)
    return report


def _files(con: duckdb.DuckDBPyConnection, staged: Sequence[tuple[Feed, str]]) -> list[FileReport]:
    """Tell of each reading once, with the headings that no table used."""
    used: dict[int, set[Heading]] = {}
    files: dict[int, ReadFile] = {}
    for feed, _ in staged:
        for number, file in feed.files:
            files[number] = file
            used.setdefault(number, set()).update(feed.rule.headings)
    return [
        FileReport(
            file.path.name,
            file.kind,
            file.rows,
            file.encoding,
            file.sheet,
            file.other_sheets,
            tuple(
                one or f"（第 {place} 列无表头）"
                for place, one in enumerate(file.headings, 1)
                if one not in used[number] and place not in used[number]
            ),
            list(file.notes),
        )
        for number, file in sorted(files.items())
    ]


def _rejects(con: duckdb.DuckDBPyConnection, feed: Feed, name: str) -> list[Reject]:
    names = {number: file.path.name for number, file in feed.files}
    rows = con.execute(
        f"select _file, _row, _column, _value, _reason from {name} "
        f"where _skip is null and _reason is not null order by 1, 2 limit {MOST_REJECTS}"
    ).fetchall()
    columns = feed.rule.columns
    return [
        Reject(
            feed.table.name,
            names.get(number, "映射文件的 rows"),
            row,
            column,
            columns[column].heading if column in columns else None,
            value,
            reason,
        )
        for number, row, column, value, reason in rows
    ]


def warnings(base: snapshots.Snapshot | None, as_of: datetime) -> list[str]:
    """Say what is unusual about the cut-off."""
    if not base:
        return []
    return [f"数据截至早于当前快照的 {base.as_of:%Y-%m-%d %H:%M}。"] if as_of < base.as_of else []


def still_told(earlier: dict[str, Any], part: Part, added: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What of a file of the snapshot so far is still told, table by table as in logbook.py; None where nothing is.

    It is told no more where it comes again, and where a complete export replaces it, whichever mapping brought it: a
    database of which rows were taken away is asked for everything again.
    """
    if earlier.get("source") != part.rules.source:
        return earlier
    gone = {feed.table.name for feed in part.feeds if feed.rule.merge == "replace"}
    for one in added:
        is_again = (one["file"], one["sheet"]) == (earlier.get("file"), earlier.get("sheet"))
        is_same = (one["mapping"], one["sha256"]) == (earlier.get("mapping"), earlier.get("sha256"))
        gone |= set(one["tables"]) if is_again or is_same else set()
    left = [table for table in earlier["tables"] if table not in gone]
    return earlier | {"tables": left} if left else None


def sources(con: duckdb.DuckDBPyConnection, rules: Mapping, feeds: list[Feed]) -> list[dict[str, Any]]:
    """Describe the files for the manifest of the snapshot."""
    tables: dict[int, list[str]] = {}
    files: dict[int, ReadFile] = {}
    unfolded: dict[int, dict[str, int]] = {}
    for feed in feeds:
        for number, file in feed.files:
            files[number] = file
            tables.setdefault(number, []).append(feed.table.name)
            if feed.rule.unpivot:
                count = rows_in(con, f"({filled_cells(feed.rule.unpivot, file, feed.rule.options)})")
                unfolded.setdefault(number, {})[feed.table.name] = count
    return [
        {
            "source": rules.source,
            "title": rules.title,
            "mapping": rules.path.name,
            "file": file.path.name,
            "sheet": file.sheet,
            "encoding": file.encoding,
            "rows": file.rows,
            "tables": tables[number],
            **({"unfolded": unfolded[number]} if number in unfolded else {}),
            **(file.told or {"sha256": _sha256(file)}),
        }
        for number, file in sorted(files.items())
    ]


def _sha256(file: ReadFile) -> str:
    with file.path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
