"""What is doubtful: numbers that change their meaning, exports that shrink, positions elsewhere; and who is who."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from governance import snapshots
from governance.importing import ImportProblem, ImportReport, import_files, import_many
from tests.test_importing_rows import COLUMNS, bring, mapping_text, rows

HEAD = "编号,时间,标题"
KEPT = {"case_id": '"编号"', "category": '{ value = "99" }', "reported_at": '"时间"', "title": '"标题"'}
BY_CONTENT = {name: rule for name, rule in KEPT.items() if name != "case_id"}


def month(shift: int, count: int = 40) -> list[str]:
    """Numbered rows of one list: the first of `shift` earlier rows has left it, so every number has moved on."""
    times = [f"2026-05-{row % 28 + 1:02} 09:{row % 60:02}" for row in range(count)]
    return [HEAD, *(f"{row - shift},{times[row]},第 {row} 件" for row in range(shift, count))]


def test_renumbered_cases_stop_the_import_and_name_the_way_out(tmp_path: Path) -> None:
    bring(tmp_path, KEPT, month(0))
    before = snapshots.current_id()

    with pytest.raises(ImportProblem) as caught:
        bring(tmp_path, KEPT, month(3))

    said = str(caught.value)
    assert "与当前快照相比，相同编号的 37 件案件中有 37 件（100%）上报时间或类别不同" in said
    assert "identity" in said and "--accept" in said
    assert snapshots.current_id() == before


def test_a_stop_can_be_accepted_and_a_dry_run_only_tells(tmp_path: Path) -> None:
    bring(tmp_path, KEPT, month(0))
    tried = bring(tmp_path, KEPT, month(3), dry_run=True)
    assert [message for message in tried.messages if message.startswith("正式导入时会被拦下：与当前快照相比")]

    done = bring(tmp_path, KEPT, month(3), accept=True)
    assert [message for message in done.messages if message.startswith("已确认：")] and done.changed
    assert rows().loc["0", "title"] == "第 3 件"


def test_few_corrections_are_a_warning_and_none_is_silence(tmp_path: Path) -> None:
    lines = month(0)
    bring(tmp_path, KEPT, lines)
    corrected = [*lines[:5], lines[5].replace("2026-05-05", "2026-05-25"), *lines[6:]]
    report = bring(tmp_path, KEPT, corrected)
    assert "与当前快照相比，相同编号的 40 件案件中有 1 件（2%）上报时间或类别不同" in report.messages[0]
    assert bring(tmp_path, KEPT, corrected).messages == []


def test_a_time_that_becomes_more_exact_is_no_other_time(tmp_path: Path) -> None:
    bring(tmp_path, KEPT, [HEAD, *(f"{row},2026-05-{row + 1:02},第 {row} 件" for row in range(25))])
    report = bring(tmp_path, KEPT, [HEAD, *(f"{row},2026-05-{row + 1:02} 10:30:15,第 {row} 件" for row in range(25))])
    assert report.messages == [] and report.tables["cases"].replaced == 25


def test_renumbering_from_file_to_file_is_seen_within_one_import(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(mapping_text(KEPT), "utf-8")
    files = []
    for shift in range(3):
        files.append(tmp_path / f"{shift}.csv")
        files[-1].write_text("\n".join(month(shift)) + "\n", "utf-8")
    with pytest.raises(ImportProblem, match="先后两个文件里相同编号的"):
        import_files(tmp_path / "m.toml", files)


def test_thresholds_belong_to_the_mapping(tmp_path: Path) -> None:
    bring(tmp_path, KEPT, month(0))
    report = bring(tmp_path, KEPT, month(3), extra="same_case = { warn = 1, stop = 1 }")
    assert report.messages == [] and report.changed


def test_identity_keeps_a_case_whatever_number_it_has(tmp_path: Path) -> None:
    identity = 'identity = ["reported_at", "title"]\nmerge = "upsert"'
    first = bring(tmp_path, BY_CONTENT, month(0), extra=identity)
    again = bring(tmp_path, BY_CONTENT, [*month(3), "40,2026-05-31 09:00,第 40 件"], extra=identity)

    assert first.tables["cases"].new == 40
    assert (again.tables["cases"].new, again.tables["cases"].unchanged) == (1, 37)
    found = rows()
    assert sorted(found["title"]) == sorted(f"第 {row} 件" for row in range(41))
    assert found.index.str.fullmatch("[0-9a-f]{16}").all()


def test_the_same_matter_twice_in_a_file_is_said(tmp_path: Path) -> None:
    identity = 'identity = ["reported_at", "title"]'
    lines = ["编号,时间,标题,小类", "1,2026-05-01,漏水,甲", "2,2026-05-01,漏水,乙", "3,2026-05-01,漏水,乙", "4,,,丙"]
    report = bring(tmp_path, BY_CONTENT | {"subcategory": '"小类"'}, lines, extra=identity)
    assert report.tables["cases"].rejected == {
        "上报时间、标题都相同，按同一件处理，内容不同（保留最后一行）": 1,
        "上报时间、标题都为空，认不出是哪一件": 1,
    }
    assert report.tables["cases"].duplicates == 1


@pytest.mark.parametrize(
    ("columns", "extra", "said"),
    [
        (KEPT, 'identity = ["title"]', "写了 identity，case_id 由程序生成，不能再映射"),
        (BY_CONTENT, 'identity = ["titel"]', "“titel”不是 columns 中映射的标准列，是不是“title”"),
        (BY_CONTENT, "identity = []", "identity 至少要有一个标准列"),
        (BY_CONTENT, 'same_case = { halt = 1 }\nidentity = ["title"]', "有不认识的项“halt”"),
        (KEPT, "same_case = { stop = 20 }", "stop 应是 0 到 1 之间的比例"),
    ],
)
def test_mistakes_in_the_mapping(columns: dict[str, str], extra: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem) as caught:
        bring(tmp_path, columns, month(0), extra=extra)
    assert said in str(caught.value)


def test_an_export_of_less_than_half_must_be_meant(tmp_path: Path) -> None:
    whole = [HEAD, *(f"{row},2026-05-01 09:00,第 {row} 件" for row in range(100))]
    bring(tmp_path, KEPT, whole)
    with pytest.raises(ImportProblem, match="从 100 行减少到 49 行，请确认导出是否完整，没有写入新快照"):
        bring(tmp_path, KEPT, whole[:50])
    assert bring(tmp_path, KEPT, whole[:51]).changed  # half is not less than half
    assert bring(tmp_path, KEPT, whole[:25], accept=True).changed


def positioned(folder: Path, shift: float, **more: Any) -> ImportReport:
    """Thirty cases within the outline of a square degree, or `shift` degrees east of it."""
    columns = KEPT | {"lon": '"经度"', "lat": '"纬度"'}
    cases, outlines = folder / "m.toml", folder / "o.toml"
    cases.write_text(mapping_text(columns), "utf-8")
    (folder / "e.csv").write_text(
        f"{HEAD},经度,纬度\n" + "".join(f"{row},2026-05-01,甲,{112.1 + row / 50 + shift},37.5\n" for row in range(30)),
        "utf-8",
    )
    outlines.write_text(
        'source = "o"\n[tables.regions]\nrows = [{ region_code = "C", level = "county", name = "某县" }]\n'
        '[tables.boundaries.columns]\nplace_code = "code"\n',
        "utf-8",
    )
    (folder / "o.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "C"}, "geometry": '
        '{"type": "Polygon", "coordinates": [[[112, 37], [113, 37], [113, 38], [112, 38], [112, 37]]]}}]}',
        "utf-8",
    )
    return import_many([(outlines, [folder / "o.geojson"]), (cases, [folder / "e.csv"])], **more)[1]


def test_positions_beyond_every_outline_must_be_meant(tmp_path: Path) -> None:
    assert positioned(tmp_path, 0).messages == []
    with pytest.raises(ImportProblem, match="有坐标的 30 件案件中有 30 件（100%）落在全部边界之外"):
        positioned(tmp_path, 5)
    some = positioned(tmp_path, 0.6)  # 112.7 … 113.28: nine lie more than 0.1° beyond 113
    assert some.messages == [
        "有坐标的 30 件案件中有 9 件（30%）落在全部边界之外，请核对经纬度是否写反、映射文件的 crs 是否正确。"
    ]


# ---------------------------------------------------------------- what became of every row


def intake() -> pd.DataFrame:
    return pd.read_parquet(snapshots.latest().files("intake")[0])


def outcomes() -> dict[tuple[str, str | None, str | None], int]:
    found = intake()
    months = [None if pd.isna(month) else f"{month:%Y-%m}" for month in found["month"]]
    reasons = [None if pd.isna(reason) else reason for reason in found["reason"]]
    return dict(zip(zip(found["outcome"], months, reasons, strict=True), found["row_count"], strict=True))


def test_every_row_is_told_of_once_by_month_and_outcome(tmp_path: Path) -> None:
    columns = COLUMNS | {
        "category": '{ from = "类别", values = { "邻里" = "01" }, otherwise = "99" }',
        "visited_at": '"回访"',
    }
    lines = [
        "编号,时间,类别,回访,状态",
        "1,2026-05-01,邻里,2026-05-02,",
        "2,2026-05-03,没见过,,",
        "3,2026-06-01,没见过,2026-07-09,",  # visited after the cut-off: not yet
        "4,2026-06-01,13912345678,,",
        "5,2026-06-31,邻里,,",  # no such day: no month
        ",2026-06-02,邻里,,",
        "6,2026-06-02,邻里,,作废",
        "1,2026-05-01,邻里,2026-05-02,",
        "7,2026-07-02,邻里,,",  # after the cut-off
    ]
    report = bring(tmp_path, columns, lines, extra='exclude = { "状态" = ["作废"] }', as_of=pd.Timestamp("2026-07-01"))

    assert outcomes() == {
        ("accepted", "2026-05", None): 2,
        ("accepted", "2026-06", None): 2,
        ("duplicate", "2026-05", None): 1,
        ("excluded", "2026-06", None): 1,
        ("rejected", None, "上报时间不是可识别的时间"): 1,
        ("rejected", "2026-06", "案件编号为空"): 1,
        ("rejected", "2026-07", "上报时间晚于数据截至"): 1,
        ("corrected", "2026-05", "类别未登记的词归入“其他”：没见过"): 1,
        ("corrected", "2026-06", "类别未登记的词归入“其他”：没见过"): 1,
        ("corrected", "2026-06", "类别未登记的词归入“其他”：[电话]"): 1,
        ("corrected", "2026-06", "晚于数据截至的时间按未发生处理（回访时间）"): 1,
    }
    told = intake()
    assert told.loc[told["outcome"] != "corrected", "row_count"].sum() == len(lines) - 1
    assert report.tables["cases"].corrected == {
        "类别未登记的词归入“其他”": 3,
        "晚于数据截至的时间按未发生处理（回访时间）": 1,
    }


def test_an_upsert_keeps_what_was_told_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(mapping_text(COLUMNS, extra='merge = "upsert"'), "utf-8")
    for name, lines in (("may", "1,2026-05-01\n2,bad\n"), ("june", "3,2026-06-01\n,2026-06-01\n")):
        (tmp_path / f"{name}.csv").write_text(f"编号,时间\n{lines}", "utf-8")
        import_files(tmp_path / "m.toml", [tmp_path / f"{name}.csv"])
    assert sorted(rows("rejects", "row_number")["file"]) == ["june.csv", "may.csv"]

    (tmp_path / "may.csv").write_text("编号,时间\n1,2026-05-01\n2,2026-05-02\n", "utf-8")  # corrected, imported again
    import_files(tmp_path / "m.toml", [tmp_path / "may.csv"])
    assert sorted(rows("rejects", "row_number")["file"]) == ["june.csv"]
    counts = intake().groupby(["file", "outcome"])["row_count"].sum().to_dict()
    assert counts == {("may.csv", "accepted"): 2, ("june.csv", "accepted"): 1, ("june.csv", "rejected"): 1}
    assert [one["file"] for one in snapshots.latest().sources] == ["june.csv", "may.csv"]


def test_words_filed_under_another_code_are_told_one_by_one_up_to_a_limit(tmp_path: Path) -> None:
    columns = COLUMNS | {"category": '{ from = "类别", values = { "邻里" = "01" }, otherwise = "99" }'}
    words = [f"词{number}" for number in range(150)]
    bring(tmp_path, columns, ["编号,时间,类别", *(f"{n},2026-05-01,{word}" for n, word in enumerate(words))])
    told = {reason: count for (outcome, _, reason), count in outcomes().items() if outcome == "corrected"}
    assert len(told) == 101 and sum(told.values()) == 150
    assert told["类别未登记的词归入“其他”"] == 50


def test_the_report_says_what_becomes_of_the_cases(tmp_path: Path) -> None:
    columns = COLUMNS | {"closed_at": '"办结"'}
    bring(tmp_path, columns, ["编号,时间,办结", "1,2026-05-01,", "2,2026-05-02,", "3,2026-05-03,2026-05-10"])
    lines = ["编号,时间,办结", "1,2026-05-01,2026-05-12", "3,2026-05-03,2026-05-10", "4,2026-04-30,", "5,2026-05-20,"]
    told = bring(tmp_path, columns, lines).text()
    assert "案件的变化（一件可有几种）：新增 1 件，迟到（当时没有） 1 件，办结 1 件，消失 1 件" in told
    assert "；涉及 2026-04、2026-05" in told


def test_rejected_rows_are_kept_even_when_no_other_row_has_changed(tmp_path: Path) -> None:
    lines = ["编号,时间", "1,2026-05-01"]
    first = bring(tmp_path, COLUMNS, lines)
    again = bring(tmp_path, COLUMNS, [*lines, "2,bad"])
    assert again.changed and again.snapshot_id != first.snapshot_id
    assert rows("rejects", "row_number")["value"].to_dict() == {3: "bad"}
    assert not bring(tmp_path, COLUMNS, [*lines, "2,bad"]).changed

    mended = bring(tmp_path, COLUMNS, lines)  # the row is gone from the export: nothing is rejected any more
    assert mended.changed and not snapshots.latest().files("rejects")
