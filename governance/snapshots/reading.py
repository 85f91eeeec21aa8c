"""Reading snapshots: which there are, which is in use, and whether it is whole."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from governance.manifests import load
from governance.snapshots.folder import ID, SnapshotError, root, sha256

VERSION = 1
FILE = re.compile(r"[a-z][a-z0-9_]*\.parquet", re.ASCII)
_verdicts: dict[str, tuple[object, str | None]] = {}  # of each snapshot: how its files looked, what is wrong with them


@dataclass(frozen=True)
class Snapshot:
    """The data as they stood at one moment. `as_of` is the only "now" that anything computed from it may know."""

    id: str
    as_of: datetime
    path: Path = field(compare=False, repr=False)
    manifest: dict[str, Any] = field(compare=False, repr=False)
    is_fallback: bool = False
    warning: str | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that have rows."""
        return tuple(dict.fromkeys(entry["table"] for entry in self.manifest["files"]))

    @property
    def is_demo(self) -> bool:
        """Whether the data are made up."""
        return bool(self.manifest["is_demo"])

    @property
    def sources(self) -> list[dict[str, Any]]:
        """What the snapshot was imported from."""
        return list(self.manifest["sources"])

    @property
    def titles(self) -> dict[str, str]:
        """What a reader calls each source."""
        return {one["source"]: one.get("title") or one["source"] for one in self.sources}

    @property
    def sequence(self) -> int:
        """Its place in the order of publication."""
        return int(self.manifest["sequence"])

    @property
    def rules(self) -> str:
        """The digest of the deadline rules it was published under; empty when it knows none."""
        return str(self.manifest.get("rules", ""))

    @property
    def bytes(self) -> int:
        """The size of its files."""
        return sum(entry["bytes"] for entry in self.manifest["files"])

    def files(self, table: str) -> list[Path]:
        """Return the files of a table; none when it has no rows."""
        return [self.path / entry["file"] for entry in self.manifest["files"] if entry["table"] == table]

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return sum(entry["rows"] for entry in self.manifest["files"] if entry["table"] == table)


def read(snapshot_id: str, within: Path | None = None) -> Snapshot:
    """Read the manifest of a snapshot; the files are not looked at. within: another folder of snapshots."""
    if not isinstance(snapshot_id, str) or not ID.fullmatch(snapshot_id):
        raise SnapshotError("快照编号不合规则，应形如 20260701T000000-1a2b3c4d。")
    folder = (within or root()) / snapshot_id
    try:
        content = (folder / "manifest.json").read_bytes()
    except OSError:
        raise SnapshotError(f"没有快照 {snapshot_id}，或它缺少清单。") from None
    try:
        manifest = load(content)
        is_whole = manifest["id"] == snapshot_id
    except (ValueError, KeyError):
        is_whole = False
    if not is_whole:
        raise SnapshotError(f"快照 {snapshot_id} 的清单已损坏。")
    if manifest["version"] != VERSION:
        raise SnapshotError(f"快照 {snapshot_id} 的格式版本不是 {VERSION}，请重新导入。")
    return Snapshot(snapshot_id, datetime.fromisoformat(manifest["as_of"]), folder, manifest)


def verify(snapshot: Snapshot | str | None = None, within: Path | None = None) -> Snapshot:
    """Recompute every checksum of a snapshot (default: the one in use); a damaged one is an error."""
    if snapshot is None:
        snapshot = current_id() or ""
        if not snapshot:
            raise SnapshotError("没有正在使用的快照，或指针文件已损坏。")
    found = read(snapshot if isinstance(snapshot, str) else snapshot.id, within)
    for entry in found.manifest["files"]:
        path = found.path / entry["file"]
        if not FILE.fullmatch(entry["file"]):
            raise SnapshotError(f"快照 {found.id} 的清单里有不合规则的文件名。")
        try:
            is_whole = path.stat().st_size == entry["bytes"] and sha256(path) == entry["sha256"]
        except OSError:
            raise SnapshotError(f"快照 {found.id} 缺少文件 {entry['file']}。") from None
        if not is_whole:
            also = _sharers(found.id, path)
            shared = f"（快照 {'、'.join(also)} 共用这个文件，同样已损坏）" if also else ""
            raise SnapshotError(f"快照 {found.id} 已损坏：{entry['file']} 与清单的校验和不符{shared}。")
    return found


def _sharers(snapshot_id: str, path: Path) -> list[str]:
    """Return the other snapshots that rest on the same file: what damages it damages them."""
    with suppress(OSError):
        same = path.stat()
        return [
            other.id
            for other in list_snapshots()
            if other.id != snapshot_id and any(_is_same(file, same) for file in other.path.iterdir())
        ]
    return []


def _is_same(path: Path, status: os.stat_result) -> bool:
    return path.is_file() and os.path.samestat(path.stat(), status)


def _whole(snapshot_id: str) -> Snapshot:
    """Return a snapshot whose checksums this process has verified, once for each state of its files."""
    snapshot = read(snapshot_id)
    look = _look(snapshot)
    known = _verdicts.get(str(snapshot.path))
    if known is None or known[0] != look:
        known = _judge(snapshot, look)
    if known[1]:
        raise SnapshotError(known[1])
    return snapshot


def confirm(snapshot: Snapshot) -> None:
    """Verify a snapshot right before its files are read: a disk may have rotted since, of which no look at it tells."""
    fault = _judge(snapshot, _look(snapshot))[1]
    if fault:
        raise SnapshotError(fault)


def _judge(snapshot: Snapshot, look: object) -> tuple[object, str | None]:
    try:
        verify(snapshot, snapshot.path.parent)
        fault = None
    except SnapshotError as error:
        fault = str(error)
    verdict = _verdicts[str(snapshot.path)] = (look, fault)
    return verdict


def _look(snapshot: Snapshot) -> object:
    """What shows that a file was changed, as far as the file system knows."""
    names = ["manifest.json", *(entry["file"] for entry in snapshot.manifest["files"])]
    return [_status(snapshot.path / name) for name in names]


def _status(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def current_id() -> str | None:
    """Return the id in the pointer file; None when there is no pointer or it is not an id."""
    try:
        content = (root() / "CURRENT").read_bytes()[:100].decode("ascii").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return content if ID.fullmatch(content) else None


def snapshot_ids() -> list[str]:
    """Return the ids of all snapshot folders, whole or not."""
    try:
        return sorted(entry.name for entry in root().iterdir() if ID.fullmatch(entry.name))
    except OSError:
        return []


def list_snapshots() -> list[Snapshot]:
    """Return the snapshots with a readable manifest, in the order of publication."""
    found = []
    for snapshot_id in snapshot_ids():
        try:
            found.append(read(snapshot_id))
        except SnapshotError:
            continue
    return sorted(found, key=lambda snapshot: snapshot.sequence)


def latest() -> Snapshot:
    """Return the snapshot in use; when it is damaged, the newest whole one with a warning to show on every page."""
    current = current_id()
    if current:
        try:
            return _whole(current)
        except SnapshotError as error:
            problem = str(error)
    elif not snapshot_ids():
        raise SnapshotError("还没有快照：请先运行 python -m governance demo 或 python -m governance import。")
    else:
        problem = "记录当前快照的指针文件缺失或已损坏。"
    for candidate in _substitutes(current):
        try:
            snapshot = _whole(candidate.id)
        except SnapshotError:
            continue
        warning = f"{problem}现在显示的是数据截至 {snapshot.as_of:%Y-%m-%d %H:%M} 的快照。"
        return replace(snapshot, is_fallback=True, warning=warning)
    raise SnapshotError(f"{problem}没有其他完好的快照，请重新导入，或用 restore 从备份恢复。")


def _substitutes(damaged: str | None) -> list[Snapshot]:
    """Order the others, newest first: of the same kind (demo or real); what may have been rolled back comes last."""
    others = [snapshot for snapshot in list_snapshots() if snapshot.id != damaged]
    try:
        current = read(damaged or "")
    except SnapshotError:
        real = [snapshot for snapshot in others if not snapshot.is_demo]
        return sorted(real or others, key=lambda snapshot: -snapshot.sequence)
    alike = [snapshot for snapshot in others if snapshot.is_demo == current.is_demo]
    return sorted(alike, key=lambda snapshot: (snapshot.sequence > current.sequence, -snapshot.sequence))


def versions() -> list[Snapshot]:
    """Return the snapshots that a reader may go back to, oldest data first: of the kind in use, none rolled back."""
    current = latest()
    found = [
        snapshot
        for snapshot in list_snapshots()
        if snapshot.is_demo == current.is_demo and (snapshot.sequence <= current.sequence or current.is_fallback)
    ]
    return sorted(found, key=lambda snapshot: (snapshot.as_of, snapshot.sequence))


def at(as_of: str | None) -> Snapshot:
    """Return the snapshot of an id, or the newest whole one with data not after a date or time; None: the one in use.

    Dates look only at the kind in use (demo or real) and not at what was rolled back.
    """
    if not as_of:
        return latest()
    if ID.fullmatch(as_of):
        return _whole(as_of)
    try:
        moment = datetime.fromisoformat(as_of).replace(tzinfo=None)
    except ValueError:
        raise SnapshotError("数据截至应为日期（如 2026-07-01）、时间或快照编号。") from None
    for candidate in (snapshot for snapshot in reversed(versions()) if snapshot.as_of <= moment):
        try:
            return _whole(candidate.id)
        except SnapshotError:
            continue
    raise SnapshotError(f"没有数据截至不晚于 {moment:%Y-%m-%d %H:%M} 的快照。")
