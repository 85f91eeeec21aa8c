"""Text files as offices really produce them: encodings, line ends, Excel's own first line, rows of totals."""

from pathlib import Path

import pandas as pd
import pytest

from governance import snapshots
from governance.importing import ImportReport, import_files

HEAD = ["工单编号", "标题", "受理时间"]
ROWS = [["A1", "楼道灯不亮，请维修", "2026-05-01 08:05"], ["A2", "垃圾未清运", "2026-05-02"]]
MAPPING = """
source = "s"
[file]
{file}
[tables.cases.columns]
case_id = "工单编号"
category = {{ value = "99" }}
title = "标题"
reported_at = "受理时间"
"""
NUMBERED = MAPPING.replace('"工单编号"', "1").replace('"标题"', "2").replace('"受理时间"', "3")


def bring(folder: Path, content: bytes, file: str = "", name: str = "e.csv", mapping: str = MAPPING) -> ImportReport:
    (folder / "m.toml").write_text(mapping.format(file=file), "utf-8")
    (folder / name).write_bytes(content)
    report = import_files(folder / "m.toml", [folder / name])
    assert (report.tables["cases"].accepted, report.tables["cases"].rejected_count) == (2, 0)
    titles = pd.read_parquet(snapshots.latest().files("cases")[0]).set_index("case_id")["title"].to_dict()
    assert titles == {"A1": "楼道灯不亮，请维修", "A2": "垃圾未清运"}
    return report


def table(end: str = "\r\n", sign: str = ",", rows: list[list[str]] | None = None) -> str:
    return "".join(sign.join(row) + end for row in rows or [HEAD, *ROWS])


@pytest.mark.parametrize("mapping", [MAPPING, NUMBERED], ids=["named", "numbered"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_with_headings_and_with_numbers_only(tmp_path: Path, codec: str, mapping: str) -> None:
    content = table(rows=ROWS if mapping is NUMBERED else None).encode(codec)
    bring(tmp_path, content, "header_row = 0" if mapping is NUMBERED else "", mapping=mapping)


def test_big5(tmp_path: Path) -> None:
    text = "編號,標題,時間\nA1,樓道燈不亮,2026-05-01\n"
    mapping = MAPPING.replace("工单编号", "編號").replace("标题", "標題").replace("受理时间", "時間")
    (tmp_path / "m.toml").write_text(mapping.format(file=""), "utf-8")
    (tmp_path / "e.csv").write_bytes(text.encode("big5"))
    report = import_files(tmp_path / "m.toml", [tmp_path / "e.csv"])
    assert report.files[0].encoding == "big5"
    assert pd.read_parquet(snapshots.latest().files("cases")[0])["title"].item() == "樓道燈不亮"


@pytest.mark.parametrize(
    "content",
    [
        table("\r"),
        table("\n"),
        table("\r\n").replace("\r\n", "\n", 1),
        table("\r").replace("\r", "\r\n", 1),
        "\r\n\r\n" + table(),
        table(",\r\n"),
        table().replace("\r\n", ",,\r\n", 1),
        table() + "\x1a",
        table().rstrip(),
        "sep=,\r\n" + table(),
        table().replace("楼道灯不亮，请维修", '"楼道灯不亮，请维修"'),
        table().replace("A1", '="A1"').replace("A2", '"=""A2"""'),
        table().replace("工单编号", "\ufeff工单编号 ").replace("A1", "\ufeffA1"),
    ],
    ids=[
        "cr", "lf", "mixed", "mixed cr", "blank lines before", "trailing delimiter", "longer headings",
        "ctrl-z", "no last line end", "sep", "quoted", "guarded", "marks inside",
    ],
)  # fmt: skip
def test_line_ends_and_habits_of_offices(tmp_path: Path, content: str) -> None:
    bring(tmp_path, content.encode())


def test_excels_own_first_line_names_the_delimiter(tmp_path: Path) -> None:
    report = bring(tmp_path, ("sep=;\r\n" + table(sign=";")).encode("gb18030"))
    assert pd.read_parquet(snapshots.latest().files("cases")[0])["source_row"].tolist() == [3, 4]
    assert report.files[0].rows == 2


@pytest.mark.parametrize("name", ["e.tsv", "e.TAB"])
def test_tabs_need_not_be_named_where_the_name_says_so(tmp_path: Path, name: str) -> None:
    bring(tmp_path, table(sign="\t").encode("utf-16"), name=name)


def test_rows_of_totals_are_left_out_and_counted(tmp_path: Path) -> None:
    footer = "合 计：,2,\r\n总计（2 件）\r\n"
    report = bring(tmp_path, (table() + footer).encode(), 'footer_words = ["合计", "总计"]')
    assert report.tables["cases"].excluded == 2 and report.tables["cases"].rows_read == 4


def test_a_case_whose_number_begins_like_a_total_stays(tmp_path: Path) -> None:
    mapping = MAPPING.replace(
        '"工单编号"', '{{ from = "工单编号", values = {{ "合计箱漏水" = "A1" }}, otherwise = "A2" }}'
    )
    content = table().replace("A1", "合计箱漏水")
    bring(tmp_path, content.encode(), 'footer_words = "合计"', mapping=mapping)
