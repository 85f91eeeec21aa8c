"""What a newer version of a row does to the older one: in the tables, among the rows sent back, in the accounts."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from governance import checks, queries, snapshots
from governance.importing import ImportProblem, ImportReport, import_files

ORDERS = """
source = "s"
[tables.cases]
merge = "upsert"
exclude = { "状态" = ["作废"] }
[tables.cases.columns]
case_id = "编号"
category = { value = "99" }
reported_at = "受理"
"""
STEPS = """
source = "SOURCE"
[tables.case_steps]
merge = "upsert"
[tables.case_steps.columns]
case_id = "编号"
cycle = { value = 1 }
[tables.case_steps.unpivot]
column = "happened_at"
rows = [ { step = "派单", from = "派单" }, { step = "签收", from = "签收" }, { step = "办结", from = "办结" } ]
"""
KINDS = """
source = "s"
[tables.cases]
merge = "upsert"
require = { "类型" = ["工单"] }
[tables.cases.columns]
case_id = "编号"
category = { value = "99" }
reported_at = "受理"
[tables.disputes]
merge = "upsert"
require = { "类型" = ["纠纷"] }
[tables.disputes.columns]
case_id = "编号"
"""


def bring(folder: Path, mapping: str, **files: str) -> ImportReport:
    """Import files of that name, each given as its lines."""
    (folder / "m.toml").write_text(mapping, "utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text("\n".join(text.split()) + "\n", "utf-8")
    return import_files(folder / "m.toml", [folder / f"{name}.csv" for name in files], datetime(2026, 7, 1))


def rows(table: str, *columns: str) -> list[tuple[str, ...]]:
    files = snapshots.latest().files(table)
    found = pd.concat([pd.read_parquet(file, columns=list(columns)) for file in files]) if files else pd.DataFrame()
    return sorted(tuple(str(cell) for cell in row) for row in found.itertuples(index=False))


def steps() -> list[tuple[str, ...]]:
    return [(source, case, step, at[5:16]) for source, case, step, at in rows("case_steps", *STEP)]


STEP = ("source", "case_id", "step", "happened_at")


def accounts() -> dict[tuple[str, str], tuple[int, ...]]:
    """Read, accepted, sent back, left out, repeated: of every file; the reconciliation holds."""
    found = queries.current_store().query(checks.read("rows_read").sql, None, ())
    assert not found["is_broken"].any(), found
    counts = ["read_count", "accepted", "rejected", "left_out", "repeated"]
    return {(row.table_name, row.file): tuple(getattr(row, one) for one in counts) for row in found.itertuples()}


def test_a_row_that_was_sent_back_and_comes_again_corrected_is_sent_back_no_more(tmp_path: Path) -> None:
    bring(
        tmp_path,
        ORDERS,
        may="编号,受理,状态 1,2026-05-01, 2,昨天, 3,前天, 4,大前天, ,2026-05-02, 6,2026-05-03, 7,2026-05-03,",
    )
    assert accounts() == {("cases", "may.csv"): (7, 3, 4, 0, 0)}

    bring(tmp_path, ORDERS, june="编号,受理,状态 2,2026-05-02, 3,今天, 4,大前天,作废 5,2026-06-01,")

    assert rows("cases", "case_id") == [("1",), ("2",), ("5",), ("6",), ("7",)]
    # 2 was corrected, 3 is told of where it was seen last, 4 turned out to be void; one row never had a number.
    assert rows("rejects", "file", "value", "reason") == [
        ("june.csv", "今天", "上报时间不是可识别的时间"),
        ("may.csv", "nan", "案件编号为空"),
    ]
    assert accounts() == {("cases", "may.csv"): (7, 3, 1, 0, 3), ("cases", "june.csv"): (4, 2, 1, 1, 0)}


def test_files_of_one_command_are_as_if_they_came_one_after_the_other(tmp_path: Path) -> None:
    bring(
        tmp_path,
        ORDERS,
        may="编号,受理,状态 1,2026-05-01, 2,昨天, 3,2026-05-03, 3,2026-05-04,",
        june="编号,受理,状态 1,2026-05-01,作废 2,2026-05-02, 3,2026-05-05,",
    )

    assert rows("cases", "case_id", "reported_at") == [
        ("2", "2026-05-02 00:00:00"),
        ("3", "2026-05-05 00:00:00"),
    ]
    assert accounts() == {("cases", "may.csv"): (4, 0, 0, 0, 4), ("cases", "june.csv"): (3, 2, 0, 1, 0)}


def test_another_source_corrects_nothing(tmp_path: Path) -> None:
    bring(tmp_path, ORDERS, may="编号,受理,状态 1,2026-05-01, 2,昨天,")
    bring(tmp_path, ORDERS.replace('"s"', '"t"'), june="编号,受理,状态 2,2026-05-02,")

    assert rows("rejects", "source", "value") == [("s", "昨天")]
    assert accounts() == {("cases", "may.csv"): (2, 1, 1, 0, 0), ("cases", "june.csv"): (1, 1, 0, 0, 0)}


def test_a_step_that_was_cleared_is_gone(tmp_path: Path) -> None:
    first = "编号,派单,签收,办结 A,2026-05-01,2026-05-02,2026-05-03 B,2026-05-01,,2026-05-04"
    for source in ("s", "t"):
        bring(tmp_path, STEPS.replace("SOURCE", source), **{f"{source}1": first})

    report = bring(tmp_path, STEPS.replace("SOURCE", "s"), s2="编号,派单,签收,办结 A,2026-05-01,2026-05-06,")

    assert report.tables["case_steps"].removed == 1
    assert steps() == [
        ("s", "A", "dispatch", "05-01 00:00"),
        ("s", "A", "sign", "05-06 00:00"),
        ("s", "B", "close", "05-04 00:00"),
        ("s", "B", "dispatch", "05-01 00:00"),
        ("t", "A", "close", "05-03 00:00"),
        ("t", "A", "dispatch", "05-01 00:00"),
        ("t", "A", "sign", "05-02 00:00"),
        ("t", "B", "close", "05-04 00:00"),
        ("t", "B", "dispatch", "05-01 00:00"),
    ]
    assert accounts()["case_steps", "s2.csv"] == (2, 2, 0, 0, 0), "an empty cell is no row that was read"


def test_a_row_whose_steps_were_all_cleared_has_none(tmp_path: Path) -> None:
    mapping = STEPS.replace("SOURCE", "s")
    bring(tmp_path, mapping, one="编号,派单,签收,办结 A,2026-05-01,昨天,2026-05-03 B,2026-05-01,,")

    bring(tmp_path, mapping, two="编号,派单,签收,办结 A,,,")

    assert [case for _, case, *_ in steps()] == ["B"]
    assert not snapshots.latest().files("rejects"), "a cell that could not be read and was cleared is no reject"
    assert accounts()["case_steps", "one.csv"] == (4, 3, 0, 0, 1)


def test_the_later_file_of_a_command_clears_steps_of_the_earlier(tmp_path: Path) -> None:
    mapping = STEPS.replace("SOURCE", "s").replace('merge = "upsert"', "")
    head = "编号,派单,签收,办结"
    bring(tmp_path, mapping, one=f"{head} A,2026-05-01,昨天,2026-05-03", two=f"{head} A,2026-05-01,,")

    assert steps() == [("s", "A", "dispatch", "05-01 00:00")]
    assert accounts() == {
        ("case_steps", "one.csv"): (3, 0, 0, 0, 3),
        ("case_steps", "two.csv"): (1, 1, 0, 0, 0),
    }


def test_what_a_row_does_not_name_it_does_not_clear(tmp_path: Path) -> None:
    mapping = """
source = "s"
[tables.population]
merge = "upsert"
[tables.population.columns]
region_code = "网格"
[tables.population.unpivot]
column = "residents"
rows = [ { month = "2026-05-01", from = "a" }, { month = "2026-06-01", from = "b" } ]
"""
    bring(tmp_path, mapping, one="网格,a,b G1,120,130 G2,80,")
    bring(tmp_path, mapping.replace("2026-05", "2026-07"), two="网格,a,b G1,,131")
    bring(tmp_path, mapping, three="网格,a,b G2,,")

    assert rows("population", "region_code", "month", "residents") == [
        ("G1", "2026-05-01", "120"),
        ("G1", "2026-06-01", "131"),
    ]


def test_a_row_that_moves_to_another_table_leaves_the_first(tmp_path: Path) -> None:
    bring(tmp_path, KINDS, one="编号,类型,受理 1,工单,2026-05-01 2,纠纷,2026-05-01 3,工单,昨天 4,工单,2026-05-01")
    assert (rows("cases", "case_id"), rows("disputes", "case_id")) == ([("1",), ("4",)], [("2",)])

    report = bring(
        tmp_path, KINDS, two="编号,类型,受理 1,纠纷,2026-05-01 2,工单,2026-05-01 3,纠纷,昨天 4,咨询,2026-05-01"
    )

    assert (rows("cases", "case_id"), rows("disputes", "case_id")) == ([("2",)], [("1",), ("3",)])
    assert report.tables["cases"].removed == 2 and report.changes["removed"] == 2
    assert not snapshots.latest().files("rejects"), "3 was wrong as a case and is none"
    assert accounts()["cases", "two.csv"] == (4, 1, 0, 3, 0)


def test_a_row_that_moves_within_one_command_exists_once(tmp_path: Path) -> None:
    bring(tmp_path, KINDS, one="编号,类型,受理 1,工单,2026-05-01", two="编号,类型,受理 1,纠纷,2026-05-01")

    assert (rows("cases", "case_id"), rows("disputes", "case_id")) == ([], [("1",)])
    assert accounts()["cases", "one.csv"] == (1, 0, 0, 0, 1)


def test_a_row_beside_it_that_is_not_for_the_table_takes_nothing_away(tmp_path: Path) -> None:
    """Where a record has several rows of which one makes the case, the others tell nothing about it."""
    head = "编号,类型,受理"
    bring(tmp_path, KINDS, one=f"{head} 1,工单,2026-05-01 1,纠纷,2026-05-01 2,工单,2026-05-01")
    bring(tmp_path, KINDS, two=f"{head} 1,工单,昨天 1,纠纷,2026-05-01 2,工单,2026-05-02")

    assert rows("cases", "case_id") == [("1",), ("2",)], "the newer version of 1 was sent back, so the older holds"


def test_an_update_that_takes_most_of_its_rows_away_must_be_meant(tmp_path: Path) -> None:
    orders = [f"{number},工单,2026-05-01" for number in range(150)]
    bring(tmp_path, KINDS, one="\n".join(["编号,类型,受理", *orders]))

    moved = [row.replace("工单", "纠纷") for row in orders[:100]]
    with pytest.raises(ImportProblem, match=r"表 cases（案件）里这次提到的 149 行中有 100 行按 exclude、require"):
        bring(tmp_path, KINDS, two="\n".join(["编号,类型,受理", *moved, *orders[100:149]]))
    assert len(rows("cases", "case_id")) == 150
