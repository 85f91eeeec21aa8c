"""The process that does the work: started in a session of its own, found again by its lock, ended with all it started.

Whether it lives is what the kernel says: it inherits a lock on its folder, which is free as soon as it is gone.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance import snapshots
from governance.desk.batches import Batch, DeskError, is_running, open_batches

ROOT = Path(__file__).resolve().parents[2]
TASKS = ("look", "reach", "trial", "publish")
HARMLESS = ("look", "reach")  # they may go on beside another import
DIED = "处理意外中断（可能是内存不足或电脑重启），没有写入任何内容：请再试一次。"
DIED_LATE = "发布之后处理意外中断：新数据已经在用，请到“快照”页检查一次。"
# How much of the whole the phases are, by the word they begin with: for the bar, and for the estimate.
SHARES = {"读取": (0.0, 0.55), "核对": (0.55, 0.75), "与当前": (0.75, 0.85), "发布": (0.85, 1.0)}
MIN_SHARE, MIN_SECONDS = 0.08, 4.0  # before that an estimate would be a guess
LONGEST_END = 10.0
_starting = threading.Lock()  # two tabs may press a button at once, and one may end what the other has not yet named


@dataclass(frozen=True)
class Running:
    """How far a piece of work is; `left` in seconds, None when nobody can say."""

    task: str
    phase: str
    done: int | None
    total: int | None
    share: float
    elapsed: float
    left: float | None


def begin(batch: Batch, task: str, **request: Any) -> None:
    """Start a piece of work on a batch; what the same task found before is forgotten."""
    with _starting:
        _begin(batch, task, request)


def _begin(batch: Batch, task: str, request: dict[str, Any]) -> None:
    if running(batch):
        return
    if task not in HARMLESS and (other := busy(batch)):
        raise DeskError(other)
    folder = batch.folder / task
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    files = [{"path": file.path, "name": file.name} for file in batch.files]
    content = json.dumps({"task": task, "files": files, "before": snapshots.snapshot_ids(), **request})
    (folder / "request.json").write_text(content, "utf-8")
    lock = os.open(folder / "LOCK", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "governance.importing.job", str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=os.environ | {"PYTHONIOENCODING": "utf-8", "GOVERNANCE_DATA": str(snapshots.data_dir().absolute())},
                pass_fds=(lock,),
                start_new_session=True,
            )
    finally:
        os.close(lock)
    (folder / "pid").write_text(f"{process.pid} {_born(process.pid)}")
    threading.Thread(target=process.wait, daemon=True).start()  # so that it does not stay as a zombie


def running(batch: Batch) -> Running | None:
    """Say which work on a batch is being done, and how far it is."""
    task = next((task for task in TASKS if is_running(batch.folder / task)), None)
    return _progress(batch.folder / task, task) if task else None


def busy(batch: Batch | None = None) -> str | None:
    """Say who imports just now (another batch of the desk, or the command line), in one sentence; None when nobody."""
    for other in open_batches():
        if (batch is None or other.id != batch.id) and (state := running(other)) and state.task not in HARMLESS:
            names = "、".join(file.name for file in other.files[:2]) or "数据库"
            names += " 等" if len(other.files) > 2 else ""
            return f"另一个导入正在进行（{names}，已 {state.elapsed:.0f} 秒）：请等它结束，或在那一页取消它。"
    return snapshots.holder() if batch is None or not running(batch) else None


def outcome(batch: Batch, task: str) -> dict[str, Any] | None:
    """Return what a piece of work came to; None when it was never begun or still goes on."""
    folder = batch.folder / task
    if not folder.is_dir() or is_running(folder):
        return None
    try:
        found: dict[str, Any] = json.loads((folder / "outcome.json").read_text("utf-8"))
        return found
    except (OSError, ValueError):
        return {"task": task, "problem": DIED_LATE if task == "publish" and _is_published(folder) else DIED}


def _is_published(folder: Path) -> bool:
    """Whether another snapshot is in use than when the work began."""
    try:
        before = json.loads((folder / "request.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return snapshots.current_id() != before.get("base")


def forget(batch: Batch, task: str) -> None:
    """Drop what a piece of work came to, so that it is done anew."""
    if task in TASKS and not is_running(batch.folder / task):
        shutil.rmtree(batch.folder / task, ignore_errors=True)


def cancel(batch: Batch) -> bool:
    """End the work and leave no trace of the batch; False when it had been published before it could be ended."""
    with _starting:  # what has been started by now has its number written down
        task = next((task for task in TASKS if is_running(batch.folder / task)), None)
    published = False
    if task:
        before = json.loads((batch.folder / task / "request.json").read_text("utf-8"))
        _end(batch.folder / task)
        if task == "publish":
            published = _is_published(batch.folder / task)
            with suppress(snapshots.SnapshotError):  # somebody else imports by now, and has cleaned up
                snapshots.abandon(before["before"])
    batch.remove()
    return not published


def _end(folder: Path) -> None:
    """Stop the process and everything below it from the top down, so that none can start another, then end all."""
    try:
        pid, born = (int(word) for word in (folder / "pid").read_text().split())
    except (OSError, ValueError):
        return
    if _born(pid) != born:
        return
    frozen: list[int] = []
    level = [pid]
    while level:
        for one in level:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGSTOP)
        frozen += level
        level = [child for one in level for child in _children(one)]
    for one in frozen:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(one, signal.SIGKILL)
    limit = time.monotonic() + LONGEST_END
    while is_alive(pid, born) and time.monotonic() < limit:  # until then it may still hold the snapshots' lock
        time.sleep(0.02)


def is_alive(pid: int, born: int) -> bool:
    """Say whether a process still holds anything: it does until the last of its threads has ended."""
    fields = _stat(pid)
    is_over = not fields or int(fields[19]) != born or (fields[0] in "ZX" and int(fields[17]) <= 1)
    return not is_over


def _children(pid: int) -> list[int]:
    """The processes that a process has started, whatever session they are in."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) and int(fields[1]) == pid:
            found.append(int(entry.name))
    return found


def _born(pid: int) -> int:
    """When a process started, in ticks: with it a number that was given out again is not taken for the same process."""
    fields = _stat(pid)
    return int(fields[19]) if fields else 0


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent …"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _progress(folder: Path, task: str) -> Running:
    steps = []
    with suppress(OSError, ValueError):
        steps = [json.loads(line) for line in (folder / "progress.jsonl").read_text("utf-8").splitlines()]
    elapsed, total = 0.0, None
    with suppress(OSError, ValueError):
        elapsed = max(0.0, time.time() - (folder / "request.json").stat().st_mtime)
        total = json.loads((folder / "request.json").read_text("utf-8")).get("rows")
    phase = steps[-1]["phase"] if steps else "正在启动 …"
    rows = {step["phase"]: step["done"] for step in steps if step["done"] is not None}  # the last word of each file
    done = sum(rows.values()) if rows else None
    low, high = next((bounds for word, bounds in SHARES.items() if phase.startswith(word)), (0.0, 0.0))
    share = low + (high - low) * min(1.0, (done or 0) / total) if low == 0.0 and total else low
    left = elapsed * (1 - share) / share if share >= MIN_SHARE and elapsed >= MIN_SECONDS else None
    return Running(task, phase, done, total, share, elapsed, left)
