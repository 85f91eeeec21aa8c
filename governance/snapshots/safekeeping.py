"""Backup: everything in the data folder that cannot be made anew, verified on the way; restoring.py is the way back.

Layout: `<backup>/snapshots/<id>/` as in the data folder, `<backup>/files/<sha256>` for settings, keys and mappings, and
`<backup>/states/<number>.json`: which snapshots and files belonged together. A state is written last, so a backup that
was killed leaves the earlier ones whole, and the next one goes on where it stopped. Files that did not change are
stored once.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.manifests import dump, load
from governance.snapshots import chronicle, folder, writing
from governance.snapshots.folder import SnapshotError, explained, lock, reached, root
from governance.snapshots.reading import Snapshot, current_id, list_snapshots, read, verify

STEPS = ("backup_copied", "backup_placed", "backup_files", "backup_state")
MADE_ANEW = ("snapshots", "public", "replaced")
RAW = ("imports", "inbox")  # exports as they came, with names in them: they outlive no rule of retention here
STATE = re.compile(r"\d{6}\.json", re.ASCII)
STATES = 8

Copies = dict[str, Path]  # of every file by its checksum: one copy that is known to be whole


@dataclass(frozen=True)
class Outcome:
    """What a backup or a restoration did."""

    number: int
    current: Snapshot | None
    copied: list[str]
    kept: int
    files: int
    damaged: list[str]


def backup(target: Path) -> Outcome:
    """Bring the backup in `target` up to date; what lies there already is verified again, and renewed if damaged."""
    target = target.absolute()
    with lock(), told(target):
        _prepare(target)
        place = target / "snapshots"
        copies = Copies()
        copied: list[str] = []
        damaged: list[str] = []
        held: dict[str, str] = {}
        for snapshot in _whole(list_snapshots(), damaged):
            if not is_whole(snapshot.id, place, copies):
                copy(snapshot, place, copies)
                copied.append(snapshot.id)
            held[snapshot.id] = folder.sha256(snapshot.path / "manifest.json")
        if not held:
            raise SnapshotError("没有完好的快照可以备份，备份未改动。" + " ".join(damaged))
        files = [_store(path, target) for path in _own_files()]
        reached("backup_files")
        current = current_id()
        content = {"current": current if current in held else None, "snapshots": held, "files": files}
        number = _write_state(target, content)
        reached("backup_state")
        _prune(target)
        in_use = read(current) if current in held and current else None
        return Outcome(number, in_use, copied, len(held) - len(copied), len(files), damaged)


@contextmanager
def told(target: Path, what: str = "备份") -> Iterator[None]:
    """Word what the disk of the backup refuses."""
    try:
        with explained():
            yield
    except SnapshotError as error:
        if isinstance(error.__cause__, OSError):
            reason = "磁盘空间不足" if "空间不足" in str(error) else error.__cause__.strerror or "读写出错"
            raise SnapshotError(
                f"{what}没有完成（{reason}）：请检查备份目录 {target}，解决后重新执行，已备份的部分不会重做。"
            ) from error
        raise


def _prepare(target: Path) -> None:
    data = folder.data_dir().resolve()
    if target.resolve() == data or data in target.resolve().parents or target.resolve() in data.parents:
        raise SnapshotError("备份目录不能在数据目录之内，也不能包含它：请选另一块磁盘上的文件夹。")
    if target.exists() and not (target / "states").is_dir() and (not target.is_dir() or any(target.iterdir())):
        raise SnapshotError(f"{target} 里已有别的内容，不是备份目录：请给出空文件夹，或以前的备份目录。")
    for name in ("states", "snapshots", "files"):
        (target / name).mkdir(parents=True, exist_ok=True)
        for entry in (target / name).iterdir():
            if entry.name.startswith(folder.SCRATCH_PREFIXES):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _whole(snapshots: list[Snapshot], damaged: list[str]) -> Iterator[Snapshot]:
    for snapshot in snapshots:
        try:
            yield verify(snapshot)
        except SnapshotError as error:
            damaged.append(str(error))


def is_whole(snapshot_id: str, place: Path, copies: Copies) -> bool:
    """Say whether a folder holds a snapshot, whole; its files may then serve others."""
    try:
        snapshot = verify(snapshot_id, place)
    except SnapshotError:
        return False
    for entry in snapshot.manifest["files"]:
        copies[entry["sha256"]] = snapshot.path / entry["file"]
    return True


def copy(snapshot: Snapshot, place: Path, copies: Copies, what: str = "backup") -> None:
    """Copy a snapshot beside its place, compare it with its manifest, and give it its name."""
    stage = place / f".staging-{snapshot.id}"
    if stage.exists():
        shutil.rmtree(stage)
    stage.mkdir()
    for entry in snapshot.manifest["files"]:
        path = stage / entry["file"]
        if entry["sha256"] in copies:
            writing.link(copies[entry["sha256"]], path)
        else:
            shutil.copyfile(snapshot.path / entry["file"], path)
        folder.sync(path)
        if folder.sha256(path) != entry["sha256"]:
            raise SnapshotError(f"复制 {snapshot.id}/{entry['file']} 后校验和不符：请检查两块磁盘后重试。")
    folder.write_durably(stage / "manifest.json", (snapshot.path / "manifest.json").read_bytes())
    folder.sync(stage)
    reached(f"{what}_copied")
    final = place / snapshot.id
    if final.exists():
        _discard(final)
    stage.rename(final)
    folder.sync(place)
    for entry in snapshot.manifest["files"]:
        copies[entry["sha256"]] = final / entry["file"]
    reached(f"{what}_placed")


def _own_files() -> list[Path]:
    """Return the settings, keys, mappings and logs of the data folder: what is neither made anew nor a raw export."""
    data = folder.data_dir()
    found = [path for path in data.rglob("*") if path.is_file() and not path.is_symlink()]
    found = [path for path in found if path.relative_to(data).parts[0] not in (*MADE_ANEW, *RAW)]
    found = [path for path in found if not path.name.startswith(folder.SCRATCH_PREFIXES)]
    return sorted([*found, *(path for path in [root() / chronicle.FILE] if path.exists())])


def _store(path: Path, target: Path) -> dict[str, Any]:
    content, mode = path.read_bytes(), path.stat().st_mode & 0o777
    digest = hashlib.sha256(content).hexdigest()
    final = target / "files" / digest
    if not final.is_file() or folder.sha256(final) != digest:
        put(final, content)
    return {"path": path.relative_to(folder.data_dir()).as_posix(), "sha256": digest, "mode": mode}


def _write_state(target: Path, content: dict[str, Any]) -> int:
    """Write down what belongs together, under the next number; nothing when nothing has changed."""
    numbers = _numbers(target)
    if numbers:
        try:
            _, last = read_state(target, numbers[-1])
        except SnapshotError:
            last = {}
        if content == {key: last.get(key) for key in content}:
            return numbers[-1]
    number = numbers[-1] + 1 if numbers else 1
    final = target / "states" / f"{number:06}.json"
    folder.sync(target / "files")
    put(final, dump({"version": 1, "made_at": folder.now().isoformat(), "number": number, **content}))
    folder.sync(final.parent)
    return number


def put(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file in one step and, until it is whole, for its owner alone: there are keys among them."""
    temporary = path.with_name(f".staging-{path.name}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(mode)
    os.replace(temporary, path)


def _discard(path: Path) -> None:
    """Take a snapshot out of the backup: first its name, so that nobody sees half of it."""
    trash = path.with_name(f".trash-{path.name}")
    if trash.exists():
        shutil.rmtree(trash)
    path.rename(trash)
    shutil.rmtree(trash)


def _numbers(target: Path) -> list[int]:
    try:
        return sorted(int(entry.stem) for entry in (target / "states").iterdir() if STATE.fullmatch(entry.name))
    except OSError:
        return []


def read_state(source: Path, number: int | None = None) -> tuple[int, dict[str, Any]]:
    """Return the number and the content of a state: the newest, or the one asked for; a damaged one is an error."""
    numbers = _numbers(source)
    if not numbers or (number is not None and number not in numbers):
        known = f"，有 {'、'.join(map(str, numbers))}" if numbers else ""
        raise SnapshotError(f"{source} 里没有{f'第 {number} 次' if number else ''}备份{known}：请核对备份目录。")
    number = number or numbers[-1]
    path = source / "states" / f"{number:06}.json"
    try:
        state = load(path.read_bytes())
        is_whole = state["version"] == 1
    except (OSError, ValueError, KeyError):
        is_whole = False
    if not is_whole:
        others = "、".join(str(one) for one in numbers if one != number)
        hint = f"可以用 --number 选另一次（{others}）" if others else "请换一份备份"
        raise SnapshotError(f"备份的记录 {path.name} 已损坏，没有恢复任何内容：{hint}。")
    return number, state


def _prune(target: Path) -> None:
    """Keep the last states and what they name: what the data folder has dropped for good goes here too, later."""
    for number in _numbers(target)[:-STATES]:
        (target / "states" / f"{number:06}.json").unlink()
    ids: set[str] = set()
    digests: set[str] = set()
    for number in _numbers(target):
        try:
            _, state = read_state(target, number)
        except SnapshotError:
            return  # what it named is unknown
        ids |= state["snapshots"].keys()
        digests |= {entry["sha256"] for entry in state["files"]}
    for entry in (target / "snapshots").iterdir():
        if folder.ID.fullmatch(entry.name) and entry.name not in ids:
            _discard(entry)
    for entry in (target / "files").iterdir():
        if entry.name not in digests:
            entry.unlink()
