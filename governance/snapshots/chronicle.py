"""The log of publications, rollbacks, removals and restorations: lines are added, never changed or taken out.

Each line carries a digest of itself and of the line before, so that whatever is altered afterwards shows. A line that a
power failure cut off is no fault: the next one says that it follows a torn line. Lines from before there were digests
stand at the beginning; the first digest covers them.
"""

import hashlib
import json
import os
import pwd
from typing import Any

from governance.snapshots import folder
from governance.snapshots.reading import Snapshot

FILE = "LOG.jsonl"
EVENTS = {"published": "发布", "rolled_back": "退回", "removed": "删除", "restored": "恢复"}
DIGEST, TORN = "chain", "after_torn"
OLD = frozenset(("at", "event", "told", "snapshot", "by", "pid", "before", "as_of", "bytes", "backup"))
Line = dict[str, Any]


def note(event: str, snapshot: Snapshot, **more: Any) -> None:
    """Add a line and force it to the disk."""
    line = {
        "at": folder.now().isoformat(timespec="seconds"),
        "event": event,
        "told": EVENTS[event],
        "snapshot": snapshot.id,
        "by": _user(),
        "pid": os.getpid(),
        **more,
    }
    whole, tail = _split(_content())
    if _parsed(tail):  # only its end is missing
        whole.append(tail)
    elif tail:
        line[TORN] = hashlib.sha256(tail).hexdigest()
    line[DIGEST] = _digest(line, _walk(whole)[1])
    text = b"\n" * bool(tail) + _written(line) + b"\n"
    descriptor = os.open(folder.root() / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.write(descriptor, text)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def notes() -> list[Line]:
    """Return the log, oldest first; a line cut off by a power failure is left out."""
    found = [_parsed(raw) for raw in _content().split(b"\n")]
    return [{key: value for key, value in line.items() if key not in (DIGEST, TORN)} for line in found if line]


def log_fault() -> str:
    """Say in one sentence which line of the log is not as it was written; empty when all are."""
    whole, tail = _split(_content())
    if _parsed(tail):
        whole.append(tail)
    number = _walk(whole)[0]
    if not number and _parsed(tail[:-1]):  # its end has become another sign
        number = len(whole) + 1
    if not number:
        return ""
    return f"快照记录 {FILE} 的第 {number} 行被改动、删去或已损坏：请与备份里的 {FILE} 核对，并检查磁盘。"


def _content() -> bytes:
    try:
        return (folder.root() / FILE).read_bytes()
    except OSError:
        return b""


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    """The lines that have an end, and what follows the last of them."""
    *whole, tail = content.split(b"\n")
    return whole, tail


def _walk(lines: list[bytes]) -> tuple[int, str]:
    """Return the number of the first line that is at fault, 0 when none is, and what the next line rests on."""
    fault, before, is_old = 0, "", True
    for number, raw in enumerate(lines, 1):
        line = _parsed(raw)
        if line is None:
            is_good = _is_torn(raw, lines[number : number + 1])
        elif DIGEST in line:
            is_good = line[DIGEST] == _digest(line, before) and _written(line) == raw
            before, is_old = str(line[DIGEST]), False
        else:
            is_good = is_old and line.keys() <= OLD
            before = hashlib.sha256(before.encode() + raw).hexdigest()
        if not is_good and not fault:
            fault = number
    return fault, before


def _is_torn(raw: bytes, following: list[bytes]) -> bool:
    """Whether a line that cannot be read is one that was cut off: the next one says so."""
    line = _parsed(following[0]) if following else None
    return line is not None and line.get(TORN) == hashlib.sha256(raw).hexdigest()


def _parsed(raw: bytes) -> Line | None:
    try:
        line = json.loads(raw.decode())
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _written(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode()


def _digest(line: Line, before: str) -> str:
    body = {key: value for key, value in line.items() if key != DIGEST}
    return hashlib.sha256(f"{before}\n".encode() + _written(body)).hexdigest()


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
