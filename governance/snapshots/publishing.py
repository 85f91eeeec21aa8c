"""Publishing: a snapshot is written aside, made durable, and put in use by one atomic step.

Killed at any step, readers see the whole old or the whole new snapshot, and the next import cleans up.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from governance import deadlines
from governance.snapshots import folder
from governance.snapshots.folder import SnapshotError, explained, lock, reached, root
from governance.snapshots.logs import LOGS
from governance.snapshots.reading import (
    VERSION,
    Snapshot,
    current_id,
    dump,
    list_snapshots,
    read,
    snapshot_ids,
    verify,
)
from governance.snapshots.schema import (
    canonical_columns,
    create_tables,
    derive,
    derived_columns,
    table_columns,
)

STEPS = (
    "locked",
    "cleaned",
    "derived",
    "staged",
    "file_written",
    "files_synced",
    "manifest_written",
    "stage_synced",
    "renamed",
    "root_synced",
    "pointer_written",
    "pointer_replaced",
    "published",
)
ROW_GROUP = 122_880
CASE_ORDER = ("county_code", "grid_id", "reported_at", "source", "case_id")
GENERATED = "boundaries_generated"
RULES = "deadline_rules"
KEEP = 6
KEEP_AT_LEAST = 3
KEEP_FOR = timedelta(hours=24)
MINIMUM_SPACE = 1_000_000


def publish(
    con: duckdb.DuckDBPyConnection,
    as_of: datetime,
    *,
    sources: list[dict[str, Any]],
    is_demo: bool = False,
) -> Snapshot:
    """Write the tables of `con`, and the logs of its imports if it has them, as a snapshot and put it in use.

    Equal content at the same `as_of` is the same snapshot: its id tells an import that nothing has changed. The
    tables of `con` are brought into canonical form and get the derived columns on the way.
    """
    with lock(), explained():
        reached("locked")
        folder.remove_scratch()
        reached("cleaned")
        published = list_snapshots()
        folder.require_space(max(MINIMUM_SPACE, 3 * published[-1].bytes if published else 0))
        derive(con, as_of)
        reached("derived")
        stage = folder.new_scratch(".staging-")
        try:
            files = _write_files(con, stage)
            snapshot_id = _place(stage, files, as_of, sources, is_demo, published)
            _point_at(snapshot_id)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        reached("published")
        collect_garbage()
        snapshot = read(snapshot_id)
    _tell(snapshot)
    return snapshot


def _tell(snapshot: Snapshot) -> None:
    """Let the public bundle follow, where there is one; what goes wrong there is told, the snapshot stays published."""
    if (folder.data_dir() / "public").is_dir():
        from governance.public import building  # needs the store, which needs the snapshots

        building.follow(snapshot)


def _write_files(con: duckdb.DuckDBPyConnection, stage: Path) -> list[dict[str, Any]]:
    stage.mkdir()
    reached("staged")
    files = []
    for table, name, relation in _relations(con):
        counted = con.execute(f"select count(*) from {relation}").fetchone()
        if counted and counted[0]:
            path = stage / f"{name}.parquet"
            _write_file(con, relation, ", ".join(CASE_ORDER) if table == "cases" else "all", path)
            files.append({"table": table, "file": path.name, "rows": counted[0], **_measure(path)})
            reached("file_written")
    reached("files_synced")
    if all(entry["table"] == RULES for entry in files):  # the rules are there whatever was imported
        raise SnapshotError("没有任何数据行，没有写入新快照。")
    return files


def _relations(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """Yield what is written: the table, the name of its file, and the rows. Generated outlines have their own file."""
    present = table_columns(con)
    generated = "place_code in (from generated_boundaries)"
    for table in sorted(derived_columns()):
        if table == "boundaries":
            yield table, table, f"(from boundaries where not {generated})"
            yield table, GENERATED, f"(from boundaries where {generated})"
        else:
            yield table, table, table
    for log in LOGS:
        if log in present:
            yield log, log, log


def _write_file(con: duckdb.DuckDBPyConnection, relation: str, order: str, path: Path) -> None:
    """Write rows in a fixed order, so that equal content gives equal bytes."""
    target = str(path).replace("'", "''")
    con.execute(
        f"copy (select * from {relation} order by {order}) to '{target}' "
        f"(format parquet, compression zstd, compression_level 9, row_group_size {ROW_GROUP}, use_tmp_file false)"
    )


def _measure(path: Path) -> dict[str, Any]:
    folder.sync(path)
    return {"bytes": path.stat().st_size, "sha256": folder.sha256(path)}


def _place(
    stage: Path,
    files: list[dict[str, Any]],
    as_of: datetime,
    sources: list[dict[str, Any]],
    is_demo: bool,
    published: list[Snapshot],
) -> str:
    """Complete the staged folder with its manifest and give it its name."""
    content = hashlib.sha256(json.dumps([VERSION, is_demo, files], sort_keys=True).encode()).hexdigest()
    snapshot_id = f"{as_of:%Y%m%dT%H%M%S}-{content[:8]}"
    if _is_whole(snapshot_id):
        return snapshot_id
    manifest = {
        "version": VERSION,
        "id": snapshot_id,
        "sequence": max((snapshot.sequence for snapshot in published), default=0) + 1,
        "published_at": folder.now().isoformat(timespec="seconds"),
        "as_of": as_of.isoformat(),
        "is_demo": is_demo,
        "content": content,
        "rules": deadlines.digest(),
        "sources": sources,
        "files": files,
    }
    folder.write_durably(stage / "manifest.json", dump(manifest))
    reached("manifest_written")
    folder.sync(stage)
    reached("stage_synced")
    target = root() / snapshot_id
    if target.exists():
        folder.remove(target)
    stage.rename(target)
    reached("renamed")
    folder.sync(root())
    reached("root_synced")
    return snapshot_id


def _is_whole(snapshot_id: str) -> bool:
    try:
        verify(snapshot_id)
    except SnapshotError:
        return False
    return True


def _point_at(snapshot_id: str) -> None:
    """Put a snapshot in use: the one step that readers see."""
    temporary = folder.new_scratch(".pointer-")
    try:
        folder.write_durably(temporary, f"{snapshot_id}\n".encode())
        reached("pointer_written")
        os.replace(temporary, root() / "CURRENT")
    finally:
        temporary.unlink(missing_ok=True)
    reached("pointer_replaced")
    folder.sync(root())


def rollback(to: str | None = None) -> Snapshot:
    """Put an earlier snapshot in use again: the named one, else the one published before the current."""
    with lock(), explained():
        target = _before(current_id()) if to is None else verify(to)
        _point_at(target.id)
    _tell(target)
    return target


def _before(current: str | None) -> Snapshot:
    try:
        sequence = float(read(current or "").sequence)
    except SnapshotError:
        sequence = float("inf")
    for snapshot in reversed(list_snapshots()):
        if snapshot.sequence < sequence and snapshot.id != current and _is_whole(snapshot.id):
            return snapshot
    raise SnapshotError("没有更早的完好快照可以回退，未作改动。")


def collect_garbage(keep: int = KEEP) -> list[str]:
    """Remove old snapshots; never the current one, one of the newest, or one of the last 24 hours."""
    with lock(), explained():
        snapshots = list_snapshots()
        newest = {snapshot.id for snapshot in snapshots[-max(keep, KEEP_AT_LEAST) :]}
        oldest_kept = folder.now() - KEEP_FOR
        current = current_id()
        removed = []
        for snapshot in snapshots:
            is_old = datetime.fromisoformat(snapshot.manifest["published_at"]) < oldest_kept
            if current and is_old and snapshot.id not in newest and snapshot.id != current:
                folder.remove(snapshot.path)
                removed.append(snapshot.id)
        return removed


def abandon(before: Collection[str]) -> None:
    """Remove what a killed import left: its scratch, and snapshots that are neither of `before` nor in use."""
    with lock(), explained():
        folder.remove_scratch()
        for snapshot_id in set(snapshot_ids()) - set(before) - {current_id()}:
            folder.remove(root() / snapshot_id)


def load_tables(con: duckdb.DuckDBPyConnection, snapshot: Snapshot | None, names: Iterable[str]) -> None:
    """Create canonical tables in `con`, filled from a snapshot (without one: empty), without what was derived."""
    names = list(names)
    create_tables(con, names)
    for table in names:
        files = [str(path) for path in snapshot.files(table) if path.stem != GENERATED] if snapshot else []
        if not files:
            continue
        available = con.execute("select column_name from (describe select * from read_parquet(?))", [files]).fetchall()
        chosen = ", ".join(column for column in canonical_columns(table) if (column,) in available)
        con.execute(f"insert into {table} by name select {chosen} from read_parquet(?)", [files])
