"""数字溯源: a number, the rows behind it, the file's row behind each; and the SQL that gives the same number again."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from governance import checks, exclusions, filters, queries, snapshots, store, tracing
from governance.access import Principal
from governance.filters import Filter
from governance.importing import import_files
from governance.indicators import DURATIONS, INDICATORS
from governance.queries import answer
from governance.store import Store, open_store
from tests.conftest import Pages
from tests.factory import ANALYST, County
from tests.test_pages import words
from tests.test_queries import AS_OF, WHOLE, invented_county, invented_rows

MAPPING = """
title = "工单与走访"
source = "hotline"
[tables.cases]
files = "工单*.csv"
merge = "upsert"
exclude = { "状态" = ["作废"] }
[tables.cases.columns]
case_id = "编号"
reported_at = "时间"
category = { from = "类别", values = { "噪音" = "01" }, otherwise = "99" }
title = "标题"
[tables.visits]
files = "走访*.csv"
[tables.visits.columns]
visit_id = "编号"
visited_at = "时间"
visit_type = { value = "home" }
region_code = "社区"
"""
# row 2 … as a spreadsheet numbers them: good, good but of an unknown word, left out, unreadable time, repeated, good
ORDERS = """编号,时间,类别,标题,状态
A1,2026-06-01 09:00,噪音,一,
A2,2026-06-02 09:00,怪事,二,
A3,2026-06-03 09:00,噪音,三,作废
A4,六月四日,噪音,四,
A1,2026-06-01 09:00,噪音,一,
A6,2026-05-06 09:00,噪音,六,
"""
VISITS = """编号,时间,社区
W1,2026-06-03 10:00,R1
W2,2026-06-04 10:00,R1
"""
SPRING = Filter(date(2026, 4, 1), date(2026, 7, 1))


@pytest.fixture
def imported(data: Path, tmp_path: Path) -> Iterator[Store]:
    """Two small files through the importer."""
    store.clear()
    checks.clear()
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING, "utf-8")
    files = [tmp_path / "工单6月.csv", tmp_path / "走访.csv"]
    for file, text in zip(files, (ORDERS, VISITS), strict=True):
        file.write_text(text, "utf-8")
    import_files(mapping, files, as_of=pd.Timestamp("2026-07-01").to_pydatetime())
    yield open_store(ANALYST, snapshots.latest())
    store.clear()
    checks.clear()


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(tmp_path_factory.mktemp("trace")))
        yield invented_county(invented_rows(3, 300)).store(AS_OF.isoformat())


def test_from_a_row_of_a_file_to_the_screen_and_back(imported: Store, tmp_path: Path) -> None:
    found = answer(imported, "case_list", SPRING, indicator="reported_count").set_index("case_id")
    origins = found[["source_file", "source_row"]].T.to_dict("list")
    assert origins == {"A1": ["工单6月.csv", 6], "A2": ["工单6月.csv", 3], "A6": ["工单6月.csv", 7]}
    lines = list(csv.reader((tmp_path / "工单6月.csv").open(encoding="utf-8")))
    for case_id, (_, row) in origins.items():
        assert lines[row - 1][0] == case_id
        assert lines[row - 1][3] == found.at[case_id, "title"]
    visits = answer(imported, "rows_of_visits", SPRING, indicator="visit_count").set_index("visit_id")
    assert visits["source_row"].to_dict() == {"W1": 2, "W2": 3}
    assert set(visits["source_file"]) == {"走访.csv"}


def test_every_row_that_was_read_is_accounted_for(imported: Store) -> None:
    """6 rows of orders: 3 in, 1 back, 1 left out, 1 repeated; of those in, 1 was filed under 其他."""
    frame = answer(imported, "intake_by_source", SPRING)
    names = ("read_count", "accepted", "rejected", "left_out", "repeated", "otherwise_count")
    assert {name: int(frame[name].sum()) for name in names} == {
        "read_count": 8, "accepted": 5, "rejected": 1, "left_out": 1, "repeated": 1, "otherwise_count": 1,
    }  # fmt: skip
    unread = frame[frame["month"].isna()]
    assert unread[["read_count", "rejected"]].values.tolist() == [[1, 1]]
    reasons = answer(imported, "intake_by_reason", SPRING)
    assert [reason for reason in reasons["reason"] if "怪事" in reason]
    (account,) = [one for one in checks.results(imported) if one.check.name == "rows_read"]
    assert (account.group_count, account.is_red) == (2, False)


def test_the_pages_of_an_import(imported: Store, pages: Pages) -> None:
    shown = words(pages.open("quality"))
    assert "读入 8 行，进入统计 5 行，退回 1 行" in shown
    assert "① 下载退回的行" in shown
    app = pages.open("trace", indicator="visit_count")
    assert not app.exception and not app.error
    assert "2 行，来自 1 个文件" in words(app)
    assert any("visit_count_base" in entry.value for entry in app.code)


def test_beside_every_way_to_the_rows_is_the_way_to_where_they_come_from(imported: Store, pages: Pages) -> None:
    """With the same filter: that of the number, which for a trend is longer than that of the page."""
    app = pages.open("overview", start="2026-05-01", stop="2026-07-01", category="01")
    links = [element.proto for element in app.get("page_link")]
    rows = {link.query_string for link in links if link.label.startswith("查看")}
    origins = [link.query_string for link in links if link.label == "溯源"]
    assert rows and rows <= set(origins)  # a number of nothing has no rows, and still an origin
    assert "start=2025-06-01&stop=2026-07-01&category=01" in origins  # 近 13 个月 under a page of two


def scripted(store: Store, text: str) -> pd.DataFrame:
    """Run a script as an auditor would: statement after statement in the store's database."""
    with store._con.cursor() as cursor:
        cursor.execute("use data")
        for statement in cursor.extract_statements(text):
            cursor.execute(statement)
        return cursor.df()


@pytest.mark.parametrize(
    "key", ["reported_count", "on_time_rate", "response_hours", "appeals_per_10k", "backlog", "workload", "visit_count"]
)
@pytest.mark.parametrize("filter", [WHOLE, replace(WHOLE, region="V1", category=("01", "03"))], ids=["all", "V1"])
def test_the_sql_as_run_gives_the_same_number(key: str, filter: Filter, invented: Store) -> None:
    row = answer(invented, "indicator_totals", filter, only=[key]).set_index("indicator").loc[key]
    again = scripted(invented, tracing.script(filter, [key])).set_index("indicator").loc[key]
    for column in ("value", "hit", "base", "previous"):
        assert again[column] == row[column] or (pd.isna(again[column]) and pd.isna(row[column]))


def test_what_counts_and_what_is_left_out_is_everything(invented: Store) -> None:
    filtered = "timestamp '2026-03-10', timestamp '2026-07-11', null, [], [], [], []"
    found = invented.query(f"from exclusions({filtered})").set_index("indicator")
    counted = found[found["left_out"].isna()]["row_count"]
    total = answer(invented, "indicator_totals", WHOLE).set_index("indicator")["base"]
    assert {key: counted.get(key, 0) for key in INDICATORS} == total.to_dict()
    assert set(found.index) <= set(INDICATORS)


def test_reasons_of_exclusion_by_an_independent_count(invented: Store) -> None:
    rows = [row for row in invented_rows(3, 300) if date(2026, 3, 10) <= row["reported_at"].date() < date(2026, 7, 11)]  # type: ignore[attr-defined]
    found = answer(invented, "exclusions_by_reason", WHOLE, indicator="proactive_rate").set_index("reason")["row_count"]
    labels = {"rejected": "不予受理", "test": "测试", "merged": "归并子单", "withdrawn": "撤单"}
    expected: Counter[str] = Counter()
    for row in rows:
        invalid = row["invalid_reason"]
        expected[labels[str(invalid)] if invalid else "" if row["origin"] else "来源方式不明"] += 1
    assert found.to_dict() == dict(expected)


def test_conditions_are_taken_apart_where_they_are_joined() -> None:
    assert exclusions.conditions("a and (b and c) or d and 'x and y' = e") == ["a", "(b and c) or d", "'x and y' = e"]
    assert exclusions.conditions("case when a and b then c end and d between 1 and 2\n   and e") == [
        "case when a and b then c end", "d between 1 and 2", "e",
    ]  # fmt: skip
    bases = [one.base for one in INDICATORS.values() if one.base] + [one.base for one in DURATIONS.values()]
    assert all(" and ".join(exclusions.conditions(base)) == " ".join(base.split()) for base in bases)


def test_quality_by_source_by_hand(county: County) -> None:
    county.grid("G1")
    county.case(grid_id="G1", lon=113.1, lat=37.1, title="一")
    county.case(title="二", reported_at="2026-06-01")  # a day without an hour
    county.case(title="三", invalid_reason="test", closed_at="2026-05-01")  # counts for no rate, but is a row that came
    for role in ("analyst", "leader"):
        store = county.store(principal=Principal("p", role, None))
        row = answer(store, "quality_by_source", SPRING).iloc[0]
        assert row[["case_count", "valid_count", "reversed_count", "date_only_count"]].tolist() == [3, 2, 1, 1]
        assert row["located_rate"] == 1 / 2
        assert row["position_share"] == pytest.approx(1 / 3), "a leader may know how many have a position"


def test_every_condition_has_its_words() -> None:
    sources = [DURATIONS[one.duration] if one.duration else one for one in INDICATORS.values()]
    found = {part for one in sources for condition in exclusions.conditions(one.base)
             for part in exclusions.COMPOUND.get(condition, [condition])}  # fmt: skip
    assert found - {"true", "c.is_valid"} == set(exclusions.WORDS)


def test_a_row_of_a_table_opens_with_its_own_filter() -> None:
    def opened(**row: object) -> Filter | None:
        return filters.narrowed(SPRING, row)

    assert opened(place_code="V1", indicator="backlog") == replace(SPRING, region="V1")
    assert opened(month=pd.Timestamp("2026-05-01")) == Filter(date(2026, 5, 1), date(2026, 6, 1))
    assert opened(day=pd.Timestamp("2026-05-02")) == Filter(date(2026, 5, 2), date(2026, 5, 3))
    assert opened(category="01", channel="09") == replace(SPRING, category=("01",), channel=("09",))
    assert opened(track="hazard") == replace(SPRING, category=("02",))
    assert opened(place_code="") is None  # 未落格: no filter says so
    assert opened(month=pd.Timestamp("2025-05-01")) is None
    asked = filters.params(replace(SPRING, region="V1", category=("01", "02")))
    assert asked == {"start": ["2026-04-01"], "stop": ["2026-07-01"], "region": ["V1"], "category": ["01", "02"]}


@pytest.mark.parametrize("key", [key for key, one in INDICATORS.items() if one.table == "grids"])
def test_the_grids_behind_a_number_are_those_counted(key: str, invented: Store) -> None:
    total = answer(invented, "indicator_totals", WHOLE, only=[key]).set_index("indicator").loc[key]
    assert len(answer(invented, "rows_of_grids", WHOLE, indicator=key)) == total["base"]
    if INDICATORS[key].is_rate:
        assert len(answer(invented, "rows_of_grids", WHOLE, indicator=key, part="hit")) == total["hit"]


@pytest.mark.parametrize(
    ("name", "column"), [("indicators_by_region", "place_code"), ("indicators_by_category", "category"),
                         ("indicators_by_channel", "channel"), ("indicators_by_month", "month")],
)  # fmt: skip
def test_the_number_of_a_row_is_the_number_behind_its_link(name: str, column: str, invented: Store) -> None:
    frame = answer(invented, name, WHOLE, only=["reported_count"], level="community")
    for row in frame.to_dict("records"):
        found = filters.narrowed(WHOLE, row)
        if found is None:
            continue
        behind = queries.answer(invented, "case_list", found, indicator="reported_count", limit=100_000)
        assert len(behind) == row["base"], row[column]
