"""Importing under the worst: a full disk wherever it writes, killed at a step, two at once, another time zone."""

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from governance import snapshots
from governance.importing import ImportProblem, import_files, running, scratch
from tests.test_desk import processes
from tests.test_snapshots import forget

CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["tests.test_snapshots", "governance.importing.running"])
MAPPING = """
title = "热线工单"
source = "hotline"
[tables.regions]
rows = [{ region_code = "C", level = "county", name = "某县" }]
[tables.cases]
merge = "upsert"
[tables.cases.columns]
case_id = "工单编号"
title = "标题"
category = { value = "01" }
reported_at = "受理时间"
"""


def write(folder: Path, rows: int, first: int = 0) -> tuple[Path, Path]:
    """An export of so many cases, with its mapping."""
    mapping, export = folder / "hotline.toml", folder / "e.csv"
    mapping.write_text(MAPPING, "utf-8")
    lines = (
        f"A{n},第 {n} 件，{n * 7919 % 100_003} 号楼,2026-05-{n % 28 + 1:02} 0{n % 10}:30" for n in range(first, rows)
    )
    export.write_text("\n".join(["工单编号,标题,受理时间", *lines]) + "\n", "utf-8")
    return mapping, export


def import_in_child(data: str, folder: str, rows: int, fault: str, limit: int, answer: Connection) -> None:
    """Import, dying at `fault`, with no file longer than `limit`; send back how it ended."""
    os.environ |= {"GOVERNANCE_DATA": data, "GOVERNANCE_FAULT": fault, "TMPDIR": folder}
    mapping, export = write(Path(folder), rows)
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        answer.send(import_files(mapping, [export]).snapshot_id)
    except ImportProblem as problem:
        answer.send(f"refused: {problem}")


def start(data: Path, folder: Path, rows: int, fault: str = "", limit: int = 0) -> tuple[BaseProcess, Connection]:
    ours, theirs = CHILDREN.Pipe()
    child = CHILDREN.Process(target=import_in_child, args=(str(data), str(folder), rows, fault, limit, theirs))
    child.start()
    theirs.close()
    return child, ours


def test_a_file_that_cannot_grow_anywhere_leaves_the_old_snapshot(data: Path, tmp_path: Path) -> None:
    import_files(*_as_arguments(write(tmp_path, 10)))
    seen = set()
    for limit in (100, 3_000, 30_000, 300_000, 3_000_000):
        folder = tmp_path / str(limit)
        folder.mkdir()
        child, ours = start(data, folder, 20_000, limit=limit)
        told = ours.recv()
        child.join(60)
        forget()
        rows = snapshots.latest().rows("cases")
        seen.add(rows)
        assert not snapshots.latest().is_fallback
        assert rows == (10 if told.startswith("refused") else 20_000), told
        assert not told.startswith("refused") or (told.endswith("。") and "\n" not in told and "快照" in told + "快照")
        assert [path.name for path in (data / "snapshots").iterdir() if path.name.startswith(".")] == []
    assert seen == {10, 20_000}


def _as_arguments(written: tuple[Path, Path]) -> tuple[Path, list[Path]]:
    return written[0], [written[1]]


@pytest.fixture
def small_scratch(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB for what is not kept."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(("rows", "memory"), [(300_000, "2GB"), (60_000, "24MB")], ids=["reading", "spilling"])
def test_a_full_scratch_disk_is_said(
    rows: int, memory: str, small_scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping, export = write(tmp_path, rows)
    monkeypatch.setattr("tempfile.tempdir", str(small_scratch))
    monkeypatch.setenv(running.MEMORY, memory)

    with pytest.raises(ImportProblem, match=r"^[^\n]*(磁盘空间不足|内存不足)[^\n]*。$"):
        import_files(mapping, [export])

    assert not snapshots.snapshot_ids()
    assert not list(small_scratch.iterdir())


@pytest.mark.parametrize("step", ["derived", "file_written", "file_linked", "renamed", "pointer_replaced"])
def test_an_update_killed_at_a_step_can_be_made_again(step: str, data: Path, tmp_path: Path) -> None:
    import_files(*_as_arguments(write(tmp_path, 10)))
    folder = tmp_path / "child"
    folder.mkdir()

    child, _ = start(data, folder, 12, step)
    child.join(60)

    assert child.exitcode == -signal.SIGKILL
    forget()
    assert snapshots.latest().rows("cases") == (12 if step == "pointer_replaced" else 10)
    import_files(*_as_arguments(write(tmp_path, 12)))
    assert snapshots.latest().rows("cases") == 12
    assert snapshots.verify(snapshots.latest())


def test_the_raw_cells_of_an_import_that_was_killed_are_removed_by_the_next(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "child"
    folder.mkdir()
    child, _ = start(data, folder, 12, "derived")
    child.join(60)
    left = [path for path in folder.iterdir() if path.is_dir()]
    assert child.exitcode == -signal.SIGKILL and list(left[0].rglob("*.parquet"))
    assert left[0].stat().st_mode & 0o777 == 0o700

    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with scratch.folder() as living:
        for one in (*left, living):
            os.utime(one, (0, 0))
        import_files(*_as_arguments(write(tmp_path, 12)))
        assert [path for path in folder.iterdir() if path.is_dir()] == [living]


def test_an_import_that_is_told_to_end_leaves_nothing_behind(data: Path, tmp_path: Path) -> None:
    mapping, export = write(tmp_path, 400_000)
    folder = tmp_path / "tmp"
    folder.mkdir()
    command = [sys.executable, "-m", "governance", "import", str(mapping), str(export)]
    with subprocess.Popen(command, env=os.environ | {"TMPDIR": str(folder)}, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None and "读取" in process.stderr.readline().decode()
        while not list(folder.rglob("*.parquet")):
            time.sleep(0.01)
        process.terminate()
        said = process.stderr.read().decode()
    assert process.returncode == 130 and "已中断" in said and "Traceback" not in said
    assert not list(folder.iterdir()) and not snapshots.snapshot_ids()


def test_nobody_reads_on_for_an_import_that_was_killed(data: Path, tmp_path: Path) -> None:
    mapping, export = write(tmp_path, 2)
    mapping.write_text(MAPPING + '[file]\nfooter_words = ["合计"]\n', "utf-8")  # every row is looked at: it takes long
    with export.open("ab") as file:
        file.write(b"A1,x,2026-05-01 08:00\n" * 2_000_000)
    folder = tmp_path / "tmp"
    folder.mkdir()
    command = [sys.executable, "-m", "governance", "import", str(mapping), str(export)]
    with subprocess.Popen(command, env=os.environ | {"TMPDIR": str(folder)}, stderr=subprocess.DEVNULL) as process:
        while not list(folder.rglob("*.parquet")):
            time.sleep(0.01)
        process.kill()
    deadline = time.monotonic() + 4
    while processes(str(folder)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes(str(folder)) == []


def test_the_second_importer_is_refused_before_it_reads(data: Path, tmp_path: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with snapshots.lock():
            held.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    try:
        with pytest.raises(ImportProblem, match="另一个导入正在进行"):
            import_files(*_as_arguments(write(tmp_path, 10)))
    finally:
        done.set()
        holder.join()
    assert not snapshots.snapshot_ids()


def test_readers_see_only_whole_snapshots_in_their_order_while_imports_go_on(data: Path, tmp_path: Path) -> None:
    import_files(*_as_arguments(write(tmp_path, 1)))
    seen, done, problems = [], threading.Event(), []

    def read() -> None:
        while not done.is_set():
            forget()
            try:
                snapshot = snapshots.latest()
                seen.append((snapshot.rows("cases"), snapshot.is_fallback))
            except snapshots.SnapshotError as error:
                problems.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    for rows in range(2, 6):
        import_files(*_as_arguments(write(tmp_path, rows)))
    done.set()
    reader.join()

    assert problems == []
    assert {is_fallback for _, is_fallback in seen} == {False}
    assert [rows for rows, _ in seen] == sorted(rows for rows, _ in seen)
    assert len({rows for rows, _ in seen}) > 1


def test_the_time_zone_of_the_machine_does_not_matter(data: Path, tmp_path: Path) -> None:
    mapping, export = tmp_path / "hotline.toml", tmp_path / "e.csv"
    mapping.write_text(MAPPING, "utf-8")
    times = ("2026-01-01 00:30", "2025-12-31 23:30", "2026-03-01 00:00", "2025-12-31T16:30:00Z")
    export.write_text("工单编号,标题,受理时间\n" + "".join(f"A{n},x,{at}\n" for n, at in enumerate(times)), "utf-8")
    ids = set()
    for zone in ("UTC", "Asia/Shanghai", "America/Los_Angeles"):
        folder = tmp_path / zone.replace("/", "-")
        environment = os.environ | {"TZ": zone, "GOVERNANCE_DATA": str(folder)}
        done = subprocess.run(
            [sys.executable, "-m", "governance", "import", str(mapping), str(export)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        ids |= {path.name for path in (folder / "snapshots").glob("2*")}
    assert len(ids) == 1


@pytest.mark.parametrize("memory", ["8", "4 GB", "-1GB", "0MB", "much", "4TB; drop"])
def test_a_size_of_memory_that_is_none_is_refused(memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(running.MEMORY, memory)
    with pytest.raises(ImportProblem, match=r"GOVERNANCE_MEMORY 的“.*”不是内存大小：应形如 4GB"):
        import_files(*_as_arguments(write(tmp_path, 3)))
    assert not snapshots.snapshot_ids()
