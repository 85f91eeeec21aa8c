"""Files as they come: encodings, torn rows, workbooks, outlines, and hostile ones, each with one sentence."""

import datetime
import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from governance import snapshots
from governance.importing import ImportProblem, ImportReport, encoding, import_files

MAPPING = """
title = "热线工单"
source = "hotline"
[file]
{file}
[tables.cases.columns]
case_id = "工单编号"
title = "标题"
category = "类别"
reported_at = {{ from = "受理时间", formats = ["%Y/%m/%d %H:%M"] }}
"""
HEAD = "工单编号,标题,类别,受理时间"
ROWS = [
    HEAD,
    "A1,楼道灯不亮,市政设施,2026/5/1 8:05",
    "A2,垃圾未清运,环境卫生,2026/5/2 9:00",
    "A3,邻居争吵,矛盾纠纷,2026/5/3 10:00",
]
TEXT = "\r\n".join(ROWS) + "\r\n"


def write_mapping(folder: Path, file: str = "", text: str = MAPPING) -> Path:
    path = folder / "hotline.toml"
    path.write_text(text.format(file=file) if text is MAPPING else text, "utf-8")
    return path


def bring(folder: Path, name: str, content: bytes, file: str = "") -> ImportReport:
    export = folder / name
    export.write_bytes(content)
    return import_files(write_mapping(folder, file), [export])


def refused(folder: Path, name: str, content: bytes, file: str = "") -> str:
    """Import what must be refused; check what every refusal promises, and return its sentence."""
    with pytest.raises(ImportProblem) as caught:
        bring(folder, name, content, file)
    sentence = str(caught.value)
    assert "读取超过" not in sentence, "seen at once, not after all the time that a file may take"
    assert "\n" not in sentence and name in sentence and sentence.endswith("。") and "Traceback" not in sentence
    assert not snapshots.snapshot_ids()
    return sentence


def cases() -> pd.DataFrame:
    return pd.read_parquet(snapshots.latest().files("cases")[0]).set_index("case_id").sort_index()


@pytest.mark.parametrize(
    ("codec", "chosen"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8（带 BOM）"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encodings_are_recognised_and_named(tmp_path: Path, codec: str, chosen: str) -> None:
    report = bring(tmp_path, "工单.csv", TEXT.encode(codec))

    assert report.files[0].encoding == chosen
    assert f"编码 {chosen}" in report.text()
    assert cases()["title"].tolist() == ["楼道灯不亮", "垃圾未清运", "邻居争吵"]
    assert cases()["category"].tolist() == ["06", "04", "01"]


def test_big5_is_told_from_gb18030_by_the_headings(tmp_path: Path) -> None:
    text = "\n".join(["編號,標題,時間", "B1,路燈不亮,2026-05-01"])
    mapping = write_mapping(
        tmp_path,
        text='source = "tw"\n[tables.cases.columns]\ncase_id = "編號"\ntitle = "標題"\nreported_at = "時間"\n'
        'category = { value = "99" }\n',
    )
    (tmp_path / "b.csv").write_bytes(text.encode("big5"))

    report = import_files(mapping, [tmp_path / "b.csv"])

    assert report.files[0].encoding == "big5"
    assert cases().loc["B1", "title"] == "路燈不亮"


def test_western_text_is_not_read_as_rare_chinese_characters(tmp_path: Path) -> None:
    # All of these bytes can be decoded as GB18030, too: “TR罭SITO”.
    text = "contacto;categoria;fecha\nB1;TRÁNSITO;2026-05-01\nB2;RECOLECCIÓN en Núñez;2026-05-02\n"
    mapping = write_mapping(
        tmp_path,
        text='source = "ba"\n[file]\ndelimiter = ";"\n[tables.cases.columns]\ncase_id = "contacto"\n'
        'title = "categoria"\nreported_at = "fecha"\ncategory = { value = "99" }\n',
    )
    (tmp_path / "ba.csv").write_bytes(text.encode("latin-1"))

    report = import_files(mapping, [tmp_path / "ba.csv"])

    assert report.files[0].encoding == "cp1252"
    assert cases()["title"].tolist() == ["TRÁNSITO", "RECOLECCIÓN en Núñez"]


@pytest.mark.parametrize("cell", ["A区B", "C区", "3号楼"])
def test_a_single_chinese_character_is_not_taken_for_accents(tmp_path: Path, cell: str) -> None:
    (tmp_path / "x.csv").write_bytes(f"id,name\n1,{cell}\n".encode("gb18030"))

    assert encoding.choose(str(tmp_path / "x.csv"), "auto", []) == "gb18030"


def test_a_declared_encoding_that_is_wrong_is_refused_with_the_line(tmp_path: Path) -> None:
    sentence = refused(tmp_path, "工单.csv", TEXT.encode("gb18030"), 'encoding = "utf-8"')

    assert "第 1 行不能按 utf-8 解码（看起来是 gb18030）" in sentence


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    content = TEXT.encode() + b"A4,\xff\xff\xfe,\xe5\n"

    assert "第 5 行有无法解码的字节" in refused(tmp_path, "工单.csv", content)


@pytest.mark.parametrize("sign", ["\t", ";", "|"])
def test_the_delimiter_is_found_or_suggested(tmp_path: Path, sign: str) -> None:
    content = TEXT.replace(",", sign).encode()

    written = {"\t": "\\t"}.get(sign, sign)

    assert f'delimiter = "{written}"' in refused(tmp_path, "工单.csv", content)
    assert bring(tmp_path, "工单.csv", content, 'delimiter = "auto"').tables["cases"].accepted == 3


def test_torn_rows_are_rejected_by_their_line(tmp_path: Path) -> None:
    lines = [
        HEAD,  # 1
        'A1,"两行\n标题",市政设施,2026/5/1 8:05',  # 2 and 3
        "A2,少一列,环境卫生",  # 4
        "A3,多一列,环境卫生,2026/5/2 9:00,x",  # 5
        "A4,空字节\0,环境卫生,2026/5/2 9:00",  # 6
        'A5,"引号"坏,环境卫生,2026/5/2 9:00',  # 7
        "",  # 8: blank lines are no rows
        "A6,好,环境卫生,2026/5/2 9:00,,",  # 9
    ]
    report = bring(tmp_path, "工单.csv", "\n".join(lines).encode())

    table = report.tables["cases"]
    assert (table.rows_read, table.accepted, table.rejected_count) == (6, 2, 4)
    assert [(one.row_number, one.reason) for one in report.first_rejects] == [
        (4, "列数不符：表头 4 列，本行 3 列"),
        (5, "列数不符：表头 4 列，本行 5 列"),
        (6, "含有空字节（NUL）"),
        (7, "引号不配对"),
    ]
    assert cases()["source_row"].to_dict() == {"A1": 2, "A6": 9}
    assert cases().loc["A1", "title"] == "两行\n标题"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.csv", b"", "是空的（0 字节）"),
        ("白.csv", b" \r\n\r\n", "没有任何内容"),
        ("头.csv", f"{HEAD}\n".encode(), "只有表头，没有数据行"),
        ("网页.csv", b"\xef\xbb\xbf<!DOCTYPE html><html><table></table></html>", "其实是网页"),
        ("网页.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "其实是网页"),
        ("改名.xlsx", TEXT.encode(), "其实是文本"),
        ("改名.csv", b"PK\x03\x04" + bytes(100), "其实是 Excel 工作簿"),
        ("旧.xls", b"\xd0\xcf\x11\xe0" + bytes(100), "不是完整的 xls"),
        ("加密.xlsx", b"\xd0\xcf\x11\xe0" + bytes(100) + "EncryptedPackage".encode("utf-16-le"), "是加密的工作簿"),
        ("图.csv", b"\x89PNG\r\n" + bytes(100), "不是文本文件"),
        (
            "引号.csv",
            f'{HEAD}\nA1,"没有闭合,市政设施,2026/5/1 8:05\nA2,b,c,d\n'.encode(),
            "第 2 行的引号到文件末尾都没有闭合",
        ),
        ("长.csv", f'{HEAD}\nA1,"'.encode() + b"x" * 1_200_000 + b'"\n', "第 2 行有超长的单元格"),
        ("表头.csv", TEXT.replace("受理时间", "受理日期").encode(), "缺少表头 “受理时间”，是不是“受理日期”"),
        ("重复.csv", TEXT.replace("标题", "类别").encode(), "表头“类别”出现了 2 次"),
        ("行.csv", f"导出清单,,,\n{TEXT}".encode(), "header_row = 2"),
        ("无.dat", TEXT.encode(), "扩展名看不出格式"),
        ("全坏.csv", TEXT.replace("/", ".").encode(), "的 3 行没有一行能进入表 cases"),
        ("代码.csv", TEXT.replace("市政设施", "路灯").encode(), "“类别”列有未登记的取值：路灯（1 行），最早在第 2 行"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    assert words in refused(tmp_path, name, content)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "没有.csv", "找不到文件"), (tmp_path, "是文件夹")):
        with pytest.raises(ImportProblem, match=words):
            import_files(write_mapping(tmp_path), [path])


# Workbooks


def workbook(path: Path) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "工单"
    sheet.append(["热线工单导出"])
    sheet.append(["工单编号", "标题\n", "类别", "受理_x000D_时间"])
    sheet.append([188006, "\n\t 灯坏了_x005F_", "市政设施", datetime.datetime(2026, 5, 1, 8, 5)])
    sheet.append(["A2", "水管", "市政设施", "2026/5/2 9:00"])
    sheet.append([])
    sheet.append(["A3", "树枝", "环境卫生", datetime.date(2026, 5, 3)])
    sheet.append(["A4", "坏时间", "环境卫生", "五月"])
    book.create_sheet("说明").append(["别的"])
    book.save(path)
    return book


def test_a_workbook_with_native_and_text_times(tmp_path: Path) -> None:
    workbook(tmp_path / "工单.xlsx")

    report = import_files(write_mapping(tmp_path, "header_row = 2"), [tmp_path / "工单.xlsx"])

    found = cases()
    assert found["reported_at"].dt.strftime("%m-%d %H:%M").to_dict() == {
        "188006": "05-01 08:05",
        "A2": "05-02 09:00",
        "A3": "05-03 00:00",
    }
    assert found["source_row"].to_dict() == {"188006": 3, "A2": 4, "A3": 6}
    assert set(found["source_sheet"]) == {"工单"}
    assert report.files[0].other_sheets == ("说明",)
    assert [(one.row_number, one.column, one.value) for one in report.first_rejects] == [(7, "reported_at", "五月")]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ('"工但"', "没有工作表“工但”，是不是“工单”（有：工单、说明）"),
        ("3", "只有 2 个工作表"),
        ("2", "没有第 2 行，找不到表头"),
    ],
)
def test_a_sheet_that_is_not_there(tmp_path: Path, sheet: str, words: str) -> None:
    workbook(tmp_path / "工单.xlsx")

    with pytest.raises(ImportProblem, match=r"工单\.xlsx") as caught:
        import_files(write_mapping(tmp_path, f"header_row = 2\nsheet = {sheet}"), [tmp_path / "工单.xlsx"])

    assert words in str(caught.value)


def hostile(path: Path, change: dict[str, bytes]) -> bytes:
    """Rewrite parts of a good workbook."""
    workbook(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | change).items():
            archive.writestr(name, content)
    return path.read_bytes()


SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(cell: str, before: str = "") -> bytes:
    data = f'<row><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'
    return f'<?xml version="1.0"?>{before}<worksheet {MAIN}><sheetData>{data}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({SHEET: sheet_of("XFD1048576")}, "很远的单元格 XFD1048576"),
        ({SHEET: sheet_of("ZZ1048576")}, ""),
        ({SHEET: sheet_of("A1") + b" " * 400_000_000}, "压缩炸弹"),
        ({SHEET: sheet_of("A1", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')}, "外部实体"),
        ({SHEET: b"<worksheet><sheetData><row>"}, ""),
        ({f"xl/media/{number}.xml": b"<x/>" for number in range(2100)}, "个部件"),
        ({"xl/workbook.xml": b"<broken"}, "不是完整的 xlsx"),
    ],
    ids=["far", "far within limits", "bomb", "entities", "torn xml", "many parts", "no workbook"],
)
def test_hostile_workbooks_are_refused(tmp_path: Path, change: dict[str, bytes], words: str) -> None:
    content = hostile(tmp_path / "工单.xlsx", change)

    assert words in refused(tmp_path, "工单.xlsx", content)


def test_a_truncated_workbook_and_another_zip(tmp_path: Path) -> None:
    workbook(tmp_path / "工单.xlsx")
    content = (tmp_path / "工单.xlsx").read_bytes()
    assert "不是完整的 xlsx" in refused(tmp_path, "工单.xlsx", content[: len(content) // 2])
    with zipfile.ZipFile(tmp_path / "工单.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "不是 xlsx 工作簿" in refused(tmp_path, "工单.xlsx", (tmp_path / "工单.xlsx").read_bytes())


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    content = bytearray(hostile(tmp_path / "工单.xlsx", {SHEET: sheet_of("A1") + b" " * 5000}))
    place = content.rfind(SHEET.encode())  # its entry in the directory at the end
    content[place - 22 : place - 18] = (100).to_bytes(4, "little")

    assert "不是完整的 xlsx" in refused(tmp_path, "工单.xlsx", bytes(content))


# Outlines

OUTLINES = """
source = "map"
[tables.boundaries.columns]
place_code = { from = "name" }
[tables.boundaries.file]
crs = "%s"
"""


def outline(name: str, ring: list[list[float]], kind: str = "Polygon") -> dict:
    coordinates = [ring] if kind == "Polygon" else ring
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": kind, "coordinates": coordinates}}


SQUARE = [[112.0, 37.0], [113.0, 37.0], [113.0, 38.0], [112.0, 38.0], [112.0, 37.0]]
BOW = [[112.0, 37.0], [113.0, 38.0], [113.0, 37.0], [112.0, 38.0], [112.0, 37.0]]


def bring_outlines(folder: Path, features: list[dict], crs: str = "wgs84") -> ImportReport:
    path = folder / "边界.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return import_files(write_mapping(folder, text=OUTLINES % crs), [path], datetime.datetime(2026, 7, 1))


def test_outlines_are_read_repaired_and_named(tmp_path: Path) -> None:
    line = outline("丙", SQUARE[:3], "LineString")
    report = bring_outlines(tmp_path, [outline("甲", SQUARE), outline("乙", BOW), line])

    table = report.tables["boundaries"]
    assert (table.accepted, table.rejected) == (2, {"图形是线，不是面": 1})
    assert table.notes[:2] == ["已修复不合规的图形 1 个：乙（自相交）", "不能用的图形 1 个：丙（图形是线，不是面）"]
    found = pd.read_parquet(snapshots.latest().files("boundaries")[0]).set_index("place_code")
    assert json.loads(found.loc["乙", "geometry"])["type"] == "MultiPolygon"
    assert not found["is_schematic"].any()


def test_outlines_in_shifted_coordinates_are_moved_back(tmp_path: Path) -> None:
    beijing = [[116.403988, 39.914266], [116.5, 39.914266], [116.5, 40.0], [116.403988, 39.914266]]
    bring_outlines(tmp_path, [outline("甲", beijing)], "gcj02")

    found = pd.read_parquet(snapshots.latest().files("boundaries")[0])
    corners = json.loads(found.loc[0, "geometry"])["coordinates"][0]
    assert min(abs(lon - 116.397744) + abs(lat - 39.912863) for lon, lat in corners) < 5e-5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "不是完整的 GeoJSON"),
        (b'{"type": "Topology"}', "TopoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "没有任何图形"),
        (b"<html></html>", "其实是网页"),
        (b"[" * 100_000, "不是完整的 GeoJSON"),
        (b'{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:3857"}}, "features": [{}]}', "坐标系"),
    ],
)
def test_bad_outlines_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "边界.geojson"
    path.write_bytes(content)

    with pytest.raises(ImportProblem, match=words):
        import_files(write_mapping(tmp_path, text=OUTLINES % "wgs84"), [path])


def test_utf_8_declared_as_gb18030_is_refused_and_not_read_as_other_characters(tmp_path: Path) -> None:
    # Only the values are Chinese: the headings would be found in either encoding.
    text = "id,title,k,at\n1,路灯不亮,01,2026/5/1 8:05\n"
    mapping = {"工单编号": "id", "标题": "title", "类别": "k", "受理时间": "at"}
    export = tmp_path / "路灯.csv"
    export.write_bytes(text.encode())
    content = MAPPING.format(file='encoding = "gb18030"')
    for heading, plain in mapping.items():
        content = content.replace(heading, plain)

    with pytest.raises(ImportProblem, match=r"路灯\.csv.*是 UTF-8 编码，不是 gb18030"):
        import_files(write_mapping(tmp_path, text=content), [export])
