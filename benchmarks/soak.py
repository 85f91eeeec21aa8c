"""Leave a wall running and see whether anything grows: python -m benchmarks.soak --minutes 30.

A real server process, a real Chromium, the question every five seconds and a scene every five; every half minute, after
a forced collection, the heap of the page, its nodes and listeners, and the memory of the server. The slopes are by
least squares over the second half of the samples, so that warming up does not count as growth.
"""

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession

from governance import demo
from tools import browser as chromium
from tools import wall

KINDS = ("JSHeapUsedSize", "Nodes", "JSEventListeners", "Documents")


@dataclass(frozen=True)
class Sample:
    """What was there `at` seconds after the start; heap and server in bytes."""

    at: float
    heap: float
    nodes: float
    listeners: float
    documents: float
    server: float


def sample(session: CDPSession, running: wall.Wall, at: float) -> Sample:
    """Collect garbage, then look."""
    session.send("HeapProfiler.collectGarbage")
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    heap, nodes, listeners, documents = (float(metrics[name]) for name in KINDS)
    return Sample(at, heap, nodes, listeners, documents, float(running.memory()))


def slope(points: list[tuple[float, float]]) -> float:
    """The rise per second of the straight line through (seconds, value) by least squares; 0 for fewer than two."""
    if len(points) < 2:
        return 0.0
    x = sum(at for at, _ in points) / len(points)
    y = sum(value for _, value in points) / len(points)
    spread = sum((at - x) ** 2 for at, _ in points)
    return sum((at - x) * (value - y) for at, value in points) / spread if spread else 0.0


def soak(data: Path, minutes: float, every: float, seconds: int, area: str = "") -> list[Sample]:
    """Run a wall on the bundle of that folder and sample it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        running = stack.enter_context(wall.serve(data, folder / "server.log"))
        browser = stack.enter_context(chromium.launch())
        tab = stack.enter_context(chromium.visit(browser, 1920, 1080))
        session = tab.page.context.new_cdp_session(tab.page)
        session.send("Performance.enable")
        tab.page.goto(f"{running.url}/?seconds={seconds}&area={area}")
        tab.page.wait_for_selector(".scene.on")
        began, samples = time.monotonic(), []
        while (at := time.monotonic() - began) < minutes * 60:
            samples.append(sample(session, running, at))
            last = samples[-1]
            print(
                f"{at / 60:5.1f} min  heap {last.heap / 1e3:8.1f} kB  nodes {last.nodes:5.0f}  listeners "
                f"{last.listeners:3.0f}  server {last.server / 1e6:6.1f} MB",
                flush=True,
            )
            tab.page.wait_for_timeout(every * 1000)
        if tab.errors or tab.off_host:
            print(f"errors {tab.errors}, requests off the host {tab.off_host}")
        return samples


def report(samples: list[Sample]) -> str:
    """Slopes of the second half, per hour, and the extremes of everything."""
    late = samples[len(samples) // 2 :]
    lines = [f"{len(samples)} samples over {samples[-1].at / 60:.1f} minutes; slopes over the second half"]
    for name, unit, scale in (("heap", "kB", 1e3), ("nodes", "", 1), ("listeners", "", 1), ("server", "kB", 1e3)):
        values = [getattr(one, name) / scale for one in samples]
        rise = slope([(one.at, getattr(one, name) / scale) for one in late]) * 3600
        lines.append(f"{name:10} {rise:+9.1f} {unit}/h   least {min(values):,.1f}  most {max(values):,.1f} {unit}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--every", type=float, default=30, help="seconds between samples")
    parser.add_argument("--seconds", type=int, default=5, help="seconds per scene")
    parser.add_argument("--data", type=Path, help="a data folder with a public bundle; without it the demo is made")
    parser.add_argument("--area", default="", help="a place code")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.data is None:
            os.environ["GOVERNANCE_DATA"] = folder
            demo.build()
        samples = soak(options.data or Path(folder), options.minutes, options.every, options.seconds, options.area)
    print(report(samples))


if __name__ == "__main__":
    main()
