"""The real dashboard on a free port, as `make run` starts it, for tests, screenshots and benchmarks."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from governance import access, navigation

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 180  # seconds to wait for its first answer: only a broken one takes so long, also on a busy machine
HEALTH = "_stcore/health"
SERVE = ("streamlit", "run", "governance/server.py")  # the same as SERVE in the Makefile


@dataclass(frozen=True)
class Server:
    """A running dashboard."""

    url: str
    pid: int
    started: float
    log: Path

    def address(self, page: str, parameters: str = "") -> str:
        """The address of a page; the first of the menu is the one that opens at /."""
        first = [next(iter(menu.values()))[0][0] for menu in (navigation.MENU, navigation.DESK)]
        return f"{self.url}/{'' if page in first else page}{parameters and '?'}{parameters}"

    def memory(self) -> int:
        """Resident bytes of the process; 0 where the system does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return 0
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmRSS"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_answer(process: subprocess.Popen[bytes], address: str, log: Path, timeout: float = LONGEST) -> None:
    """Wait until a server that was just started answers; when it ends instead, say what it wrote last."""
    limit = time.monotonic() + timeout
    while time.monotonic() < limit:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"服务没有启动：\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def serve(data: Path, port: int | None = None, timeout: float = LONGEST, role: str = "analyst") -> Iterator[Server]:
    """Start the dashboard, or as `importer` the import desk, on the data of that folder; stop it at the end."""
    port = port or free_port()
    command = [sys.executable, "-m", *SERVE, "--server.port", str(port)]
    if role == "importer":
        command += ["--server.maxUploadSize", "300"]  # as `make import`
    environment = {**os.environ, "GOVERNANCE_DATA": str(data), access.ROLE: role}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        started = time.monotonic()
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_answer(process, f"{url}/{HEALTH}", log, timeout)
            yield Server(url, process.pid, started, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
