"""The wall's server as its own process, as `make screen` starts it, for tests, the soak and screenshots.

A picture of every scene: python -m tools.wall --data FOLDER --to FOLDER [--sizes 1920x1080 …] [--parameters area=…]
"""

import argparse
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from governance.screen.scenes import SCENES
from tools import browser as chromium
from tools.server import LONGEST, free_port, wait_for_answer

ROOT = Path(__file__).resolve().parents[1]
SIZES = ("1366x768", "1920x1080", "3840x2160", "3840x1080", "1080x1920", "6656x1792")
FADE = 1200  # ms until a scene has faded in


@dataclass
class Wall:
    """A server of the wall that can be killed and started again on the same port."""

    data: Path
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process that answers now."""
        assert self.process is not None
        return self.process.pid

    def start(self, timeout: float = LONGEST) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "governance.screen", "--port", str(self.port)]
        environment = {**os.environ, "GOVERNANCE_DATA": str(self.data)}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        wait_for_answer(self.process, f"{self.url}/state", self.log, timeout)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def memory(self) -> int:
        """Resident bytes; 0 where the system does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return 0
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmRSS"))


@contextmanager
def serve(data: Path, log: Path) -> Iterator[Wall]:
    """A running wall on a free port; killed at the end."""
    wall = Wall(data, free_port(), log)
    try:
        wall.start()
        yield wall
    finally:
        wall.kill()


def main() -> None:
    """Save a picture of every scene at every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--scenes", nargs="+", default=list(SCENES))
    parser.add_argument("--parameters", default="", help="of the address, such as area=141122000000")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with serve(options.data, options.to / "server.log") as wall, chromium.launch() as browser:
        with urllib.request.urlopen(f"{wall.url}/state?{options.parameters}", timeout=30) as answer:
            ready = {scene["name"] for scene in json.load(answer)["scenes"]}
        for size in options.sizes:
            width, height = (int(part) for part in size.split("x"))
            with chromium.visit(browser, width, height) as tab:
                for scene in [name for name in options.scenes if name in ready]:
                    tab.page.goto(f"{wall.url}/?scene={scene}&paused=1&{options.parameters}")
                    tab.page.wait_for_selector(f".scene.on.{scene}")
                    tab.page.wait_for_timeout(FADE)
                    tab.page.screenshot(path=options.to / f"{scene}-{size}.png")
                    print(f"▸ {scene}-{size}.png", flush=True)


if __name__ == "__main__":
    main()
