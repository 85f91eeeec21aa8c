"""The public bundle under the worst: killed at every step, damaged, swapped while others read, odd settings."""

import multiprocessing
import os
import resource
import shutil
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa
import pytest

from governance.public import building, reading, settings, writing
from governance.public.reading import TABLES, PublicError

CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["governance.public.building"])
IN_USE = writing.STEPS.index("public_pointer_replaced")
SNAPSHOT = "20260701T000000-0000000{}"


def write(number: int) -> str:
    """Write a small but complete bundle by the real machinery; its number is the count of its only check."""
    tables = {name: building._table(name, []) for name in TABLES}
    check = {"name": "n", "title": "题", "broken_count": number, "scenes": "map"}
    tables["checks"] = building._table("checks", [check] * 2000)
    manifest = {"snapshot": SNAPSHOT.format(number), "as_of": f"2026-07-0{number}T00:00:00", "asked": {}}
    with writing.lock():
        return writing.write(tables, manifest)


def number_of(bundle: reading.Bundle) -> int:
    found = set(bundle.table("checks").column("broken_count").to_pylist())
    assert len(found) == 1 and bundle.table("checks").num_rows == 2000
    return int(found.pop())


def write_in_child(data: str, number: int, fault: str) -> None:
    os.environ |= {"GOVERNANCE_DATA": data, "GOVERNANCE_FAULT": fault}
    write(number)


def write_on_a_full_disk(data: str, limit: int, answer: Connection) -> None:
    """Write a bundle where no file may be longer than `limit`; send back what is said."""
    os.environ["GOVERNANCE_DATA"] = data
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        answer.send(write(2))
    except PublicError as error:
        answer.send(str(error))


def read_in_child(data: str, answer: Connection) -> None:
    """Read until told to stop; send back every number seen, or what went wrong."""
    os.environ["GOVERNANCE_DATA"] = data
    seen: list[int] = []
    try:
        while not answer.poll(0):
            number = number_of(reading.read())
            if not seen or seen[-1] != number:
                seen.append(number)
        answer.send(seen)
    except Exception as error:
        answer.send(repr(error))


@pytest.mark.parametrize("step", writing.STEPS)
def test_killed_at_a_step_the_reader_sees_the_whole_old_or_new(step: str, data: Path) -> None:
    write(1)
    child = CHILDREN.Process(target=write_in_child, args=(str(data), 2, step))
    child.start()
    child.join(120)
    assert child.exitcode == -signal.SIGKILL
    found = reading.read()
    assert number_of(found) == (2 if writing.STEPS.index(step) >= IN_USE else 1)
    assert "warning" not in found.manifest
    write(2)
    write(3)
    assert number_of(reading.read()) == 3
    assert not [path.name for path in (data / "public").iterdir() if path.name.startswith(writing.SCRATCH)]


@pytest.mark.parametrize("limit", [10, 1500])  # the first table, a later one
def test_a_full_disk_leaves_the_old_bundle_says_why_and_the_next_write_repairs_it(limit: int, data: Path) -> None:
    write(1)
    before = sorted(path.name for path in (data / "public").iterdir())
    ours, theirs = CHILDREN.Pipe()
    child = CHILDREN.Process(target=write_on_a_full_disk, args=(str(data), limit, theirs))
    child.start()
    told = ours.recv()
    child.join(60)
    assert told.startswith("磁盘空间不足，公开数据包没有写成，原有的不受影响；请腾出空间") and told.endswith("。")
    assert sorted(path.name for path in (data / "public").iterdir()) == before, "nothing half-written remains"
    assert number_of(reading.read()) == 1 and "warning" not in reading.read().manifest
    write(2)
    assert number_of(reading.read()) == 2


@pytest.mark.parametrize("name", ["manifest.json", *(f"{table}.parquet" for table in TABLES)])
@pytest.mark.parametrize("harm", ["flip", "cut", "gone"])
def test_a_damaged_bundle_is_refused_and_the_one_before_used(name: str, harm: str, data: Path) -> None:
    write(1)
    newest = write(2)
    assert number_of(reading.read()) == 2
    path = data / "public" / newest / name
    content = bytearray(path.read_bytes())
    if harm == "gone":
        path.unlink()
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content if harm == "flip" else content[:-7])
    found = reading.read()
    assert number_of(found) == 1
    assert found.manifest["is_fallback"] is True
    assert "现在显示的是数据截至 2026-07-01 00:00 的公开数据包。" in found.manifest["warning"]
    write(2)
    assert number_of(reading.read()) == 2 and "warning" not in reading.read().manifest, "written again, it is whole"


@pytest.mark.parametrize("content", [b"", b"../../etc\n", b"\xff\xfe", b"20260701T000000-00000001-ffffffff\n"])
def test_a_pointer_to_nowhere(content: bytes, data: Path) -> None:
    write(1)
    (data / "public" / "CURRENT").write_bytes(content)
    assert number_of(reading.read()) == 1 and reading.read().manifest["is_fallback"]


def test_nothing_whole_at_all(data: Path) -> None:
    with pytest.raises(PublicError, match=r"^还没有公开数据包.*。$"):
        reading.read()
    only = write(1)
    shutil.rmtree(data / "public" / only)
    with pytest.raises(PublicError, match=r"^没有公开数据包.*重新生成。$"):
        reading.read()


def test_three_are_kept_and_the_one_in_use() -> None:
    for number in (1, 2, 3, 4, 5):
        write(number)
    assert [manifest["snapshot"][-1] for manifest in reading.manifests()] == ["5", "4", "3"]
    assert write(5) == reading.current_id() and len(reading.manifests()) == 3, "the same again is the same"


def test_readers_in_several_processes_during_swaps(data: Path) -> None:
    write(1)
    pairs = []
    for _ in range(3):
        ours, theirs = CHILDREN.Pipe()
        child = CHILDREN.Process(target=read_in_child, args=(str(data), theirs))
        child.start()
        pairs.append((child, ours))
    for number in [2, 3, 4, 5, 6, 7, 8, 9]:
        write(number)
    for child, ours in pairs:
        ours.send("stop")
        seen = ours.recv()
        child.join(60)
        assert isinstance(seen, list), seen
        assert seen == sorted(seen), "never back to an older one"


def test_reading_again_costs_nothing_until_something_changes() -> None:
    write(1)
    first = reading.read()
    assert reading.read() is first
    write(2)
    assert reading.read() is not first


def test_a_table_that_is_not_there() -> None:
    write(1)
    assert isinstance(reading.read().table("days"), pa.Table)
    with pytest.raises(PublicError, match="没有“cases”这张表"):
        reading.read().table("cases")


# ---------------------------------------------------------------- settings


def read_settings(data: Path, text: str) -> settings.Settings:
    data.mkdir(exist_ok=True)
    (data / "screen.toml").write_text(text, encoding="utf-8")
    return settings.read()


def test_the_packaged_settings_have_no_problem() -> None:
    found = settings.read()
    assert found.problems == ()
    assert (found.k, found.k_dispute, found.finest, found.levels[-1]) == (5, 10, "grid_1", "grid_1")
    assert {name for name, _ in found.scenes} == set(settings.SCENES)


def test_own_settings_lie_over_the_packaged_ones(data: Path) -> None:
    found = read_settings(data, 'title = "某县一张图"\nk = 8\n[[scenes]]\nname = "now"\nseconds = 12\n')
    assert (found.title, found.k, found.k_dispute, found.scenes) == ("某县一张图", 8, 16, (("now", 12.0),))
    assert found.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "k = 2",
        "k = true",
        'k = "5"',
        "k_dispute = 4",
        "k_dispute = 12",
        'finest = "grid_2"',
        'finest = "grid_3"',
        "stale_after_hours = nan",
        "stale_after_hours = -1",
        'title = "一\\n二"',
        f'title = "{"长" * 61}"',
        "indicators = [1]",
        "indicators = []",
        'scenes = [{name = "admin"}]',
        'scenes = [{name = "map", seconds = 0}]',
        "scenes = 5",
        "unknown = 1",
        "k = ",
        "x = [" * 3000,
        "rate_minimum = 1",
    ],
)
def test_what_cannot_be_is_told_in_one_sentence_and_not_used(text: str, data: Path) -> None:
    found = read_settings(data, text)
    assert len(found.problems) == 1
    assert found.problems[0].endswith("。") and "\n" not in found.problems[0]
    assert found.k >= 3 and found.k_dispute >= found.k and found.k_dispute % found.k == 0 and found.finest == "grid_1"


def test_a_file_that_is_no_text(data: Path) -> None:
    data.mkdir()
    (data / "screen.toml").write_bytes(b"\xff\xfe\x00")
    assert "读不出来" in settings.read().problems[0]
    (data / "screen.toml").write_bytes(b"#" * 200_000)
    assert "过大" in settings.read().problems[0]
    assert "找不到" in settings.read(data / "nowhere.toml").problems[0]
