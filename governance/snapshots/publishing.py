"""Publishing: a snapshot is written aside, made durable, and put in use by one atomic step.

Killed at any step, readers see the whole old or the whole new snapshot, and the next import cleans up.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from governance import deadlines
from governance.manifests import dump
from governance.snapshots import chronicle, folder, retention, writing
from governance.snapshots.folder import SnapshotError, explained, lock, reached, root
from governance.snapshots.reading import (
    VERSION,
    Snapshot,
    current_id,
    list_snapshots,
    read,
    snapshot_ids,
    verify,
)
from governance.snapshots.schema import (
    canonical_columns,
    create_tables,
    derive,
)

STEPS = (
    "locked",
    "cleaned",
    "derived",
    "staged",
    "file_written",
    "file_linked",
    "files_synced",
    "manifest_written",
    "stage_synced",
    "renamed",
    "root_synced",
    "pointer_written",
    "pointer_replaced",
    "published",
)
RULES = "deadline_rules"
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
        rules = retention.current()
        published = list_snapshots()
        folder.require_space(max(MINIMUM_SPACE, 3 * published[-1].bytes if published else 0))
        derive(con, as_of)
        reached("derived")
        stage = folder.new_scratch(".staging-")
        try:
            stage.mkdir()
            reached("staged")
            files = writing.write_files(con, stage, published)
            reached("files_synced")
            if all(entry["table"] == RULES for entry in files):  # the rules are there whatever was imported
                raise SnapshotError("没有任何数据行，没有写入新快照。")
            snapshot_id = _place(stage, files, as_of, sources, is_demo, published)
            point_at(snapshot_id)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        reached("published")
        snapshot = read(snapshot_id)
        chronicle.note("published", snapshot)
        collect_garbage(rules)
    return snapshot


def _place(
    stage: Path,
    files: list[dict[str, Any]],
    as_of: datetime,
    sources: list[dict[str, Any]],
    is_demo: bool,
    published: list[Snapshot],
) -> str:
    """Complete the staged folder with its manifest and give it its name."""
    bytes_only = [{key: value for key, value in entry.items() if key != "digest"} for entry in files]
    content = hashlib.sha256(json.dumps([VERSION, is_demo, bytes_only], sort_keys=True).encode()).hexdigest()
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


def point_at(snapshot_id: str) -> None:
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
    """Put an earlier snapshot in use again: the named one, else the one published before the current. It is noted."""
    with lock(), explained():
        current = current_id()
        target = _before(current) if to is None else verify(to)
        chronicle.note("rolled_back", target, before=current)
        point_at(target.id)
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


def collect_garbage(rules: retention.Rules | None = None) -> list[str]:
    """Remove the snapshots that the rules of retention do not keep; each removal is noted before it happens."""
    with lock(), explained():
        current = current_id()
        if not current:
            return []
        removed = retention.expired(list_snapshots(), current, folder.now(), rules or retention.current())
        for snapshot in removed:
            chronicle.note("removed", snapshot, as_of=snapshot.as_of.isoformat(), bytes=snapshot.bytes)
            folder.remove(snapshot.path)
        return [snapshot.id for snapshot in removed]


def abandon(before: Collection[str]) -> None:
    """Remove what a killed import left: its scratch, and snapshots that are neither of `before` nor in use."""
    with lock(), explained():
        folder.remove_scratch()
        for snapshot_id in set(snapshot_ids()) - set(before) - {current_id()}:
            folder.remove(root() / snapshot_id)


def load_tables(con: duckdb.DuckDBPyConnection, snapshot: Snapshot | None, names: Iterable[str]) -> None:
    """Create canonical tables in `con`, filled from a snapshot (without one: empty), without what was derived.

    What comes from a snapshot has passed the constraints: only empty tables carry them, for their index over millions
    of rows cannot leave the memory.
    """
    for table in names:
        files = [str(path) for path in snapshot.files(table) if path.stem != writing.GENERATED] if snapshot else []
        if not files:
            create_tables(con, [table])
            continue
        available = con.execute("select column_name from (describe select * from read_parquet(?))", [files]).fetchall()
        chosen = ", ".join(
            column if (column,) in available else f"null::{kind} as {column}"
            for column, kind in canonical_columns(table).items()
        )
        con.execute(f"create table {table} as select {chosen} from read_parquet(?)", [files])
