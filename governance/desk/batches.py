"""One import from the choice of files to the snapshot: a folder that a reload, or a second tab, finds again.

`data/imports/<id>/` holds batch.json (what was chosen so far), uploads under generated names, and a folder for each
piece of work. Names, paths and choices from outside are looked up here, never used as they come.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from governance import snapshots
from governance.importing import known
from governance.importing.naming import spoken

ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
KEEP = 24 * 3600  # seconds that an import which nobody finished is kept
MOST_FILES = 200
CHUNK = 1 << 20


class DeskError(Exception):
    """Why the desk cannot do something, in one Chinese sentence."""


@dataclass(frozen=True)
class File:
    """A file to import: where it lies, and the owner's name for it, which is only ever shown."""

    path: str
    name: str
    size: int


@dataclass
class Batch:
    """What was chosen so far. `mapping` is the key of a known one, or "draft", which a person has to confirm."""

    id: str
    files: list[File] = field(default_factory=list)
    mapping: str | None = None
    table: str = "cases"
    answers: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] | None = None  # other tables of the workbook to be imported, with their answers
    earlier: str | None = None
    name: str = ""
    is_confirmed: bool = False
    as_of: str | None = None
    is_database: bool = False  # the mapping says which; there are no files
    is_full: bool = False  # ask for everything, not only for what has changed

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return root() / self.id

    def save(self) -> None:
        """Write down what was chosen, in one step."""
        part = self.folder / "batch.part"
        part.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")
        part.chmod(0o600)
        os.replace(part, self.folder / "batch.json")

    def remove(self) -> None:
        """Leave no trace of it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def root() -> Path:
    """The folder of all imports that are under way."""
    return (snapshots.data_dir() / "imports").absolute()


def start(uploads: Sequence[tuple[str, BinaryIO]], picked: Iterable[str]) -> Batch:
    """Begin an import with uploaded files (name and content) and files of the inbox (by name)."""
    lying = {file.name: file for file in inbox()}
    chosen = [lying[name] for name in dict.fromkeys(picked) if name in lying]
    if not uploads and not chosen:
        raise DeskError("还没有选文件：请先选一个或多个导出文件。")
    if len(uploads) + len(chosen) > MOST_FILES:
        raise DeskError(f"一次最多 {MOST_FILES} 个文件：请分几次导入。")
    remove_old()
    batch = Batch(secrets.token_hex(16))
    try:
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        batch.folder.mkdir(mode=0o700)
        batch.files = [_store(batch.folder, name, content) for name, content in uploads] + chosen
        batch.save()
    except OSError as error:
        batch.remove()
        reason = "磁盘空间不足" if error.errno == 28 else "数据目录不可写"
        raise DeskError(f"文件没有存下来（{reason}）：请告诉系统管理员。") from error
    return batch


def start_database(key: str) -> Batch:
    """Begin an import from the database that a known mapping names."""
    if key not in known.databases():
        raise DeskError("没有这份数据库对照表了：请重新打开页面再选。")
    remove_old()
    batch = Batch(secrets.token_hex(16), mapping=key, is_database=True)
    try:
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        batch.folder.mkdir(mode=0o700)
        batch.save()
    except OSError as error:
        batch.remove()
        raise DeskError("数据目录不可写或已满：请告诉系统管理员。") from error
    return batch


def _store(folder: Path, name: str, content: BinaryIO) -> File:
    """Copy an upload under a name of our own, readable by nobody else."""
    path = folder / f"{secrets.token_hex(8)}.upload"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(content, file, CHUNK)
        size = file.tell()
    return File(str(path), spoken(name), size)


def inbox() -> list[File]:
    """The files that somebody laid into data/inbox/: regular ones only, newest first."""
    folder = (snapshots.data_dir() / "inbox").absolute()
    found = []
    with suppress(OSError):
        for entry in os.scandir(folder):
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(status.st_mode) and not entry.name.startswith(".") and spoken(entry.name) == entry.name:
                found.append((status.st_mtime, File(entry.path, entry.name, status.st_size)))
    return [file for _, file in sorted(found, key=lambda one: (-one[0], one[1].name))]


def find(batch_id: object) -> Batch | None:
    """Return the import of an id from outside; None when it is no id or there is none."""
    if not isinstance(batch_id, str) or not ID.fullmatch(batch_id):
        return None
    try:
        found: dict[str, Any] = json.loads((root() / batch_id / "batch.json").read_text("utf-8"))
        files = [File(**one) for one in found.pop("files")]
        return Batch(**found, files=files)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def open_batches() -> list[Batch]:
    """The imports that are under way, newest first."""
    found = [(touched, batch) for entry, touched in _entries() if (batch := find(entry.name))]
    return [batch for _, batch in sorted(found, key=lambda one: -one[0])]


def is_running(folder: Path) -> bool:
    """Say whether the work of a folder is being done: its process holds the lock."""
    try:
        lock = os.open(folder / "LOCK", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def remove_old() -> None:
    """Remove the imports that nobody went on with for a day, and what is no import at all."""
    for entry, touched in _entries():
        with suppress(OSError):  # another tab may be at it, too
            if time.time() - touched <= KEEP:
                continue
            if entry.is_symlink() or not entry.is_dir():
                entry.unlink()
            elif not any(is_running(work) for work in entry.iterdir() if work.is_dir()):
                shutil.rmtree(entry, ignore_errors=True)


def _entries() -> list[tuple[Path, float]]:
    """What lies in the folder of imports, with its time; another tab may remove some of it meanwhile."""
    found = []
    with suppress(OSError):
        for entry in list(root().iterdir()):
            with suppress(OSError):
                found.append((entry, entry.lstat().st_mtime))
    return found
