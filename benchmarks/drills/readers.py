"""Readers ask questions while imports publish: no failure, no page of two snapshots, memory that does not grow.

A reader does what a page does: it opens the newest store, keeps to its snapshot, asks several questions and compares
the answers with each other and with the manifest. The importer is the command line, over and over. The readers'
process holds nothing else, and its resident memory is sampled; the slope is taken over the second half.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from benchmarks.soak import slope
from governance import filters, queries
from tests.test_importing_crash import write
from tools.server import ROOT

READERS = 4
EVERY = 5.0  # seconds between samples of the memory
CASES = 2000
GROWTH = 60_000_000  # bytes an hour of the straight line through the second half, above which memory is not flat


class Seen:
    """What the readers saw, gathered from all threads."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.pages, self.answers = 0, 0
        self.snapshots: set[str] = set()
        self.faults: list[str] = []
        self.lock = threading.Lock()


def run(folder: Path, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Read for as long as asked; return figures and faults."""
    os.environ["GOVERNANCE_DATA"] = str(folder / "data")
    seen, done = Seen(), threading.Event()
    if problem := _publish(folder, 0):
        return [], [problem]
    readers = [threading.Thread(target=_read, args=(seen, done)) for _ in range(READERS)]
    samples: list[tuple[float, float]] = []
    began, published = time.monotonic(), 1
    sampler = threading.Thread(target=_sample, args=(samples, done, began))
    for thread in (*readers, sampler):
        thread.start()
    while time.monotonic() - began < options.minutes * 60 and len(seen.faults) < 20:
        if problem := _publish(folder, published):
            seen.faults.append(problem)
        published += 1
    done.set()
    for thread in (*readers, sampler):
        thread.join()
    rise = slope(samples[len(samples) // 2 :]) * 3600
    if rise > GROWTH:
        seen.faults.append(f"memory grows by {rise / 1e6:,.1f} MB an hour")
    figures = [
        f"{published} imports, {seen.pages:,} pages of {seen.answers:,} answers over {len(seen.snapshots)} snapshots",
        f"memory {samples[0][1] / 1e6:.0f} MB at first, {max(one for _, one in samples) / 1e6:.0f} MB at most, "
        f"{samples[-1][1] / 1e6:.0f} MB at the end; {rise / 1e6:+.1f} MB an hour over the second half",
    ]
    return figures, seen.faults


def _publish(folder: Path, number: int) -> str:
    """Import one more case than before with the command line; return what went wrong."""
    mapping, export = write(folder, CASES + number)
    command = [sys.executable, "-m", "governance", "import", str(mapping), str(export)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"import {number}: {done.stderr[-300:]}"


def _read(seen: Seen, done: threading.Event) -> None:
    last = 0
    while not done.is_set():
        try:
            last = _page(seen, last)
        except Exception as error:
            seen.faults.append(f"{type(error).__name__}: {error}")


def _page(seen: Seen, last: int) -> int:
    """Ask as a page asks; return how many cases there were, which never become fewer."""
    with queries.one_snapshot():
        store = queries.current_store()
        chosen = filters.from_params({"start": ["2026-05-01"], "stop": ["2026-06-01"]}, store)
        by_month = queries.run("cases_by_month", chosen)
        by_category = queries.run("cases_by_category", chosen)
        totals = queries.run("indicator_totals", chosen, only=("reported_count",))
        listed = queries.run("case_list", chosen, limit=100_000)
    told = {
        "manifest": store.snapshot.rows("cases"),
        "by month": int(by_month["reported_count"].sum()),
        "by category": int(by_category["reported_count"].sum()),
        "total": int(totals["value"].sum()),
        "list": len(listed),
    }
    with seen.lock:
        seen.pages, seen.answers = seen.pages + 1, seen.answers + 4
        seen.snapshots.add(store.snapshot.id)
        if len(set(told.values())) > 1 or store.snapshot.is_fallback:
            seen.faults.append(f"{store.snapshot.id}: {told}, fallback {store.snapshot.is_fallback}")
        if told["manifest"] < last:
            seen.faults.append(f"back from {last} to {told['manifest']} cases")
    return told["manifest"]


def _sample(samples: list[tuple[float, float]], done: threading.Event, began: float) -> None:
    while not done.wait(EVERY if samples else 0):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        samples.append((time.monotonic() - began, pages * os.sysconf("SC_PAGE_SIZE")))
