"""What a draft asks instead of guessing, what it never shows, and what hostile files can do to it: nothing."""

import dataclasses
import json
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from governance.__main__ import main
from governance.drafting import Draft, draft
from governance.importing import ImportProblem
from governance.importing.mapping import read_mapping
from tests.test_drafting import ALWAYS, APPEAL, Rows, bring, cannot_be_imported, open_keys, save, table, workbook

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "real"
HEAD = ["工单编号", "诉求类别", "创建时间", "办结时间", "工单状态", "满意度"]


def question(made: Draft, key: str):  # type: ignore[no-untyped-def] # noqa: ANN201
    return next(one for one in made.questions if one.key == key)


def as_text(made: Draft) -> str:
    """Everything that a page or the command line could show of a draft."""
    return json.dumps(dataclasses.asdict(made), ensure_ascii=False) + made.toml()


def cases() -> pd.DataFrame:
    return table().set_index("case_id").sort_index()


# --- Asked, and each answer leads to its own figures ----------------------------------------------------------------


def test_a_status_that_contradicts_the_closing_time(tmp_path: Path) -> None:
    rows: Rows = [HEAD]
    for n in range(1, 21):
        status = "已办结" if n <= 12 else "处理中"
        time = "2026-02-01 10:00" if n <= 9 or n > 18 else ""  # 3 closed without a time, 2 open with one
        rows.append([f"A{n:02}", "其他", "2026-01-05 09:00", time, status, ""])
    files = [save(tmp_path / "矛盾.csv", rows)]

    asked = question(draft(files, answers=ALWAYS | APPEAL), "closed.prefer")
    assert "没有办结时间的 3 行" in asked.why and "有办结时间的 2 行" in asked.why
    made = draft(files, answers=ALWAYS | APPEAL | {"closed.prefer": "status"})
    assert made.is_complete
    bring(tmp_path, made, files)
    assert (len(cases()), int(cases().closed_at.notna().sum())) == (17, 9)  # 3 rejected, 2 times dropped
    bring(tmp_path, draft(files, answers=ALWAYS | APPEAL | {"closed.prefer": "time"}), files)
    assert (len(cases()), int(cases().closed_at.notna().sum())) == (20, 11)


@pytest.mark.parametrize(("best", "ratings"), [("5", [1, 2, 3, 4, 5]), ("1", [5, 4, 3, 2, 1])])
def test_which_end_of_a_scale_is_the_best(tmp_path: Path, best: str, ratings: list[int]) -> None:
    rows: Rows = [HEAD, *([f"A{n}", "其他", "2026-01-05 09:00", "2026-01-06 09:00", "已办结", n] for n in range(1, 6))]
    files = [save(tmp_path / "评分.csv", rows)]

    assert "scale.rating" in open_keys(draft(files, answers=ALWAYS | APPEAL))
    made = draft(files, answers=ALWAYS | APPEAL | {"scale.rating": best})
    assert made.is_complete
    bring(tmp_path, made, files)
    assert cases().rating.tolist() == ratings


@pytest.mark.parametrize(("order", "month"), [("day", "2026-02"), ("month", "2026-01")])
def test_day_or_month(tmp_path: Path, order: str, month: str) -> None:
    rows: Rows = [HEAD, *([f"A{n}", "其他", "01/02/2026", "", "处理中", ""] for n in range(1, 6))]
    files = [save(tmp_path / "日月.csv", rows)]

    first = draft(files, answers=ALWAYS | APPEAL)
    assert {one.value for one in question(first, "order.reported_at").options} == {"day", "month"}
    cannot_be_imported(tmp_path, first, files)
    bring(tmp_path, draft(files, answers=ALWAYS | APPEAL | {"order.reported_at": order}), files)
    assert set(cases().reported_at.dt.strftime("%Y-%m")) == {month}


def test_positions_in_china_need_their_system(tmp_path: Path) -> None:
    rows: Rows = [[*HEAD, "经度", "纬度"]]
    rows += [[f"A{n}", "其他", "2026-01-05 09:00", "", "处理中", "", 112.15, 37.55] for n in range(1, 4)]
    files = [save(tmp_path / "坐标.csv", rows)]

    assert "file.crs" in open_keys(draft(files, answers=ALWAYS | APPEAL))
    found = {}
    for crs in ("cgcs2000", "gcj02"):
        bring(tmp_path, draft(files, answers=ALWAYS | APPEAL | {"file.crs": crs}), files)
        found[crs] = float(cases().lon.iloc[0])
    assert found["cgcs2000"] == 112.15 and 0.003 < abs(found["gcj02"] - 112.15) < 0.01


def test_a_word_without_a_code_is_asked_with_its_count_and_otherwise_only_when_said(tmp_path: Path) -> None:
    rows: Rows = [
        HEAD,
        *([f"A{n}", ["其他", "宠物", "广告"][n % 3], "2026-01-05", "", "处理中", ""] for n in range(1, 10)),
    ]
    files = [save(tmp_path / "词.csv", rows)]

    made = draft(files, answers=ALWAYS | APPEAL)
    assert {"code.category.宠物", "code.category.广告"} <= open_keys(made)
    assert "（3 行）" in question(made, "code.category.宠物").text and "otherwise" not in made.toml()
    given = ALWAYS | APPEAL | {"code.category.宠物": "04", "otherwise.category": "99"}
    bring(tmp_path, draft(files, answers=given), files)
    assert cases().category.value_counts().to_dict() == {"99": 6, "04": 3}


def test_numbers_that_are_given_anew_every_month_do_not_make_a_case(tmp_path: Path) -> None:
    files = []
    for month in (1, 2):
        rows: Rows = [["序号", "标题", "类别", "登记时间"]]
        rows += [[n, f"{month} 月第 {n} 件", "其他", f"2026-0{month}-{n:02} 09:00"] for n in range(1, 11)]
        files.append(workbook(tmp_path / f"{month}月.xlsx", {"Sheet1": rows}))

    made = draft(files, answers=ALWAYS | APPEAL | {"column.case_id": "序号"})
    asked = question(made, "identity")
    assert "10 个编号" in asked.text and "reported_at" in [option.value for option in asked.options]
    cannot_be_imported(tmp_path, made, files)
    settled = draft(files, answers=ALWAYS | APPEAL | {"column.case_id": "序号", "identity": "reported_at+title"})
    assert settled.is_complete
    found = tomllib.loads(settled.toml())["tables"]["cases"]
    assert found["identity"] == ["reported_at", "title"] and "case_id" not in found["columns"]
    for _ in range(2):  # the same files again change nothing
        bring(tmp_path, settled, files)
        assert cases().reported_at.dt.strftime("%Y-%m").value_counts().to_dict() == {"2026-01": 10, "2026-02": 10}


def test_files_of_two_kinds_are_drafted_one_after_the_other(tmp_path: Path) -> None:
    one = save(tmp_path / "工单.csv", [HEAD, ["A1", "其他", "2026-01-05", "", "处理中", ""]])
    two = save(tmp_path / "网格.csv", [["网格编码", "网格名称", "户数"], ["G1", "一网格", "300"]])

    assert "files" in open_keys(draft([one, two]))
    made = draft([one, two], answers={"files": "1"})
    assert [column.heading for column in made.look.columns] == HEAD


def test_an_older_mapping_is_carried_on_and_what_drifted_is_asked(tmp_path: Path) -> None:
    old = tmp_path / "old.toml"
    old.write_text(
        'source = "hotline"\n[tables.cases]\nmerge = "upsert"\n[tables.cases.columns]\ncase_id = "工单号"\n'
        'category = { from = "类别", values = { "邻里" = "01", "飞线" = "02" } }\nreported_at = "受理时间"\n'
        'region_code = { from = "地段", extract = "(..)社区" }\norigin = { value = "appeal" }\n',
        "utf-8",
    )
    rows: Rows = [["工单编号（新）", "类别", "受理时间", "地段"]]
    rows += [[f"A{n}", ["邻里", "飞线", "占道"][n % 3], f"2026-01-{n:02}", "东街社区"] for n in range(1, 10)]
    files = [save(tmp_path / "新.csv", rows)]

    made = draft(files, earlier=old)

    assert open_keys(made) == {"column.case_id", "code.category.占道"}
    assert question(made, "column.case_id").options[0].value == "工单编号（新）"
    assert "工单号" in question(made, "column.case_id").text
    made = draft(files, earlier=old, answers={"column.case_id": "工单编号（新）", "code.category.占道": "07"})
    assert made.is_complete
    bring(tmp_path, made, files)
    assert cases().category.value_counts().to_dict() == {"01": 3, "02": 3, "07": 3}
    assert set(cases().region_code) == {"东街"} and set(cases().origin) == {"appeal"}


def test_times_that_are_counted_are_named_and_converted(tmp_path: Path) -> None:
    rows: Rows = [["工单编号", "类别", "创建时间", "办结时间"]]
    rows += [[f"A{n}", "其他", 1_767_225_600 + n, 46054 + n] for n in range(1, 11)]  # 2026-01-01 08:00 here; 2026-02-01
    files = [save(tmp_path / "计数.csv", [*rows, ["合计", "10 件", "", ""]])]

    made = draft(files, answers=ALWAYS | APPEAL)

    assert made.is_complete and any("10 格是Excel 日期序号（如 460" in note for note in made.notes)
    bring(tmp_path, made, files)
    assert len(cases()) == 10
    assert (
        str(cases().reported_at.min()) == "2026-01-01 08:00:01"
        and str(cases().closed_at.min()) == "2026-02-02 00:00:00"
    )


def test_serial_numbers_among_dates_are_asked(tmp_path: Path) -> None:
    rows: Rows = [
        HEAD,
        *([f"A{n}", "其他", f"2026/1/{n}" if n > 3 else 46022 + n, "", "处理中", ""] for n in range(1, 11)),
    ]
    files = [save(tmp_path / "序列.csv", rows)]

    assert "mixed.reported_at" in open_keys(draft(files, answers=ALWAYS | APPEAL))
    for answer, count in (("all", 10), ("main", 7)):
        bring(
            tmp_path, draft(files, answers=ALWAYS | APPEAL | {"mixed.reported_at": answer, "merge": "replace"}), files
        )
        assert set(cases().reported_at.dt.strftime("%Y-%m")) == {"2026-01"} and len(cases()) == count


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026/1/5 下午 3:04:05", 15),
        ("2026/1/5 3:04 PM", 15),
        ("2026-1-5T15:04", 15),
        ("5-Jan-2026 15:04", 15),
        ("Jan 5, 2026 3:04 PM", 15),
        ("Jan 5 2026 3:04 PM", 15),
        ("2026 Jan 05 03:04:05 PM", 15),
        ("2026-January-05 15:04", 15),
        ("2026.01.05 15:04", 15),
        ("26-13-01", None),
        ("2026-01-05 15:04:05.123", 15),
        ("20260105 15:04", 15),
    ],
)
def test_ways_of_writing_a_time(tmp_path: Path, written: str, hour: int | None) -> None:
    files = [
        save(tmp_path / "写法.csv", [["工单编号", "类别", "创建时间"], *([f"A{n}", "其他", written] for n in range(3))])
    ]

    made = draft(files, answers=ALWAYS | APPEAL)

    if hour is None:  # nothing that can be read, so nothing is proposed
        assert not made.is_complete
    else:
        assert made.is_complete, open_keys(made)
        bring(tmp_path, made, files)
        assert set(cases().reported_at.dt.strftime("%Y-%m-%d %H")) == {f"2026-01-05 {hour}"}


def test_a_closing_time_under_an_unknown_heading_is_asked_for(tmp_path: Path) -> None:
    # Left out without a word, every case would stand open.
    rows: Rows = [["工单编号", "类别", "创建时间", "solved_time"]]
    rows += [[f"A{n}", "其他", f"2026-01-{n:02} 09:00", f"2026-01-{n + 2:02} 09:00"] for n in range(1, 9)]
    files = [save(tmp_path / "工单.csv", rows)]

    made = draft(files, answers=ALWAYS | APPEAL)
    asked = question(made, "column.closed_at")
    assert [one.value for one in asked.options] == ["solved_time", ""]
    none = draft(files, answers=ALWAYS | APPEAL | {"column.closed_at": ""})
    assert none.is_complete and "closed_at" not in tomllib.loads(none.toml())["tables"]["cases"]["columns"]
    settled = draft(files, answers=ALWAYS | APPEAL | {"column.closed_at": "solved_time"})
    assert settled.is_complete
    bring(tmp_path, settled, files)
    assert cases().closed_at.notna().sum() == 8


def test_times_that_cannot_be_read_are_not_left_out_without_a_word(tmp_path: Path) -> None:
    rows: Rows = [["工单编号", "类别", "创建时间", "办结时间"]]
    rows += [[f"A{n}", "其他", f"2026-01-{n:02} 09:00", f"第{n}周周五"] for n in range(1, 9)]

    made = draft([save(tmp_path / "工单.csv", rows)], answers=ALWAYS | APPEAL)

    assert any("第 4 列“办结时间”像是最终办结时间，写法却认不出（如 第" in one for one in made.notes), made.notes


def test_a_number_under_an_unknown_heading_is_offered_and_no_time_that_changes_makes_a_case(tmp_path: Path) -> None:
    rows: Rows = [["Report ID", "标题", "类别", "创建时间", "办结时间"]]
    rows += [
        [f"{7000 + n}", f"第 {n} 件", "其他", f"2026-01-{n:02} 09:00", f"2026-02-{n:02} 09:0{n}"] for n in range(1, 9)
    ]
    files = [save(tmp_path / "工单.csv", rows)]

    asked = question(draft(files, answers=ALWAYS | APPEAL), "column.case_id")
    assert [one.value for one in asked.options] == ["Report ID", ""]
    made = draft(files, answers=ALWAYS | APPEAL | {"column.case_id": ""})
    offered = [one.value for one in question(made, "identity").options]
    assert offered and not any("closed_at" in one for one in offered)


def test_times_that_no_order_can_read_do_not_make_the_order_doubtful(tmp_path: Path) -> None:
    rows: Rows = [["工单编号", "类别", "创建时间", "办结时间"]]
    rows += [[f"A{n}", "其他", f"01/{n}/2026", f"02/{n}/2026"] for n in range(1, 29)]
    rows[3] = ["A3", "其他", "01/3/2026", "01/01/1900"]

    made = draft([save(tmp_path / "工单.csv", rows)], answers=ALWAYS | APPEAL)

    assert made.is_complete, open_keys(made)
    assert any("办结时间”有 1 格不是能认出的时间" in one for one in made.notes), made.notes


def test_a_heading_of_two_meanings_goes_by_its_words(tmp_path: Path) -> None:
    head = ["工单编号", "诉求类型", "事项分类", "创建时间"]
    natures = [
        head,
        *(
            [f"A{n}", ["投诉", "求助", "咨询"][n % 3], ["环境卫生", "物业管理"][n % 2], f"2026-01-{n:02}"]
            for n in range(1, 10)
        ),
    ]
    subjects = [head, *([f"A{n}", ["环境卫生", "物业管理"][n % 2], "", f"2026-01-{n:02}"] for n in range(1, 10))]

    made = draft([save(tmp_path / "性质.csv", natures)])
    assert next(one for one in made.proposals if one.column == "kind").heading == "诉求类型"
    assert "column.category" in open_keys(made)
    made = draft([save(tmp_path / "类别.csv", subjects)])
    assert next(one for one in made.proposals if one.column == "category").heading == "诉求类型"


# --- Other tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rows", "answers", "count"),
    [
        (
            "grids",
            [
                ["网格编码", "网格名称", "网格级别", "所属社区", "户数"],
                ["G1", "一网格", "1", "R1", "300"],
                ["G2", "二网格", "2", "R1", "80"],
            ],
            {},
            2,
        ),
        (
            "regions",
            [
                ["区划代码", "名称", "级别", "上级代码"],
                ["141122000000", "交城县", "县", ""],
                ["141122100000", "天宁镇", "乡镇街道", "141122000000"],
            ],
            {},
            2,
        ),
        (
            "staff",
            [
                ["人员编号", "姓名", "所属网格", "岗位", "折算人力"],
                ["S1", "张三丰", "G1", "专职网格员", "1"],
                ["S2", "李四光", "G1", "楼长", "0.1"],
            ],
            {},
            2,
        ),
        (
            "visits",
            [
                ["走访编号", "走访时间", "走访类型", "网格编码"],
                ["V1", "2026/3/1 9:00", "入户", "G1"],
                ["V2", "2026/3/2 9:00", "日常巡查", "G1"],
            ],
            {},
            2,
        ),
        (
            "case_steps",
            [
                ["工单编号", "轮次", "序号", "环节", "操作时间"],
                ["A1", 1, 1, "派单", "2026-03-01 09:00"],
                ["A1", 1, 2, "办结", "2026-03-02 09:00"],
            ],
            {},
            2,
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_registers_are_drafted_by_the_same_means(
    tmp_path: Path, name: str, rows: list[list[object]], answers: dict[str, str], count: int
) -> None:
    files = [save(tmp_path / f"{name}.csv", rows)]

    made = draft(files, table=name, answers=ALWAYS | answers)

    assert made.is_complete, open_keys(made)
    bring(tmp_path, made, files, datetime(2026, 7, 1))
    assert len(table(name)) == count
    assert "张三丰" not in as_text(made)


def test_steps_that_stand_side_by_side_become_rows(tmp_path: Path) -> None:
    rows: Rows = [["工单编号", "诉求类别", "创建时间", "派单时间", "签收时间", "复核时间", "办结时间"]]
    for n in range(1, 9):
        day = f"2026/1/{n} "
        rows.append(
            [
                f"A{n}",
                "其他",
                day + "8:00",
                day + "9:00",
                day + "9:30" if n > 2 else "",
                day + "11:00",
                day + "12:00" if n > 4 else "",
            ]
        )
    files = [save(tmp_path / "宽.csv", rows)]
    answers = ALWAYS | {"merge": "replace"}
    bring(tmp_path, draft(files, answers=answers | APPEAL), files)

    first = draft(files, table="case_steps", answers=answers)
    assert open_keys(first) == {"unpivot", "code.step.复核时间"}
    made = draft(files, table="case_steps", answers=answers | {"unpivot": "yes", "code.step.复核时间": ""})
    assert made.is_complete, made.missing
    bring(tmp_path, made, files)
    assert table("case_steps").step.value_counts().to_dict() == {"find": 8, "dispatch": 8, "sign": 6, "close": 4}


# --- Personal data, hostile files -----------------------------------------------------------------------------------


def test_what_tells_who_somebody_is_never_enters_a_draft(tmp_path: Path) -> None:
    names, rows = (
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗",
        [["编号", "类别", "登记时间", "甲", "乙", "丙", "联系方式", "标题"]],
    )
    for n, surname in enumerate(names):
        number = "1101011990030770" + str(n % 10)
        digits = sum(
            int(d) * w for d, w in zip(number, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
        )
        rows.append(
            [
                f"A{n}",
                "其他",
                "2026-01-05",
                f"{surname}小{'明红刚丽'[n % 4]}",
                f"1380013{n:04}",
                number + "10X98765432"[digits % 11],
                f"微信wx{n}",
                f"请回电1390013{n:04}",
            ]
        )
    made = draft([save(tmp_path / "人.csv", rows)], answers=ALWAYS | APPEAL | {"column.case_id": "编号"})

    shown = as_text(made)
    assert not any(f"{surname}小" in shown for surname in names)
    assert "1380013" not in shown and "11010119" not in shown and "wx1" not in shown and "1390013" not in shown
    assert {one.heading: one.personal for one in made.look.columns if one.personal} == {
        "甲": "姓名",
        "乙": "电话",
        "丙": "证件号",
        "联系方式": "电话",
    }
    assert any("含个人信息，不导入" in note for note in made.notes)
    with pytest.raises(ImportProblem, match="含个人信息"):
        draft([tmp_path / "人.csv"], answers={"column.title": "甲"})


def test_headings_that_try_to_break_out_of_the_mapping(tmp_path: Path) -> None:
    hostile = [
        '工单编号"]\n[tables.evil]',
        "类别'''",
        '=HYPERLINK("http://x")',
        "<script>alert(1)</script>",
        "# 登记时间\x07\x1b[31m",
        "**办结**\\u0000",
    ]
    rows: Rows = [
        hostile,
        *([f"A{n}", '"]\n[file]\nx="', f"2026-01-{n:02}", "x", f"2026-01-{n:02}", "y"] for n in range(1, 10)),
    ]
    answers = (
        ALWAYS
        | APPEAL
        | {"column.case_id": "#1", "column.category": "#2", "column.reported_at": "#3", "otherwise.category": "99"}
    )
    files = [save(tmp_path / "恶意.csv", rows)]

    made = draft(files, answers=answers)

    found = tomllib.loads(made.toml())
    assert set(found) == {"title", "source", "file", "tables"} and set(found["tables"]) == {"cases"}
    assert not any(ord(sign) < 32 and sign != "\n" for sign in made.toml())
    if made.is_complete:
        bring(tmp_path, made, files)
        assert len(cases()) == 9


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("宽.csv", (",".join(f"列{n}" for n in range(10_000)) + "\n" + "," * 9_999 + "\n").encode()),
        ("空.csv", b""),
        ("网页.csv", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("假.xlsx", b"PK\x03\x04" + b"\0" * 100),
        ("只有表头.csv", "工单编号,类别,登记时间\n".encode()),
        ("乱.csv", bytes(range(128, 256)) * 40),
    ],
)
def test_a_file_that_cannot_be_drafted_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ImportProblem) as caught:
        draft([path])

    assert name in str(caught.value) and str(caught.value).endswith("。") and "\n" not in str(caught.value)


def test_a_workbook_of_empty_sheets_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="的工作表都是空的"):
        draft([workbook(tmp_path / "空表.xlsx", {"一": [], "二": []})])


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"merg": "upsert"}, "不认识的回答“merg”，是不是“merge”"),
        ({"merge": "sometimes"}, "merge 的回答“sometimes”不在可选之列"),
        ({"column.category": "没有的列"}, "不是这份导出的表头"),
        ({"column.categry": "诉求类别"}, "没有这一列，是不是“category”"),
        ({"code.category.其他": "77"}, "不是类别的标准代码"),
        ({"identity": "reported_at+x"}, ""),
        ({"file.header_row": "x"}, "不是行号"),
        ({"file.sheet": "x"}, ""),
        ({"file.encoding": "rot13"}, "不是可用的编码"),
    ],
)
def test_an_answer_that_fits_no_question_is_refused(tmp_path: Path, answers: dict[str, str], said: str) -> None:
    path = save(tmp_path / "a.csv", [HEAD, *([f"A{n}", "其他", "2026-01-05", "", "处理中", ""] for n in range(3))])

    if said:
        with pytest.raises(ImportProblem, match=said):
            draft([path], answers=answers)
    else:
        assert not draft([path], answers=answers).is_complete


def test_the_same_files_and_answers_give_the_same_draft(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", [HEAD, *([f"A{n}", "其他", "2026-01-05", "", "处理中", ""] for n in range(3))])

    assert draft([path], answers=ALWAYS) == draft([path], answers=dict(reversed(ALWAYS.items())))


# --- The command ----------------------------------------------------------------------------------------------------


def test_the_command_writes_a_draft_and_says_by_its_exit_code_whether_it_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path / "a.csv", [HEAD, *([f"A{n}", "其他", "2026-01-05", "", "处理中", ""] for n in range(3))])
    target = tmp_path / "new.toml"

    assert main(["draft", str(path), "--to", str(target)]) == 1
    said = capsys.readouterr()
    assert "键 merge" in said.err and "case_id（案件编号）← “工单编号”" in said.out and target.exists()
    assert main(["draft", str(path), "--to", str(target)]) == 1
    assert "已经存在" in capsys.readouterr().err
    given = ["--answer", "merge=upsert", "--answer", "source=hotline", "--answer", "column.origin==appeal"]
    assert main(["draft", str(path), "--to", str(tmp_path / "done.toml"), *given]) == 0
    assert main(["import", str(tmp_path / "done.toml"), str(path)]) == 0
    assert len(cases()) == 3
    assert main(["draft", str(path), "--answer", "merge"]) == 1


# --- Real exports ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not REAL.exists(), reason="the real exports are absent")
@pytest.mark.parametrize(
    ("file", "mapping", "answers", "same"),
    [
        (
            "sf311_10000.csv",
            "sf311.toml",
            {
                "file.local_zone": "UTC",
                "column.channel": "source",
                "column.region_code": "neighborhood",
                "column.place_id": "location",
                "column.title": "complaint_type",
            },
            {
                "case_id",
                "title",
                "subcategory",
                "channel",
                "region_code",
                "place_id",
                "lon",
                "lat",
                "unit_id",
                "reported_at",
                "closed_at",
                "status",
                "category",
            },
        ),
        (
            "cn_messages_4326.xlsx",
            "cn_messages.toml",
            {"file.sheet": "Sheet1", "mixed.reported_at": "all", "column.rating": "", "column.category": "=99"},
            {"case_id", "title", "reported_at"},
        ),
    ],
)
def test_drafts_of_real_exports_are_those_that_ship(
    tmp_path: Path, file: str, mapping: str, answers: dict[str, str], same: set[str]
) -> None:
    made = draft(
        [REAL / file], answers=ALWAYS | APPEAL | answers | {"otherwise.category": "99", "otherwise.channel": "99"}
    )

    assert made.is_complete, open_keys(made)
    path = tmp_path / "drafted.toml"
    path.write_text(made.toml(), "utf-8")
    drafted, shipped = (
        read_mapping(path).tables["cases"],
        read_mapping(ROOT / "governance/mappings" / mapping).tables["cases"],
    )
    for name in same:
        assert drafted.columns[name].heading == shipped.columns[name].heading, name
        assert drafted.columns[name].formats == shipped.columns[name].formats, name
    if "status" in same:
        assert drafted.columns["status"].values == shipped.columns["status"].values
        assert drafted.closed == shipped.closed
    assert drafted.options.local_zone == shipped.options.local_zone


def test_the_room_starts_without_the_dashboard() -> None:
    code = (
        "import governance.drafting, sys; from governance.drafting import draft; assert 'streamlit' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
