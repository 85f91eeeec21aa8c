"""How fast and in how much memory a csv becomes a snapshot: python -m benchmarks.importing --rows 1000000.

In one run, on one made-up file: DuckDB's bare COPY of it into a table of text; the import from file to published
snapshot; and an update of 10,000 rows, mostly of the last months. Memory is that of the whole tree of processes: the
sum of what each holds alone and its share of what they hold together (PSS).
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import exports

UPDATE = 10_000
LATE = 100  # of the update: rows of the very first months
COPY = """
import duckdb, sys
source, target = sys.argv[1:]
with duckdb.connect(target, config={"memory_limit": "2GB"}) as con:
    names = [row[0] for row in con.execute("describe select * from read_csv(?, all_varchar=true)", [source]).fetchall()]
    con.execute("create table t (" + ", ".join(f'"{name}" varchar' for name in names) + ")")
    con.execute("copy t from '" + source.replace("'", "''") + "' (format csv, header)")
"""


@dataclass(frozen=True)
class Run:
    """What one process and its children took."""

    seconds: float
    processor: float
    memory: int

    def line(self, what: str, rows: int) -> str:
        """Write it for a reader."""
        speed = rows / self.seconds
        used = f"{self.processor:,.1f} s of processor"
        return f"{what}: {self.seconds:,.1f} s, {speed:,.0f} rows/s, {used}, peak {self.memory / 1e6:,.0f} MB"


def measure(arguments: list[str]) -> Run:
    """Run a command to its end and watch the memory of its tree."""
    before, used = time.monotonic(), _processor()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            peak[0] = max(peak[0], sum(map(_held, _tree(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    seconds = time.monotonic() - before
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"{arguments[:4]} ended with {code}")
    return Run(seconds, _processor() - used, peak[0])


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree(pid: int) -> list[int]:
    found = [pid]
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += _tree(int(child))
    return found


def _held(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def written(folder: Path) -> dict[int, tuple[str, int]]:
    """The files of all snapshots by their inode: name and size."""
    files = [path for path in folder.glob("snapshots/*/*.parquet") if not path.name.startswith(".")]
    return {path.stat().st_ino: (f"{path.parent.name}/{path.name}", path.stat().st_size) for path in files}


def run(rows: int, scratch: Path) -> list[str]:
    """Measure one size; one line for each thing measured."""
    csv, update, mapping = scratch / "导出.csv", scratch / "更新.csv", exports.write_mapping(scratch / "bench.toml")
    exports.write(csv, rows)
    size = csv.stat().st_size
    lines = [f"{rows:,} rows, {size / 1e6:,.0f} MB of csv"]
    copied = measure([sys.executable, "-c", COPY, str(csv), str(scratch / "copy.duckdb")])
    (scratch / "copy.duckdb").unlink()
    lines.append(copied.line("DuckDB's bare COPY", rows))
    print("\n".join(lines), flush=True)
    data = scratch / "data"
    order = [sys.executable, "-m", "governance", "import", "--data", str(data), str(mapping)]
    imported = measure([*order, str(csv), "--as-of", "2026-07-01"])
    csv.unlink()
    lines.append(
        imported.line("import", rows) + f", {imported.seconds / copied.seconds:.1f} times the COPY, "
        f"{imported.processor / copied.processor:.1f} times its processor time"
    )
    print(lines[-1], flush=True)
    before = written(data)
    exports.write(update, UPDATE - LATE, rows - UPDATE + LATE - 1000, salt=1, total=rows)
    with tempfile.NamedTemporaryFile(dir=scratch, suffix=".csv") as late:
        exports.write(Path(late.name), LATE, salt=1, total=rows)
        with update.open("ab") as file:
            file.write(Path(late.name).read_bytes().split(b"\n", 1)[1])
    # Another salt draws other categories for known numbers, which an import rightly asks about.
    updated = measure([*order, str(update), "--as-of", "2026-07-02", "--accept"])
    after = written(data)
    fresh = [after[inode][1] for inode in after.keys() - before.keys()]
    newest = max(data.glob("snapshots/*/manifest.json"), key=lambda path: path.stat().st_mtime_ns).parent
    linked = sum(path.stat().st_ino in before for path in newest.glob("*.parquet"))
    lines.append(
        updated.line(f"update of {UPDATE:,} rows", UPDATE)
        + f"; {sum(fresh) / 1e6:,.1f} MB written in {len(fresh)} files, "
        f"{linked} taken over, of {sum(size for _, size in before.values()) / 1e6:,.1f} MB in {len(before)}"
    )
    print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[200_000])
    parser.add_argument("--scratch", type=Path, help="where the files go, for the time of the run")
    options = parser.parse_args()
    for rows in options.rows:
        with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
            os.environ["TMPDIR"] = folder
            run(rows, Path(folder))
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
