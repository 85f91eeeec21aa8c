"""The child process that touches files' bytes.

It loads a reader on first need and then forks for every file: each file is read in a process of its own, which gets its
limits first, reads, answers with one JSON text, and is gone, whatever the file did to it.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import resource
import select
import signal
import sys
import tempfile
from contextlib import suppress
from typing import Any, BinaryIO

from governance.importing.kinds import RESIDENT
from governance.importing.problems import ImportProblem

STDOUT, STDERR = 1, 2
READERS = {
    "csv": "csv_reading",
    "xlsx": "xlsx_reading",
    "xls": "xlsx_reading",
    "xlsb": "xlsx_reading",
    "ods": "xlsx_reading",
    "json": "json_reading",
    "xml": "xml_reading",
    "parquet": "parquet_reading",
    "geojson": "geojson_reading",
    "database": "database.fetching",
    "peek": "peeking",
    "outline": "outlining",
}
LOOK = 0.01  # seconds between two looks at a reader's memory
PARENT = os.getppid()


class WithoutPandas:
    """Keeps pyarrow from loading pandas on first use, which takes longer than reading most files."""

    def find_spec(self, name: str, *_: object) -> None:
        """Refuse pandas; leave everything else to the others."""
        if name == "pandas":
            raise ImportError(name)


def main() -> int:
    """Read one request per line from stdin; answer each with one line: how its reader ended, and what it said."""
    sys.meta_path.insert(0, WithoutPandas())
    for line in sys.stdin.buffer:
        request = json.loads(line)
        read = importlib.import_module(f"governance.importing.{READERS[request['kind']]}").read
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
            reader = os.fork()
            if reader == 0:
                _become_reader(request, read, said, complained)
            code, peak = _wait(reader)
            outcome = {"code": code, "peak": peak, "out": _text(said), "err": _text(complained)[-2000:]}
        print(json.dumps(outcome), flush=True)
    return 0


def _wait(reader: int) -> tuple[int, int]:
    """Wait for a reader to end, and end it when it occupies too much or nobody waits for it any more.

    Return how it ended and its peak in bytes.
    """
    handle, is_over = os.pidfd_open(reader), False
    try:
        while not select.select([handle], [], [], LOOK)[0]:
            if _resident(reader) > RESIDENT or os.getppid() != PARENT:
                is_over = True
                os.kill(reader, signal.SIGKILL)
                break
    finally:
        os.close(handle)
    _, status, used = os.wait4(reader, 0)
    return -signal.SIGABRT if is_over else os.waitstatus_to_exitcode(status), used.ru_maxrss * 1024


def _resident(process: int) -> int:
    """Memory that a process occupies: address space can be bounded by the system, this cannot."""
    try:
        with open(f"/proc/{process}/statm") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _become_reader(request: dict[str, Any], read: Any, said: BinaryIO, complained: BinaryIO) -> None:
    """In the fork: read the one file under its limits and end; never return."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(said.fileno(), STDOUT)
        os.dup2(complained.fileno(), STDERR)
        _limit(request["memory"], request["seconds"])
        os.write(STDOUT, json.dumps(_answer(request, read)).encode())
        code = 0
    except BaseException as error:
        os.write(STDERR, f"{type(error).__name__}: {error}".encode("utf-8", "replace"))
    finally:
        os._exit(code)


def _answer(request: dict[str, Any], read: Any) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = read(request)
        return answer
    except ImportProblem as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"problem": "读取时超出内存上限，已停止：请检查文件是否异常，或分批导出。"}
    except OSError as error:
        with suppress(OSError):  # makes room for the answer, which goes to the same disk
            os.truncate(request["parquet"], 0)
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        reason = "磁盘空间不足" if is_full else "无法打开或写入临时文件夹"
        return {"problem": f"读取失败（{reason}）：请检查权限和磁盘空间后重试。"}


def _limit(memory: int, seconds: int) -> None:
    """Bound address space (above what the interpreter already holds), CPU time, and time by the clock."""
    with open("/proc/self/statm") as statm:
        held = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds + 1)


if __name__ == "__main__":
    sys.exit(main())
