"""Backup and restoration: the drill of docs/backup.md, and what goes wrong in it."""

import multiprocessing
import os
import random
import shutil
import signal
from datetime import datetime
from pathlib import Path

import pytest

from governance import __main__ as command_line
from governance import snapshots
from governance.snapshots import SnapshotError, restoring, safekeeping
from tests.factory import County
from tests.test_snapshots import flip, forget

CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["tests.test_snapshots"])
ANSWER = ("answer", "cases_by_month", "--start", "2026-01-01", "--stop", "2026-07-01", "--format", "csv")


def publish(cases: int, as_of: str = "2026-07-01") -> snapshots.Snapshot:
    """Publish a county with that many cases, and a county beside it that never changes."""
    county = County()
    county.region("R1")
    county.grid("G1", region_code="R1")
    for number in range(cases):
        county.case(f"C{number}", grid_id="G1", region_code="R1")
    return snapshots.publish(county.con, datetime.fromisoformat(as_of), sources=[])


def settle(data: Path) -> None:
    """Lay down what a county adds to the data folder."""
    (data / "mappings").mkdir()
    (data / "mappings" / "热线.toml").write_text('source = "hotline"', "utf-8")
    (data / "secret.key").write_text("key of the pseudonyms")
    (data / "secret.key").chmod(0o600)
    (data / "public").mkdir()
    (data / "public" / "bundle").write_text("made anew")


def contents(data: Path) -> dict[str, bytes]:
    """Everything that a backup must bring back."""
    left_out = ("public", "replaced", "LOCK", "LOG.jsonl", "CURRENT")
    files = [path for path in data.rglob("*") if path.is_file() and not set(path.relative_to(data).parts) & {*left_out}]
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def kept(tmp_path: Path, data: Path) -> Path:
    """A backup of two snapshots and the settings."""
    publish(1, "2026-06-01")
    publish(2)
    settle(data)
    snapshots.backup(tmp_path / "backup")
    return tmp_path / "backup"


def test_the_drill(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(1, "2026-06-01")
    publish(2)
    settle(data)
    before = contents(data)
    assert command_line.main(ANSWER) == 0
    answer = capsys.readouterr().out
    assert command_line.main(["backup", str(tmp_path / "backup")]) == 0
    assert "新备份 2 份快照，原有 0 份完好，设置、密钥等 3 个文件" in capsys.readouterr().out

    shutil.rmtree(data)
    forget()
    assert command_line.main(["restore", str(tmp_path / "backup")]) == 0
    assert "复制 2 份快照" in capsys.readouterr().out

    assert contents(data) == before
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert command_line.main(["verify"]) == 0
    capsys.readouterr()
    assert command_line.main(ANSWER) == 0
    assert capsys.readouterr().out == answer
    assert [line["event"] for line in snapshots.notes()] == ["published", "published", "restored"]
    assert snapshots.rollback().rows("cases") == 1, "everything is as it was: also the way back"


def test_only_what_is_new_is_copied_and_stored_once(kept: Path, data: Path) -> None:
    assert snapshots.backup(kept).number == 1, "nothing has changed"
    third = publish(3)

    done = snapshots.backup(kept)

    assert (done.number, done.copied, done.kept) == (2, [third.id], 2)
    grids = [path.stat() for path in kept.glob("snapshots/*/grids.parquet")]
    assert len({status.st_ino for status in grids}) == 1 and grids[0].st_nlink == 3
    ours = next(data.glob("snapshots/*/grids.parquet")).stat()
    assert ours.st_ino != grids[0].st_ino, "a backup on the same disk is a second copy all the same"


def test_raw_exports_stay_out_of_a_backup(kept: Path, data: Path) -> None:
    """What a person brings to the import desk holds names and phones: it is nobody's to keep."""
    for path in ("imports/20260701/a.upload", "inbox/工单.csv"):
        (data / path).parent.mkdir(parents=True)
        (data / path).write_text("王小明 13800000000", "utf-8")
    snapshots.backup(kept)
    assert not [path for path in kept.rglob("*") if path.is_file() and b"13800000000" in path.read_bytes()]


def test_damage_in_a_backup_is_healed_by_the_next_one(kept: Path, data: Path) -> None:
    for path in (*kept.glob("snapshots/*/cases.parquet"), *kept.glob("files/*")):
        flip(path, 99)

    assert len(snapshots.backup(kept).copied) == 2

    shutil.rmtree(data)
    assert snapshots.restore(kept).current == snapshots.latest()


def test_a_damaged_backup_is_refused_before_anything_is_written(kept: Path, data: Path) -> None:
    shutil.rmtree(data)
    chance = random.Random(1)
    files = sorted(path for path in kept.rglob("*") if path.is_file())
    for _ in range(120):
        path = chance.choice(files)
        bit = chance.randrange(path.stat().st_size * 8)
        before = flip(path, bit)
        with pytest.raises(SnapshotError, match=r"^[^\n]+没有恢复任何内容[^\n]+。$"):
            snapshots.restore(kept)
        path.write_bytes(before)
    assert not data.exists()
    assert snapshots.restore(kept).number == 1


def test_newer_data_and_other_settings_are_not_overwritten_unless_asked(kept: Path, data: Path) -> None:
    newer = publish(3)
    with pytest.raises(SnapshotError, match=rf"备份之后发布的快照 {newer.id}，没有恢复"):
        snapshots.restore(kept)
    shutil.rmtree(newer.path)
    (data / "secret.key").write_text("another key")
    with pytest.raises(SnapshotError, match=r"数据目录里的 secret.key 与备份不同，没有恢复"):
        snapshots.restore(kept)
    assert (data / "secret.key").read_text() == "another key"

    newer = publish(4)
    assert snapshots.restore(kept, overwrite=True).copied == []

    assert snapshots.latest().rows("cases") == 2
    assert (data / "secret.key").read_text() == "key of the pseudonyms"
    assert [path.read_text() for path in data.glob("replaced/*/secret.key")] == ["another key"]
    assert snapshots.rollback(newer.id).rows("cases") == 4


def test_an_earlier_backup_can_be_chosen(kept: Path, data: Path) -> None:
    publish(3)
    snapshots.backup(kept)
    shutil.rmtree(data)

    assert snapshots.restore(kept, number=1).number == 1
    assert snapshots.latest().rows("cases") == 2
    with pytest.raises(SnapshotError, match=r"没有第 7 次备份，有 1、2"):
        snapshots.restore(kept, number=7)


def test_what_is_no_backup_folder_is_refused(kept: Path, data: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("not a backup")
    for folder in (data, data / "backup", tmp_path, tmp_path / "mine", kept / "states" / "000001.json"):
        with pytest.raises(SnapshotError, match=r"^[^\n]+。$"):
            snapshots.backup(folder)
    for folder in (tmp_path / "mine", tmp_path / "nowhere"):
        with pytest.raises(SnapshotError, match="里没有备份"):
            snapshots.restore(folder)


def test_a_damaged_snapshot_is_not_backed_up_and_said(
    kept: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    third = publish(3)
    flip(third.files("cases")[0], 99)

    assert command_line.main(["backup", str(kept)]) == 1

    assert third.id in capsys.readouterr().err
    assert not (kept / "snapshots" / third.id).exists()


def run_in_child(data: str, folder: str, fault: str, what: str) -> None:
    """Back up or restore, dying at `fault`."""
    os.environ |= {"GOVERNANCE_DATA": data, "GOVERNANCE_FAULT": fault}
    getattr(snapshots, what)(Path(folder))


def killed(data: Path, folder: Path, fault: str, what: str) -> None:
    child = CHILDREN.Process(target=run_in_child, args=(str(data), str(folder), fault, what))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("step", safekeeping.STEPS)
def test_a_backup_that_was_killed_leaves_the_earlier_one_and_goes_on(step: str, kept: Path, data: Path) -> None:
    publish(3)

    killed(data, kept, step, "backup")

    assert safekeeping.read_state(kept, 1)[1]["snapshots"].keys() < set(snapshots.snapshot_ids())
    assert snapshots.backup(kept).number == 2
    before = contents(data)
    shutil.rmtree(data)
    snapshots.restore(kept)
    assert contents(data) == before
    assert not list(kept.glob("*/.*"))


@pytest.mark.parametrize("step", restoring.STEPS)
def test_a_restoration_that_was_killed_goes_on(step: str, kept: Path, data: Path) -> None:
    before = contents(data)
    shutil.rmtree(data)

    killed(data, kept, step, "restore")

    snapshots.restore(kept)
    assert contents(data) == before
    assert snapshots.latest().rows("cases") == 2
