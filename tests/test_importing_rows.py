"""What becomes of every row: recoding, times, checks, duplicates, cut-off, merging; results worked out by hand."""

import datetime
import hashlib
import hmac
import stat
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from governance import boundaries, snapshots
from governance.importing import ImportProblem, ImportReport, catalogue, import_files, import_many
from governance.importing.coordinates import from_bd09, from_gcj02
from governance.importing.masking import masked

COLUMNS = {
    "case_id": '"编号"',
    "category": '{ value = "99" }',
    "reported_at": '"时间"',
}


def mapping_text(
    columns: dict[str, str], extra: str = "", file: str = "", closed: str = "", table: str = "cases"
) -> str:
    lines = "\n".join(f"{column} = {rule}" for column, rule in columns.items())
    return f'source = "s"\n[file]\n{file}\n[tables.{table}]\n{extra}\n[tables.{table}.columns]\n{lines}\n' + (
        f"[tables.{table}.closed]\n{closed}\n" if closed else ""
    )


def bring(folder: Path, columns: dict[str, str], lines: list[str], **more: Any) -> ImportReport:
    options = {name: more.pop(name) for name in ("extra", "file", "closed", "table") if name in more}
    (folder / "m.toml").write_text(mapping_text(columns, **options), "utf-8")
    (folder / "e.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return import_files(folder / "m.toml", [folder / "e.csv"], **more)


def rows(table: str = "cases", key: str = "case_id") -> pd.DataFrame:
    return pd.read_parquet(snapshots.latest().files(table)[0]).set_index(key).sort_index()


def rejected(report: ImportReport) -> list[tuple[int, str | None, str | None, str]]:
    return [(one.row_number, one.column, one.value, one.reason) for one in report.first_rejects]


def moments(column: str) -> dict[str, str]:
    return {key: f"{value:%Y-%m-%d %H:%M:%S}" for key, value in rows()[column].items() if not pd.isna(value)}


def test_values_codes_labels_otherwise_and_default(tmp_path: Path) -> None:
    columns = COLUMNS | {
        "category": '{ from = "类别", values = { "邻里" = "01", "城管" = "环境卫生" }, otherwise = "其他" }',
        "channel": '{ from = "渠道", default = "09" }',
        "rating": '{ from = "评价", values = { "非常满意" = 5, "未评" = "" } }',
        "need_whistle": '"吹哨"',
    }
    bring(
        tmp_path,
        columns,
        [
            "编号,时间,类别,渠道,评价,吹哨",
            "1,2026-05-01,邻里,随手拍,非常满意,是",
            "2,2026-05-01,城管,08,未评,否",
            "3,2026-05-01,安全隐患,,5,",
            "4,2026-05-01,没见过,12345热线,,TRUE",
        ],
    )

    found = rows()
    assert found["category"].tolist() == ["01", "04", "02", "99"]
    assert found["channel"].tolist() == ["08", "08", "09", "09"]
    assert found["rating"].dropna().to_dict() == {"1": 5, "3": 5}
    assert found["need_whistle"].dropna().to_dict() == {"1": True, "2": False, "4": True}


def test_unknown_words_stop_the_import_and_are_listed_masked(tmp_path: Path) -> None:
    columns = COLUMNS | {"rating": '{ from = "评价", values = { "好" = 5 } }'}

    with pytest.raises(ImportProblem) as caught:
        bring(tmp_path, columns, ["编号,时间,评价", "1,2026-05-01,好", "2,2026-05-01,还行", "3,2026-05-01,13912345678"])

    assert "“评价”列有未登记的取值" in str(caught.value)
    assert "还行（1 行）" in str(caught.value) and "[电话]（1 行）" in str(caught.value)
    assert not snapshots.snapshot_ids()


def test_times_by_format_by_zone_and_with_offsets(tmp_path: Path) -> None:
    columns = COLUMNS | {
        "reported_at": '{ from = "时间", formats = ["%Y年%m月%d日 %H:%M", "%Y/%m/%d"] }',
        "accepted_at": '"受理"',
        "due_at": '{ from = "受理", plus_hours = 36 }',
    }
    lines = [
        "编号,时间,受理",
        "1,2026年5月1日 8:05,2026-05-01 08:30:00",
        "2,2026/5/2,2026-05-02T00:30:00Z",
        "3,2026/5/3,2026-05-03T00:30:00+08:00",
        "4,2026-05-04,",  # not one of the declared formats
        "5,2026/2/29,",  # no such day
        "6,2026/5/6,2026/5/6",  # not ISO 8601, and no format is declared
    ]
    report = bring(tmp_path, columns, lines)

    assert moments("reported_at") == {
        "1": "2026-05-01 08:05:00",
        "2": "2026-05-02 00:00:00",
        "3": "2026-05-03 00:00:00",
    }
    assert moments("accepted_at") == {
        "1": "2026-05-01 08:30:00",
        "2": "2026-05-02 08:30:00",
        "3": "2026-05-03 00:30:00",
    }
    assert moments("due_at") == {"1": "2026-05-02 20:30:00", "2": "2026-05-03 20:30:00", "3": "2026-05-04 12:30:00"}
    wrong = "上报时间不是可识别的时间（格式 %Y年%m月%d日 %H:%M、%Y/%m/%d）"
    assert rejected(report) == [
        (5, "reported_at", "2026-05-04", wrong),
        (6, "reported_at", "2026/2/29", wrong),
        (7, "accepted_at", "2026/5/6", "受理时间不是可识别的时间"),
    ]


def test_times_of_another_zone_become_local_wall_times(tmp_path: Path) -> None:
    zones = 'time_zone = "UTC"\nlocal_zone = "America/Los_Angeles"'
    bring(
        tmp_path,
        COLUMNS,
        ["编号,时间", "1,2016-07-13 15:11:07", "2,2016-01-13T15:11:07+00:00", "3,2016-07-13"],
        file=zones,
    )

    assert moments("reported_at") == {
        "1": "2016-07-13 08:11:07",
        "2": "2016-01-13 07:11:07",
        "3": "2016-07-13 00:00:00",
    }


def test_numbers_booleans_checks_and_missing_values_have_reasons(tmp_path: Path) -> None:
    columns = COLUMNS | {
        "reopen_count": '"返工"',
        "lon": '"经度"',
        "lat": '"纬度"',
        "need_whistle": '"吹哨"',
        "rating": '"评价"',
    }
    lines = [
        "编号,时间,返工,经度,纬度,吹哨,评价",
        '1,2026-05-01,"1,200",112.5,37.5,1,5.0',
        "2,2026-05-01,1.5,,,,",
        "3,2026-05-01,-1,,,,",
        "4,2026-05-01,,abc,37,,",
        "5,2026-05-01,,200,37,,",
        "6,2026-05-01,,,,也许,",
        "7,2026-05-01,,,,,6",
        ",2026-05-01,,,,,",
        "9,,,,,,",
        "10,2026-05-01,,0.0,0,,",
    ]
    report = bring(tmp_path, columns, lines)

    assert rejected(report) == [
        (3, "reopen_count", "1.5", "返工次数不是整数"),
        (4, "reopen_count", "-1", "返工次数小于 0"),
        (5, "lon", "abc", "经度不是数字"),
        (6, "lon", "200", "经度不在 -180 到 180 之间"),
        (7, "need_whistle", "也许", "是否需要吹哨不是“是/否”"),
        (8, "rating", "6", "满意度评价不在 1 到 5 之间"),
        (9, "case_id", None, "案件编号为空"),
        (10, "reported_at", None, "上报时间为空"),
    ]
    assert rows()["reopen_count"].dropna().to_dict() == {"1": 1200}
    assert rows()["lon"].dropna().to_dict() == {"1": 112.5}
    assert report.tables["cases"].corrected == {"坐标 0,0 按没有坐标处理": 1}
    kept = rows("rejects", "row_number")
    assert kept.drop(columns=["sheet", "row_key"]).loc[3].to_dict() == {
        "source": "s",
        "table_name": "cases",
        "file": "e.csv",
        "column_name": "reopen_count",
        "value": "1.5",
        "reason": "返工次数不是整数",
        "month": datetime.date(2026, 5, 1),
    }
    assert len(kept) == 8


def test_every_check_of_the_schema_has_a_chinese_reason() -> None:
    for table in catalogue.tables().values():
        for check in table.checks:
            assert "不符合规定" not in check.reason, f"{table.name}: {check.expression}"


def test_rows_are_excluded_required_and_counted(tmp_path: Path) -> None:
    extra = 'exclude = { "状态" = ["作废", "测试"] }\nrequire = { "类型" = ["隐患"] }'
    lines = [
        "编号,时间,状态,类型",
        "1,2026-05-01,在办,隐患",
        "2,2026-05-01,作废,隐患",
        "3,2026-05-01,作废,纠纷",
        "4,2026-05-01,在办,",
    ]
    table = bring(tmp_path, COLUMNS, lines, extra=extra).tables["cases"]

    assert (table.rows_read, table.accepted, table.excluded, table.not_for_table) == (4, 1, 1, 2)


CLOSED = [
    "编号,时间,办结,状态",
    "1,2026-05-01,2026-05-02,办结",
    "2,2026-05-01,2026-05-02,在办",
    "3,2026-05-01,,办结",
    "4,2026-05-03,2026-05-02,办结",
    "5,2026-05-01,2026-05-04,",
]


def test_closed_by_time_or_by_status(tmp_path: Path) -> None:
    columns = COLUMNS | {"closed_at": '"办结"'}
    by_time = bring(tmp_path, columns, CLOSED, closed='status = "状态"\nclosed = ["办结"]')

    assert by_time.tables["cases"].reversed_times == 1
    assert sorted(moments("closed_at")) == ["1", "2", "4", "5"]
    assert by_time.tables["cases"].notes == [
        "状态未办结但有办结时间（以时间为准，按已办结）：1 行",
        "状态已办结但无办结时间（以时间为准，按未办结）：1 行",
    ]

    by_status = bring(tmp_path, columns, CLOSED, closed='status = "状态"\nclosed = ["办结"]\nprefer = "status"')

    assert sorted(moments("closed_at")) == sorted(moments("first_closed_at")) == ["1", "4", "5"]
    assert by_status.tables["cases"].corrected == {"状态未办结，办结时间不计": 1}
    assert rejected(by_status) == [(4, "closed_at", None, "已办结但无办结时间")]


def test_nothing_happens_after_the_cut_off(tmp_path: Path) -> None:
    columns = COLUMNS | {"closed_at": '"办结"', "rating": '"评价"', "due_at": '"期限"'}
    lines = [
        "编号,时间,办结,评价,期限",
        "1,2026-05-01,2026-05-20,5,2026-06-30",
        "2,2026-05-11,,,",
        "3,2026-05-02,2026-05-03,4,",
    ]
    report = bring(tmp_path, columns, lines, as_of=datetime.datetime(2026, 5, 10))

    found = rows()
    assert moments("closed_at") == {"3": "2026-05-03 00:00:00"}
    assert found["rating"].dropna().to_dict() == {"3": 4}
    assert moments("due_at") == {"1": "2026-06-30 00:00:00"}
    assert rejected(report) == [(3, "reported_at", "2026-05-11 00:00:00", "上报时间晚于数据截至")]
    assert report.tables["cases"].corrected == {"晚于数据截至的时间按未发生处理（最终办结时间）": 1}


def test_the_default_cut_off_is_the_last_event_that_the_clock_has_reached(tmp_path: Path) -> None:
    columns = COLUMNS | {"closed_at": '"办结"', "due_at": '"期限"'}
    report = bring(
        tmp_path,
        columns,
        ["编号,时间,办结,期限", "1,2025-05-01 08:00:00,2025-05-03 09:30:15,2025-08-01", "2,2199-01-01,,"],
    )

    assert report.as_of == datetime.datetime(2025, 5, 3, 9, 30, 16)
    assert snapshots.latest().as_of == report.as_of
    assert rejected(report)[0][3] == "上报时间晚于数据截至"


def test_repeats_are_collapsed_and_conflicts_keep_the_last(tmp_path: Path) -> None:
    columns = COLUMNS | {"title": '"标题"'}
    lines = [
        "编号,时间,标题",
        "1,2026-05-01,旧",
        "2,2026-05-01,同",
        "1,2026-05-01,新",
        "2,2026-05-01,同",
        "1,2026-05-01,新",
    ]
    report = bring(tmp_path, columns, lines)

    table = report.tables["cases"]
    assert (table.rows_read, table.accepted, table.duplicates) == (5, 2, 2)
    assert rejected(report) == [(2, "case_id", "1", "案件编号重复，内容不同（保留最后一行）")]
    assert rows()["title"].to_dict() == {"1": "新", "2": "同"}


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("电话13812345678，请回", "电话[电话]，请回"),
        ("+86 138-1234-5678或13912345678 13712345678", "[电话]或[电话] [电话]"),
        ("全角空格138　1234　5678，新号段19912345678", "全角空格[电话]，新号段[电话]"),
        ("小写14022519900101123x，全角14022519900101123Ｘ", "小写[证件号]，全角[证件号]"),
        ("座机0351-1234567，另一部(0351)12345678。", "座机[电话]，另一部[电话]。"),
        ("身份证140225199001011234和14022519900101123X", "身份证[证件号]和[证件号]"),
        ("一代140225900101123号", "一代[证件号]号"),
        ("车牌晋A12345、京AD12345占道", "车牌[车牌]、[车牌]占道"),
        ("闽C8H6J2堵门、粤Z·1B2C澳", "[车牌]堵门、[车牌]"),  # no two digits in a row
        ("１３８１２３４５６７８", "[电话]"),
        ("12345热线 3号楼2单元 2026-05-01 10:30 共120户", "12345热线 3号楼2单元 2026-05-01 10:30 共120户"),
    ],
)
def test_personal_numbers_are_masked(text: str, clean: str) -> None:
    with duckdb.connect() as con:
        con.execute("create table t as select $text as x", {"text": text})
        assert con.execute(f"select {masked('x')} from t").fetchone() == (clean,)


def test_numbers_do_not_reach_the_snapshot(tmp_path: Path) -> None:
    columns = COLUMNS | {"title": '"标题"', "closed_at": '"办结"', "reporter_hash": '"电话"'}
    bring(
        tmp_path,
        columns,
        [
            "编号,时间,标题,办结,电话",
            "1,2026-05-01,找13812345678,,13812345678",
            "2,2026-05-01,x,13812345678,",
            "3,2026-05-02,y,,138",
        ],
    )

    secret = snapshots.data_dir() / "secret.key"
    key = hashlib.sha256(secret.read_bytes()).digest()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert rows().loc["1", "title"] == "找[电话]"
    assert rows().loc["1", "reporter_hash"] == hmac.new(key, b"13812345678", "sha256").hexdigest()[:16]
    assert rows("rejects", "row_number").loc[3, "value"] == "[电话]"


def test_pseudonyms_given_by_the_source_may_be_kept(tmp_path: Path) -> None:
    bring(tmp_path, COLUMNS | {"reporter_hash": '{ from = "人", hash = false }'}, ["编号,时间,人", "1,2026-05-01,P7"])

    assert rows().loc["1", "reporter_hash"] == "P7"
    assert not (snapshots.data_dir() / "secret.key").exists()


def test_kind_origin_and_first_times_are_filled(tmp_path: Path) -> None:
    columns = COLUMNS | {"kind": '"性质"', "closed_at": '"办结"', "due_at": '"期限"'}
    bring(
        tmp_path,
        columns,
        [
            "编号,时间,性质,办结,期限",
            "1,2026-05-01,诉求,2026-05-02,2026-05-03",
            "2,2026-05-01,咨询,,",
            "3,2026-05-01,主动发现,,",
        ],
    )

    assert rows()["origin"].dropna().to_dict() == {"1": "appeal", "3": "proactive"}
    assert moments("first_closed_at") == {"1": "2026-05-02 00:00:00"}
    assert moments("original_due_at") == {"1": "2026-05-03 00:00:00"}


def test_a_part_of_a_cell_is_extracted(tmp_path: Path) -> None:
    columns = COLUMNS | {"region_code": '{ from = "标题", extract = "([A-Z]\\\\d+区)", default = "全市" }'}
    bring(tmp_path, columns, ["编号,时间,标题", "1,2026-05-01,反映A3区噪音", "2,2026-05-01,无"])

    assert rows()["region_code"].to_dict() == {"1": "A3区", "2": "全市"}


def test_shifted_coordinates_are_moved_back_in_sql_as_in_python(tmp_path: Path) -> None:
    columns = COLUMNS | {"lon": '"经度"', "lat": '"纬度"'}
    lines = ["编号,时间,经度,纬度", "1,2026-05-01,116.403988,39.914266", "2,2026-05-01,-122.4,37.7"]
    for crs, convert in (("gcj02", from_gcj02), ("bd09", from_bd09)):
        bring(tmp_path, columns, lines, file=f'crs = "{crs}"')
        found = rows().loc["1", ["lon", "lat"]].tolist()
        assert found == pytest.approx(convert(116.403988, 39.914266), abs=1e-9)
    bring(tmp_path, columns, lines, file='crs = "gcj02"')
    assert rows().loc["1", ["lon", "lat"]].tolist() == pytest.approx([116.397744, 39.912863], abs=5e-5)
    assert rows().loc["2", ["lon", "lat"]].tolist() == [-122.4, 37.7]


# Merging


def test_replace_speaks_for_its_source_only(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(mapping_text(COLUMNS).replace('source = "s"', 'source = "t"'), "utf-8")
    bring(tmp_path, COLUMNS, ["编号,时间", "1,2026-05-01", "2,2026-05-01"])
    import_files(other, [tmp_path / "e.csv"])

    table = bring(tmp_path, COLUMNS, ["编号,时间", "2,2026-05-02", "3,2026-05-01"]).tables["cases"]

    assert (table.new, table.replaced, table.unchanged, table.removed) == (1, 1, 0, 1)
    found = pd.read_parquet(snapshots.latest().files("cases")[0])
    assert sorted(zip(found["source"], found["case_id"], strict=True)) == [
        ("s", "2"),
        ("s", "3"),
        ("t", "1"),
        ("t", "2"),
    ]
    assert {one["source"] for one in snapshots.latest().sources} == {"s", "t"}


def test_the_later_file_has_the_last_word_whatever_other_tables_read(tmp_path: Path) -> None:
    text = mapping_text(COLUMNS | {"title": '"标题"'})
    people = '[tables.population]\nfiles = "b*"\n[tables.population.columns]\n'
    people += 'region_code = "编号"\nmonth = "时间"\nresidents = { value = 1 }\n'
    (tmp_path / "m.toml").write_text(text.replace("[tables.cases]", f"{people}[tables.cases]"), "utf-8")
    for name, title in (("a.csv", "旧"), ("b.csv", "新")):
        (tmp_path / name).write_text(f"编号,时间,标题\n1,2026-05-01,{title}\n", "utf-8")

    report = import_files(tmp_path / "m.toml", [tmp_path / "a.csv", tmp_path / "b.csv"])

    assert rows()["title"].to_dict() == {"1": "新"}
    assert [one.name for one in report.files] == ["a.csv", "b.csv"]


def test_a_complete_export_by_another_mapping_takes_the_files_before_it_away(tmp_path: Path) -> None:
    """Else a database would go on from where it was, although what it had brought is gone."""
    bring(tmp_path, COLUMNS, ["编号,时间", "1,2026-05-01"])
    (tmp_path / "n.toml").write_text(mapping_text(COLUMNS), "utf-8")
    (tmp_path / "f.csv").write_text("编号,时间\n2,2026-05-01\n", "utf-8")

    import_files(tmp_path / "n.toml", [tmp_path / "f.csv"])

    assert list(rows().index) == ["2"]
    assert [(one["mapping"], one["file"]) for one in snapshots.latest().sources] == [("n.toml", "f.csv")]


def test_upsert_keeps_others_and_drops_what_is_now_excluded(tmp_path: Path) -> None:
    extra = 'merge = "upsert"\nexclude = { "状态" = ["作废"] }'
    bring(tmp_path, COLUMNS, ["编号,时间,状态", "1,2026-05-01,", "2,2026-05-01,", "3,2026-05-01,"], extra=extra)

    table = bring(
        tmp_path, COLUMNS, ["编号,时间,状态", "2,2026-05-02,", "3,2026-05-01,作废", "4,2026-05-03,"], extra=extra
    ).tables["cases"]

    assert (table.new, table.replaced, table.unchanged, table.removed) == (1, 1, 0, 1)
    assert moments("reported_at") == {
        "1": "2026-05-01 00:00:00",
        "2": "2026-05-02 00:00:00",
        "4": "2026-05-03 00:00:00",
    }


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    columns = COLUMNS | {"rating": '"评价"', "closed_at": '"办结"', "reporter_hash": '"电话"'}
    lines = ["编号,时间,评价,办结,电话", "1,2026-05-01,5,2026-05-02,13812345678", "2,bad,,,"]
    first = bring(tmp_path, columns, lines)
    second = bring(tmp_path, columns, lines)

    assert first.changed and not second.changed
    assert second.snapshot_id == first.snapshot_id
    assert "没有变化" in second.text()
    assert len(snapshots.snapshot_ids()) == 1


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    report = bring(
        tmp_path, COLUMNS | {"reporter_hash": '"电话"'}, ["编号,时间,电话", "1,2026-05-01,138"], dry_run=True
    )

    assert "试运行，没有写入任何内容" in report.text()
    assert report.snapshot_id is None
    assert not snapshots.data_dir().exists()


def test_demo_and_real_data_are_never_mixed(tmp_path: Path) -> None:
    bring(tmp_path, COLUMNS, ["编号,时间", "1,2026-05-01"], is_demo=True)
    report = bring(tmp_path, COLUMNS | {"case_id": '"编号"'}, ["编号,时间", "2,2026-05-01"])

    assert report.messages == ["当前快照是演示数据，本次导入从空白开始，不与演示数据混合。"]
    assert list(rows().index) == ["2"]
    assert not snapshots.latest().is_demo


def test_rejects_of_other_sources_stay(tmp_path: Path) -> None:
    bring(tmp_path, COLUMNS, ["编号,时间", "1,2026-05-01", "2,bad"])
    other = tmp_path / "other.toml"
    other.write_text(mapping_text(COLUMNS).replace('source = "s"', 'source = "t"'), "utf-8")
    import_files(other, [tmp_path / "e.csv"])

    assert sorted(rows("rejects", "row_number")["source"]) == ["s", "t"]


def test_tables_without_events_need_a_cut_off(tmp_path: Path) -> None:
    columns = {"region_code": '"代码"', "name": '"名称"', "level": '{ value = "community" }'}

    with pytest.raises(ImportProblem, match="请用 --as-of 指定"):
        bring(tmp_path, columns, ["代码,名称", "1,甲"], table="regions")

    report = bring(tmp_path, columns, ["代码,名称", "1,甲"], table="regions", as_of=datetime.datetime(2026, 7, 1))
    assert report.tables["regions"].accepted == 1


def test_the_report_tells_everything(tmp_path: Path) -> None:
    lines = ["编号,时间,备注", "1,2026-05-01,x", "2,bad13812345678,x"]
    text = bring(tmp_path, COLUMNS, lines, as_of=datetime.datetime(2026, 7, 1)).text()

    for words in (
        "数据截至：2026-07-01 00:00:00（指定）",
        "文件 e.csv：2 行，编码 utf-8",
        "未使用列：备注",
        "表 cases（案件，整批替换）：读入 2 行，接收 1 行，拒绝 1 行",
        "拒绝原因 上报时间不是可识别的时间：1 行",
        "e.csv 第 3 行 列 reported_at（表头“时间”） 值“bad[电话]”：上报时间不是可识别的时间",
    ):
        assert words in text


def test_a_column_called_reason_is_not_the_verdict_of_the_importer(tmp_path: Path) -> None:
    """Points have a `reason` of their own, and are accepted all the same."""
    columns = {
        "txn_id": '"流水号"',
        "account_hash": '"账户"',
        "happened_at": '"时间"',
        "delta": '"积分"',
        "region_code": '{ value = "141122100001" }',
        "reason": '"事由"',
    }
    lines = ["流水号,账户,时间,积分,事由", "1,a,2026-05-01,5,参加清扫", "2,b,2026-05-02,-3,兑换", "3,c,无,3,上报隐患"]
    report = bring(tmp_path, columns, lines, table="points")

    assert (report.tables["points"].accepted, report.tables["points"].rejected_count) == (2, 1)
    assert rejected(report) == [(4, "happened_at", "无", "时间不是可识别的时间")]
    assert rows("points", "txn_id")["reason"].to_dict() == {"1": "参加清扫", "2": "兑换"}


def test_no_canonical_column_begins_as_the_private_ones_of_the_importer_do() -> None:
    found = [(table.name, column) for table in catalogue.tables().values() for column in table.columns]
    assert not [one for one in found if one[1].startswith("_")]


def write_part(folder: Path, source: str, lines: list[str]) -> tuple[Path, list[Path]]:
    mapping, export = folder / f"{source}.toml", folder / f"{source}.csv"
    mapping.write_text(mapping_text(COLUMNS).replace('source = "s"', f'source = "{source}"'), "utf-8")
    export.write_text("\n".join(["编号,时间", *lines]) + "\n", "utf-8")
    return mapping, [export]


def test_several_mappings_are_one_snapshot_with_a_report_each(tmp_path: Path) -> None:
    parts = [
        write_part(tmp_path, "a", ["1,2026-05-01", "2,2026-05-02"]),
        write_part(tmp_path, "b", ["1,2026-05-03", "2,无"]),
    ]
    reports = import_many(parts)

    assert [one.source for one in reports] == ["a", "b"]
    assert [one.tables["cases"].accepted for one in reports] == [2, 1]
    assert [len(one.first_rejects) for one in reports] == [0, 1]
    assert {one.snapshot_id for one in reports} == set(snapshots.snapshot_ids())
    assert {f"{one.as_of:%Y-%m-%d %H:%M:%S}" for one in reports} == {"2026-05-03 00:00:01"}
    found = pd.read_parquet(snapshots.latest().files("cases")[0])
    assert sorted(zip(found["source"], found["case_id"], strict=True)) == [("a", "1"), ("a", "2"), ("b", "1")]
    assert {one["source"] for one in snapshots.latest().sources} == {"a", "b"}

    again = import_many(parts)
    assert [one.changed for one in again] == [False, False]
    assert len(snapshots.snapshot_ids()) == 1


def test_when_one_of_several_mappings_is_refused_nothing_changes(tmp_path: Path) -> None:
    parts = [write_part(tmp_path, "a", ["1,2026-05-01"]), write_part(tmp_path, "b", ["1,无"])]

    with pytest.raises(ImportProblem, match="没有一行能进入表 cases"):
        import_many(parts)

    assert not snapshots.snapshot_ids()


def test_places_in_a_circle_are_explained_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise boundaries.BoundaryError("地点的上级关系成环，无法绘制：甲 → 乙 → 甲")

    monkeypatch.setattr(boundaries, "complete", refuse)
    with pytest.raises(ImportProblem, match="上级关系成环，无法绘制：甲 → 乙 → 甲"):
        import_many([write_part(tmp_path, "a", ["1,2026-05-01"])])

    assert not snapshots.snapshot_ids()
