"""What a stranger does with docs/mapping.md: every slip is refused, or explained, in one sentence with what to do."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from governance import snapshots
from governance.importing import ImportProblem, ImportReport, import_files
from governance.importing.mapping import read_mapping
from governance.importing.problems import listing, shorten

BASE = """title = "t"
source = "s"
[file]
{file}
[tables.cases]
{extra}
[tables.cases.columns]
case_id = "id"
reported_at = "r"
closed_at = "c"
category = "k"
{more}
"""
HEAD = "id,r,c,k"
REGIONS = """source = "s"
[tables.regions]
{extra}
[tables.regions.columns]
region_code = "代码"
name = "名称"
level = "层级"
parent_code = "上级"
"""


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def mapped(folder: Path, extra: str = "", more: str = "", file: str = "") -> Path:
    return write(folder, "b.toml", BASE.format(extra=extra, more=more, file=file))


def bring(folder: Path, *lines: str, extra: str = 'merge = "upsert"', more: str = "", **options: Any) -> ImportReport:
    head = options.pop("head", HEAD)
    return import_files(mapped(folder, extra, more), [write(folder, "e.csv", head, *lines)], **options)


def refused(*arguments: Any, **options: Any) -> str:
    with pytest.raises(ImportProblem) as caught:
        bring(*arguments, **options)
    return str(caught.value)


def cases() -> pd.DataFrame:
    return pd.read_parquet(snapshots.latest().files("cases")[0]).set_index("case_id").sort_index()


def test_an_earlier_cut_off_beside_data_that_stay_is_refused(tmp_path: Path) -> None:
    bring(tmp_path, "1,2025-03-01,2025-03-05,01")
    sentence = refused(tmp_path, "2,2025-01-05,,01", as_of=datetime.datetime(2025, 2, 1))

    assert sentence.startswith("数据截至 2025-02-01 00:00:00 早于当前快照的 2025-03-05 00:00:01：")
    assert "--as-of" in sentence and "rollback" in sentence and "先后" in sentence
    assert len(snapshots.snapshot_ids()) == 1

    bring(tmp_path, "1,2025-01-05,,01", extra="", as_of=datetime.datetime(2025, 2, 1))
    assert snapshots.latest().as_of == datetime.datetime(2025, 2, 1), "what replaces everything may be older"


def test_a_cut_off_with_an_offset_becomes_local_wall_time(tmp_path: Path) -> None:
    as_of = datetime.datetime.fromisoformat("2025-04-01T00:00:00+00:00")

    assert bring(tmp_path, "1,2025-03-01,,01", as_of=as_of).as_of == datetime.datetime(2025, 4, 1, 8)
    mapping = mapped(tmp_path, file='local_zone = "America/Los_Angeles"')
    report = import_files(mapping, [tmp_path / "e.csv"], as_of)
    assert report.as_of == datetime.datetime(2025, 3, 31, 17)


def test_years_outside_1970_to_2200_reject_the_row(tmp_path: Path) -> None:
    why = "上报时间的年份不在 1970–2200 之间"
    assert why in refused(tmp_path, "1,0001-01-01T00:00:00+14:00,,01")

    report = bring(tmp_path, "1,1969-12-31,,01", "2,1970-01-01,,01", "3,2025-01-01,2201-01-01,01", "4,2025-01-01,,01")
    assert [(one.row_number, one.reason) for one in report.first_rejects] == [
        (2, why),
        (4, "最终办结时间的年份不在 1970–2200 之间"),
    ]
    rows = 'rows = [ { case_id = "9", reported_at = "0001-01-01", category = "01" } ]'
    assert "上报时间的年份不在 1970–2200 之间" in refused(tmp_path, "1,2025-01-01,,01", extra=rows)


def test_rows_that_a_later_file_supersedes_are_counted_and_refuse_no_file(tmp_path: Path) -> None:
    files = [
        write(tmp_path, "月9.csv", HEAD, "1,2025-01-05,,01"),
        write(tmp_path, "月10.csv", HEAD, "1,2025-01-05,2025-02-20,01"),
    ]
    report = import_files(mapped(tmp_path, 'merge = "upsert"'), files)

    table = report.tables["cases"]
    assert (table.rows_read, table.accepted, table.superseded, table.rejected_count) == (2, 1, 1, 0)
    assert "被后来的行取代：1 行" in report.text()
    assert not snapshots.latest().files("rejects")
    assert cases().loc["1", "closed_at"] == pd.Timestamp("2025-02-20")


def test_a_replacement_of_which_the_rules_leave_nothing_is_refused(tmp_path: Path) -> None:
    bring(tmp_path, "1,2025-01-05,,01")
    sentence = refused(tmp_path, "1,2025-01-05,,01", extra='exclude = { "id" = ["1"] }')
    assert "e.csv" in sentence and "exclude（id）" in sentence and "upsert" in sentence and "移除" in sentence
    assert "require（id）" in refused(tmp_path, "1,2025-01-05,,01", extra='require = { "id" = ["2"] }', dry_run=True)
    assert list(cases().index) == ["1"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_import_without_any_row_names_the_file_and_what_to_do(tmp_path: Path, dry_run: bool) -> None:
    as_of = datetime.datetime(2025, 2, 1)
    sentence = refused(tmp_path, "1,2025-01-05,,01", extra='exclude = { "id" = ["1"] }', as_of=as_of, dry_run=dry_run)

    assert "e.csv" in sentence and "没有任何数据行" in sentence and "请核对" in sentence
    assert not snapshots.snapshot_ids()


def test_labels_of_ratings_and_levels_are_understood(tmp_path: Path) -> None:
    head = HEAD + ",p"
    lines = [f"{number},2025-01-05,2025-01-06,01,{word}" for number, word in enumerate(["非常满意", "不满意", "3"], 1)]
    bring(tmp_path, *lines, head=head, more='rating = "p"')
    assert cases()["rating"].to_dict() == {"1": 5, "2": 2, "3": 3}
    bring(
        tmp_path, *lines, "4,2025-01-05,2025-01-06,01,还行", head=head, more='rating={from="p",values={"还行"="满意"}}'
    )
    assert cases()["rating"].to_dict() == {"1": 5, "2": 2, "3": 3, "4": 4}

    levels = ["省", "市", "县（区）", "县", "乡镇街道", "村社区"]
    register = [f"{number},甲{number},{level}," for number, level in enumerate(levels)]
    mapping = write(tmp_path, "r.toml", REGIONS.format(extra=""))
    import_files(mapping, [write(tmp_path, "r.csv", "代码,名称,层级,上级", *register)])
    found = pd.read_parquet(snapshots.latest().files("regions")[0]).sort_values("region_code")
    assert found["level"].tolist() == ["province", "city", "county", "county", "town", "community"]


def test_more_than_half_rejected_for_one_reason_stops_the_import(tmp_path: Path) -> None:
    head, more = HEAD + ",p", 'rating = "p"'
    lines = [f"{number},2025-01-05,2025-01-06,01,{word}" for number, word in enumerate(["蛮好", "蛮好", "坏", "5"])]
    sentence = refused(tmp_path, *lines, head=head, more=more)

    assert "e.csv" in sentence and "4 行中有 3 行" in sentence and "“p”列" in sentence and "rating" in sentence
    assert "蛮好" in sentence and "坏" in sentence and "values" in sentence
    assert (
        bring(tmp_path, *lines[1:], lines[3].replace("3,", "4,", 1), head=head, more=more).tables["cases"].accepted == 2
    )


@pytest.mark.parametrize("dry_run", [True, False])
def test_places_in_a_circle_are_found_by_a_dry_run_too(tmp_path: Path, dry_run: bool) -> None:
    mapping = write(tmp_path, "r.toml", REGIONS.format(extra=""))
    export = write(tmp_path, "区划.csv", "代码,名称,层级,上级", "1,甲,town,2", "2,乙,town,1")
    with pytest.raises(ImportProblem, match=r"区划\.csv.*regions.*上级关系成环.*请") as caught:
        import_files(mapping, [export], datetime.datetime(2025, 1, 1), dry_run)

    assert str(caught.value).endswith("。")
    assert not snapshots.snapshot_ids()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{ from = 'r', plus_hours = nan }", "plus_hours 应是小时数"),
        ("{ from = 'r', plus_hours = inf }", "plus_hours 应是小时数"),
        ("5.0", "应是引号里的表头"),
    ],
)
def test_a_column_that_is_no_rule_is_refused(tmp_path: Path, rule: str, words: str) -> None:
    path = mapped(tmp_path, more=f"due_at = {rule}")
    with pytest.raises(ImportProblem, match=words):
        read_mapping(path)


def test_a_bare_word_is_a_list_of_one(tmp_path: Path) -> None:
    path = mapped(tmp_path, "exclude = { id = '9' }", "due_at = { from = 'r', formats = '%Y' }", "null_words = '无'")
    cases = read_mapping(path).tables["cases"]
    assert (cases.exclude, cases.options.null_words) == ({"id": ("9",)}, ("", "无"))
    assert cases.columns["due_at"].formats == ("%Y",)


@pytest.mark.parametrize("before", ["", HEAD + "\n1,2025-01-05,,01\n2,2025-01-05,,"])
def test_a_file_without_line_breaks_is_called_so(tmp_path: Path, before: str) -> None:
    (tmp_path / "长.csv").write_text(before + "x" * 3_000_000, "utf-8")
    with pytest.raises(ImportProblem) as caught:
        import_files(mapped(tmp_path), [tmp_path / "长.csv"])

    line = 3 if before else 1
    assert f"第 {line} 行有超长的单元格" in str(caught.value) and "换行" in str(caught.value)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_data_folder_that_is_a_file_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    place = write(tmp_path, "afile", "x")
    monkeypatch.setenv("GOVERNANCE_DATA", str(place))
    if dry_run:
        assert bring(tmp_path, "1,2025-01-05,,01", more='reporter_hash = "id"', dry_run=True).tables
        return
    sentence = refused(tmp_path, "1,2025-01-05,,01")
    monkeypatch.setenv("GOVERNANCE_DATA", "/proc/nowhere")
    assert "数据目录 /proc/nowhere 不是可用的文件夹" in refused(tmp_path, "1,2025-01-05,,01")
    assert str(place) in sentence and "数据目录" in sentence and "GOVERNANCE_DATA" in sentence and "请" in sentence


def test_a_folder_in_place_of_a_file_is_called_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match=r"是文件夹.*请"):
        import_files(mapped(tmp_path), [tmp_path])
    with pytest.raises(ImportProblem, match=r"映射.*是文件夹.*\.toml"):
        import_files(tmp_path, [write(tmp_path, "e.csv", HEAD)])


def test_no_number_is_cut_in_a_sentence() -> None:
    assert shorten("上报时间不是可识别的时间，最早第 12345 行", 20) == "上报时间不是可识别的时间…"
    assert shorten("123456789012345678901234", 10) == "123456789…", "nothing else to show"
    assert shorten("编号 12345678", 8) == "编号…"
    assert listing(["甲" * 40 + "，第 7 行"], length=60) == "甲" * 40 + "，第 7 行"


def test_reasons_are_told_in_full(tmp_path: Path) -> None:
    more = 'due_at = { from = "r", formats = ["%Y年%m月%d日 %H时%M分%S秒", "%Y.%m.%d"] }'
    assert "%Y.%m.%d）（1 行，最早第 2 行）" in refused(tmp_path, "1,2025-01-05,,01", more=more)


def test_rejected_rows_name_the_heading_of_the_export(tmp_path: Path) -> None:
    report = bring(tmp_path, "1,2025-01-05,,01", "2,bad,,01")
    assert "e.csv 第 3 行 列 reported_at（表头“r”） 值“bad”：上报时间不是可识别的时间" in report.text()


def test_a_missing_heading_asks_for_a_row_of_headings(tmp_path: Path) -> None:
    assert "文件若没有表头行，请写 header_row = 0" in refused(tmp_path, "2,2025-01-05,,01", head="1,2025-01-05,,01")


def test_rows_alone_feed_a_table(tmp_path: Path) -> None:
    rows = """[tables.regions]
rows = [ { region_code = "141122", level = "县", name = "交城县" } ]
"""
    mapping = write(tmp_path, "b.toml", BASE.format(extra="", more="", file=""), rows)
    report = import_files(mapping, [write(tmp_path, "e.csv", HEAD, "1,2025-01-05,,01")])

    assert report.tables["regions"].accepted == 1 and "regions" in report.text()
    found = pd.read_parquet(snapshots.latest().files("regions")[0])
    assert found[["region_code", "level", "name"]].values.tolist() == [["141122", "county", "交城县"]]
    assert not import_files(mapping, [tmp_path / "e.csv"]).changed

    alone = write(tmp_path, "alone.toml", 'source = "s"', rows.replace("交城县", "交城"))
    assert import_files(alone, []).tables["regions"].replaced == 1


def test_a_serial_number_of_a_workbook_is_recognised(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEAD.split(","), ["1", 45662, None, "01"], ["2", 45662.5, None, "01"], ["3", "2025-01-05", None, "01"]):
        book.active.append(row)
    for number in (4, 5):
        book.active.append([str(number), "2025-01-05", None, "01"])
    book.save(tmp_path / "e.xlsx")
    report = import_files(mapped(tmp_path), [tmp_path / "e.xlsx"])

    why = "上报时间不是可识别的时间（像是 Excel 日期序号，请设为日期格式）"
    assert [(one.value, one.reason) for one in report.first_rejects] == [("45662", why), ("45662.5", why)]


def test_iso_basic_forms_stay_rejected(tmp_path: Path) -> None:
    lines = ["1,20250105,,01", "2,2025-W01-1,,01", "3,2025-005,,01"]
    more = [f"{number},2025-01-05,,01" for number in range(4, 8)]
    report = bring(tmp_path, *lines, *more)

    assert {one.reason for one in report.first_rejects} == {"上报时间不是可识别的时间"}
    assert report.tables["cases"].rejected_count == 3


def test_headings_that_differ_only_in_case_are_two(tmp_path: Path) -> None:
    bring(tmp_path, "1,2025-01-05,,01,大,小", head=HEAD + ",A,a", more='title = "A"\nregion_code = "a"')
    assert cases().loc["1", ["title", "region_code"]].tolist() == ["大", "小"]


def test_an_end_in_9999_means_no_end(tmp_path: Path) -> None:
    export = tmp_path / "网格.csv"
    export.write_text("g,n,r,t\nG1,第一网格,R1,9999-12-31\n", "utf-8")
    mapping = tmp_path / "网格.toml"
    mapping.write_text(
        'title = "网格"\nsource = "g"\n[tables.grids.columns]\ngrid_id = "g"\nname = "n"\nregion_code = "r"\n'
        'level = { value = 1 }\nvalid_to = "t"\n',
        "utf-8",
    )

    report = import_files(mapping, [export], datetime.datetime(2026, 7, 1))

    assert report.snapshot_id
    assert pd.read_parquet(snapshots.latest().files("grids")[0])["valid_to"].astype(str).tolist() == ["9999-12-31"]
