"""The child process that reads files, as its parent sees it: asked, waited for, ended."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from governance.importing.problems import ImportProblem, progress
from governance.importing.rows import COUNTER

ROOT = Path(__file__).resolve().parents[2]
GRACE = 10  # seconds for the child to start and to notice that its reader has ended
TICK = 1.0  # seconds between two words about the rows read so far


class Reader:
    """A child process that reads one file after the other, each in a fork of its own; started on first need."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self.peak = 0  # bytes that the largest reading occupied
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        """Be closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the child."""
        self.close()

    def kill(self) -> None:
        """End the child and whatever it forked; whoever waits for its answer is told so."""
        if process := self._process:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the child, and let go of what led to it."""
        self.kill()
        process, self._process = self._process, None
        if process is None:
            return
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def read(self, path: Path, request: dict[str, object]) -> dict[str, Any]:
        """Have a file read, wait no longer than its size justifies, and word what ended the reading."""
        seconds = int(str(request["seconds"]))
        slow = ImportProblem(f"文件 {path.name} 读取超过 {seconds} 秒，已停止：请检查文件是否异常，或分批导出。")
        try:
            done = self.ask(request, seconds + GRACE)
        except TimeoutError as error:
            self.close()
            raise slow from error
        except (OSError, ValueError) as error:
            self.close()
            raise ImportProblem(f"读取文件 {path.name} 的子进程无法启动或意外结束：请检查系统资源后重试。") from error
        self.peak = max(self.peak, done.get("peak", 0))
        code, text = done["code"], str(done["err"]).lower()
        if code == 0:
            try:
                answer: dict[str, Any] = json.loads(done["out"])
            except ValueError as error:
                raise ImportProblem(f"文件 {path.name} 读取失败：请在原系统中重新导出。") from error
            return answer
        if code in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM):
            raise slow
        if "memory" in text or "bad_alloc" in text or code == -signal.SIGABRT:
            raise ImportProblem(f"文件 {path.name} 读取时超出内存上限，已停止：请检查文件是否异常，或分批导出。")
        why = "可能已损坏，或展开后超出内存" if code == -signal.SIGSEGV else "可能已损坏"
        raise ImportProblem(f"文件 {path.name} 内容无法读取（{why}）：请用原软件打开后另存，或分批重新导出。")

    def ask(self, request: dict[str, Any], seconds: int) -> dict[str, Any]:
        """Have the child answer a request; return how its reader ended and what it said."""
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        parts: list[bytes] = []
        end = time.monotonic() + seconds
        while not parts or not parts[-1].endswith(b"\n"):
            left = end - time.monotonic()
            if not select.select([process.stdout], [], [], max(0.0, min(left, TICK)))[0]:
                if left <= TICK:
                    raise TimeoutError
                _tell_rows(request)
                continue
            part = os.read(process.stdout.fileno(), 1 << 16)
            if not part:
                raise OSError("the child ended")
            parts.append(part)
        found: dict[str, Any] = json.loads(b"".join(parts))
        return found

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            environment = {
                "PYTHONPATH": str(ROOT),
                "PYTHONIOENCODING": "utf-8",
                "PYTHONDONTWRITEBYTECODE": "1",
                "ARROW_DEFAULT_MEMORY_POOL": "system",
                "OMP_NUM_THREADS": "1",
                "TMPDIR": tempfile.gettempdir(),
                "MALLOC_ARENA_MAX": "1",
                "PATH": os.environ.get("PATH", ""),
            }
            self._process = subprocess.Popen(
                [sys.executable, "-m", "governance.importing.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=ROOT,
                start_new_session=True,
            )
        return self._process


def _tell_rows(request: dict[str, object]) -> None:
    """Pass on how many rows the child says that it has read."""
    with suppress(OSError, ValueError, KeyError):
        progress(f"读取 {request['name']} …", int(Path(f"{request['parquet']}{COUNTER}").read_text()))
