"""Every kind of file: workbooks old and new, JSON and XML wherever the records lie, parquet of any type."""

import datetime
import io
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt

from governance import snapshots
from governance.importing import ImportProblem, ImportReport, import_files
from tests import exports

MAPPING = """
source = "s"
[file]
{file}
[tables.cases.columns]
case_id = "编号"
category = {{ value = "99" }}
title = "标题"
reported_at = {{ from = "时间"{formats} }}
"""
ROWS: list[list[object]] = [
    ["编号", "标题", "时间"],
    ["A1", "灯不亮", "2026-05-01T08:05:00"],
    ["A2", "垃圾", "2026-05-02T09:00:00"],
]


def bring(folder: Path, name: str, content: bytes, file: str = "", formats: str = "") -> ImportReport:
    text = MAPPING.format(file=file, formats=f", formats = [{formats}]" if formats else "")
    (folder / "m.toml").write_text(text, "utf-8")
    (folder / name).write_bytes(content)
    return import_files(folder / "m.toml", [folder / name])


def told() -> dict[str, str]:
    cases = pd.read_parquet(snapshots.latest().files("cases")[0]).set_index("case_id").sort_index()
    return {key: f"{one.title} {one.reported_at:%m-%d %H:%M}" for key, one in cases.iterrows()}


EXPECTED = {"A1": "灯不亮 05-01 08:05", "A2": "垃圾 05-02 09:00"}


def xls(rows: list[list[object]]) -> bytes:
    book, content = xlwt.Workbook(encoding="utf-8"), io.BytesIO()
    sheet, style = book.add_sheet("工单"), xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, datetime.datetime):
                sheet.write(number, place, cell, style)
            else:
                sheet.write(number, place, cell)
    book.add_sheet("说明")
    book.save(content)
    return content.getvalue()


DATED: list[list[object]] = [
    ROWS[0],
    *([one, title, datetime.datetime.fromisoformat(str(at))] for one, title, at in ROWS[1:]),
]


@pytest.mark.parametrize("name", ["e.xls", "e.xlsx", "e.et"])
def test_an_old_workbook_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    report = bring(tmp_path, name, xls(DATED))
    assert told() == EXPECTED
    assert (report.files[0].sheet, report.files[0].other_sheets) == ("工单", ("说明",))


@pytest.mark.parametrize("name", ["e.ods", "e.xls"])
def test_an_open_document(tmp_path: Path, name: str) -> None:
    bring(tmp_path, name, exports.ods(ROWS))
    assert told() == EXPECTED


def test_a_binary_workbook_with_serial_days(tmp_path: Path) -> None:
    rows: list[list[object]] = [ROWS[0], ["A1", "灯不亮", 46143 + 8 / 24 + 5 / 1440], ["A2", "垃圾", 46144.375]]
    bring(tmp_path, "e.xlsb", exports.xlsb(rows), formats='"excel"')
    assert told() == EXPECTED


def test_a_sheet_of_an_old_workbook_is_chosen_by_name(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="没有工作表“工但”，是不是“工单”"):
        bring(tmp_path, "e.xls", xls(DATED), 'sheet = "工但"')


PAGE = (
    "<html><head><meta charset='{}'></head><body><table><tr><td colspan=3>工单清单</td></tr>"
    "<tr><th>编号<th>标题</th><th>时间</th></tr>{}</table></body></html>"
)


@pytest.mark.parametrize("codec", ["gbk", "utf-8"])
def test_a_page_named_xls(tmp_path: Path, codec: str) -> None:
    rows = "".join("<tr>" + "".join(f"<td>&nbsp;{cell}</td>" for cell in row) + "</tr>" for row in ROWS[1:])
    report = bring(tmp_path, "e.xls", PAGE.format(codec, rows).encode(codec), "header_row = 2")
    assert told() == EXPECTED
    assert "其实是网页" in report.text()


def test_the_xml_of_excel_2003_named_xls(tmp_path: Path) -> None:
    def cell(value: object) -> str:
        text = str(value)
        kind = "DateTime" if "T" in text else "String"
        return f'<Cell><Data ss:Type="{kind}">{text + ".000" if kind == "DateTime" else text}</Data></Cell>'

    rows = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in ROWS).replace("<Row>", '<Row ss:Index="3">', 1)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    content = (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="工单"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    bring(tmp_path, "e.xls", content.encode(), "header_row = 3")
    assert told() == EXPECTED
    assert pd.read_parquet(snapshots.latest().files("cases")[0])["source_row"].tolist() == [4, 5]


@pytest.mark.parametrize("codec", ["gb18030", "utf-16"])
def test_a_text_named_xls(tmp_path: Path, codec: str) -> None:
    bring(tmp_path, "e.xls", "\r\n".join("\t".join(map(str, row)) for row in ROWS).encode(codec))
    assert told() == EXPECTED


def test_a_page_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="没有表格：多半是登录过期"):
        bring(tmp_path, "e.xls", b"<html><body>login</body></html>")


NAMED = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]


@pytest.mark.parametrize(
    ("content", "file"),
    [
        (NAMED, ""),
        ({"code": 0, "data": {"total": 2, "rows": NAMED}}, ""),
        ({"code": 0, "other": [{"x": 1}], "data": {"rows": NAMED}}, 'records = "data.rows"'),
        ([{"page": 1, "rows": NAMED[:1]}, {"page": 2, "rows": NAMED[1:]}], 'records = "rows"'),
        ([{"info": NAMED[0]}, {"detail": NAMED[1]}], 'records = ["info", "detail"]'),
    ],
    ids=["top", "found", "named", "pages", "several names"],
)
def test_records_of_json_wherever_they_are(tmp_path: Path, content: object, file: str) -> None:
    bring(tmp_path, "e.json", json.dumps(content, ensure_ascii=False).encode(), file)
    assert told() == EXPECTED


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_json_in_every_encoding(tmp_path: Path, codec: str) -> None:
    bring(tmp_path, "e.json", json.dumps(NAMED, ensure_ascii=False).encode(codec))
    assert told() == EXPECTED


def test_lines_of_json_and_what_no_record_has(tmp_path: Path) -> None:
    lines = [{"编号": "A1", "时间": "2026-05-01T08:05:00"}, {"编号": "A2", "时间": "2026-05-02T09:00:00"}]
    report = bring(tmp_path, "e.jsonl", "\n".join(json.dumps(one) for one in lines).encode())
    assert report.tables["cases"].accepted == 2
    assert "从未出现的字段：标题" in report.text()


@pytest.mark.parametrize(
    ("content", "file", "sentence"),
    [
        ({"a": NAMED, "b": NAMED}, "", "有几个列表（a、b），不知道哪一个是记录：请在映射文件 .file. 写 records"),
        ({"a": NAMED}, 'records = "b"', "b 处没有记录"),
        ([{"x": 1}], "", "没有字段 编号、标题、时间（有：x）"),
        ([NAMED[0], 5], "", "第 2 条记录不是对象"),
        (NAMED, 'explode = "环节"', "没有字段|没有数据行"),
    ],
)
def test_records_that_cannot_be_found_are_asked_for(tmp_path: Path, content: object, file: str, sentence: str) -> None:
    with pytest.raises(ImportProblem, match=sentence):
        bring(tmp_path, "e.json", json.dumps(content).encode(), file)


def test_fields_of_fields_and_elements_of_lists(tmp_path: Path) -> None:
    record = {"a.b": {"编号": "A1"}, "标题": "灯不亮", "steps": [{"at": "x"}, {"at": "2026-05-01T08:05:00"}]}
    mapping = MAPPING.format(file="", formats="").replace('"编号"', '"a.b.编号"').replace('"时间"', '"steps.-1.at"')
    (tmp_path / "m.toml").write_text(mapping, "utf-8")
    (tmp_path / "e.json").write_text(json.dumps([record]), "utf-8")
    import_files(tmp_path / "m.toml", [tmp_path / "e.json"])
    assert told() == {"A1": EXPECTED["A1"]}


def xml(encoding: str, space: str = "") -> bytes:
    rows = "".join(
        f"<{space}row>"
        + "".join(f"<{space}{key}>{value}</{space}{key}>" for key, value in one.items())
        + f"</{space}row>"
        for one in NAMED
    )
    declared = f' xmlns:{space[:-1]}="urn:x"' if space else ""
    return f'<?xml version="1.0" encoding="{encoding}"?>\n<{space}rows{declared}>{rows}</{space}rows>'.encode(encoding)


@pytest.mark.parametrize(("encoding", "space"), [("utf-8", "ns:"), ("gb2312", ""), ("gb18030", "ns:"), ("utf-16", "")])
def test_xml_in_every_encoding_with_and_without_name_spaces(tmp_path: Path, encoding: str, space: str) -> None:
    bring(tmp_path, "e.xml", xml(encoding, space))
    assert told() == EXPECTED


def test_records_deep_in_xml(tmp_path: Path) -> None:
    inner = xml("utf-8").split(b"\n", 1)[1]
    bring(
        tmp_path,
        "e.xml",
        b"<answer><code>0</code><data>" + inner + b"</data></answer>",
        'records = "answer.data.rows.row"',
    )
    assert told() == EXPECTED


def parquet(**columns: object) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table({"编号": ["A1", "A2"], "标题": ["灯不亮", "垃圾"]} | columns), content)
    return content.getvalue()


MOMENTS = [datetime.datetime(2026, 5, 1, 8, 5), datetime.datetime(2026, 5, 2, 9)]
IN_UTC = [one - datetime.timedelta(hours=8) for one in MOMENTS]


@pytest.mark.parametrize(
    "times",
    [
        pa.array(MOMENTS, pa.timestamp("us")),
        pa.array(MOMENTS, pa.timestamp("s")),
        pa.array(IN_UTC, pa.timestamp("ms", "UTC")),
        pa.array(IN_UTC, pa.timestamp("us", "Asia/Shanghai")),
        pa.array([str(one) for one in MOMENTS]).dictionary_encode(),
        pa.array([str(one) for one in MOMENTS], pa.large_string()),
    ],
    ids=["us", "s", "utc", "shanghai", "dictionary", "large"],
)
def test_parquet_of_any_type(tmp_path: Path, times: pa.Array) -> None:
    bring(tmp_path, "e.parquet", parquet(时间=times))
    assert told() == EXPECTED


def test_parquet_numbers_are_the_texts_a_table_would_hold(tmp_path: Path) -> None:
    numbers = {
        "编号": pa.array([188006.0, 7.0]), "标题": pa.array([Decimal("1.50"), None], pa.decimal128(5, 2)),
        "时间": pa.array([datetime.date(2026, 5, 1)] * 2),
    }  # fmt: skip
    bring(tmp_path, "e.parquet", parquet(**numbers))
    cases = pd.read_parquet(snapshots.latest().files("cases")[0]).set_index("case_id")
    assert cases["title"].dropna().to_dict() == {"188006": "1.5"}


def test_a_list_in_a_wanted_column_of_parquet_is_refused_and_in_another_is_not(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="的列“标题”（第 2 列）里还有表或列表"):
        bring(tmp_path, "e.parquet", parquet(标题=[["x"], []], 时间=MOMENTS))
    bring(tmp_path, "e.parquet", parquet(时间=MOMENTS, 图片=[["x"], []]))
    assert told() == EXPECTED
