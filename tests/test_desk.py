"""The import desk behind its pages: files kept safely, work in a process of its own, and no trace when it is ended."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from governance import desk, snapshots
from governance.desk import Batch, DeskError
from governance.desk.work import is_alive
from governance.importing import ImportProblem, import_files, known, naming

MAPPING = """
title = "热线工单"
source = "hotline"
[tables.cases]
files = "*工单*"
merge = "upsert"
[tables.cases.columns]
case_id = "工单编号"
title = "标题"
category = "类别"
reported_at = { from = "受理时间", formats = ["%Y/%m/%d %H:%M"] }
closed_at = { from = "办结时间", formats = ["%Y/%m/%d %H:%M"] }
"""
HEAD = "工单编号,标题,类别,受理时间,办结时间\n"
MAY = HEAD + "A1,路灯不亮 13812345678,市政设施,2026/5/1 8:05,\nA2,争吵,矛盾纠纷,2026/5/2 9:00,2026/5/3 9:00\n"
SLOW_ROWS = 120_000


@pytest.fixture
def mapping(data: Path) -> Path:
    return known.save("热线", MAPPING)


def bring(*contents: str, name: str = "5月工单.csv") -> Batch:
    return desk.start([(name, io.BytesIO(content.encode())) for content in contents], [])


def work(batch: Batch, task: str, mapping: Path, **request: object) -> SimpleNamespace:
    """Do a piece of work to its end and return what it came to."""
    desk.begin(batch, task, mapping=str(mapping), **request)
    limit = time.monotonic() + 60
    pid, born = (int(word) for word in (batch.folder / task / "pid").read_text().split())
    while desk.running(batch) or is_alive(pid, born):
        assert time.monotonic() < limit
        time.sleep(0.05)
    return SimpleNamespace(**{"problem": None, "report": None} | (desk.outcome(batch, task) or {}))


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def processes(word: str) -> list[int]:
    """The living processes whose command or environment names a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if word.encode() in told and state != "Z":
                found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    """An export that takes some seconds in every phase."""
    rows = (f"A{n},标题{n},市政设施,2026/5/{n % 28 + 1} 8:05,2026/6/{n % 28 + 1} 9:00\n" for n in range(SLOW_ROWS))
    yield HEAD + "".join(rows)


# ---- files


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\工单\\5月.xlsx", "5月.xlsx"),
        ("CON", "CON"),
        ("a\u202egnp.csv", "agnp.csv"),
        ("x\x00\n\t工单.csv", "x工单.csv"),
        ("长" * 300 + ".csv", "长" * 110 + "….csv"),
        ("..", "未命名文件"),
        ("", "未命名文件"),
        ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
    ],
)
def test_a_hostile_file_name_is_only_ever_shown(data: Path, sent: str, shown: str) -> None:
    batch = desk.start([(sent, io.BytesIO(b"x"))], [])
    stored = Path(batch.files[0].path)
    assert batch.files[0].name == shown
    assert stored.parent == batch.folder and stored.name.endswith(".upload") and len(stored.name) == 23
    assert stored.stat().st_mode & 0o777 == 0o600
    assert batch.folder.stat().st_mode & 0o777 == 0o700
    assert tree(data) == {"imports", *(f"imports/{batch.id}{one}" for one in ("", f"/{stored.name}", "/batch.json"))}


def test_only_regular_files_of_the_inbox_can_be_picked(data: Path) -> None:
    inbox = data / "inbox"
    (inbox / "folder").mkdir(parents=True)
    (inbox / "工单.csv").write_text(MAY)
    (inbox / ".hidden.csv").write_text(MAY)
    (data / "secret.key").write_text("secret")
    (inbox / "link.csv").symlink_to(data / "secret.key")
    os.mkfifo(inbox / "pipe.csv")
    assert [file.name for file in desk.inbox()] == ["工单.csv"]
    for hostile in ("link.csv", "../secret.key", "/etc/passwd", ".hidden.csv", "pipe.csv", "folder"):
        with pytest.raises(DeskError, match="还没有选文件"):
            desk.start([], [hostile])
    batch = desk.start([], ["工单.csv", "工单.csv"])
    assert [file.path for file in batch.files] == [str(inbox / "工单.csv")]
    batch.remove()
    assert (inbox / "工单.csv").exists()


@pytest.mark.parametrize(
    "hostile", [None, "", "..", "../snapshots", "x" * 32, "A" * 32, "0" * 31, "0" * 32, 7, ["0" * 32]]
)
def test_an_id_from_outside_is_looked_up_or_nothing(data: Path, hostile: object) -> None:
    bring(MAY)
    assert desk.find(hostile) is None


def test_a_damaged_or_foreign_batch_is_none(data: Path) -> None:
    batch = bring(MAY)
    assert desk.find(batch.id) == batch
    for content in ("", "[]", "{}", '{"id": 1}', '{"files": [{"path": "x"}]}'):
        (batch.folder / "batch.json").write_text(content)
        assert desk.find(batch.id) is None


def test_what_nobody_went_on_with_for_a_day_is_removed_but_not_what_is_being_worked_on(
    data: Path, mapping: Path
) -> None:
    old, young, busy = bring(MAY), bring(MAY), bring(MAY)
    desk.begin(busy, "trial", mapping=str(mapping))
    stray = [data / "imports" / name for name in (".DS_Store", "link")]  # and what is no import is in nobody's way
    stray[0].write_text("x")
    stray[1].symlink_to(data / "gone")
    for path in (*stray, old.folder, busy.folder):
        os.utime(path, (time.time() - 90_000,) * 2, follow_symlinks=False)
    desk.remove_old()
    assert not any(path.is_symlink() or path.exists() for path in stray)
    assert [old.folder.exists(), young.folder.exists(), busy.folder.exists()] == [False, True, True]
    desk.cancel(busy)


# ---- work


def test_a_trial_writes_nothing_and_publishing_does(data: Path, mapping: Path) -> None:
    batch = bring(MAY + "A3,坏,市政设施,五月,\n", name="../5月工单.csv")
    before = tree(data)
    found = work(batch, "trial", mapping)
    assert found.problem is None
    assert not snapshots.snapshot_ids() and not (data / "secret.key").exists()
    assert {one for one in tree(data) - before if "/trial" not in one} == set()
    cases = found.report["tables"]["cases"]
    assert (cases["rows_read"], cases["accepted"], cases["new"]) == (3, 2, 2)
    assert found.report["preview"]["cases"]["headings"] == [
        "行",
        "案件编号",
        "类别",
        "标题",
        "上报时间",
        "最终办结时间",
    ]
    assert found.report["preview"]["cases"]["rows"] == [
        ["2", "A1", "市政设施", "路灯不亮 [电话]", "2026-05-01 08:05", ""],
        ["3", "A2", "矛盾纠纷", "争吵", "2026-05-02 09:00", "2026-05-03 09:00"],
    ]
    rejects = (batch.folder / "trial" / "rejects.csv").read_text("utf-8-sig").splitlines()
    assert rejects[1].startswith("5月工单.csv,4,cases,reported_at,受理时间,五月,上报时间不是可识别的时间")

    found = work(batch, "publish", mapping, base=None)
    assert found.report["changed"] and found.report["snapshot_id"] == snapshots.current_id()
    assert snapshots.latest().rows("cases") == 2
    assert [one["file"] for one in snapshots.latest().sources] == ["5月工单.csv"]


def test_uploads_are_gone_when_published_and_files_of_the_inbox_stay(data: Path, mapping: Path) -> None:
    (data / "inbox").mkdir(parents=True)
    (data / "inbox" / "6月工单.csv").write_text(MAY, "utf-8")
    batch = desk.start([("5月工单.csv", io.BytesIO(MAY.encode()))], ["6月工单.csv"])
    assert work(batch, "publish", mapping, base="other").problem and len(list(data.rglob("*.upload"))) == 1
    assert work(batch, "publish", mapping, base=None).problem is None
    assert not list(data.rglob("*.upload")) and (data / "inbox" / "6月工单.csv").exists()


def test_a_button_pressed_in_many_tabs_at_once_starts_one_piece_of_work(data: Path, mapping: Path, slow: str) -> None:
    batch, gate, errors = bring(slow), threading.Barrier(8), []

    def press() -> None:
        gate.wait()
        try:
            desk.begin(batch, "trial", mapping=str(mapping))
        except Exception as error:
            errors.append(error)

    tabs = [threading.Thread(target=press) for _ in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert errors == [] and desk.is_running(batch.folder / "trial")
    assert desk.cancel(batch) and processes(batch.id) == []


def test_what_becomes_of_the_cases_is_foreseen(data: Path, mapping: Path) -> None:
    first = bring(MAY + "A4,灯,市政设施,2026/5/4 8:00,\n")
    assert work(first, "publish", mapping, base=None).problem is None
    later = HEAD + (
        "A1,路灯不亮 13812345678,环境卫生,2026/5/1 8:05,2026/6/1 8:00\n"  # another category; closed after the cut-off
        "A2,争吵,矛盾纠纷,2026/5/2 9:00,\n"  # open again
        "A4,灯,市政设施,2026/5/4 8:00,\n"  # as it was
        "A5,迟到,市政设施,2026/4/30 8:00,\n"  # reported before the cut-off, not known then
        "A6,新,市政设施,2026/6/2 8:00,\n"
    )
    found = work(bring(later), "trial", mapping)
    assert found.report["changes"] == {"new": 1, "late": 1, "closed": 1, "reopened": 1, "reclassified": 1}
    assert found.report["months"] == ["2026-04", "2026-05", "2026-06"]
    cases = found.report["tables"]["cases"]
    assert (cases["new"], cases["replaced"], cases["unchanged"], cases["removed"]) == (2, 2, 1, 0)


def test_a_complete_export_tells_what_vanishes(data: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.toml"
    whole.write_text(MAPPING.replace('merge = "upsert"', ""), "utf-8")
    assert work(bring(MAY), "publish", whole, base=None).problem is None
    found = work(bring("".join(MAY.splitlines(keepends=True)[:2])), "trial", whole)
    assert (found.report["changes"], found.report["months"]) == ({"removed": 1}, ["2026-05"])


@pytest.mark.parametrize(
    ("content", "said"),
    [("<html><body>登录</body></html>", "网页"), ("", "空的"), ("别的,列\n1,2\n", "缺少表头"), ("\x00\x01\x02", "")],
)
def test_a_wrong_file_is_one_sentence_with_the_owners_name(data: Path, mapping: Path, content: str, said: str) -> None:
    found = work(bring(content), "trial", mapping)
    assert said in found.problem and "5月工单.csv" in found.problem and ".upload" not in found.problem
    assert "\n" not in found.problem and not snapshots.snapshot_ids()


def test_a_snapshot_that_changed_since_the_trial_is_not_built_upon(data: Path, mapping: Path, tmp_path: Path) -> None:
    batch = bring(MAY)
    assert work(batch, "trial", mapping).problem is None
    other = tmp_path / "别的工单.csv"
    other.write_text(HEAD + "Z1,x,市政设施,2026/5/9 8:00,\n", "utf-8")
    import_files(mapping, [other])
    kept = snapshots.current_id()
    assert "重新试运行" in work(batch, "publish", mapping, base=None).problem
    assert snapshots.current_id() == kept


def test_only_one_import_at_a_time_and_it_is_named(data: Path, mapping: Path) -> None:
    assert desk.busy() is None
    one, other = bring(MAY, name="甲工单.csv"), bring(MAY, name="乙工单.csv")
    desk.begin(one, "trial", mapping=str(mapping))
    with pytest.raises(DeskError, match=r"另一个导入正在进行（甲工单\.csv"):
        desk.begin(other, "trial", mapping=str(mapping))
    desk.cancel(one)
    with snapshots.lock():
        assert f"进程 {os.getpid()}" in str(desk.busy())
        with pytest.raises(DeskError, match="另一个导入正在进行（进程"):
            desk.begin(other, "trial", mapping=str(mapping))
    assert desk.busy() is None and snapshots.holder() is None


def test_a_dead_holder_holds_nothing(data: Path) -> None:
    code = "import os\nfrom governance import snapshots\nwith snapshots.lock(): os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], check=False)
    assert (data / "snapshots" / "LOCK").read_text() and snapshots.holder() is None


def test_work_that_died_says_so(data: Path, mapping: Path, slow: str) -> None:
    batch = bring(slow)
    desk.begin(batch, "trial", mapping=str(mapping))
    os.killpg(int((batch.folder / "trial" / "pid").read_text().split()[0]), signal.SIGKILL)
    while desk.running(batch):
        time.sleep(0.02)
    assert "意外中断" in (desk.outcome(batch, "trial") or {})["problem"]


def phase_of(batch: Batch) -> str:
    state = desk.running(batch)
    return state.phase if state else "over"


@pytest.mark.parametrize("phase", ["正在启动", "读取", "核对", "与当前快照合并", "发布快照"])
def test_cancelling_leaves_no_trace(data: Path, mapping: Path, slow: str, phase: str) -> None:
    assert work(bring(MAY), "publish", mapping, base=None).problem is None
    base = snapshots.current_id()
    for batch in desk.open_batches():
        batch.remove()
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    batch = bring(slow)
    desk.begin(batch, "publish", mapping=str(mapping), base=base)
    limit = time.monotonic() + 60
    while not phase_of(batch).startswith(phase):
        assert phase_of(batch) != "over" and time.monotonic() < limit, f"never saw {phase}"
        time.sleep(0.01)
    assert desk.cancel(batch)
    after = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert {path for path in after | before if after.get(path) != before.get(path)} == set()
    assert tree(data) >= {"imports"} and not list((data / "imports").iterdir())
    assert snapshots.holder() is None and snapshots.verify().id == base
    deadline = time.monotonic() + 10
    while processes(batch.id) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes(batch.id) == []


@pytest.mark.parametrize("step", ["file_written", "renamed", "pointer_written"])
def test_a_kill_between_any_steps_of_publishing_can_be_cleaned_up(
    data: Path, mapping: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert work(bring(MAY), "publish", mapping, base=None).problem is None
    base, whole = snapshots.current_id(), tree(data / "snapshots")
    batch = bring(HEAD + "B1,x,市政设施,2026/6/1 8:00,\n")
    monkeypatch.setenv("GOVERNANCE_FAULT", step)
    assert "意外中断" in work(batch, "publish", mapping, base=base).problem
    monkeypatch.delenv("GOVERNANCE_FAULT")
    snapshots.abandon([str(base)])
    assert (snapshots.current_id(), tree(data / "snapshots")) == (base, whole)


def test_what_was_published_before_it_could_be_ended_is_said(
    data: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = bring(MAY)
    monkeypatch.setenv("GOVERNANCE_FAULT", "published")
    assert "新数据已经在用" in work(batch, "publish", mapping, base=None).problem
    assert snapshots.verify().rows("cases") == 2


def test_the_progress_counts_rows_and_estimates(data: Path, mapping: Path, slow: str) -> None:
    batch = bring(slow)
    desk.begin(batch, "trial", mapping=str(mapping), rows=SLOW_ROWS)
    seen = []
    while state := desk.running(batch):
        seen.append(state)
        time.sleep(0.02)
    done = [state.done for state in seen if state.done]
    assert done == sorted(done) and done[-1] == SLOW_ROWS
    shares = [state.share for state in seen]
    assert shares == sorted(shares) and shares[-1] < 1
    assert json.loads((batch.folder / "trial" / "progress.jsonl").read_text().splitlines()[0])["phase"].startswith(
        "读取"
    )


# ---- mappings


def test_a_mapping_is_saved_under_a_plain_name_only(data: Path) -> None:
    for hostile in ("", "../x", "a/b", "x.toml", ".x", "a\x00b", "长" * 41, "<b>"):
        with pytest.raises(ImportProblem, match="名字请用"):
            known.save(hostile, MAPPING)
    path = known.save(" 热线  工单（城关） ", MAPPING)
    assert path == data / "mappings" / "热线 工单（城关）.toml" and path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ImportProblem, match="已经有一份"):
        known.save("热线 工单（城关）", "x")
    assert known.save("热线 工单（城关）", "y", may_replace=[path.name]).read_text() == "y"


def test_the_mapping_whose_headings_fit_is_suggested_with_the_reason(mapping: Path) -> None:
    headings = ["工单编号", "标题", "类别", "受理时间", "办结时间", "别的"]
    best, *others = known.fits([("5月工单.csv", headings)])
    assert (best.key, best.is_whole, best.reason) == ("own:热线.toml", True, "需要的 5 个表头，文件里都有")
    assert not any(one.is_whole for one in others)
    drifted = known.fits([("5月工单.csv", headings[1:])])[0]
    assert (drifted.key, drifted.is_whole, drifted.missing) == ("own:热线.toml", False, ("“工单编号”",))
    assert "文件名对不上" in next(one.reason for one in known.fits([("x.csv", headings)]) if one.key == best.key)
    assert not [key for key in known.known() if "demo_" in key]


def test_a_named_path_keeps_its_own_place(tmp_path: Path) -> None:
    path = tmp_path / "1.upload"
    path.write_text("x")
    found = naming.named(path, "../5月.csv")
    assert (found.name, found.suffix, found.stem) == ("5月.csv", ".csv", "5月")
    assert (found.parent.name, found.resolve().name, found.read_text()) == (tmp_path.name, "1.upload", "x")
