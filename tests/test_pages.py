"""Every page, with data and with nothing, by a cold link and through the frame, with whatever a link may carry."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.proto.Metric_pb2 import Metric
from streamlit.testing.v1 import AppTest

from governance import access, findings, navigation, queries, snapshots, store
from governance.indicators import INDICATORS
from governance.snapshots.logs import layout
from tests.conftest import Pages
from tests.factory import County
from tests.test_queries import AS_OF, invented_county, invented_rows
from tools.browser import LONGEST

ROOT = Path(__file__).resolve().parents[1]
TITLES = {name: title for entries in navigation.MENU.values() for name, title in entries}
FIRST = next(iter(TITLES))
GARBAGE = [
    "",
    "\x00\u202e",
    "99999999999999999999",
    "'; drop table cases; --",
    "<script>alert(1)</script>" + "x" * 5000,
]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an invented county; tests must not write to it."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(folder))
        invented_county(invented_rows(5, 300)).publish(AS_OF.isoformat())
    return folder


@pytest.fixture
def with_data(invented: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GOVERNANCE_DATA", str(invented))
    return invented


@pytest.fixture
def whole(with_data: Path) -> Iterator[Pages]:
    """Pages over the invented county; its store is kept from test to test."""
    yield Pages()


def published(tmp_path_factory: pytest.TempPathFactory, county: County) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(folder))
        county.publish(AS_OF.isoformat())
    return folder


@pytest.fixture(scope="module")
def barest_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One case, no register, no grid, no staff, no unit: every optional table is absent."""
    county = County()
    county.case(reported_at="2026-07-01", region_code="somewhere")
    return published(tmp_path_factory, county)


@pytest.fixture(scope="module")
def caseless_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    county = County()
    county.region("C", level="county", name="某县")
    return published(tmp_path_factory, county)


@pytest.fixture
def barest(barest_data: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setenv("GOVERNANCE_DATA", str(barest_data))
    return Pages()


@pytest.fixture
def caseless(caseless_data: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setenv("GOVERNANCE_DATA", str(caseless_data))
    return Pages()


def words(app: AppTest) -> str:
    """What is written on the page, Markdown's escapes taken out."""
    kinds = (app.title, app.caption, app.markdown, app.info, app.warning, app.error, app.subheader)
    return re.sub(r"\\(.)", r"\1", "\n".join(str(element.value) for kind in kinds for element in kind))


def assert_whole(app: AppTest, name: str) -> None:
    """No exception, the frame of dashboard.py around the page, no word that only a program would say."""
    assert [error.value for error in app.exception] == []
    assert [title.value for title in app.title] == [TITLES[name]]
    assert {box.key for box in app.sidebar.selectbox} >= {"region"}
    shown = words(app)
    assert "数据截至 2026-07-10 15:30" in shown
    assert not [word for word in ("nan", "NaN", "None", "<NA>", "NaT", "Traceback") if word in shown]
    held = app.session_state.values()  # kept for minutes after a reader has gone: choices, never data
    assert not [one for one in held if isinstance(one, pd.DataFrame) or len(repr(one)) > 10_000]


def test_every_file_in_pages_is_in_the_menu_and_only_those() -> None:
    desk = {name: title for entries in navigation.DESK.values() for name, title in entries}
    assert set(TITLES) | set(desk) == {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert not set(TITLES) & set(desk)
    assert len(set(TITLES.values())) == len(TITLES)


@pytest.mark.parametrize("name", TITLES)
def test_page_with_data(name: str, whole: Pages) -> None:
    app = whole.open(name)
    assert_whole(app, name)
    assert [warning.value for warning in app.warning] == []
    assert [error.value for error in app.error] == []


def test_an_unforeseen_error_is_a_number_to_the_reader_and_without_phones_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def script() -> None:
        from governance import components

        try:
            int("13800138000, 王小明")
        except ValueError as error:
            components.trouble(error)

    app = AppTest.from_function(script, default_timeout=LONGEST).run()
    (said,) = [error.value for error in app.error]
    number = re.search(r"错误编号 ([0-9a-f]{8})", said)
    assert number and "13800138000" not in said and "王小明" not in said
    assert number[1] in caplog.text and "invalid literal" in caplog.text and "13800138000" not in caplog.text


def test_the_dashboard_itself_opens_the_first_page(with_data: Path) -> None:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=LONGEST).run()
    assert_whole(app, FIRST)


@pytest.mark.parametrize("name", TITLES)
def test_a_cold_link_is_not_the_whole_county(name: str, whole: Pages) -> None:
    """A page's file alone, as a fresh server runs it: it must find its frame, and with it the filter in the link."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=LONGEST)
    app.query_params.update({"region": "V2", "start": "2026-05-01", "stop": "2026-06-01", "category": "01"})
    app.switch_page(f"pages/{name}.py").run()
    assert_whole(app, name)
    chosen = app.session_state["filter"]
    assert (chosen.region, chosen.start, chosen.stop) == ("V2", date(2026, 5, 1), date(2026, 6, 1))
    assert chosen.category == ("01",)
    head = next(line for line in words(app).splitlines() if "数据截至" in line)
    assert "V2村" in head
    assert "31 天" in head
    assert "矛盾纠纷" in head


@pytest.mark.parametrize("name", TITLES)
@pytest.mark.parametrize(
    "link",
    [
        {"start": "2026-08-01", "stop": "2026-09-01"},  # after all data
        {"region": "silent"},  # a grid without a case
        {"category": "99", "urgency": "hard", "region": "V1-11"},  # nothing like that
    ],
    ids=["after", "silent", "none"],
)
def test_page_with_nothing_to_show(name: str, link: dict[str, str], whole: Pages) -> None:
    assert_whole(whole.open(name, **link), name)


@pytest.mark.parametrize("name", TITLES)
def test_page_on_the_barest_snapshot(name: str, barest: Pages) -> None:
    assert_whole(barest.open(name), name)


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("disputes", ["矛盾纠纷"]),
        ("hazards", ["安全隐患"]),
        ("workload", ["网格"]),
        ("lists", ["清单事项", "次日计划", "民生项目"]),
        ("points", ["积分流水", "活动与志愿服务"]),
    ],
)
def test_a_page_names_each_export_it_lacks_and_shows_how_to_map_it(name: str, tables: list[str], barest: Pages) -> None:
    app = barest.open(name)
    for table in tables:
        assert f"还没有导入{table}" in words(app)
    mappings = [code.value for code in app.code]
    assert len([one for one in mappings if "[tables." in one and "导出文件里的列名" in one]) >= len(tables)


@pytest.mark.parametrize("name", TITLES)
def test_page_on_a_snapshot_without_cases(name: str, caseless: Pages) -> None:
    assert_whole(caseless.open(name), name)


@pytest.mark.parametrize("name", TITLES)
def test_page_without_any_snapshot_says_what_to_do(name: str, pages: Pages) -> None:
    app = pages.open(name)
    assert [error.value for error in app.exception] == []
    assert len(app.error) == 1
    assert "python -m governance" in words(app)


@pytest.mark.parametrize("field", ["start", "stop", "region", "category", "channel", "origin", "urgency", "as_of"])
def test_a_hostile_link_is_named_and_the_page_shows(field: str, whole: Pages) -> None:
    name = "dictionary"  # the frame reads the filter, the same for all pages
    for value in GARBAGE:
        app = whole.open(name, **{field: value})
        assert [error.value for error in app.exception] == []
        said = [element.value for kind in (app.warning, app.error) for element in kind]
        assert said or not value, f"{field}={value[:30]!r} was silently ignored"
        assert all(len(sentence) < 700 for sentence in said)
        if field != "as_of":
            assert_whole(app, name)


@pytest.mark.parametrize("name", TITLES)
def test_a_link_full_of_garbage(name: str, whole: Pages) -> None:
    link = dict.fromkeys(("start", "stop", "region", "category", "channel", "origin", "urgency"), GARBAGE[3])
    own = dict.fromkeys(("indicator", "level", "part", "inclusive", "step", "period", "filter", "url"), GARBAGE[4])
    app = whole.open(name, **link, **own)
    assert_whole(app, name)
    assert app.warning


def test_the_last_day_of_a_link_is_a_day_of_the_widget(whole: Pages) -> None:
    app = whole.open("dictionary", start="2200-06-01", stop="2200-12-31")
    assert not app.error
    assert any("2200-12-30" in one.value.replace("\\", "") for one in app.caption)


@pytest.mark.parametrize(
    "link",
    [
        {"start": "2026-06-01", "stop": "2026-05-01"},
        {"start": "2026-06-01", "stop": "2026-06-01"},
        {"start": "0001-01-01", "stop": "9999-12-31"},
    ],
)
def test_an_impossible_period_is_named(link: dict[str, str], whole: Pages) -> None:
    app = whole.open("overview", **link)
    assert_whole(app, "overview")
    assert app.warning


@pytest.mark.parametrize("name", TITLES)
def test_the_longest_period_and_one_day(name: str, whole: Pages) -> None:
    assert_whole(whole.open(name, start="1970-01-01", stop="2200-01-01"), name)
    assert_whole(whole.open(name, start="2026-07-10", stop="2026-07-11"), name)


@pytest.mark.parametrize(
    ("level", "indicator"),
    [
        ("county", "handling_hours_p90"),
        ("town", "workload_gini"),
        ("community", "appeals_per_10k"),
        ("grid_1", "handling_hours_p90"),
        ("grid_2", "on_time_rate"),
        ("grid_3", "backlog"),
    ],
)
def test_the_map_at_every_level(level: str, indicator: str, whole: Pages) -> None:
    assert_whole(whole.open("map", level=level, indicator=indicator), "map")


def test_a_month_is_written_without_a_day(whole: Pages) -> None:
    (table,) = [one for one in whole.open("quality").dataframe if "located_rate" in one.value]
    assert '"YYYY-MM"' in table.proto.columns


def test_attention_is_asked_only_where_one_way_is_worse(whole: Pages) -> None:
    assert "由大到小；样本不足的不排在内" in words(whole.open("map", indicator="reported_count"))
    assert "最需要关注的在前；样本不足的不排在内" in words(whole.open("map", indicator="on_time_rate"))


def test_beside_the_map_stand_the_places_of_the_map(whole: Pages) -> None:
    """A grid with nothing below it is marked among its like on the map, and so it is in the card beside it."""
    app = whole.open("map", region="V1-11", indicator="backlog")
    around = replace(app.session_state["filter"], region="V1-1")
    beside = queries.run("indicators_by_region", around, level="grid_2", only=["backlog"])
    assert {"V1-11", "V1-12"} <= set(beside["place_code"])
    assert findings.extremes(beside, INDICATORS["backlog"], otherwise="?") in words(app)


@pytest.mark.parametrize("region", ["C", "T1", "V1", "V1-1", "V1-11", "unknown grid"])
def test_the_map_of_every_kind_of_place(region: str, whole: Pages) -> None:
    assert_whole(whole.open("map", region=region), "map")


def test_the_back_button_takes_back_what_was_chosen_on_the_page() -> None:
    """Down to a place with one level and back: the first level again. Another level and back: the first level again."""

    def script() -> None:
        import streamlit as st

        from governance.components.page import chosen_option

        chosen_option("level", "层级", st.query_params["offered"].split(), str)

    app = AppTest.from_function(script)
    for offered, standard in (("town grid", "town"), ("grid", "grid"), ("town grid", "town")):
        app.query_params["offered"] = offered
        app.run()
        assert (app.selectbox(key="level").value, "level" in app.query_params) == (standard, False)
    app.selectbox(key="level").set_value("grid").run()
    assert (app.run().selectbox(key="level").value, "level" in app.query_params) == ("grid", True)
    del app.query_params["level"]
    app.run()
    assert (app.selectbox(key="level").value, "level" in app.query_params) == ("town", False)


@pytest.mark.parametrize(
    ("indicator", "part"),
    [("on_time_rate", "base"), ("on_time_rate", "hit"), ("handling_hours", "miss"), ("backlog", "miss")],
)
def test_the_list_of_cases_says_how_many_it_lists(indicator: str, part: str, whole: Pages) -> None:
    app = whole.open("cases", indicator=indicator, part=part)
    assert_whole(app, "cases")
    listed = queries.run("case_list", app.session_state["filter"], indicator=indicator, part=part, limit=100_000)
    if len(listed):
        assert f"{len(listed):,} 件" in words(app)
        assert len(app.dataframe[0].value) == len(listed)


def test_text_of_the_data_is_shown_as_text(pages: Pages, county: County) -> None:
    name = "**粗** [链接](http://x) <b>x</b> $x$"
    county.region("C", level="county", name=name)
    county.case(region_code="C", title=name)
    county.publish(AS_OF.isoformat())
    app = pages.open("overview", region="C")
    assert_whole(app, "overview")
    shown = [caption.value for caption in app.caption] + [text.value for text in app.markdown]
    assert not [text for text in shown if "[链接](http" in text or "<b>x" in text or "**粗**" in text]


@pytest.fixture(scope="module")
def guarded_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented county imported from a file, with everything that only an analyst may see, each value a canary."""
    county = invented_county(
        [row | {"lon": 113.76543, "lat": 37.76543, "source_file": "canary.csv", "source_row": 7_654_321}
         for row in invented_rows(5, 300)]
    )  # fmt: skip
    logged = {"source": "甲", "table_name": "cases", "file": "canary.csv", "reason": "canary"}
    for log, more in (("rejects", {"row_number": 3}), ("intake", {"outcome": "rejected", "row_count": 1})):
        county.con.execute(f"create table {log} ({layout(log)})")
        county.insert(log, **logged, **more)
    folder = tmp_path_factory.mktemp("guarded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(folder))
        read = {"source": "甲", "title": "甲的平台", "tables": ["cases"], "file": "canary.csv", "rows": 1}
        snapshots.publish(county.con, AS_OF, sources=[read])
    return folder


def everything(app: AppTest) -> str:
    """All that is sent to the browser, tables too."""
    return words(app) + "".join(frame.value.to_csv() for frame in app.dataframe)


def test_sources_and_tables_are_shown_by_their_titles(guarded_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVERNANCE_DATA", str(guarded_data))
    tables = [frame.value for frame in Pages().open("quality").dataframe]
    reasons = next(table for table in tables if "outcome" in table)
    assert set(reasons["source"]) == {"甲的平台"} and set(reasons["table_name"]) == {"案件"}


@pytest.mark.parametrize("name", TITLES)
def test_a_leader_opens_every_page_and_sees_no_withheld_value(
    name: str, guarded_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVERNANCE_DATA", str(guarded_data))
    monkeypatch.setenv(access.ROLE, "leader")
    app = Pages().open(name)
    assert_whole(app, name)
    assert [error.value for error in app.error] == []
    assert not [text for text in ("canary", "113.76543", "7654321") if text in everything(app)]
    headings = {str(column) for frame in app.dataframe for column in frame.value.columns}
    assert not headings & {"source_file", "source_sheet", "source_row", "lon", "lat"}


@pytest.mark.parametrize("name", ["cases", "trace", "quality"])
def test_an_analyst_sees_what_is_withheld_from_a_leader(
    name: str, guarded_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVERNANCE_DATA", str(guarded_data))
    app = Pages().open(name)
    assert_whole(app, name)
    assert "canary" in everything(app)


def teardown_module() -> None:
    store.clear()


@pytest.mark.parametrize(("satisfied", "color"), [(34, "GRAY"), (20, "RED")])
def test_a_change_that_chance_explains_is_not_red(county: County, pages: Pages, satisfied: int, color: str) -> None:
    """Of 40 in May 36 were content. 34 of 40 in June lie within chance (−5 ± 15 points), 20 of 40 do not."""
    county.region("R1", level="community")
    for month, content in (("05", 36), ("06", satisfied)):
        for number in range(40):
            closed = {"closed_at": f"2026-{month}-10", "rated_at": f"2026-{month}-11", "status": "closed"}
            county.case(region_code="R1", reported_at=f"2026-{month}-02", rating=5 if number < content else 2, **closed)
    county.case(region_code="R1", reported_at="2026-04-02")
    county.publish()
    app = pages.open("satisfaction", start="2026-06-01", stop="2026-07-01")
    metric = next(figure for figure in app.metric if figure.label == "满意率")
    assert metric.proto.color == Metric.MetricColor.Value(color)
