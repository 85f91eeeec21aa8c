"""Steps that stand side by side in the export, and times as they are really written."""

import datetime
from pathlib import Path

import pandas as pd
import pytest

from governance import checks, queries, snapshots
from governance.importing import ImportProblem, ImportReport, import_files

MAPPING = """
source = "s"
[file]
footer_words = ["合计", "总计"]
[tables.cases.columns]
case_id = "编号"
category = { value = "99" }
reported_at = { from = "受理", formats = ["%Y/%m/%d %H:%M"] }
[tables.case_steps.columns]
case_id = "编号"
cycle = { value = 1 }
[tables.case_steps.unpivot]
column = "happened_at"
formats = ["%Y/%m/%d %H:%M"]
rows = [ { step = "派单", from = "派单时间" }, { step = "签收", from = "签收时间" }, { step = "办结", from = 5 } ]
"""
LINES = [
    "编号,受理,派单时间,签收时间,完成",
    "A1,2026/5/1 8:00,2026/5/1 8:05,2026/5/1 9:00,2026/5/2 10:00",
    "A2,2026/5/1 9:00,2026/5/1 9:30,,",
    "A3,2026/5/1 9:00,昨天,2026/5/3 9:30,",
    "合计,3 件",
]


def bring(folder: Path, lines: list[str], text: str = MAPPING) -> ImportReport:
    (folder / "m.toml").write_text(text, "utf-8")
    (folder / "e.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return import_files(folder / "m.toml", [folder / "e.csv"])


def steps() -> list[tuple[str, int, str, str]]:
    found = pd.read_parquet(snapshots.latest().files("case_steps")[0]).sort_values(["case_id", "seq"])
    return [(one.case_id, one.seq, one.step, f"{one.happened_at:%d %H:%M}") for one in found.itertuples(index=False)]


def accounts() -> pd.DataFrame:
    """The reconciliation of every file: what was read is what has become of it."""
    return queries.current_store().query(checks.read("rows_read").sql, None, ())


def test_side_by_side_times_become_steps(tmp_path: Path) -> None:
    report = bring(tmp_path, LINES)

    assert steps() == [
        ("A1", 1, "dispatch", "01 08:05"),
        ("A1", 2, "sign", "01 09:00"),
        ("A1", 3, "close", "02 10:00"),
        ("A2", 1, "dispatch", "01 09:30"),
        ("A3", 2, "sign", "03 09:30"),
    ]
    table = report.tables["case_steps"]
    assert (table.rows_read, table.accepted, table.excluded, table.rejected_count) == (7, 5, 1, 1)
    assert [(one.row_number, one.value) for one in report.first_rejects] == [(4, "昨天")]
    found = accounts().set_index("table_name")
    assert found["read_count"].to_dict() == {"cases": 4, "case_steps": 7}
    assert not found["is_broken"].any()
    assert report.tables["cases"].excluded == 1, "the row of totals is left out and counted"


def test_the_same_case_again_in_the_file_keeps_the_steps_of_its_last_row(tmp_path: Path) -> None:
    again = "A1,2026/5/1 8:00,2026/5/1 8:05,2026/5/1 9:01,"
    bring(tmp_path, [*LINES[:2], again])

    assert steps() == [
        ("A1", 1, "dispatch", "01 08:05"), ("A1", 2, "sign", "01 09:01"), ("A1", 3, "close", "02 10:00")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('{ step = "派单", from = "派单时间" }', '{ step = "派单" }', "每一项都要写 from 和 step"),
        ('step = "派单", from', 'step = "派遣", from', "目标值“派遣”不是步骤的标准代码"),
        ('column = "happened_at"', 'column = "happend_at"', "没有“happend_at”，是不是“happened_at”"),
        ("cycle = { value = 1 }", 'cycle = { value = 1 }\nhappened_at = "受理"', "已经填写 happened_at"),
    ],
)
def test_mistakes_in_unpivot_are_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(ImportProblem, match=sentence):
        bring(tmp_path, LINES, MAPPING.replace(old, new))


@pytest.mark.parametrize(
    ("written", "formats", "expected"),
    [
        ("01/02/2021 03:04:05 PM", '"%m/%d/%Y %I:%M:%S %p"', "2021-01-02 15:04:05"),
        ("2021年1月2日 8时5分", '"%Y年%m月%d日 %H时%M分"', "2021-01-02 08:05:00"),
        ("2021-1-2 下午 3:04", '"%Y-%m-%d %p %I:%M"', "2021-01-02 15:04:00"),
        ("20210102083000", '"%Y%m%d%H%M%S"', "2021-01-02 08:30:00"),
        ("20210102", '"%Y%m%d"', "2021-01-02 00:00:00"),
        ("44198.354166666664", '"excel"', "2021-01-02 08:30:00"),
        ("44198", '"excel", "%Y-%m-%d"', "2021-01-02 00:00:00"),
        ("1609547400", '"unix"', "2021-01-02 08:30:00"),
        ("1609547400000", '"unix_ms"', "2021-01-02 08:30:00"),
        ('="2021-01-02"', "", "2021-01-02 00:00:00"),
        ("2021-01-02T00:30:00Z", "", "2021-01-02 08:30:00"),
    ],
)
def test_times_as_they_are_written(tmp_path: Path, written: str, formats: str, expected: str) -> None:
    text = f"""
source = "s"
[file]
delimiter = "\\t"
[tables.cases.columns]
case_id = "编号"
category = {{ value = "99" }}
reported_at = {{ from = "受理", formats = [{formats}] }}
"""
    bring(tmp_path, ["编号\t受理", f"1\t{written}"], text)
    found = pd.read_parquet(snapshots.latest().files("cases")[0])
    assert str(found["reported_at"].item()) == expected


def test_a_time_of_zero_seconds_is_none(tmp_path: Path) -> None:
    text = """
source = "s"
[tables.cases.columns]
case_id = "编号"
category = { value = "99" }
reported_at = { from = "受理", formats = ["unix"] }
closed_at = { from = "办结", formats = ["unix"] }
reopen_count = "次"
"""
    bring(tmp_path, ["编号,受理,办结,次", '1,1609547400,0,"1,234"'], text)
    found = pd.read_parquet(snapshots.latest().files("cases")[0])
    assert pd.isna(found["closed_at"].item()) and found["reopen_count"].item() == 1234
    assert snapshots.latest().as_of == datetime.datetime(2021, 1, 2, 8, 30, 1)


def test_numbers_side_by_side_become_rows_too(tmp_path: Path) -> None:
    text = """
source = "s"
[tables.population.columns]
region_code = "网格"
[tables.population.unpivot]
column = "residents"
rows = [ { month = "2026-05-01", from = "5月" }, { month = "2026-06-01", from = "6月" } ]
"""
    (tmp_path / "m.toml").write_text(text, "utf-8")
    (tmp_path / "e.csv").write_text("网格,5月,6月\nG1,120,\nG2,80,81\n", "utf-8")

    import_files(tmp_path / "m.toml", [tmp_path / "e.csv"], datetime.datetime(2026, 7, 1))

    found = pd.read_parquet(snapshots.latest().files("population")[0]).sort_values(["region_code", "month"])
    assert [(one.region_code, f"{one.month:%m}", one.residents) for one in found.itertuples()] == [
        ("G1", "05", 120),
        ("G2", "05", 80),
        ("G2", "06", 81),
    ]


def test_only_what_an_import_tells_anew_is_forgotten_of_the_files_before(tmp_path: Path) -> None:
    """Tables may be complete and incremental in one mapping; and a mapping may come under another name."""
    text = MAPPING.replace("[tables.cases.columns]", '[tables.cases]\nmerge = "upsert"\n[tables.cases.columns]')
    bring(tmp_path, LINES, text)
    for mapping, name in (("m.toml", "f.csv"), ("n.toml", "f.csv")):
        (tmp_path / mapping).write_text(text, "utf-8")
        (tmp_path / name).write_text("\n".join(LINES[:2]) + "\n", "utf-8")
        import_files(tmp_path / mapping, [tmp_path / name], datetime.datetime(2026, 7, 1 + (mapping > "m.toml")))

        assert not accounts()["is_broken"].any()
    found = accounts().sort_values(["table_name", "file"])
    assert list(zip(found["table_name"], found["file"], found["read_count"], strict=True)) == [
        ("case_steps", "f.csv", 3),
        ("cases", "e.csv", 4),
        ("cases", "f.csv", 1),
    ]
