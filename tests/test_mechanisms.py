"""机制对照: every mechanism leads to a page that exists, and every document that describes one is known."""

import tomllib
from pathlib import Path

from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from governance import store
from governance.indicators import INDICATORS
from governance.mechanisms import mechanisms
from governance.navigation import MENU
from tests.factory import County
from tests.test_pages import words
from tools import browser as chromium
from tools import server as dashboard
from tools.browser import LONGEST

ROOT = Path(__file__).resolve().parents[1]


def test_every_mechanism_leads_to_a_page_of_the_menu() -> None:
    pages = {name for entries in MENU.values() for name, _ in entries}
    assert {entry.page for entry in mechanisms()} <= pages
    for entry in mechanisms():
        indicator = dict(entry.params).get("indicator")
        assert indicator is None or indicator in INDICATORS


def test_every_document_is_known_and_every_document_has_a_mechanism() -> None:
    published = tomllib.loads((ROOT / "governance/demo/published.toml").read_text("utf-8"))["documents"]
    assert {key for entry in mechanisms() for key in entry.documents} == set(published)


def test_no_name_stands_for_two_mechanisms() -> None:
    names = [name for entry in mechanisms() for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names))


def test_what_a_document_does_not_count_has_an_export_that_would_count_it() -> None:
    told = {entry.name: entry for entry in mechanisms() if entry.said or entry.export}
    assert all(entry.said and entry.export for entry in told.values())
    assert {"五色模范党员", "三顺、五福与1255工作法", "分类梳理台账、次日计划", "网格党组织"} <= set(told)


def test_a_page_that_a_search_led_to_says_what_to_look_at(county: County) -> None:
    county.region("R1")
    county.case(region_code="R1")
    county.publish()
    for page, is_there in (("points", True), ("councils", False)):
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=LONGEST)
        app.session_state["mechanism_found"] = "三顺、五福与1255工作法"
        shown = words(app.switch_page(f"pages/{page}.py").run())
        assert ("四个数字各指什么没有说" in shown) == is_there
        assert ("导入活动台账的“服务品牌”“品牌项目”" in shown) == is_there
    store.clear()


def test_words_of_an_article_lead_to_their_page(server: dashboard.Server, browser: Browser) -> None:
    with chromium.visit(browser) as tab:
        tab.go(server.address("overview"))
        box = tab.page.get_by_role("combobox", name="找一项做法")
        box.fill("次日计划")
        tab.page.get_by_role("option").filter(has_text="次日计划").first.click()
        tab.page.wait_for_url("**/lists*")
        tab.until(lambda: "次日计划里提前定下" in tab.text())


def test_the_articles_own_words_find_the_page() -> None:
    words = {
        "24小时线上应答": "deadlines", "一岗多责": "visits", "全科服务": "process", "为民办实事": "overview",
        "更换服务者": "scorecards", "贴心管家": "peers", "抵扣物业费": "points", "小镇下午茶": "councils",
        "代办服务": "services", "单位接单": "lists", "拥军一条街": "visits", "社区乌兰牧骑": "points",
        "合理化建议": "councils", "流动哨兵": "visits", "石榴籽": "points", "改造专班": "lists",
    }  # fmt: skip
    found = {word: {entry.page for entry in mechanisms() if word in entry.names} for word in words}
    assert found == {word: {page} for word, page in words.items()}
