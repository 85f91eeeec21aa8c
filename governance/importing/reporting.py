"""Counting the outcome of every row for the report, and the refusals that follow from the counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from governance import snapshots
from governance.importing import outlines
from governance.importing.checking import ACCEPTED
from governance.importing.mapping import Mapping
from governance.importing.merging import Change
from governance.importing.reading import ReadFile
from governance.importing.report import FileReport, ImportReport, Reject, TableReport
from governance.importing.staging import Feed

FIRST_REJECTS = 10
LARGE, SHRUNK = 100, 0.5
LATER = "晚于数据截至的时间按未发生处理（{}）"


def build(
    con: duckdb.DuckDBPyConnection,
    rules: Mapping,
    staged: Sequence[tuple[Feed, str]],
    changes: dict[str, Change],
    corrected: dict[str, dict[str, int]],
    as_of: datetime,
) -> ImportReport:
    """Count everything."""
    tables = {}
    for feed, name in staged:
        late = {LATER.format(label): count for label, count in corrected[feed.table.name].items()}
        tables[feed.table.name] = _table(con, feed, name, changes[feed.table.name], late)
    return ImportReport(
        title=rules.title,
        source=rules.source,
        as_of=as_of,
        is_as_of_given=False,
        dry_run=False,
        files=_files(con, staged),
        tables=tables,
        first_rejects=[reject for feed, name in staged for reject in _first_rejects(con, feed, name)],
    )


def _table(con: duckdb.DuckDBPyConnection, feed: Feed, name: str, change: Change, late: dict[str, int]) -> TableReport:
    by_skip = dict(con.execute(f"select coalesce(_skip, ''), count(*) from {name} group by 1").fetchall())
    reasons = con.execute(
        f"select _reason, count(*) from {name} where _skip is null and _reason is not null "
        "group by 1 order by 2 desc, 1"
    ).fetchall()
    zero, dropped, unclosed, untimed = con.execute(
        f"select count_if(_zero), count_if(_dropped), count_if(_unclosed), count_if(_untimed) from {name} "
        f"where {ACCEPTED}"
    ).fetchone() or (0, 0, 0, 0)
    corrections = {"坐标 0,0 按没有坐标处理": zero, "状态未办结，办结时间不计": dropped, **late}
    report = TableReport(
        feed.table.name,
        feed.table.label,
        feed.rule.merge,
        rows_read=sum(by_skip.values()),
        accepted=_count(con, f"{name} where {ACCEPTED}"),
        rejected=dict(reasons),
        excluded=by_skip.get("excluded", 0),
        not_for_table=by_skip.get("not_for", 0),
        duplicates=by_skip.get("duplicate", 0),
        superseded=by_skip.get("superseded", 0),
        merged=by_skip.get("merged", 0),
        corrected={what: count for what, count in corrections.items() if count},
        new=change.new,
        replaced=change.replaced,
        unchanged=change.unchanged,
        removed=change.removed,
    )
    if feed.table.name == "cases":
        report.reversed_times = _count(con, f"{name} where {ACCEPTED} and closed_at < reported_at")
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
    used: dict[int, set[str]] = {}
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
                if one not in used[number]
            ),
            list(file.notes),
        )
        for number, file in sorted(files.items())
    ]


def _first_rejects(con: duckdb.DuckDBPyConnection, feed: Feed, name: str) -> list[Reject]:
    names = {number: file.path.name for number, file in feed.files}
    rows = con.execute(
        f"select _file, _row, _column, _value, _reason from {name} "
        f"where _skip is null and _reason is not null order by 1, 2 limit {FIRST_REJECTS}"
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


def warnings(report: ImportReport, base: snapshots.Snapshot | None, as_of: datetime) -> list[str]:
    """Say what looks wrong although every rule holds."""
    if not base:
        return []
    found = []
    if as_of < base.as_of:
        found.append(f"数据截至早于当前快照的 {base.as_of:%Y-%m-%d %H:%M}。")
    for table in report.tables.values():
        before, after = table.replaced + table.unchanged + table.removed, table.accepted
        if table.merge == "replace" and before >= LARGE and after < before * SHRUNK:
            found.append(f"表 {table.name}（{table.label}）从 {before:,} 行减少到 {after:,} 行，请确认导出是否完整。")
    return found


def is_superseded(earlier: dict[str, Any], rules: Mapping, added: list[dict[str, Any]]) -> bool:
    """Say whether a file of the snapshot so far is told of anew: the same file, or what a complete export replaces."""
    if earlier.get("source") != rules.source or earlier.get("mapping") != rules.path.name:
        return False
    complete = all(rule.merge == "replace" for rule in rules.tables.values())
    return complete or earlier.get("sha256") in {one["sha256"] for one in added}


def sources(rules: Mapping, feeds: list[Feed]) -> list[dict[str, Any]]:
    """Describe the files for the manifest of the snapshot."""
    tables: dict[int, list[str]] = {}
    files: dict[int, ReadFile] = {}
    for feed in feeds:
        for number, file in feed.files:
            files[number] = file
            tables.setdefault(number, []).append(feed.table.name)
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
            "sha256": _sha256(file),
        }
        for number, file in sorted(files.items())
    ]


def _sha256(file: ReadFile) -> str:
    with file.path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = con.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0
