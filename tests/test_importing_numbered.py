"""Columns by their number: files without headings, empty and repeated ones; every column handed over at once."""

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from governance import snapshots
from governance.importing import ImportProblem, ImportReport, import_files
from governance.importing.options import FileOptions
from governance.importing.reader import Reader
from governance.importing.reading import ReadFile, read_file

COLUMNS = 'case_id = 1\ncategory = { value = "99" }\nreported_at = { from = 3 }\ntitle = 2'


def bring(folder: Path, name: str, content: bytes, file: str = "", columns: str = COLUMNS, **more: str) -> ImportReport:
    mapping = folder / "m.toml"
    mapping.write_text(
        f'source = "s"\n[file]\n{file}\n[tables.cases]\n{more.get("extra", "")}\n'
        f"[tables.cases.columns]\n{columns}\n{more.get('closed', '')}\n",
        "utf-8",
    )
    (folder / name).write_bytes(content)
    return import_files(mapping, [folder / name])


def cases() -> pd.DataFrame:
    return pd.read_parquet(snapshots.latest().files("cases")[0]).set_index("case_id").sort_index()


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


ROWS = (("A1", "灯不亮", "2026-05-01"), ("A2", "垃圾", "2026-05-02"))


@pytest.mark.parametrize("name", ["e.csv", "e.xlsx"])
def test_a_file_without_headings(tmp_path: Path, name: str) -> None:
    content = workbook(*ROWS) if name.endswith("x") else "\n".join(map(",".join, ROWS)).encode()
    report = bring(tmp_path, name, content, "header_row = 0")

    assert report.tables["cases"].accepted == 2
    assert cases()["title"].to_dict() == {"A1": "灯不亮", "A2": "垃圾"}
    assert cases()["source_row"].to_dict() == {"A1": 1, "A2": 2}


def test_a_file_without_headings_in_gb18030(tmp_path: Path) -> None:
    report = bring(tmp_path, "e.csv", "\n".join(map(",".join, ROWS)).encode("gb18030"), "header_row = 0")
    assert report.files[0].encoding == "gb18030"
    assert cases()["title"].to_dict() == {"A1": "灯不亮", "A2": "垃圾"}


@pytest.mark.parametrize("name", ["e.csv", "e.xlsx"])
def test_empty_and_repeated_headings_by_number(tmp_path: Path, name: str) -> None:
    rows = [("编号", "内容", "", "内容", ""), ("A1", "x", "2026-05-01", "y", ""), ("A2", "x", "2026-05-02", "y", "尾")]
    content = workbook(*rows) if name.endswith("x") else "\n".join(map(",".join, rows)).encode()
    columns = 'case_id = "编号"\ncategory = { value = "99" }\nreported_at = 3\ntitle = 4\nsubcategory = { from = 5 }'
    bring(tmp_path, name, content, columns=columns)

    assert cases()["title"].to_dict() == {"A1": "y", "A2": "y"}
    assert cases()["subcategory"].dropna().to_dict() == {"A2": "尾"}, "the last column has no heading, and rows in it"


def test_a_repeated_heading_by_its_name_is_refused_with_its_numbers(tmp_path: Path) -> None:
    columns = 'case_id = "编号"\ncategory = { value = "99" }\nreported_at = "时间"\n'
    with pytest.raises(ImportProblem, match="表头“时间”出现了 2 次（第 2、4 列）：请在映射文件中写列号"):
        bring(tmp_path, "e.csv", "编号,时间,内容,时间\n1,2026-05-01,x,2026-05-02\n".encode(), columns=columns)


def test_selections_and_the_status_by_number(tmp_path: Path) -> None:
    states = ["作废,有效", "办结,有效", "在办,有效", "在办,无效"]
    lines = [f"A{number},x,2026-05-01,{state}" for number, state in enumerate(states, 1)]
    report = bring(
        tmp_path,
        "e.csv",
        "\n".join(lines).encode(),
        "header_row = 0",
        columns=COLUMNS + "\nclosed_at = { from = 3, plus_hours = 1 }",
        extra='exclude = { "#4" = ["作废"] }\nrequire = { "#5" = "有效" }',
        closed='[tables.cases.closed]\nstatus = 4\nclosed = ["办结"]\nprefer = "status"',
    )
    table = report.tables["cases"]
    assert (table.rows_read, table.accepted, table.excluded, table.not_for_table) == (4, 2, 1, 1)
    assert cases()["closed_at"].notna().to_dict() == {"A2": True, "A3": False}


@pytest.mark.parametrize(
    ("columns", "file", "sentence"),
    [
        (COLUMNS.replace("title = 2", 'title = "标题"'), "header_row = 0", "不能用表头“标题”称呼列：请改写列号"),
        (COLUMNS.replace("title = 2", "title = 9"), "header_row = 0", "文件 e.csv 没有第 9 列（只有 3 列）"),
        (COLUMNS.replace("title = 2", "title = 0"), "", "“title”是列号时应从 1 数起"),
        (COLUMNS.replace("title = 2", "title = true"), "", "应是引号里的表头"),
    ],
)
def test_what_is_no_column_is_refused(tmp_path: Path, columns: str, file: str, sentence: str) -> None:
    with pytest.raises(ImportProblem, match=sentence):
        bring(tmp_path, "e.csv", "\n".join(map(",".join, ROWS)).encode(), file, columns)


def test_numbers_are_those_a_person_sees(tmp_path: Path) -> None:
    content = workbook((None, "A1", "灯不亮", "2026-05-01"), (None, "A2", "垃圾", "2026-05-02"))
    columns = 'case_id = 2\ncategory = { value = "99" }\nreported_at = 4\ntitle = 3'
    bring(tmp_path, "e.xlsx", content, "header_row = 0", columns)
    assert cases()["title"].to_dict() == {"A1": "灯不亮", "A2": "垃圾"}


@pytest.mark.parametrize(
    ("first", "reason"),
    [('A1,"灯"不亮,2026-05-01', "引号不配对"), ("A1,灯\0不亮,2026-05-01", "含有空字节（NUL）")],
)
def test_a_first_row_that_is_torn_is_sent_back_like_any_other(tmp_path: Path, first: str, reason: str) -> None:
    file = 'header_row = 0\nencoding = "utf-8"'
    report = bring(tmp_path, "e.csv", f"{first}\nA2,垃圾,2026-05-02\n".encode(), file)
    assert [(one.row_number, one.reason) for one in report.rejects] == [(1, reason)]
    assert cases()["source_row"].to_dict() == {"A2": 2}


def test_a_first_row_of_totals_or_of_several_lines_is_read_like_any_other(tmp_path: Path) -> None:
    content = '合计,2 件,\n"A1","灯\n不亮",2026-05-01\nA2,垃圾,2026-05-02\n'.encode()
    report = bring(tmp_path, "e.csv", content, 'header_row = 0\nfooter_words = ["合计"]')
    assert (report.tables["cases"].excluded, report.tables["cases"].rejected_count) == (1, 0)
    assert cases()["source_row"].to_dict() == {"A1": 2, "A2": 4}

    bring(tmp_path, "e.csv", content.split(b"\n", 1)[1] + b"A3,x,2026-05-03\n", "header_row = 0")
    assert cases()["source_row"].to_dict() == {"A1": 1, "A2": 3, "A3": 4}


def test_a_first_row_that_never_ends_is_said(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="第 1 行的引号到文件末尾都没有闭合"):
        bring(tmp_path, "e.csv", 'A1,"灯不亮,2026-05-01\nA2,垃圾,2026-05-02\n'.encode(), "header_row = 0")


def test_a_reason_names_the_number_of_the_column(tmp_path: Path) -> None:
    content = "A1,x,昨天\nA2,x,2026-05-02\nA3,x,2026-05-03\n".encode()
    report = bring(tmp_path, "e.csv", content, "header_row = 0")
    assert "e.csv 第 1 行 列 reported_at（第 3 列） 值“昨天”" in report.text()


def everything(folder: Path, name: str, content: bytes, **options: int) -> ReadFile:
    (folder / name).write_bytes(content)
    with Reader() as reader:
        return read_file(reader, folder / name, FileOptions(**options), None, folder, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["e.csv", "e.xlsx"])
def test_every_column_can_be_handed_over(tmp_path: Path, name: str) -> None:
    rows = [("编号", "", "内容", "内容", ""), ("A1", "a", "b", "c", "d")]
    content = workbook(*rows) if name.endswith("x") else "\n".join(map(",".join, rows)).encode()
    found = everything(tmp_path, name, content)

    assert found.headings == ("编号", "", "内容", "内容", "")
    table = pd.read_parquet(found.parquet)
    assert [table[found.columns[number]].item() for number in range(1, 6)] == ["A1", "a", "b", "c", "d"]

    found = everything(tmp_path, name, content, header_row=0)
    assert (found.headings, found.rows) == (("",) * 5, 2)
