"""One import from beginning to end: mappings and files in, a published snapshot and reports out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from governance import deadlines, snapshots
from governance.importing import (
    basis,
    checking,
    coordinates,
    feeding,
    logbook,
    merging,
    outlines,
    plausible,
    pseudonyms,
    refusing,
    reporting,
    scratch,
    versions,
)
from governance.importing.basis import Part
from governance.importing.database import asking
from governance.importing.feed import Feed
from governance.importing.mapping import Mapping, read_mapping
from governance.importing.merging import Change
from governance.importing.problems import ImportProblem, progress
from governance.importing.reading import Reading
from governance.importing.report import ImportReport
from governance.importing.staging import stage
from governance.public import following
from governance.snapshots.schema import derive

MEMORY = "GOVERNANCE_MEMORY"  # of the work in DuckDB: 4GB, 800MB
LEAST_MEMORY = 2_000  # megabytes; two million cases need 800


def import_files(
    mapping: Path,
    files: list[Path],
    as_of: datetime | None = None,
    dry_run: bool = False,
    is_demo: bool = False,
    accept: bool = False,
    full: bool = False,
) -> ImportReport:
    """Read files as a mapping says, check every row, and publish them with what the snapshot in use holds."""
    return import_many([(mapping, files)], as_of, dry_run, is_demo, accept, full)[0]


def import_many(
    parts: Iterable[tuple[Path, Sequence[Path]]],
    as_of: datetime | None = None,
    dry_run: bool = False,
    is_demo: bool = False,
    accept: bool = False,
    full: bool = False,
) -> list[ImportReport]:
    """Import several mappings, each with its files, as one snapshot: all of it or, where one is refused, nothing.

    They are laid over the snapshot in use in the order given; one report for each. `accept` says that somebody has
    looked at what is doubtful (plausible.py) and means it; `full`, that a database is asked for everything, not only
    for what has changed.
    """
    with (
        _explained(),
        nullcontext() if dry_run else snapshots.lock(),
        scratch.folder() as folder,
        duckdb.connect(config=_settings(folder)) as con,
        Reading() as reading,
    ):
        for statement in filter(str.strip, coordinates.MACROS.split(";")):
            con.execute(statement.replace("create macro", "create temp macro"))
        staged = []
        for number, (mapping, files) in enumerate(parts, 1):
            rules = read_mapping(Path(mapping))
            feeds = feeding.read(reading, rules, list(files), folder / str(number))
            feeds += _asked(rules, feeds, is_demo, full, folder / str(number))
            staged.append(_stage(con, rules, feeds, number, dry_run))
        return _import(con, staged, as_of, dry_run, is_demo, accept)


def memory() -> str:
    """What the work in DuckDB may occupy: as the environment says, else a third of the machine, at least 2 GB."""
    if chosen := os.environ.get(MEMORY, "").strip():
        if not re.fullmatch(r"[1-9]\d*(MB|GB)", chosen):
            raise ImportProblem(f"环境变量 {MEMORY} 的“{chosen}”不是内存大小：应形如 4GB 或 800MB。")
        return chosen
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    return f"{max(LEAST_MEMORY, machine // 3)}MB"


def _settings(folder: Path) -> dict[str, Any]:
    return {
        "memory_limit": memory(),
        "temp_directory": str(folder / "spill"),
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": False,
    }


@contextmanager
def _explained() -> Iterator[None]:
    """Whatever fails outside the rules still reaches the user as one sentence."""
    try:
        yield
    except snapshots.SnapshotError as error:
        raise ImportProblem(str(error)) from error
    except MemoryError as error:
        raise ImportProblem("内存不足，导入已停止，快照未改动：请分批导出后再导入。") from error
    except (duckdb.Error, OSError) as error:
        text = str(error)
        if snapshots.is_disk_full(error):
            raise ImportProblem("磁盘空间不足，导入已停止，快照未改动：请腾出空间后重试。") from error
        if isinstance(error, duckdb.OutOfMemoryException):
            raise ImportProblem(
                "内存不足，导入已停止，快照未改动：请设 GOVERNANCE_MEMORY=8GB 多给内存，或分批导出后再导入。"
            ) from error
        first = text.splitlines()[0][:200] if text else type(error).__name__
        raise ImportProblem(f"导入时出错，快照未改动（{first}）：请把这句话连同映射文件交给维护人员。") from error


def _asked(rules: Mapping, feeds: list[Feed], is_demo: bool, full: bool, folder: Path) -> list[Feed]:
    if rules.database is None:
        if full:
            raise ImportProblem(f"映射文件 {rules.path.name} 没有用到数据库，--full 不起作用：请去掉它。")
        return []
    first = 1 + max((number for feed in feeds for number, _ in feed.files), default=0)
    return asking.feeds(rules, basis.of(is_demo)[0], full, folder, first)


def _stage(con: duckdb.DuckDBPyConnection, rules: Mapping, feeds: list[Feed], number: int, dry_run: bool) -> Part:
    key = pseudonyms.key(feeds, dry_run)
    staged = []
    for feed in feeds:
        progress(f"核对 {feed.table.name}（{feed.table.label}）…")
        staged.append((feed, stage(con, rules, feed, key, number)))
    refusing.nothing_accepted(con, staged)
    refusing.one_reason(con, rules, staged)
    return Part(rules, tuple(staged))


def _import(
    con: duckdb.DuckDBPyConnection,
    parts: list[Part],
    as_of: datetime | None,
    dry_run: bool,
    is_demo: bool,
    accept: bool,
) -> list[ImportReport]:
    base, messages = basis.of(is_demo)
    feeds = [feed for part in parts for feed in part.feeds]
    if as_of and as_of.tzinfo:
        zone = ZoneInfo(feeds[0].rule.options.local_zone) if feeds else None
        as_of = as_of.astimezone(zone).replace(tzinfo=None)
    if as_of and base and as_of < base.as_of and not is_demo and basis.stays(parts, base):
        raise refusing.future(as_of, base)
    moment = as_of or basis.cut_off(con, parts, base)
    if base:
        basis.load(con, base)
    progress("与当前快照合并 …")
    reports, changes = [], []
    for part in parts:
        report, changed, doubts = _lay_over(con, part, base, moment)
        report.is_as_of_given, report.dry_run = as_of is not None, dry_run
        report.messages = [
            *messages,
            *reporting.warnings(base, moment),
            *plausible.settle(doubts, accept, dry_run),
        ]
        reports.append(report)
        changes += changed
    refusing.nothing_to_publish(con, feeds)
    same_moment = as_of is None or (base is not None and base.as_of == moment)
    snapshot_id = None
    is_same = all(one.is_nothing for one in changes) and not (base and logbook.has_news(con, base))
    if base and same_moment and base.rules == deadlines.digest() and is_same:
        snapshot_id, moment = base.id, base.as_of
    else:
        with refusing.explained_places(feeds):
            if dry_run:
                derive(con, moment)
            else:
                snapshot_id = _publish(con, parts, base, moment, is_demo)
        outlines.tell_fit(con, reports)
    is_changed = base is None or snapshot_id != base.id
    for report in reports:
        report.snapshot_id, report.as_of, report.changed = snapshot_id, moment, is_changed
    return reports


def _lay_over(
    con: duckdb.DuckDBPyConnection, part: Part, base: snapshots.Snapshot | None, moment: datetime
) -> tuple[ImportReport, list[Change], list[plausible.Doubt]]:
    """Pass the last verdicts on the rows of one mapping and lay the accepted ones over the tables in `con`."""
    doubts = []
    for feed, name in part.staged:
        outlines.merge_same(con, feed, name)
        checking.apply_cut_off(con, feed.table, name, moment, set(feed.rule.columns))
        checking.settle_duplicates(con, feed.table, name, feed.rule.identity)
        versions.settle(con, feed, name)
        doubts += plausible.same_cases(con, feed, name)
    refusing.nothing_accepted(con, part.staged)
    logbook.write(con, part.staged, part.rules.source)
    foreseen = reporting.outlook(con, part.staged, base)
    changes = {feed.table.name: merging.merge(con, feed, name) for feed, name in part.staged}
    refusing.emptied(con, part.rules, part.staged, changes)
    report = reporting.build(con, part.rules, part.staged, changes, moment)
    report.preview, report.changes, report.months = foreseen
    doubts += plausible.shrunken(report.tables.values())
    for feed, name in part.staged:
        doubts += plausible.far_away(con, feed, name)
        con.execute(f"drop table {name}; drop table if exists {versions.left_out(name)}")
    return report, list(changes.values()), doubts


def _publish(
    con: duckdb.DuckDBPyConnection, parts: list[Part], base: snapshots.Snapshot | None, as_of: datetime, is_demo: bool
) -> str:
    progress("发布快照 …")
    sources = list(base.sources) if base else []
    for part in parts:
        added = reporting.sources(con, part.rules, part.feeds)
        told = [reporting.still_told(one, part, added) for one in sources]
        sources = [one for one in told if one] + added
    snapshot = snapshots.publish(con, as_of, sources=sources, is_demo=is_demo)
    following.follow(snapshot)
    return snapshot.id
