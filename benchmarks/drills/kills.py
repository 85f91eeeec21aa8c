"""Imports and publications killed at random moments: the old or the new snapshot is whole, and what is left is swept.

The moments are even over the time that one takes when nobody kills it. After each: what a new process would read is
the old or the new snapshot, every snapshot folder is whole, and the next import removes whatever was left behind.
"""

import argparse
import multiprocessing.util
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from governance import snapshots
from governance.importing import import_files, scratch
from governance.importing.problems import listening
from governance.snapshots import SnapshotError
from tests import test_importing_crash as importing
from tests import test_snapshots_crash as publishing
from tests.test_desk import processes
from tests.test_snapshots import forget, publish

ROUNDS = 20  # in one data folder, so that no round has to read hundreds of snapshots
FIRST = 400  # cases
LATER = 1.15  # of the time of a whole one: some come too late to kill anything


@dataclass
class Kind:
    """One way to a new snapshot: started in a child to be killed, done here to the end."""

    name: str
    start: Callable[[int], tuple[BaseProcess, Connection]]
    finish: Callable[[int], object]
    seen: Counter[str] = field(default_factory=Counter)


def run(folder: Path, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Kill as often as asked, half of each kind; return figures and faults."""
    multiprocessing.util.get_temp_dir()  # of the server that forks the children: not in a folder that goes with a round
    chance, faults = random.Random(options.seed), list[str]()
    figures = []
    for name in ("import", "publish"):
        total: Counter[str] = Counter()
        left = options.kills // 2
        while left > 0:
            place = folder / f"{name}-{left}"
            place.mkdir()
            total += _rounds(name, place, min(ROUNDS, left), chance, faults)
            left -= ROUNDS
        figures.append(f"{name}: " + ", ".join(f"{what} {count}" for what, count in sorted(total.items())))
    return figures, faults


def _kind(name: str, data: Path, temporary: Path) -> Kind:
    if name == "publish":
        return Kind(name, lambda cases: publishing.start(data, cases), publish)

    def whole(cases: int) -> None:
        mapping, export = importing.write(temporary, cases)
        with listening(lambda _: None):
            import_files(mapping, [export])

    return Kind(name, lambda cases: importing.start(data, temporary, cases), whole)


def _rounds(name: str, place: Path, count: int, chance: random.Random, faults: list[str]) -> Counter[str]:
    data, temporary = place / "data", place / "tmp"
    temporary.mkdir()
    os.environ["GOVERNANCE_DATA"] = str(data)
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    try:
        kind = _kind(name, data, temporary)
        kind.finish(FIRST)
        took = _seconds(kind, FIRST + 1)
        for number in range(count):
            old = FIRST + 1 + 2 * number
            _kill(kind, old + 1, chance.uniform(0, LATER * took))
            faults += [f"{name} {old}: {fault}" for fault in _faults(data, old, kind)]
            _note_left(data, temporary, kind)
            kind.finish(old + 2)
            if left := _left(data, temporary):
                faults.append(f"{name} {old}: not swept {left}")
        if alive := _alive(str(temporary)):
            faults.append(f"{name}: processes still at it {alive}")
    finally:
        tempfile.tempdir = before
    return kind.seen


def _seconds(kind: Kind, cases: int) -> float:
    """How long one takes in a child, from its start on."""
    began = time.monotonic()
    child, _answer = kind.start(cases)
    child.join()
    return time.monotonic() - began


def _kill(kind: Kind, cases: int, after: float) -> None:
    child, _answer = kind.start(cases)  # whose end must stay open, or the child fails to tell
    child.join(after)
    kind.seen["killed" if child.is_alive() else "over before"] += 1
    child.kill()
    child.join()


def _faults(data: Path, old: int, kind: Kind) -> list[str]:
    """What is wrong with the snapshots as a new process finds them."""
    forget()
    found = []
    try:
        snapshot = snapshots.latest()
        rows = snapshot.rows("cases")
        kind.seen[{old: "old in use", old + 1: "new in use"}.get(rows, "other in use")] += 1
        if snapshot.is_fallback or rows not in (old, old + 1):
            found.append(f"{rows} rows, fallback {snapshot.is_fallback}")
        for one in snapshots.snapshot_ids():
            snapshots.verify(one)
    except SnapshotError as error:
        found.append(str(error))
    return found


def _left(data: Path, temporary: Path) -> list[str]:
    raw = [path.name for path in temporary.glob(f"{scratch.PREFIX}*")]
    return publishing.scratch(data) + raw


def _note_left(data: Path, temporary: Path, kind: Kind) -> None:
    """Count what a kill left, and let the raw cells look old enough to be nobody's."""
    left = _left(data, temporary)
    kind.seen["left something"] += bool(left)
    for path in temporary.glob(f"{scratch.PREFIX}*"):
        os.utime(path, (0, 0))


def _alive(word: str) -> list[int]:
    """Readers of an import that was killed end by themselves, as soon as they look."""
    until = time.monotonic() + 30
    while (found := processes(word)) and time.monotonic() < until:
        time.sleep(0.1)
    return found
