"""Snapshots: what is published is what is read; what is damaged is refused; nothing else in the folder counts."""

import json
import os
import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from governance import manifests, snapshots
from governance.snapshots import SnapshotError, folder, reading, retention, writing
from governance.store import open_store
from tests.factory import ANALYST, County

POINTERS = [b"", b"\0" * 20, b"../../etc/passwd", b"20990101T000000-00000000\n", b"garbage", b"\xff\xfe\xff", None]


def publish(cases: int = 3, as_of: str = "2026-07-01", is_demo: bool = False) -> snapshots.Snapshot:
    """Publish a county with that many cases."""
    county = County()
    county.region("R1")
    county.grid("G1", region_code="R1")
    for number in range(cases):
        county.case(f"C{number}", grid_id="G1", region_code="R1", reporter_hash="h")
    return snapshots.publish(county.con, datetime.fromisoformat(as_of), sources=[{"file": "a.csv"}], is_demo=is_demo)


def forget() -> None:
    """Let the next read verify again, as a new process would."""
    reading._verdicts.clear()


def flip(path: Path, bit: int) -> bytes:
    """Flip one bit of a file; return what it held."""
    before = path.read_bytes()
    changed = bytearray(before)
    changed[bit // 8] ^= 1 << bit % 8
    path.write_bytes(changed)
    return before


def age(snapshot: snapshots.Snapshot, hours: int) -> None:
    """Make a snapshot look as if it had been published earlier."""
    when = (folder.now() - timedelta(hours=hours)).isoformat(timespec="seconds")
    (snapshot.path / "manifest.json").write_bytes(manifests.dump(snapshot.manifest | {"published_at": when}))


def test_published_is_read() -> None:
    published = publish(3)

    snapshot = snapshots.latest()

    assert snapshot == published
    assert snapshot.as_of == datetime(2026, 7, 1)
    assert snapshot.id.startswith("20260701T000000-")
    assert (snapshot.rows("cases"), snapshot.rows("grids"), snapshot.rows("points")) == (3, 1, 0)
    assert set(snapshot.tables) == {"boundaries", "cases", "grids", "places", "regions"}
    assert not snapshot.is_demo and not snapshot.is_fallback and snapshot.warning is None
    assert snapshot.files("points") == []


def test_the_logs_of_imports_are_kept() -> None:
    county = County()
    county.region("R1")
    county.con.execute("create table rejects as select 'a.csv' as file, 7 as row_number")
    county.con.execute("create table intake as select 'a.csv' as file, 'accepted' as outcome, 3 as row_count")

    snapshot = snapshots.publish(county.con, datetime(2026, 7, 1), sources=[])

    assert (snapshot.rows("rejects"), snapshot.rows("intake")) == (1, 1)


def test_equal_content_is_the_same_snapshot_whatever_the_order_of_rows() -> None:
    ids = set()
    for order in ("case_id", "case_id desc"):
        county = County()
        county.region("R1")
        county.con.execute(
            "insert into cases by name select 's' as source, i::varchar as case_id, '01' as category, "
            "'R1' as region_code, timestamp '2026-01-01' + to_minutes(i % 97) as reported_at "
            f"from range(20000) t(i) order by {order}"
        )
        ids.add(snapshots.publish(county.con, datetime(2026, 7, 1), sources=[]).id)

    assert len(ids) == 1
    assert snapshots.snapshot_ids() == list(ids)


def test_publishing_what_was_loaded_changes_nothing() -> None:
    published = publish(5)
    con = duckdb.connect()

    snapshots.load_tables(con, published, snapshots.canonical_tables())

    assert con.execute("select count(*), count(reporter_hash) from cases").fetchone() == (5, 5)
    assert con.execute("select count(*) from boundaries").fetchone() == (0,), "generated outlines are made anew"
    assert con.execute("select count(*) from duckdb_columns() where column_name = 'is_repeat'").fetchone() == (0,)
    assert snapshots.publish(con, published.as_of, sources=[]) == published
    assert snapshots.publish(con, published.as_of, sources=[]) == published


def test_loading_from_nothing_gives_empty_tables() -> None:
    con = duckdb.connect()

    snapshots.load_tables(con, None, ["cases", "calendar"])

    assert con.execute("select (select count(*) from cases) + (select count(*) from calendar)").fetchone() == (0,)
    with pytest.raises(duckdb.ConstraintException):
        con.execute("insert into cases by name select 's' as source, null as case_id")


def test_tables_without_all_columns_are_completed() -> None:
    con = duckdb.connect()
    con.execute(
        "create table cases as select 's' source, '1' case_id, '01' category, timestamp '2026-06-01' reported_at"
    )

    snapshot = snapshots.publish(con, datetime(2026, 7, 1), sources=[])

    columns = con.execute("describe select * from read_parquet(?)", [str(snapshot.files("cases")[0])]).fetchall()
    assert {"lon", "due_at", "is_valid", "county_code"} <= {column[0] for column in columns}


def test_nothing_to_publish_is_refused() -> None:
    with pytest.raises(SnapshotError, match="没有任何数据行"):
        snapshots.publish(County().con, datetime(2026, 7, 1), sources=[])

    assert snapshots.snapshot_ids() == []


def test_without_a_snapshot_there_is_a_sentence() -> None:
    for look in (snapshots.latest, snapshots.rollback, snapshots.verify, lambda: snapshots.at("2026-07-01")):
        with pytest.raises(SnapshotError, match=r"^[^\n]*快照[^\n]*。$"):
            look()
    assert snapshots.list_snapshots() == []


def test_every_flipped_bit_is_found() -> None:
    snapshot = publish(200)
    chance = random.Random(1)
    files = sorted(snapshot.path.iterdir())
    for _ in range(1000):
        path = chance.choice(files)
        bit = chance.randrange(path.stat().st_size * 8)
        before = flip(path, bit)
        with pytest.raises(SnapshotError):
            snapshots.verify(snapshot.id)
        path.write_bytes(before)
    snapshots.verify(snapshot.id)


@pytest.mark.parametrize("damage", ["truncate", "empty", "remove", "append", "no manifest", "other name in manifest"])
def test_a_damaged_snapshot_is_replaced_by_the_newest_whole_one(damage: str) -> None:
    publish(1)
    whole = publish(2)
    damaged = publish(3)
    path = damaged.files("cases")[0]
    if damage == "remove":
        path.unlink()
    elif damage == "no manifest":
        (damaged.path / "manifest.json").unlink()
    elif damage == "other name in manifest":
        files = [entry | {"file": "../../secret.parquet"} for entry in damaged.manifest["files"]]
        (damaged.path / "manifest.json").write_bytes(manifests.dump(damaged.manifest | {"files": files}))
    else:
        content = path.read_bytes()
        path.write_bytes({"truncate": content[:-9], "empty": b"", "append": content + b"x"}[damage])
    forget()

    snapshot = snapshots.latest()

    assert (snapshot.id, snapshot.is_fallback) == (whole.id, True)
    assert snapshot.warning and damaged.id in snapshot.warning and "2026-07-01" in snapshot.warning
    with pytest.raises(SnapshotError):
        snapshots.at(damaged.id)


def test_a_damaged_snapshot_is_healed_by_importing_again() -> None:
    publish(1)
    damaged = publish(3)
    flip(damaged.files("cases")[0], 999)
    forget()
    assert snapshots.latest().is_fallback

    publish(3)

    snapshot = snapshots.latest()
    assert (snapshot.id, snapshot.is_fallback) == (damaged.id, False)


def test_made_up_data_never_stand_in_for_real_ones() -> None:
    publish(1, is_demo=True)
    real = publish(2)
    flip(real.files("cases")[0], 999)
    forget()

    with pytest.raises(SnapshotError, match="没有其他完好的快照"):
        snapshots.latest()


@pytest.mark.parametrize("content", POINTERS)
def test_a_broken_pointer_is_survived(content: bytes | None) -> None:
    publish(1)
    newest = publish(2)
    pointer = newest.path.parent / "CURRENT"
    pointer.unlink()
    if content is not None:
        pointer.write_bytes(content)

    snapshot = snapshots.latest()

    assert (snapshot.id, snapshot.is_fallback) == (newest.id, True)
    assert snapshot.warning
    assert not publish(3).is_fallback
    assert snapshots.latest().rows("cases") == 3


def test_every_flipped_bit_of_the_pointer_is_found() -> None:
    publish(1)
    newest = publish(2)
    pointer = newest.path.parent / "CURRENT"
    for bit in range(pointer.stat().st_size * 8):
        before = flip(pointer, bit)
        assert snapshots.latest().is_fallback, bit
        pointer.write_bytes(before)


def test_a_bit_that_turns_over_under_a_running_server_is_found_at_the_next_look() -> None:
    whole, newest = publish(1), publish(2)
    for path in sorted(newest.path.iterdir()):
        if path.stat().st_nlink > 1:  # the older one rests on it too
            continue
        os.utime(path, (0, 0))  # so that no tick of the clock is too coarse to tell before from after
        assert not snapshots.latest().is_fallback
        before = flip(path, path.stat().st_size * 4)
        assert (snapshots.latest().id, snapshots.latest().is_fallback) == (whole.id, True), path.name
        path.write_bytes(before)


def test_a_bit_that_rots_without_a_trace_is_found_before_the_file_is_read_again() -> None:
    whole, newest = publish(1), publish(2)
    assert snapshots.latest() == newest
    path = newest.files("cases")[0]
    times = path.stat()
    flip(path, 999)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    with pytest.raises(SnapshotError, match=r"^快照 \S+ 已损坏：cases.parquet 与清单的校验和不符。$"):
        open_store(ANALYST, newest)

    assert (snapshots.latest().id, snapshots.latest().is_fallback) == (whole.id, True)


def test_every_flipped_bit_of_the_log_is_found(data: Path) -> None:
    publish(1)
    publish(2)
    snapshots.rollback()
    log = data / "snapshots" / "LOG.jsonl"
    assert snapshots.log_fault() == "" and len(snapshots.notes()) == 3
    for bit in range(0, log.stat().st_size * 8, 5):
        before = flip(log, bit)
        assert re.fullmatch(r"快照记录 LOG.jsonl 的第 [123] 行被改动、删去或已损坏：.*。", snapshots.log_fault()), bit
        log.write_bytes(before)


def test_a_line_taken_out_of_the_log_is_found(data: Path) -> None:
    for number in range(1, 5):
        publish(number)
    log = data / "snapshots" / "LOG.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    for out in range(3):
        log.write_bytes(b"".join(lines[:out] + lines[out + 1 :]))
        assert f"第 {out + 1} 行" in snapshots.log_fault()
    log.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    assert "第 1 行" in snapshots.log_fault()


@pytest.mark.parametrize("left", [1, 40, -3, -2])
def test_a_line_of_the_log_that_a_power_failure_cut_off_harms_no_other(left: int, data: Path) -> None:
    publish(1)
    log = data / "snapshots" / "LOG.jsonl"
    first = log.stat().st_size
    publish(2)
    content = log.read_bytes()
    log.write_bytes(content[: first + left] if left > 0 else content[:left])
    assert snapshots.log_fault() == ""

    third = publish(3)

    assert snapshots.log_fault() == ""
    assert [line["snapshot"] for line in snapshots.notes()][1:] == [third.id]
    flip(log, (first + 1) * 8)
    assert "第 2 行" in snapshots.log_fault() or "第 3 行" in snapshots.log_fault()


def test_a_line_of_the_log_that_lacks_only_its_end_is_whole(data: Path) -> None:
    published = [publish(1), publish(2)]
    log = data / "snapshots" / "LOG.jsonl"
    log.write_bytes(log.read_bytes()[:-1])
    assert snapshots.log_fault() == ""
    published.append(publish(3))
    assert snapshots.log_fault() == ""
    assert [line["snapshot"] for line in snapshots.notes()] == [one.id for one in published]


def test_a_log_from_before_there_were_digests_is_carried_on(data: Path) -> None:
    publish(1)
    log = data / "snapshots" / "LOG.jsonl"
    line = {key: value for key, value in json.loads(log.read_text("utf-8")).items() if key != "chain"}
    log.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    assert snapshots.log_fault() == ""
    publish(2)
    assert snapshots.log_fault() == "" and len(snapshots.notes()) == 2
    flip(log, 200)
    assert "LOG.jsonl" in snapshots.log_fault()


@pytest.mark.parametrize(
    "snapshot_id", ["", "..", "20260701T000000-1a2b3c4d/..", "２0260701T000000-1a2b3c4d", "x\n", "\0"]
)
def test_an_id_is_never_a_path(snapshot_id: str) -> None:
    publish(1)
    for look in (snapshots.read, snapshots.verify, snapshots.rollback):
        with pytest.raises(SnapshotError, match=r"编号不合规则|没有正在使用"):
            look(snapshot_id)


def test_what_no_manifest_names_is_ignored() -> None:
    snapshot = publish(2)
    for name in ("tmp_cases.parquet", "cases-1.parquet"):
        (snapshot.path / name).write_bytes(b"PAR1 half a file")
    for name in (".staging-1", "20260801T000000-00000000", "20260801T000000-00000000.bak"):
        (snapshot.path.parent / name).mkdir()
    forget()

    assert snapshots.latest() == snapshot
    assert snapshots.list_snapshots() == [snapshot]
    publish(3)
    assert not (snapshot.path.parent / ".staging-1").exists()


def test_a_manifest_of_another_version_is_refused() -> None:
    snapshot = publish(1)
    (snapshot.path / "manifest.json").write_bytes(manifests.dump(snapshot.manifest | {"version": 99}))

    with pytest.raises(SnapshotError, match="格式版本"):
        snapshots.verify(snapshot.id)


def test_the_manifest_says_what_it_must() -> None:
    snapshot = publish(1)
    manifest = json.loads((snapshot.path / "manifest.json").read_text("utf-8"))

    assert manifest["sources"] == [{"file": "a.csv"}]
    assert manifest["as_of"] == "2026-07-01T00:00:00"
    assert {"table", "file", "rows", "bytes", "sha256"} <= set(manifest["files"][0])
    assert {path.name for path in snapshot.path.iterdir()} == {entry["file"] for entry in manifest["files"]} | {
        "manifest.json"
    }


def test_a_date_finds_the_newest_snapshot_not_after_it() -> None:
    june, july = publish(1, "2026-06-01"), publish(2, "2026-07-01")
    corrected = publish(3, "2026-07-01")

    assert snapshots.at(None) == snapshots.at("") == corrected
    assert snapshots.at("2026-06-30") == snapshots.at("2026-06-01T00:00:00") == june
    assert snapshots.at("2026-07-01") == corrected
    assert snapshots.at(july.id) == july
    for unknown in ("2026-05-31", "yesterday", "../../x", "20260701T000000-00000000"):
        with pytest.raises(SnapshotError):
            snapshots.at(unknown)


def test_a_date_does_not_find_what_was_rolled_back_or_made_up() -> None:
    publish(9, "2026-06-15", is_demo=True)
    june = publish(1, "2026-06-01")
    publish(2, "2026-07-01")
    snapshots.rollback()

    assert snapshots.at("2026-08-01") == june


def test_rollback_and_publishing_after_it() -> None:
    first, second, third = publish(1), publish(2), publish(3)

    assert snapshots.rollback() == second
    assert snapshots.latest() == second
    assert snapshots.rollback() == first
    with pytest.raises(SnapshotError, match="没有更早的"):
        snapshots.rollback()
    assert snapshots.rollback(third.id) == third
    snapshots.rollback(first.id)
    assert publish(3) == third
    assert snapshots.latest() == third
    assert publish(4).sequence == 4


def test_rollback_skips_a_damaged_snapshot_and_refuses_a_named_one() -> None:
    first, second = publish(1), publish(2)
    publish(3)
    flip(second.files("cases")[0], 999)

    with pytest.raises(SnapshotError, match="已损坏"):
        snapshots.rollback(second.id)
    assert snapshots.rollback() == first


def test_what_is_in_use_is_never_abandoned() -> None:
    first, second, _ = publish(1), publish(2), publish(3)
    snapshots.rollback(second.id)
    snapshots.abandon([first.id])
    assert snapshots.list_snapshots() == [first, second]
    assert snapshots.latest() == second


def test_old_snapshots_go_but_never_the_current_one() -> None:
    made = [publish(number) for number in range(1, 9)]
    assert len(snapshots.list_snapshots()) == 8, "nothing younger than a day is removed"
    for snapshot in made:
        age(snapshot, 25)
    snapshots.rollback(made[0].id)

    removed = snapshots.collect_garbage(retention.Rules(newest=3, months=0))

    assert removed == [snapshot.id for snapshot in made[1:5]]
    assert snapshots.latest() == made[0]
    publish(9)
    assert len(snapshots.list_snapshots()) == retention.Rules().newest - 1
    noted = [(line["event"], line["snapshot"]) for line in snapshots.notes()]
    assert noted[:8] == [("published", snapshot.id) for snapshot in made]
    assert noted[8] == ("rolled_back", made[0].id)
    assert noted[9:13] == [("removed", snapshot.id) for snapshot in made[1:5]]
    assert snapshots.notes()[8]["before"] == made[7].id


def dated(number: int, as_of: str, hours_ago: int, is_demo: bool = False) -> snapshots.Snapshot:
    """A snapshot as its manifest describes it, published some hours before the first of July 2026."""
    published = datetime(2026, 7, 1, tzinfo=folder.LOCAL) - timedelta(hours=hours_ago)
    manifest = {"published_at": published.isoformat(), "sequence": number, "is_demo": is_demo, "files": []}
    return snapshots.Snapshot(str(number), datetime.fromisoformat(as_of), Path(), manifest)


def test_the_last_of_each_month_of_data_is_kept() -> None:
    now = datetime(2026, 7, 1, tzinfo=folder.LOCAL)
    made = [
        dated(1, "2026-03-15", 3000),
        dated(2, "2026-04-01", 2500),  # the last of March: the cut-off lies at its end
        dated(3, "2026-04-29", 1500),
        dated(4, "2026-04-30T23:00", 1400),  # the last of April
        dated(5, "2026-04-29", 1300),  # corrected, but an earlier cut-off
        dated(6, "2026-03-20", 1200, is_demo=True),  # the last of March among the made-up ones
        dated(7, "2026-05-20", 30),
        dated(8, "2026-05-25", 23),
    ]

    def left(**rules: int) -> list[str]:
        gone = retention.expired(made, "3", now, retention.Rules(**{"newest": 1, "hours": 0, "months": 0} | rules))
        return [one.id for one in made if one not in gone]

    assert left() == ["3", "8"]
    assert left(newest=3) == ["3", "6", "7", "8"]
    assert left(hours=24) == ["3", "8"]
    assert left(hours=30) == ["3", "7", "8"]
    assert left(months=1) == ["3", "6", "8"]
    assert left(months=2) == ["3", "4", "6", "8"]
    assert left(months=24) == ["2", "3", "4", "6", "8"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("newest = 2", "newest 应是 3 到"),
        ("hours = 1.5", "hours 应是 24"),
        ("months = true", "months 应是 0"),
        ("months = -1", "months 应是 0"),
        ("years = 1", "不认识的“years”"),
        ("newest = ", "读不通"),
        ("\xff", "读不通"),
    ],
)
def test_wrong_rules_of_retention_are_named(text: str, reason: str, data: Path) -> None:
    data.mkdir()
    (data / "retention.toml").write_bytes(text.encode("latin-1"))

    with pytest.raises(SnapshotError, match=reason):
        retention.current()


def test_the_least_that_may_be_kept(data: Path) -> None:
    data.mkdir()
    (data / "retention.toml").write_text("newest = 3\nhours = 24\nmonths = 0\n")
    assert retention.current() == retention.LEAST
    (data / "retention.toml").write_text("months = 10000\n")
    assert retention.current() == retention.Rules(months=10_000)


def test_wrong_rules_of_retention_stop_an_import_before_it_begins(data: Path) -> None:
    first = publish(1)
    (data / "retention.toml").write_text("newest = 1\n")
    with pytest.raises(SnapshotError, match="newest 应是 3"):
        publish(2)
    assert snapshots.latest() == first

    (data / "retention.toml").write_text("newest = 3\nmonths = 0\n")
    for number in range(2, 5):
        publish(number)
    for snapshot in snapshots.list_snapshots():
        age(snapshot, 25)
    publish(6)
    assert [snapshot.rows("cases") for snapshot in snapshots.list_snapshots()] == [3, 4, 6]


def parts(snapshot: snapshots.Snapshot, table: str = "cases") -> dict[str, int]:
    """The files of a table by name, each with its inode."""
    return {path.name: path.stat().st_ino for path in snapshot.files(table)}


def months(counts: dict[str, int], changed: str = "") -> snapshots.Snapshot:
    """Publish as many cases in each month; in one of them the last case has another place."""
    county = County()
    county.region("R1")
    for month, count in counts.items():
        county.con.execute(
            "insert into cases by name select 's' as source, $1 || i as case_id, '01' as category, "
            "'R1' as region_code, if($1 = $3 and i = $2 - 1, 'other', 'same') as place_id, "
            "($1 || '-01')::timestamp + to_hours(i) as reported_at from range($2) t(i)",
            [month, count, changed],
        )
    return snapshots.publish(county.con, datetime(2026, 7, 1), sources=[])


def test_a_large_month_has_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 50)
    snapshot = months({"2016-01": 1, "2026-04": 50, "2026-05": 60, "2026-06": 49})

    rows = {entry["file"]: entry["rows"] for entry in snapshot.manifest["files"] if entry["table"] == "cases"}

    assert rows == {"cases.parquet": 50, "cases_2026_04.parquet": 50, "cases_2026_05.parquet": 60}
    con = duckdb.connect()
    snapshots.load_tables(con, snapshot, ["cases"])
    assert con.execute("select count(*), count(distinct case_id) from cases").fetchone() == (160, 160)
    store = open_store(ANALYST, snapshot)
    assert store.query("select count(*) as n from cases").n[0] == 160


def test_a_change_rewrites_the_files_it_is_in_and_takes_over_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PART_ROWS", 50)
    counts = {"2026-03": 3, "2026-04": 50, "2026-05": 60}
    before = months(counts)

    after = months(counts, "2026-05")

    assert {name for name, inode in parts(after).items() if parts(before)[name] != inode} == {"cases_2026_05.parquet"}
    assert parts(after, "regions") == parts(before, "regions")
    assert snapshots.verify(before.id) and snapshots.verify(after.id)
    again = months(counts)
    assert again.id == before.id, "the same data are the same snapshot, whatever was taken over"
    con = duckdb.connect()
    snapshots.load_tables(con, after, ["cases"])
    found = con.execute("select case_id from cases where place_id = 'other'").fetchall()
    assert found == [("2026-0559",)]


@pytest.mark.parametrize(
    ("column", "value"),
    [("title", "'x'"), ("lon", "1e-9"), ("rating", "1"), ("closed_at", "timestamp '2026-06-01 09:00:00.000001'")],
)
def test_the_smallest_change_is_seen(column: str, value: str) -> None:
    digests = set()
    for changed in ("null", value):
        county = County()
        county.region("R1")
        county.con.execute(
            "insert into cases by name select 's' as source, i::varchar as case_id, '01' as category, "
            f"timestamp '2026-06-01' as reported_at, if(i = 7, {changed}, null) as {column} from range(20) t(i)"
        )
        county.publish()
        digests |= {e["digest"] for e in snapshots.latest().manifest["files"] if e["table"] == "cases"}
    assert len(digests) == 2


def test_values_that_change_places_are_seen() -> None:
    digests = set()
    for first, second in (("true", "false"), ("false", "true")):
        county = County()
        county.case("A", is_confidential=first, title="x")
        county.case("B", is_confidential=second, title="x")
        county.publish()
        digests |= {e["digest"] for e in snapshots.latest().manifest["files"] if e["table"] == "cases"}
    assert len(digests) == 2


def test_a_damaged_file_is_not_taken_over_and_named_with_all_that_share_it() -> None:
    first, second = publish(1), publish(2)
    shared = second.files("grids")[0]
    assert shared.stat().st_nlink == 2
    flip(shared, 99)

    with pytest.raises(
        SnapshotError, match=rf"快照 {second.id} 已损坏：grids.parquet .*（快照 {first.id} 共用这个文件"
    ):
        snapshots.verify(second.id)
    third = publish(3)

    assert snapshots.verify(third.id) == third
    assert third.files("grids")[0].stat().st_nlink == 1
    forget()
    assert not snapshots.latest().is_fallback


def test_no_file_is_shared_by_more_than_a_few_so_that_one_bit_does_not_damage_all() -> None:
    made = [publish(number) for number in range(1, writing.SHARED + 3)]

    inodes = [snapshot.files("grids")[0].stat().st_ino for snapshot in made]

    assert len(set(inodes[: writing.SHARED])) == 1
    assert len(set(inodes[writing.SHARED :])) == 1
    assert inodes[0] != inodes[-1]


def test_where_there_are_no_links_files_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(1)

    def refuse(*_: object) -> None:
        raise PermissionError("no links on this disk")

    monkeypatch.setattr(writing.os, "link", refuse)
    second = publish(2)

    assert second.files("grids")[0].read_bytes() == first.files("grids")[0].read_bytes()
    assert second.files("grids")[0].stat().st_nlink == 1


def test_who_comes_second_is_told_so_in_a_thread_that_never_held_the_lock(data: Path) -> None:
    # As every process that has just started: the command line, the job of the import desk.
    def come() -> str:
        with pytest.raises(SnapshotError) as caught, folder.lock():
            pass
        return str(caught.value)

    with folder.lock(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(come).result().startswith("另一个导入正在进行")
    with folder.lock():  # and the refusal has freed nothing that it did not hold
        pass
