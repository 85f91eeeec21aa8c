"""What an import builds on: the snapshot in use, what of it stays, and how far the data of both reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from governance import snapshots
from governance.importing import catalogue, checking, refusing
from governance.importing.feed import Feed
from governance.importing.mapping import Mapping
from governance.importing.problems import ImportProblem
from governance.snapshots.logs import LOGS, layout


@dataclass(frozen=True)
class Part:
    """One mapping with what was read by it: each feed with the name of its staging table."""

    rules: Mapping
    staged: tuple[tuple[Feed, str], ...]

    @property
    def feeds(self) -> list[Feed]:
        """The tables it feeds."""
        return [feed for feed, _ in self.staged]


def of(is_demo: bool) -> tuple[snapshots.Snapshot | None, list[str]]:
    """Return the snapshot to build on; a demo and real data are never mixed."""
    if not snapshots.snapshot_ids():
        return None, []
    try:
        base = snapshots.latest()
    except snapshots.SnapshotError as error:
        return None, [f"{error}本次导入从空白开始。"]
    if base.is_demo and not is_demo:
        return None, ["当前快照是演示数据，本次导入从空白开始，不与演示数据混合。"]
    if is_demo and not base.is_demo:
        return None, ["当前快照是真实数据，演示数据从空白开始，不与真实数据混合；用 rollback 可回到真实数据。"]
    return base, [base.warning] if base.warning else []


def cut_off(con: duckdb.DuckDBPyConnection, parts: list[Part], base: snapshots.Snapshot | None) -> datetime:
    """Return the last event of the import; never earlier than the cut-off of what stays from the snapshot in use."""
    found = []
    for part in parts:
        for feed, name in part.staged:
            now = datetime.now(ZoneInfo(feed.rule.options.local_zone)).replace(tzinfo=None)
            found.append(checking.latest_event(con, feed.table, name, now))
    moment = checking.cut_off(found)
    if base and stays(parts, base):
        moment = max(moment, base.as_of) if moment else base.as_of
    if moment is None and base:
        return base.as_of
    if moment is None:
        refusing.nothing_new(con, [one for part in parts for one in part.staged])
        raise ImportProblem("这些文件里没有可用来判断数据截至的时间：请用 --as-of 指定，例如 --as-of 2026-07-01。")
    return moment


def stays(parts: list[Part], base: snapshots.Snapshot) -> bool:
    """Say whether anything of the snapshot in use stays beside what is imported."""
    feeds = [feed for part in parts for feed in part.feeds]
    return bool(
        set(base.tables) & set(catalogue.tables()) - {feed.table.name for feed in feeds}
        or any(feed.rule.merge == "upsert" for feed in feeds)
        or {one.get("source") for one in base.sources} - {part.rules.source for part in parts}
    )


def load(con: duckdb.DuckDBPyConnection, base: snapshots.Snapshot) -> None:
    """Fetch what the snapshot in use holds, the logs of earlier imports included."""
    snapshots.load_tables(con, base, [name for name in base.tables if name in catalogue.tables()])
    for log in LOGS:
        if files := [str(path) for path in base.files(log)]:
            con.execute(f"create table {log} ({layout(log)})")
            con.execute(f"insert into {log} by name select * from read_parquet(?)", [files])
