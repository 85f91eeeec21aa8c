"""The command line: what it prints, its exit codes, and one Chinese sentence for whatever is wrong."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from governance import filters, queries, snapshots
from governance.__main__ import main
from tests.factory import County

ROOT = Path(__file__).resolve().parents[1]
SENTENCE = re.compile(r"^[^\n]*[\u4e00-\u9fff][^\n]*\n$")


@pytest.fixture
def published(county: County) -> snapshots.Snapshot:
    county.region("A", level="county")
    county.region("R1", parent_code="A")
    county.grid("G1")
    for day in ("05", "06", "07"):
        county.case(
            grid_id="G1", region_code="R1", reported_at=f"2026-05-{day} 10:00", closed_at=f"2026-06-{day} 10:30"
        )
    county.case(region_code="R1", category="01", reported_at="2026-06-15")
    return county.publish()


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> "Refused":
    return Refused(capsys)


class Refused:
    """Runs a command that must be refused with one sentence and nothing on stdout."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: str) -> str:
        assert main(words) == 1
        out, err = self.capsys.readouterr()
        assert out == ""
        *progress, sentence = err.splitlines(keepends=True)
        assert all(line.endswith("…\n") for line in progress)
        assert SENTENCE.match(sentence), err
        return sentence


def answers(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict]:
    assert main(["answer", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "words", [[], ["--help"], *([name, "--help"] for name in ("import", "answer", "verify", "demo"))]
)
def test_help_is_chinese(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(words)
    out, err = capsys.readouterr()
    assert exit_.value.code == (0 if words else 2)
    assert "用法：" in out or "用法有误" in err
    assert not re.search(r"usage|options:|positional|required|show this", out + err)


def test_answer_offers_every_field_of_the_filter_and_every_query(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["answer", "--help"])
    out = capsys.readouterr().out
    for name in (*(field.name for field in fields(filters.Filter)), *queries.EXTRAS):
        assert "--" + name.replace("_", "-") in out
    flat = "".join(out.split())
    assert all(name in flat for name in queries.NAMES)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fly"], "不能是"),
        (["import"], "缺少参数 映射, 文件"),
        (["import", "m.toml", "a.csv", "--as-of", "gestern"], "不是日期或时间"),
        (["answer", "cases_by_month", "--format", "xml"], "--format 不能是"),
        (["answer", "cases_by_month", "--colour", "red"], "不认识的参数 --colour red"),
        (["snapshots", "--data"], "--data 后面缺少值"),
    ],
)
def test_wrong_usage(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(words)
    out, err = capsys.readouterr()
    assert (exit_.value.code, out) == (2, "")
    assert said in err and SENTENCE.match(err)


def test_without_data(refused: Refused) -> None:
    for words in (["snapshots"], ["verify"], ["rollback"], ["answer", "cases_by_month"]):
        assert "快照" in refused(*words)


def test_snapshots_are_listed(published: snapshots.Snapshot, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshots"]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith(published.id) and "2026-07-01 00:00" in line and line.endswith("当前")


def test_data_folder_is_an_option_before_or_after(
    published: snapshots.Snapshot, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["--data", str(data), "snapshots"], ["snapshots", "--data", str(data)]):
        monkeypatch.setenv("GOVERNANCE_DATA", "/nowhere")
        assert main(words) == 0
        assert published.id in capsys.readouterr().out


def test_a_log_that_was_changed_is_named(published: snapshots.Snapshot, capsys: pytest.CaptureFixture[str]) -> None:
    log = published.path.parent / "LOG.jsonl"
    log.write_bytes(log.read_bytes().replace(b"published", b"publisheD"))
    for words in (["verify"], ["snapshots", "--log"]):
        assert main(words) == 1
        assert "快照记录 LOG.jsonl 的第 1 行被改动、删去或已损坏" in capsys.readouterr().err


def test_verify(published: snapshots.Snapshot, refused: Refused, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == main(["verify", published.id]) == 0
    assert "完好" in capsys.readouterr().out
    published.files("cases")[0].write_bytes(b"")

    for words in (["verify"], ["verify", published.id]):
        assert "已损坏：cases.parquet" in refused(*words)
    assert "编号不合规则" in refused("verify", "../../etc")
    assert "没有快照" in refused("verify", "20990101T000000-00000000")


def test_rollback(
    published: snapshots.Snapshot, county: County, refused: Refused, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "没有更早的" in refused("rollback")
    county.case(region_code="R1", reported_at="2026-06-20")
    newer = county.publish()

    assert main(["rollback"]) == 0
    assert f"已退回到快照 {published.id}" in capsys.readouterr().out
    assert snapshots.latest().id == published.id
    assert main(["rollback", newer.id]) == 0
    assert snapshots.latest().id == newer.id


def test_a_damaged_snapshot_is_announced_with_the_answer(
    published: snapshots.Snapshot, county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    county.case(region_code="R1", reported_at="2026-06-20")
    county.publish().files("cases")[0].write_bytes(b"")

    assert main(["answer", "cases_by_month"]) == 0
    assert "已损坏" in capsys.readouterr().err


def test_an_answer_is_what_a_page_gets(published: snapshots.Snapshot, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["cases_by_month", "--start", "2026-05-01", "--stop", "2026-07-01"]

    store = queries.current_store()
    chosen = filters.from_params({"start": ["2026-05-01"], "stop": ["2026-07-01"]}, store)
    page = queries.answer(store, "cases_by_month", chosen)

    assert len(answers(capsys, *words)) == len(page) > 0
    assert main(["answer", *words, "--format", "csv"]) == 0
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == list(page.columns) == list(answers(capsys, *words)[0])
    assert err.startswith("统计期 2026-05-01 至 2026-07-01（不含），数据截至 2026-07-01 00:00:00")
    assert main(["answer", *words]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(page) + 1


def test_times_are_iso_and_nothing_is_null(published: snapshots.Snapshot, capsys: pytest.CaptureFixture[str]) -> None:
    period = ["case_list", "--start", "2026-01-01", "--stop", "2026-07-01"]
    rows = answers(capsys, *period)

    assert {row["reported_at"] for row in rows} == {
        *("2026-05-05T10:00:00", "2026-05-06T10:00:00", "2026-05-07T10:00:00", "2026-06-15T00:00:00")
    }
    assert [row["closed_at"] for row in rows if row["reported_at"] == "2026-06-15T00:00:00"] == [None]
    assert len(answers(capsys, *period, "--limit", "2")) == 2
    assert len(answers(capsys, *period, "--category", "01", "03")) == 4
    assert len(answers(capsys, *period, "--category", "01")) == 1
    assert len(answers(capsys, *period, "--region", "G1")) == 3


def test_an_earlier_snapshot_can_be_asked(
    published: snapshots.Snapshot, county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    county.case(region_code="R1", reported_at="2026-07-05")
    county.publish("2026-08-01")
    period = ["case_list", "--start", "2026-01-01", "--stop", "2026-08-01"]

    assert len(answers(capsys, *period)) == 5
    assert len(answers(capsys, *period, "--as-of", "2026-07-15")) == 4
    assert len(answers(capsys, *period, "--as-of", published.id)) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no_such_query"], "cases_by_month"),
        (["../schema"], "没有名为"),
        (["cases_by_month", "--start", "01.05.2026"], "01.05.2026"),
        (["cases_by_month", "--start", "2026-07-01", "--stop", "2026-06-01"], "早于"),
        (["cases_by_month", "--category", "77"], "77"),
        (["cases_by_month", "--region", "nowhere"], "nowhere"),
        (["cases_by_month", "--as-of", "2020-01-01"], "没有数据截至"),
        (["indicators_by_region", "--level", "galaxy"], "galaxy"),
        (["case_list", "--indicator", "luck"], "luck"),
        (["case_list", "--limit", "many"], "many"),
    ],
)
def test_an_answer_that_cannot_be_given(
    published: snapshots.Snapshot, refused: Refused, words: list[str], said: str
) -> None:
    assert said in refused("answer", *words)


def test_import(tmp_path: Path, capsys: pytest.CaptureFixture[str], refused: Refused) -> None:
    mapping, export = tmp_path / "热线.toml", tmp_path / "工单.csv"
    mapping.write_text(
        'title = "热线"\nsource = "hotline"\n[tables.cases.columns]\ncase_id = "编号"\nregion_code = "区划"\n'
        'category = "类别"\nreported_at = { from = "时间", formats = ["%Y-%m-%d %H:%M"] }\n',
        "utf-8",
    )
    export.write_text("编号,区划,类别,时间\n1,R1,矛盾纠纷,2026-06-01 09:00\n2,R1,安全隐患,2026-06-02 09:00\n", "utf-8")
    words = ["import", str(mapping), str(export), "--as-of", "2026-07-01"]

    assert main([*words, "--dry-run"]) == 0
    assert snapshots.snapshot_ids() == []
    assert main(words) == 0
    first = snapshots.latest()
    assert (first.rows("cases"), first.as_of.isoformat()) == (2, "2026-07-01T00:00:00")
    capsys.readouterr()
    assert main(words) == 0
    assert "没有变化" in capsys.readouterr().out
    assert snapshots.snapshot_ids() == [first.id]

    assert "找不到文件" in refused("import", str(mapping), str(tmp_path / "nothing.csv"))
    export.write_text("编号,区划\n1,R1\n", "utf-8")
    refused(*words)
    with snapshots.lock():
        assert snapshots.snapshot_ids() == [first.id]


def run(data: Path, *words: str, shell: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "governance", "--data", str(data), *words]
    if shell:
        command = ["bash", "-o", "pipefail", "-c", " ".join(command) + shell]
    return subprocess.run(
        command, cwd=ROOT, text=True, capture_output=True, timeout=120, env={**os.environ, "TZ": "UTC"}
    )


def test_as_a_program(published: snapshots.Snapshot, data: Path) -> None:
    answered = run(
        data, "answer", "indicator_totals", "--start", "2026-05-01", "--stop", "2026-07-01", "--format", "json"
    )
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)
    assert len(answered.stderr.splitlines()) == 1, "the period and nothing else"

    refusal = run(data, "rollback")
    assert (refusal.returncode, refusal.stdout) == (1, "")
    assert SENTENCE.match(refusal.stderr)

    piped = run(data, "answer", "case_list", "--start", "2020-01-01", shell=" | head -0")
    assert "Traceback" not in piped.stderr and "BrokenPipe" not in piped.stderr
