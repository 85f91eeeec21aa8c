"""Publishing under the worst: killed at every step, two at once, a full disk. Each child is a process of its own."""

import multiprocessing
import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from governance import snapshots
from governance.snapshots import SnapshotError, folder
from tests.factory import County
from tests.test_snapshots import forget, publish

CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["tests.test_snapshots"])
IN_USE = snapshots.STEPS.index("pointer_replaced")


def publish_in_child(data: str, cases: int, fault: str, limit: int, answer: Connection) -> None:
    """Publish, dying at `fault`; send back what was refused."""
    os.environ |= {"GOVERNANCE_DATA": data, "GOVERNANCE_FAULT": fault}
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        answer.send(publish(cases).id)
    except SnapshotError as error:
        answer.send(str(error))


def hold_lock(data: str, answer: Connection) -> None:
    """Be in the middle of an import, for a long time."""
    os.environ["GOVERNANCE_DATA"] = data
    with snapshots.lock():
        answer.send("held")
        signal.pause()


def start(data: Path, cases: int, fault: str = "", limit: int = 0) -> tuple[BaseProcess, Connection]:
    ours, theirs = CHILDREN.Pipe()
    child = CHILDREN.Process(target=publish_in_child, args=(str(data), cases, fault, limit, theirs))
    child.start()
    theirs.close()
    return child, ours


def scratch(data: Path) -> list[str]:
    return [path.name for path in (data / "snapshots").iterdir() if path.name.startswith(folder.SCRATCH_PREFIXES)]


@pytest.mark.parametrize("step", snapshots.STEPS)
def test_killed_at_a_step_the_reader_sees_the_whole_old_or_new(step: str, data: Path) -> None:
    publish(1)

    child, _ = start(data, 2, step)
    child.join()

    assert child.exitcode == -signal.SIGKILL
    forget()
    snapshot = snapshots.latest()
    assert snapshot.rows("cases") == (2 if snapshots.STEPS.index(step) >= IN_USE else 1)
    assert not snapshot.is_fallback
    assert publish(2).rows("cases") == 2, "the same import again"
    assert publish(3).rows("cases") == 3, "and another one"
    assert scratch(data) == []
    assert all(snapshots.verify(found) for found in snapshots.snapshot_ids())


@pytest.mark.parametrize("step", ["staged", "manifest_written", "renamed", "pointer_written", "pointer_replaced"])
def test_killed_while_publishing_the_first_snapshot(step: str, data: Path) -> None:
    child, _ = start(data, 2, step)
    child.join()

    try:
        assert snapshots.latest().rows("cases") == 2
    except SnapshotError as error:
        assert "还没有快照" in str(error)
    publish(2)
    assert not snapshots.latest().is_fallback


def test_killed_at_any_moment(data: Path) -> None:
    publish(1)
    chance = random.Random(7)
    for round_number in range(12):
        child, _ = start(data, 2 + round_number)
        stop = time.monotonic() + chance.uniform(0.05, 0.8)
        while time.monotonic() < stop and child.is_alive():
            forget()
            assert not snapshots.latest().is_fallback
        child.kill()
        child.join()
        forget()
        assert not snapshots.latest().is_fallback
    assert publish(50).rows("cases") == 50
    assert scratch(data) == []


def test_the_second_importer_is_refused_at_once_and_told_by_whom(data: Path) -> None:
    ours, theirs = CHILDREN.Pipe()
    holder = CHILDREN.Process(target=hold_lock, args=(str(data), theirs))
    holder.start()
    try:
        assert ours.recv() == "held"
        for attempt in (lambda: publish(1), snapshots.rollback, snapshots.collect_garbage):
            with pytest.raises(SnapshotError, match=rf"另一个导入正在进行（进程 {holder.pid}，开始于 20\d\d-.*）"):
                attempt()
        assert holder.is_alive(), "nobody waited for the lock"
    finally:
        holder.kill()
        holder.join()
    assert publish(1).rows("cases") == 1, "the lock of the dead is free"


def test_the_lock_can_be_taken_again_by_its_holder() -> None:
    with snapshots.lock(), snapshots.lock():
        assert publish(1).rows("cases") == 1


def test_an_error_inside_the_lock_stays_itself() -> None:
    with pytest.raises(FileNotFoundError), snapshots.lock():
        Path("nowhere").read_bytes()
    publish(1)


def test_a_write_that_does_not_fit_leaves_the_old_snapshot(data: Path) -> None:
    publish(1)

    child, ours = start(data, 50, limit=2000)
    refused = ours.recv()
    child.join()

    assert "磁盘空间不足" in refused and refused.endswith("。") and "\n" not in refused
    forget()
    assert snapshots.latest().rows("cases") == 1
    assert scratch(data) == []


@pytest.fixture
def small_disk(data: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    data.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(data)]).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield data
    subprocess.run(["umount", str(data)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    publish(1)
    filler = small_disk / "filler"

    with pytest.raises(SnapshotError, match=r"磁盘空间不足，没有写入新快照，原有快照不受影响"):
        publish_many(150_000)
    assert snapshots.latest().rows("cases") == 1

    with filler.open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(b"\0" * 4096)
    with pytest.raises(SnapshotError, match=r"磁盘空间不足：需要约 1.0 MB，只剩 0.\d MB"):
        publish(2)
    forget()
    assert snapshots.latest().rows("cases") == 1
    filler.unlink(missing_ok=True)
    assert publish(2).rows("cases") == 2
    assert scratch(small_disk) == []


def publish_many(cases: int) -> None:
    """Publish more than a small disk can hold."""
    county = County()
    county.con.execute(
        "insert into cases by name select 's' as source, uuid()::varchar as case_id, '01' as category, "
        f"'R' as region_code, timestamp '2026-01-01' + to_seconds(i) as reported_at from range({cases}) t(i)"
    )
    snapshots.publish(county.con, datetime(2026, 7, 1), sources=[])


def test_a_folder_that_cannot_be_written(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data.write_text("a file, not a folder")

    with pytest.raises(SnapshotError, match=r"^[^\n]+。$"):
        publish(1)
