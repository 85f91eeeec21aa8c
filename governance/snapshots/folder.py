"""The folder that holds the snapshots: where it is, who may write to it, and how a write survives a crash."""

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}", re.ASCII)
LOCAL = timezone(timedelta(hours=8))
SCRATCH_PREFIXES = (".staging-", ".trash-", ".pointer-")
UNUSABLE = (errno.EEXIST, errno.ENOTDIR, errno.ENOENT, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)
_held = threading.local()


class SnapshotError(Exception):
    """Why a snapshot cannot be made or used, in one Chinese sentence."""


def data_dir() -> Path:
    """Return the folder of all data: the environment's GOVERNANCE_DATA, else data/ beside the package."""
    chosen = os.environ.get("GOVERNANCE_DATA")
    return Path(chosen) if chosen else Path(__file__).parents[2] / "data"


def root() -> Path:
    """Return the folder that holds the snapshots."""
    return data_dir() / "snapshots"


def reached(step: str) -> None:
    """Die here, as in a power cut, when a test asks for it."""
    if os.environ.get("GOVERNANCE_FAULT") == step:
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def lock() -> Iterator[None]:
    """Hold the right to write snapshots; whoever comes second is refused at once. Re-entrant within a thread.

    An import takes it before it reads the current snapshot, so that two imports cannot undo each other. The kernel
    frees the lock of a dead process.
    """
    if getattr(_held, "depth", 0):
        _held.depth += 1
        try:
            yield
        finally:
            _held.depth -= 1
        return
    with explained():
        _make_root()
        descriptor = os.open(root() / "LOCK", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SnapshotError(_holder(descriptor)) from None
        _held.depth = 1
        _sign(descriptor)
        yield
    finally:
        if getattr(_held, "depth", 0):  # a thread that was refused may never have held it
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
        _held.depth = 0
        os.close(descriptor)


def _make_root() -> None:
    try:
        root().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno not in UNUSABLE:
            raise
        where = f"数据目录 {data_dir()} 不是可用的文件夹"
        raise SnapshotError(f"{where}：请把 GOVERNANCE_DATA（或 --data）改为一个可写的文件夹后重试。") from error


def _sign(descriptor: int) -> None:
    """Write who holds the lock; a full disk only costs the name."""
    holder = {"pid": os.getpid(), "started_at": now().isoformat(sep=" ", timespec="seconds")[:19]}
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
    except OSError:
        pass


def holder() -> str | None:
    """Say in one sentence who holds the lock; None when nobody does. Asking never stands in an import's way."""
    try:
        descriptor = os.open(root() / "LOCK", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        pid = int(json.loads(os.pread(descriptor, 1000, 0))["pid"])
        os.kill(pid, 0)
        return _holder(descriptor)
    except PermissionError:
        return _holder(descriptor)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # empty, or of a process that is dead
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, 1000, 0))
        who = f"进程 {int(holder['pid'])}，开始于 {str(holder['started_at'])[:19]}"
    except (ValueError, KeyError, TypeError):
        who = "进程号未知"
    return f"另一个导入正在进行（{who}），请等它结束后再试。"


@contextmanager
def explained() -> Iterator[None]:
    """Turn the operating system's refusals, also those that DuckDB passes on, into one sentence."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) or is_disk_full(error):
            raise SnapshotError(_sentence(error)) from error
        raise


def _sentence(error: Exception) -> str:
    if is_disk_full(error):
        return f"磁盘空间不足，没有写入新快照，原有快照不受影响；请腾出空间后重试（{data_dir()}）。"
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"没有写入权限，快照未改动：请检查数据目录 {data_dir()} 的权限，或用 GOVERNANCE_DATA 换一个文件夹。"
    reason = getattr(error, "strerror", None) or type(error).__name__
    return f"读写快照时出错（{reason}），原有快照不受影响。"


def is_disk_full(error: Exception) -> bool:
    """Whether there is no room left: as the operating system says it, or as DuckDB passes it on."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return any(words in str(error) for words in ("No space left", "File too large", "Disk quota exceeded"))


def require_space(needed: int) -> None:
    """Refuse before the work begins when the disk cannot hold the result."""
    free = shutil.disk_usage(root()).free
    if free < needed:
        raise SnapshotError(
            f"磁盘空间不足：需要约 {needed / 1e6:.1f} MB，只剩 {free / 1e6:.1f} MB，没有写入新快照，原有快照不受影响。"
        )


def new_scratch(prefix: str) -> Path:
    """Return a new name that no reader looks at and that the next import removes if it is left behind."""
    return root() / f"{prefix}{uuid.uuid4().hex}"


def remove_scratch() -> None:
    """Remove what imports that died left behind."""
    for entry in root().iterdir():
        if entry.name.startswith(SCRATCH_PREFIXES):
            remove(entry)


def remove(path: Path) -> None:
    """Remove a file or a folder; a snapshot first loses its name, so that no reader sees half of it."""
    if path.is_dir() and not path.is_symlink():
        if ID.fullmatch(path.name):
            trash = new_scratch(".trash-")
            path.rename(trash)
            path = trash
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Force a file, or the entries of a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file and force it to the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def now() -> datetime:
    """Return the clock's time: for the log of imports, never for the data."""
    return datetime.now(LOCAL)
