"""Restoration: the data folder put back to a state of a backup, which is verified before a byte is written."""

from datetime import datetime
from pathlib import Path
from typing import Any

from governance.snapshots import chronicle, folder, publishing
from governance.snapshots.folder import SnapshotError, explained, lock, reached, root
from governance.snapshots.reading import Snapshot, current_id, list_snapshots, read, verify
from governance.snapshots.safekeeping import Copies, Outcome, copy, is_whole, put, read_state, told

STEPS = ("restore_copied", "restore_placed", "restore_files", "restore_pointed")
REPLACED = "replaced"


def restore(source: Path, overwrite: bool = False, number: int | None = None) -> Outcome:
    """Put the data folder back to a state of a backup: by default the newest.

    What the data folder holds beyond it is never lost: without `overwrite` newer snapshots and other settings are a
    refusal; with it the snapshots stay beside, and settings that differ are moved to `<data>/replaced/`.
    """
    source = source.absolute()
    number, state = read_state(source, number)
    with told(source, "恢复"):
        found = _checked(source, state)
    with lock(), explained():
        folder.remove_scratch()
        if not overwrite:
            _refuse_newer(found, state)
        copies, copied = Copies(), []
        for snapshot in found:
            if not is_whole(snapshot.id, root(), copies):
                copy(snapshot, root(), copies, "restore")
                copied.append(snapshot.id)
        for entry in state["files"]:
            _put_back(entry, source)
        reached("restore_files")
        current = read(state["current"] or found[-1].id)
        chronicle.note("restored", current, before=current_id(), backup=number)
        publishing.point_at(current.id)
        reached("restore_pointed")
    return Outcome(number, current, copied, len(found) - len(copied), len(state["files"]), [])


def _checked(source: Path, state: dict[str, Any]) -> list[Snapshot]:
    """Verify all that a state names, in the order of publication; nothing is restored from a damaged backup."""
    found = []
    for snapshot_id, digest in state["snapshots"].items():
        try:
            snapshot = verify(snapshot_id, source / "snapshots")
        except SnapshotError as error:
            raise SnapshotError(f"备份已损坏，没有恢复任何内容：{error}") from error
        if folder.sha256(snapshot.path / "manifest.json") != digest:
            raise SnapshotError(f"备份里快照 {snapshot_id} 的清单与备份时不符，没有恢复任何内容：请换一份备份。")
        found.append(snapshot)
    for entry in state["files"]:
        path = source / "files" / entry["sha256"]
        if not path.is_file() or folder.sha256(path) != entry["sha256"]:
            raise SnapshotError(f"备份里的 {entry['path']} 缺失或已损坏，没有恢复任何内容：请换一份备份。")
    return sorted(found, key=lambda snapshot: snapshot.sequence)


def _refuse_newer(found: list[Snapshot], state: dict[str, Any]) -> None:
    newest = max(datetime.fromisoformat(one.manifest["published_at"]) for one in found)
    ids = {one.id for one in found}
    newer = [
        one.id
        for one in list_snapshots()
        if one.id not in ids and datetime.fromisoformat(one.manifest["published_at"]) >= newest
    ]
    if newer:
        raise SnapshotError(
            f"数据目录里有备份之后发布的快照 {'、'.join(newer)}，没有恢复：确实要退回到备份时，请加 --overwrite。"
        )
    changed = [entry["path"] for entry in state["files"] if _is_other(entry) and not _is_log(entry)]
    if changed:
        raise SnapshotError(
            f"数据目录里的 {'、'.join(changed)} 与备份不同，没有恢复：确实要换成备份里的，请加 --overwrite（原文件移到 "
            f"{REPLACED}/）。"
        )


def _is_other(entry: dict[str, Any]) -> bool:
    path = folder.data_dir() / entry["path"]
    return path.is_file() and folder.sha256(path) != entry["sha256"]


def _is_log(entry: dict[str, Any]) -> bool:
    return bool(entry["path"] == f"snapshots/{chronicle.FILE}")


def _put_back(entry: dict[str, Any], source: Path) -> None:
    """Restore one file with its rights; one that differs is moved aside, and a log that is longer stays."""
    data = folder.data_dir()
    path = data / entry["path"]
    if not path.resolve().is_relative_to(data.resolve()):
        raise SnapshotError(f"备份的记录里有不合规则的路径 {entry['path']}，没有恢复它。")
    if path.is_file() and (not _is_other(entry) or _is_log(entry)):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        aside = data / REPLACED / f"{folder.now():%Y%m%dT%H%M%S}" / entry["path"]
        aside.parent.mkdir(parents=True, exist_ok=True)
        path.rename(aside)
    put(path, (source / "files" / entry["sha256"]).read_bytes(), entry["mode"])
    folder.sync(path.parent)
