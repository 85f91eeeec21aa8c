"""Parts of an export: rows that are no cases, columns that may be categories, sheets that are months, lists in JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from governance import __main__ as command_line
from governance.drafting import draft
from governance.importing import ImportProblem, import_files
from tests.test_drafting import ALWAYS, APPEAL, Row, Rows, bring, cannot_be_imported, open_keys, save, table, workbook

# ---- columns that may be categories, rows that are no cases

LEDGER_HEAD = ["编号", "内容", "处室", "级", "登记时间", "完成时间", "流水", "备注", "口"]


def ledger() -> Rows:
    """Thirty cases of two months with a subtotal below each month, two tests in between, a total at the end."""
    rows: Rows = [LEDGER_HEAD]
    for m in (1, 2):
        for n in range(1, 16):
            words = "测试" if n == 7 else f"第{n}号路口路灯不亮请处理{m}"
            kind, day = ["市政设施", "环境卫生", "咨询"][n % 3], f"2026-0{m}-{n:02}"
            number, side = f"A{m}{n:03}", ["东", "西", "北", "南"][n % 4]
            times = [f"{day} 09:00:00", f"{day} 19:00:00"]
            rows.append([number, words, kind, "甲" if n % 2 else "乙", *times, 1000 + n % 5, "常量", side])
        rows.append(["", f"{m}月小计", "15", *[""] * 6])
    return [*rows, ["合计", "", "30", *[""] * 6]]


def test_only_columns_of_words_that_come_again_are_offered_for_the_category(tmp_path: Path) -> None:
    made = draft([save(tmp_path / "台账.csv", ledger())], answers=ALWAYS | APPEAL | {"exclude": "yes"})
    asked = next(one for one in made.questions if one.key == "column.category")
    offered = [one for one in asked.options if not one.value.startswith("=")]
    assert [one.value for one in offered] == ["处室", "级", "口"]  # known words first; no number, text, time, constant
    assert {len(one.example.split("、")) for one in offered} <= {2, 3} and len(offered[0].example.split("、")) == 3


def test_subtotals_and_tests_are_asked_and_left_out(tmp_path: Path) -> None:
    file = save(tmp_path / "台账.csv", ledger())
    answers = ALWAYS | APPEAL | {"column.category": "处室", "column.case_id": "编号"}
    made = draft([file], answers=answers)
    asked = next(one for one in made.questions if one.key == "exclude")
    assert asked.text.startswith("有 4 行像是") and "“测试”的 2 行" in asked.why and "“1月小计”的 1 行" in asked.why
    cannot_be_imported(tmp_path, made, [file])
    made = draft([file], answers=answers | {"exclude": "yes"})
    assert not open_keys(made) and made.look.rows == 28
    assert '"12月小计"' in made.toml()  # the totals of later months, too
    report = bring(tmp_path, made, [file])
    found = report.tables["cases"]
    assert (found.accepted, found.excluded, sum(found.rejected.values())) == (28, 5, 0)
    assert Counter(table()["reported_at"].dt.month) == {1: 14, 2: 14}
    again = draft([file], earlier=tmp_path / "drafted.toml", answers=APPEAL)
    assert "exclude" not in {one.key for one in again.questions} and again.look.rows == 28
    kept = draft([file], answers=answers | {"exclude": "no"})
    assert kept.look.rows == 32 and "exclude =" not in kept.toml()
    with pytest.raises(ImportProblem, match="exclude 的回答"):
        draft([file], answers=answers | {"exclude": "maybe"})


def test_a_remark_about_a_case_does_not_make_it_a_test(tmp_path: Path) -> None:
    rows = [["工单编号", "类别", "受理时间", "处置备注"]]
    rows += [[f"B{n:03}", "环境卫生", "2026-01-05", "作废" if n == 9 else f"已联系{n}"] for n in range(80)]
    made = draft([save(tmp_path / "a.csv", rows)], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and made.look.rows == 80


# ---- sheets

HEAD = ["序号", "工单编号", "标题", "类别", "受理时间", "办结时间", "状态"]


def month(m: int, rows: int) -> Rows:
    """A sheet with a title, its headings in the third row, one open case, and a total."""
    made: Rows = [["某街道工单"], [], HEAD]
    for n in range(1, rows + 1):
        closed = f"2026-{m:02}-{n:02} 19:00" if n > 1 else ""
        state = "已办结" if closed else "办理中"
        made.append([n, f"G{m:02}{n:03}", f"{m}月第{n}件", "环境卫生", f"2026-{m:02}-{n:02} 09:00", closed, state])
    return [*made, ["合计", rows]]


def office(folder: Path) -> Path:
    """Three months, a month that is prepared but empty, the staff, the visits, and how to fill all this in."""
    sheets: dict[str, Sequence[Row]] = {f"{m}月": month(m, 10 + m) for m in (1, 2, 3)}
    sheets["4月"] = [["某街道工单"], [], HEAD]
    staff = [[f"P{n}", f"W{n}", "专职网格员", "2024-01-01"] for n in range(1, 9)]
    sheets["人员"] = [["人员编号", "网格编码", "岗位", "上岗日期"], *staff]
    visits = [[f"Z{n}", f"2026-01-{n:02} 10:00", f"W{n}", "入户走访"] for n in range(1, 12)]
    sheets["走访"] = [["走访编号", "走访时间", "网格编码", "走访类型"], *visits]
    sheets["说明"] = [["填表说明：每月5日前报送"]]
    return workbook(folder / "某街道.xlsx", sheets)


def test_months_are_read_together_and_grow_with_the_workbook(tmp_path: Path) -> None:
    file = office(tmp_path)
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and 'sheet = "*月"' in made.toml() and made.others == ("staff", "visits")
    assert any("3 张工作表（1月、2月、3月）表头相同" in note for note in made.notes)
    report = bring(tmp_path, made, [file])
    assert [(one.sheet, one.rows) for one in report.files] == [("1月", 12), ("2月", 13), ("3月", 14)]
    cases = table()
    assert Counter(cases["reported_at"].dt.month) == {1: 11, 2: 12, 3: 13}
    assert Counter(cases["source_sheet"]) == {"1月": 11, "2月": 12, "3月": 13}
    assert cases["closed_at"].isna().sum() == 3
    first = cases[cases["case_id"] == "G03001"].iloc[0]
    assert (first["source_sheet"], first["source_row"]) == ("3月", 4)  # title, blank, headings, then this one
    later = workbook(tmp_path / "later.xlsx", {f"{m}月": month(m, 10 + m) for m in (1, 2, 3, 4)})
    assert import_files(tmp_path / "drafted.toml", [later]).tables["cases"].new == 14


def test_every_other_table_becomes_a_mapping_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = office(tmp_path)
    answers = ["source=street", "merge=replace", "column.origin==appeal", "staff.merge=replace", "visits.merge=replace"]
    given = [word for one in [*answers, "staff.column.fte==1"] for word in ("--answer", one)]
    assert command_line.main(["draft", str(file), "--to", str(tmp_path / "m.toml"), *given]) == 0
    assert "“人员”是另一种台账（staff，网格队伍）" in capsys.readouterr().out
    counts = {}
    for name, suffix in (("cases", ""), ("staff", ".staff"), ("visits", ".visits")):
        report = import_files(tmp_path / f"m{suffix}.toml", [file])
        counts[name] = report.tables[name].accepted
    assert counts == {"cases": 36, "staff": 8, "visits": 11}
    assert command_line.main(["draft", str(file), "--to", str(tmp_path / "m.toml")]) == 1
    (tmp_path / "m.toml").unlink()
    assert command_line.main(["draft", str(file), "--to", str(tmp_path / "m.toml")]) == 1  # m.staff.toml would be lost
    assert not (tmp_path / "m.toml").exists()


def test_versions_of_one_list_are_asked_and_not_added_up(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"1月": month(1, 12), "2月": [*month(1, 12)[:-1], *month(2, 3)[3:]]})
    made = draft([file], answers=ALWAYS | APPEAL)
    asked = next(one for one in made.questions if one.key == "file.sheet")
    assert asked.options[0].value == "1月/2月" and "接在一起" in asked.options[0].label
    cannot_be_imported(tmp_path, made, [file])
    made = draft([file], answers=ALWAYS | APPEAL | {"file.sheet": "2月"})
    assert bring(tmp_path, made, [file]).tables["cases"].accepted == 15
    both = draft([file], answers=ALWAYS | APPEAL | {"file.sheet": "1月/2月"})
    assert len(both.look.files) == 2


STRICT = """source = "street"
file = {{ sheet = {}, header_row = 3, footer_words = "合计" }}
[tables.cases.columns]
case_id = "工单编号"
reported_at = {{ from = "受理时间", formats = ["%Y-%m-%d %H:%M"] }}
category = "类别"
origin = {{ value = "appeal" }}
"""


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("'*季'", "没有工作表 *季"),
        ("['1月', '5月*']", None),
        ("['人员']", "工作表“人员”"),
        ("['4月']", "只有表头"),
        ("[]", "的 sheet 应是"),
        ("[1, 2]", "的 sheet 应是"),
    ],
)
def test_several_sheets_are_named_strictly(tmp_path: Path, sheet: str, said: str | None) -> None:
    file = office(tmp_path)
    (tmp_path / "m.toml").write_text(STRICT.format(sheet), "utf-8")
    if said is None:
        assert import_files(tmp_path / "m.toml", [file]).tables["cases"].accepted == 11
        return
    with pytest.raises(ImportProblem, match=said.replace("*", r"\*")):
        import_files(tmp_path / "m.toml", [file])


# ---- lists in JSON


def order(n: int) -> dict[str, Any]:
    day = f"2026-01-{n:02}"
    return {
        "order_id": f"G{n:03}",
        "title": f"第{n}件",
        "category": "环境卫生",
        "create_time": f"{day} 09:00:00",
        "finish_time": f"{day} 19:00:00" if n % 2 else None,
        "process_list": [
            {"step": "派单", "time": f"{day} 10:00:00", "operator": "x"},
            {"step": "办结", "time": f"{day} 19:00:00", "operator": "y"},
        ],
    }


SHAPES = {
    "nested": ({"data": {"units": [{"unit_code": "u", "unit_name": "城管"}], "rows": [order(n) for n in range(1, 20)]}},
               'records = ["data.rows"]'),
    "pages": ([{"page": 1, "rows": [order(n) for n in range(1, 10)]},
               {"page": 2, "rows": [order(n) for n in range(10, 20)]}], 'records = ["rows"]'),
    "halves": ({"open": [order(n) for n in range(1, 10)], "closed": [order(n) for n in range(10, 20)]},
               'records = ["open", "closed"]'),
    "plain": ([order(n) for n in range(1, 20)], ""),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_records_and_the_list_inside_them_are_found(tmp_path: Path, shape: str) -> None:
    document, records = SHAPES[shape]
    file = tmp_path / "orders.json"
    file.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and records in made.toml() and ("records" in made.toml()) == bool(records)
    assert any("process_list（共" in note for note in made.notes)
    assert bring(tmp_path, made, [file]).tables["cases"].accepted == 19
    assert table()["closed_at"].notna().sum() == 10
    steps = draft([file], table="case_steps", answers=ALWAYS | {"column.cycle": "=1"})
    assert not open_keys(steps) and records in steps.toml()
    assert 'explode = "process_list"  # process_list 里有' in steps.toml()
    assert bring(tmp_path, steps, [file]).tables["case_steps"].accepted == 38
    assert Counter(table("case_steps")["step"]) == {"dispatch": 19, "close": 19}


def test_lists_that_could_both_be_meant_are_asked(tmp_path: Path) -> None:
    file = tmp_path / "two.json"
    other = [
        {"case_id": f"B{n}", "title": f"b{n}", "reported_at": f"2026-02-{n:02}", "status": "Open"} for n in range(1, 9)
    ]
    file.write_text(json.dumps({"a": [order(n) for n in range(1, 9)], "b": other}), "utf-8")
    made = draft([file], answers=ALWAYS | APPEAL)
    assert "file.records" in open_keys(made)
    cannot_be_imported(tmp_path, made, [file])
    made = draft([file], answers=ALWAYS | APPEAL | {"file.records": "b", "column.category": "=99"})
    assert not open_keys(made) and made.look.rows == 8
    with pytest.raises(ImportProblem, match=r"file\.records 的回答“c”不是"):
        draft([file], answers={"file.records": "c"})
