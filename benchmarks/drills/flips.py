"""Single bits turned over in a data folder, one at a time: each is found before anything of it is used.

Every kind of file takes its turn: the parquet files of the snapshot in use, its manifest, the pointer, the log of what
was published and removed, the public bundle of the wall. A process that has read the folder before must find it as a
new one does; the found fault is one Chinese sentence.
"""

import argparse
import os
import random
import re
from collections import Counter
from pathlib import Path

from governance import snapshots
from governance.importing import import_files
from governance.public import building, reading
from governance.snapshots import SnapshotError
from tests.test_importing_crash import write
from tests.test_snapshots import flip

SENTENCE = re.compile(r"[^\n]*[\u4e00-\u9fff][^\n]*。")
VERSIONS = 3
CASES = 300


def run(folder: Path, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Turn over as many bits as asked; return figures and faults."""
    data = folder / "data"
    os.environ["GOVERNANCE_DATA"] = str(data)
    for number in range(VERSIONS):
        mapping, export = write(folder, CASES + number)
        with export.open("a") as file:
            file.write("B1,没有受理时间,\n")  # so that there are rejects
        import_files(mapping, [export])
    building.build(snapshots.latest())
    kinds = _files(data)
    chance, found, faults = random.Random(options.seed), Counter[str](), list[str]()
    for _ in range(options.flips):
        kind = chance.choice(sorted(kinds))
        path = chance.choice(kinds[kind])
        bit = chance.randrange(path.stat().st_size * 8)
        times = path.stat()
        before = flip(path, bit)
        sentence = _sentence(kind)
        path.write_bytes(before)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        found[kind] += bool(SENTENCE.fullmatch(sentence))
        if not SENTENCE.fullmatch(sentence):
            faults.append(f"{path.relative_to(data)} bit {bit}: {sentence or 'not found'}")
        if again := _sentence(kind):
            faults.append(f"{path.relative_to(data)} put right: {again}")
    told = ", ".join(f"{kind} {found[kind]} ({len(kinds[kind])} files)" for kind in sorted(kinds))
    return [f"{sum(found.values()):,} of {options.flips:,} found: {told}"], faults


def _files(data: Path) -> dict[str, list[Path]]:
    current = snapshots.latest().path
    bundle = data / "public" / (data / "public" / "CURRENT").read_text().strip()
    found = {
        "parquet": sorted(current.glob("*.parquet")),
        "manifest": [current / "manifest.json"],
        "pointer": [current.parent / "CURRENT"],
        "log": [current.parent / "LOG.jsonl"],
        "bundle": sorted(bundle.iterdir()),
    }
    assert all(found.values()), found
    return found


def _sentence(kind: str) -> str:
    """What is said of the folder as it is now; nothing when it is used as if it were whole."""
    if kind == "log":
        return snapshots.log_fault()
    try:
        if kind == "bundle":
            return str(reading.read().manifest.get("warning", ""))
        return snapshots.latest().warning or ""
    except (SnapshotError, reading.PublicError) as error:
        return str(error)
