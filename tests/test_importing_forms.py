"""What offices bring besides: merged cells, days and hours apart, neighbours' encodings, lost numbers.

Every test works out by hand what must come of the rows that it writes.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from governance import snapshots
from governance.drafting import draft
from governance.importing import ImportProblem, ImportReport, encoding, import_files
from tests.test_drafting import ALWAYS, APPEAL, Row, Rows, bring, open_keys, save, workbook

MAPPING = """
source = "s"
[file]
{file}
[tables.cases.columns]
case_id = "编号"
category = {{ value = "99" }}
{columns}
"""


def take(folder: Path, content: bytes, columns: str, name: str = "a.csv", file: str = "") -> ImportReport:
    (folder / "m.toml").write_text(MAPPING.format(file=file, columns=columns), "utf-8")
    (folder / name).write_bytes(content)
    return import_files(folder / "m.toml", [folder / name])


def told(*columns: str) -> list[list[Any]]:
    frame = pd.read_parquet(snapshots.latest().files("cases")[0]).sort_values("source_row")
    plain = frame[list(columns)].astype(object)
    return plain.where(frame[list(columns)].notna(), None).to_numpy().tolist()


# ---- merged cells


def merged(*ranges: str, rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for one in ranges:
        book.active.merge_cells(one)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


LEDGER: list[list[object]] = [
    ["一季度台账", None, None, None],
    ["编号", "社区", "受理时间", "标题"],
    ["A1", "东关", "2026-01-05", "一"],
    ["A2", None, "2026-01-06", "二"],
    ["A3", "西街", "2026-01-07", None],
    ["A4", None, "2026-01-08", "四"],
]
COLUMNS = 'region_code = "社区"\nreported_at = "受理时间"\ntitle = "标题"'


def test_what_is_merged_downwards_holds_for_every_row_beside_it(tmp_path: Path) -> None:
    content = merged("A1:D1", "B3:B4", "B5:B9", rows=LEDGER)
    report = take(tmp_path, content, COLUMNS, "a.xlsx", "header_row = 2")
    assert told("case_id", "region_code", "title") == [
        ["A1", "东关", "一"], ["A2", "东关", "二"], ["A3", "西街", None], ["A4", "西街", "四"],
    ]  # fmt: skip
    assert "合并的单元格按所见补到每一行：2 格" in report.text()
    table = report.tables["cases"]
    assert (table.rows_read, table.rejected_count) == (4, 0)  # the empty rows 7 to 9 under 西街 are no cases


def test_an_empty_cell_that_is_not_merged_stays_empty(tmp_path: Path) -> None:
    report = take(tmp_path, merged("A1:D1", rows=LEDGER), COLUMNS, "a.xlsx", "header_row = 2")
    assert [one[0] for one in told("region_code")] == ["东关", None, "西街", None]
    assert "合并的单元格" not in report.text()


@pytest.mark.parametrize("end", ["</td></tr>", ""], ids=["closed", "not closed"])
def test_a_cell_of_a_page_that_spans_rows_does_not_shift_them(tmp_path: Path, end: str) -> None:
    def row(*cells: str) -> str:
        spans = [" rowspan=2" if one in ("东关", "备") else "" for one in cells]
        return f"<tr>{''.join(f'<td{span}>{one}{end[:5]}' for span, one in zip(spans, cells, strict=True))}{end[5:]}"

    page = "<table>" + row("编号", "社区", "受理时间", "标题") + row("A1", "东关", "2026-01-05", "备")
    page += row("A2", "2026-01-06") + row("A3", "西街", "2026-01-07", "三") + "</table>"
    take(tmp_path, f"<html><meta charset='utf-8'>{page}".encode(), COLUMNS, "a.xls")
    assert told("case_id", "region_code", "title") == [["A1", "东关", "备"], ["A2", "东关", "备"], ["A3", "西街", "三"]]


def test_a_page_whose_cells_reach_down_without_end_is_refused(tmp_path: Path) -> None:
    far = f"<tr>{'<td>x' * 4_999}<td rowspan=65000>y</tr>" + "<tr><td>z</td></tr>" * 2_100
    with pytest.raises(ImportProblem, match="超过一千万个单元格"):
        take(tmp_path, f"<html><table>{far}</table>".encode(), COLUMNS, "a.xls")


# ---- one time in two columns


def test_a_day_and_its_hours_in_two_columns_are_one_time(tmp_path: Path) -> None:
    text = "编号,日期,时刻\nA1,05/02/2023,02:24:32\nA2,31/12/2023,\nA3,,10:00:00\nA4,05/02/2023,25:00:00\n"
    columns = 'reported_at = { from = ["日期", "时刻"], formats = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"] }'
    report = take(tmp_path, text.encode(), columns)
    assert told("case_id", "reported_at") == [
        ["A1", datetime(2023, 2, 5, 2, 24, 32)], ["A2", datetime(2023, 12, 31)],
    ]  # fmt: skip
    assert [(one.row_number, one.value) for one in report.rejects] == [(4, "10:00:00"), (5, "05/02/2023 25:00:00")]


def test_cells_of_a_workbook_that_are_a_day_and_hours(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["编号", "日期", "时刻"],
        ["A1", datetime(2026, 1, 5), datetime(2026, 1, 5, 9, 30).time()],
        ["A2", datetime(2026, 1, 6), None],
        ["A3", "2026-01-07", "08:05"],
    ]
    take(tmp_path, merged(rows=rows), 'reported_at = { from = ["日期", "时刻"] }', "a.xlsx")
    assert [one[0] for one in told("reported_at")] == [
        datetime(2026, 1, 5, 9, 30), datetime(2026, 1, 6), datetime(2026, 1, 7, 8, 5),
    ]  # fmt: skip


def test_whichever_of_two_columns_is_filled(tmp_path: Path) -> None:
    text = "编号,报,修复,关闭\nA1,2026-01-01,2026-01-02,\nA2,2026-01-01,,2026-01-03\nA3,2026-01-01,,\n"
    take(tmp_path, text.encode(), 'reported_at = "报"\nclosed_at = { from = ["修复", "关闭"] }')
    assert [one[0] for one in told("closed_at")] == [datetime(2026, 1, 2), datetime(2026, 1, 3), None]


@pytest.mark.parametrize("found", ["[]", '["日期", "日期"]', '["日期", 0]', '["日期", ["时刻"]]'])
def test_a_list_of_headings_is_read_strictly(tmp_path: Path, found: str) -> None:
    with pytest.raises(ImportProblem, match=r"映射文件 m\.toml .*from"):
        take(tmp_path, "编号,日期\nA1,2026-01-01\n".encode(), f"reported_at = {{ from = {found} }}")


def test_hours_beside_a_day_are_pointed_out_and_the_line_is_kept(tmp_path: Path) -> None:
    rows = [["工单编号", "类别", "受理日期", "受理时刻"]]
    rows += [[f"B{n:03}", "环境卫生", f"2026/1/{n + 1}", f"{8 + n % 9}:{n:02}"] for n in range(30)]
    file = save(tmp_path / "a.csv", rows)
    answers = ALWAYS | APPEAL | {"column.reported_at": "受理日期"}
    made = draft([file], answers=answers)
    line = 'reported_at = { from = ["受理日期", "受理时刻"], formats = ["%Y/%m/%d %H:%M"] }'
    assert any(line in note for note in made.notes)
    text = made.toml().splitlines()
    written = "\n".join(line if one.startswith("reported_at") else one for one in text)
    (tmp_path / "m.toml").write_text(written, "utf-8")
    assert import_files(tmp_path / "m.toml", [file]).tables["cases"].accepted == 30
    assert told("reported_at")[10] == [datetime(2026, 1, 11, 9, 10)]
    assert line in draft([file], earlier=tmp_path / "m.toml", answers=APPEAL).toml()


# ---- times as they are written elsewhere


def test_a_draft_reads_seven_digits_of_a_second_and_serial_days(tmp_path: Path) -> None:
    rows = [["工单编号", "类别", "受理时间", "办结时间"]]
    rows += [[f"B{n:03}", "环境卫生", f"2026-01-05 08:00:{n:02}.4242936", f"46028.{n:02}5"] for n in range(40)]
    file = save(tmp_path / "a.csv", rows)
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made)
    assert bring(tmp_path, made, [file]).tables["cases"].accepted == 40
    assert told("reported_at", "closed_at")[5] == [  # 46028 is 2026-01-06; 0.055 of a day are 4,752 seconds
        datetime(2026, 1, 5, 8, 0, 5, 424293), datetime(2026, 1, 6, 1, 19, 12),
    ]  # fmt: skip


# ---- encodings of neighbours

KOREAN = "접수번호,민원분류,접수일시,처리상태\r\n" + "".join(
    f"K{n:03},{('불법주정차', '도로파손', '쓰레기 무단투기')[n % 3]},2026-01-05 08:{n:02},처리완료\r\n"
    for n in range(40)
)
JAPANESE = "受付番号,分類,受付日,対応状況\r\n" + "".join(
    f"J{n:03},{('道路のくぼみ', 'ごみ', 'カーブミラー')[n % 3]},2026-01-05,対応済み\r\n" for n in range(40)
)
CHINESE = "工单编号,类别,受理时间\r\n" + "".join(
    f"C{n:03},{('安全隐患', '车辆乱停', '道路破损')[n % 3]},2026-01-05\r\n" for n in range(40)
)


@pytest.mark.parametrize(
    ("text", "codec"),
    [(KOREAN, "cp949"), (JAPANESE, "cp932"), (CHINESE, "gb18030"), (KOREAN, "utf-8"), (JAPANESE, "utf-8")],
)
def test_korean_and_japanese_are_told_from_chinese(tmp_path: Path, text: str, codec: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(text.encode(codec))
    assert encoding.choose(str(file), "auto", []) == codec
    assert draft([file]).look.files[0].headings == tuple(text.splitlines()[0].split(","))


@pytest.mark.parametrize(("named", "codec"), [("euc-kr", "cp949"), ("Shift_JIS", "cp932")])
def test_their_encodings_can_be_named(tmp_path: Path, named: str, codec: str) -> None:
    text = {"cp949": "编号,时间,제목\nA1,2026-01-05,도로파손\n", "cp932": "編号,時間,題名\nA1,2026-01-05,ごみ\n"}[codec]
    text = text.replace("编号", "no").replace("編号", "no")
    columns = "reported_at = 2\ntitle = 3"
    (tmp_path / "m.toml").write_text(
        MAPPING.format(file=f'encoding = "{named}"', columns=columns).replace('"编号"', '"no"'), "utf-8"
    )
    (tmp_path / "a.csv").write_bytes(text.replace("时间", "t").encode(codec))
    import_files(tmp_path / "m.toml", [tmp_path / "a.csv"])
    assert told("title") == [["도로파손" if codec == "cp949" else "ごみ"]]


# ---- numbers that tell no case


def test_a_number_whose_end_a_spreadsheet_lost_is_sent_back(tmp_path: Path) -> None:
    numbers = ["2.02602E+17", "3E+15", "202602000000000123", "4E5", "1E+05B"]
    text = "编号,时间\n" + "".join(f"{one},2026-01-05\n" for one in numbers)
    report = take(tmp_path, text.encode(), 'reported_at = "时间"')
    assert [one[0] for one in told("case_id")] == ["202602000000000123", "4E5", "1E+05B"]
    assert [one.row_number for one in report.rejects] == [2, 3] and "科学计数法" in report.rejects[0].reason
    with pytest.raises(ImportProblem, match="科学计数法，尾数已丢失"):
        take(tmp_path, "编号,时间\n2.02602E+17,2026-01-05\n2.02602E+17,2026-01-06\n".encode(), 'reported_at = "时间"')


def test_a_column_that_counts_the_rows_of_its_file_is_not_taken_for_a_number_of_cases(tmp_path: Path) -> None:
    rows: list[list[object]] = [["序号", "纠纷编号", "类别", "受理时间", "标题"]]
    rows += [[n, f"JF{n * 7:04}", "环境卫生", f"2026-01-{n:02}", f"第{n}件"] for n in range(1, 29)]
    file = save(tmp_path / "a.csv", rows)
    made = draft([file], answers=ALWAYS | APPEAL)
    asked = next(one for one in made.questions if one.key == "column.case_id")
    assert [one.value for one in asked.options] == ["纠纷编号", "序号", ""] and "每份重新数起" in asked.why
    assert 'case_id = "纠纷编号"' in draft([file], answers=ALWAYS | APPEAL | {"column.case_id": "纠纷编号"}).toml()
    answers = ALWAYS | APPEAL | {"identity": "reported_at+title", "column.title": "标题"}
    made = draft([file], answers=answers)  # who says what makes a case need not say that no column does
    assert not open_keys(made) and 'identity = ["reported_at", "title"]' in made.toml()


def test_a_sheet_that_sums_up_the_months_before_them_is_not_read(tmp_path: Path) -> None:
    def month(m: int) -> Rows:
        head = ["工单编号", "反映时间", "问题类别", "诉求内容"]
        rows: Rows = [[f"M{m}{n:02}", f"2026年{m}月{n}日9时5分", "环境卫生", f"事{m}{n}"] for n in range(1, 8 + m)]
        return [[f"{m}月台账"], head, *rows]

    totals: Rows = [["月份", "件数", "办结数"], ["1月", 8, 8], ["2月", 9, 9], ["3月", 10, 10]]
    sheets: dict[str, Sequence[Row]] = {"汇总": totals, **{f"{m}月": month(m) for m in (1, 2, 3)}}
    file = workbook(tmp_path / "a.xlsx", sheets)
    made = draft([file], answers=ALWAYS | APPEAL | {"column.reported_at": "反映时间"})
    assert not open_keys(made) and 'sheet = "*月"' in made.toml()
    assert bring(tmp_path, made, [file]).tables["cases"].accepted == 8 + 9 + 10


# ---- what an import is said to have changed


def test_a_case_that_says_what_it_said_is_not_counted_as_changed(tmp_path: Path) -> None:
    columns = 'reported_at = "时间"\nclosed_at = "办结"\nstatus = "状态"'
    first = "编号,时间,办结,状态\nA1,2026-01-05,2026-01-06,已办结\nA2,2026-02-05,,办理中\nA3,2026-03-05,,缓办\n"
    take(tmp_path, first.encode(), columns)
    second = first.replace("A2,2026-02-05,,办理中", "A2,2026-02-05,2026-03-09,已办结")
    report = take(tmp_path, second.encode(), columns)
    table = report.tables["cases"]
    assert (table.new, table.replaced, table.unchanged, table.removed) == (0, 1, 2, 0)
    assert report.months == ("2026-02",)  # none but the month whose case was closed
