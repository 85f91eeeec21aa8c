"""The wall in a real Chromium: how it looks at every size, how it turns, and what is seen when things go wrong."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from governance.public import reading
from governance.screen.scenes import SCENES, document
from tests import walls
from tools import browser as chromium
from tools.wall import Wall, serve

KINDS: dict[str, Callable[[], walls.Hand]] = {
    "plain": walls.county,
    "much": lambda: walls.county(24, 1000, long_names=True),
    "little": lambda: walls.county(2),
    "nine": lambda: walls.county(9),
    "sparse": walls.sparse,
}
# Records whether any frame showed no whole scene: the lowest coverage of the ground by opaque scenes, from the frame on
# in which the first scene has come up.
WATCH = """() => new Promise((begun) => { window.__least = 1; window.__mark = 0; const look = () => {
  const all = [...document.querySelectorAll('.scene')].map((e) => Number(getComputedStyle(e).opacity));
  const now = Math.max(0, ...all);
  if (window.__mark) window.__least = Math.min(window.__least, now);
  else if (now === 1) { window.__mark = 1; begun(); }
  requestAnimationFrame(look); }; requestAnimationFrame(look); })"""


@contextmanager
def opened(browser: Browser, url: str, width: int = 1366, height: int = 768) -> Iterator[Page]:
    """A tab with the wall, whose scripts report no error and which asks this host only."""
    with chromium.visit(browser, width, height) as tab:
        tab.page.goto(url)
        until(tab.page, lambda: tab.page.inner_text("#clock") != "")  # the first answer of the server is there
        yield tab.page
        assert tab.errors == [] and tab.off_host == []


def address(page: Page) -> str:
    """Where the page is, as it knows itself: what the browser tells of it may be late."""
    return str(page.evaluate("location.href"))


def banner(page: Page) -> str:
    return page.inner_text("#banner") if page.is_visible("#banner") else ""


def until(page: Page, condition: Callable[[], bool]) -> None:
    chromium.Visit(page).until(condition)


def shown(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.scene.on:not(.old)')?.classList[1] ?? ''"))


@pytest.mark.parametrize("size", walls.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", ["plain", "much"])
def test_nothing_is_clipped_overlaps_or_is_too_small(browser: Browser, kind: str, size: tuple[int, int]) -> None:
    bundle = KINDS[kind]().bundle()
    with walls.serve(lambda: bundle) as url, opened(browser, f"{url}/?paused=1", *size) as page:
        for number, name in enumerate(SCENES):
            page.keyboard.press(str(number + 1))
            page.wait_for_selector(f".scene.on.{name}:not(.old)")
            assert page.evaluate(walls.FAULTS) == [], name
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
            if kind == "plain" and name == "now":
                assert page.locator(".scene.on:not(.old) .figures li").count() == 5, "what needs action is not dropped"


OTHERS = [
    ("little", (1024, 768)), ("little", (1280, 1024)), ("little", (2560, 1080)), ("little", (1000, 1000)),
    ("little", (768, 1366)), ("nine", (1280, 1024)), ("sparse", (1366, 768)), ("sparse", (3840, 1080)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "size"), OTHERS)
def test_other_sizes_and_counties_hold_too(browser: Browser, kind: str, size: tuple[int, int]) -> None:
    hand = KINDS[kind]()
    bundle, ready = hand.bundle(), [name for name in SCENES if document(hand.board(), name)]
    with walls.serve(lambda: bundle) as url, opened(browser, f"{url}/?paused=1", *size) as page:
        for number, name in enumerate(ready):
            page.keyboard.press(str(number + 1))
            page.wait_for_selector(f".scene.on.{name}:not(.old)")
            assert page.evaluate(walls.FAULTS) == [], name
            if kind == "sparse" and name == "satisfaction":
                assert page.locator(".scene.on:not(.old) .figures li").count() == 3, "there is room for all of them"


def test_keys_turn_pause_and_the_address_keeps_it(browser: Browser) -> None:
    bundle = walls.county().bundle()
    with walls.serve(lambda: bundle) as url, opened(browser, f"{url}/?area=140100000000&seconds=60") as page:
        names = list(SCENES)
        until(page, lambda: shown(page) == "map")
        for key, expected in (
            ("ArrowRight", 1), ("PageDown", 2), ("Enter", 3), ("PageUp", 2), ("ArrowLeft", 1), ("ArrowLeft", 0),
            ("ArrowLeft", 5), ("3", 2), (" ", 2),
        ):  # fmt: skip
            page.keyboard.press(key)
            until(page, lambda expected=expected: shown(page) == names[expected])  # type: ignore[misc]
        assert address(page) == f"{url}/?area=140100000000&seconds=60&scene=satisfaction&paused=1"
        page.reload()
        until(page, lambda: shown(page) == "satisfaction")
        assert "paused=1" in address(page)
        page.keyboard.press(" ")
        assert "paused" not in address(page)


def test_scenes_turn_by_themselves_without_a_flash(browser: Browser) -> None:
    bundle = walls.county().bundle()
    with walls.serve(lambda: bundle) as url, opened(browser, f"{url}/?seconds=5&scenes=now,timeliness") as page:
        page.evaluate(WATCH)
        until(page, lambda: shown(page) == "now")
        until(page, lambda: shown(page) == "timeliness")
        until(page, lambda: page.locator(".scene").count() == 1)  # the old scene is gone
        assert page.evaluate("window.__least") == 1


def test_the_old_scene_stays_until_the_new_one_has_come_up(browser: Browser) -> None:
    """On a slow screen the fade begins late: a timer that is right elsewhere must not take the old scene away first."""
    bundle = walls.county().bundle()
    with walls.serve(lambda: bundle) as url, opened(browser, f"{url}/?seconds=600") as page:
        hold_the_clock(page)  # of the page; fades go on by the browser's own
        page.evaluate("document.styleSheets[0].insertRule('.scene { transition-delay: 3s !important; }')")
        page.keyboard.press("2")
        page.wait_for_selector(".scene.on.now:not(.old)")
        page.clock.run_for(2_000)
        seen = "[...document.querySelectorAll('.scene')].map((scene) => Number(getComputedStyle(scene).opacity))"
        assert max(page.evaluate(seen)) == 1

        def is_alone() -> bool:
            page.clock.run_for(100)
            return page.locator(".scene").count() == 1

        until(page, is_alone)
        assert page.evaluate(seen) == [1]


def test_another_bundle_comes_in_alone_without_a_flash_or_a_reload(browser: Browser) -> None:
    bundles = [walls.county().bundle()]
    with walls.serve(lambda: bundles[0]) as url, opened(browser, f"{url}/?scene=timeliness&paused=1") as page:
        page.evaluate(WATCH)
        hand = walls.county()
        hand.id, hand.as_of = "20260702T000000-00000002", "2026-07-02T06:30:00"
        hand.figure("", "on_time_rate", 0.999, 1200)
        bundles[0] = hand.bundle()
        until(page, lambda: "99.9" in page.inner_text(".scene.on:not(.old)"))
        until(page, lambda: "2026年7月2日 06:30" in page.inner_text("#cutoff"))
        assert shown(page) == "timeliness"
        page.wait_for_timeout(1200)
        assert page.evaluate("[window.__least, window.__mark]") == [1, 1]


@pytest.fixture
def wall(data: Path, tmp_path: Path) -> Iterator[Wall]:
    hand = walls.county()
    hand.as_of = "2020-07-01T00:00:00"
    walls.publish(hand)
    with serve(data, tmp_path / "log") as running:
        yield running


def hold_the_clock(page: Page) -> None:
    """Load the wall with a clock that stands still but for what `run_for` adds; it has just heard an answer."""
    page.clock.install()
    page.reload()
    page.wait_for_selector(".scene.on")
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 600)  # far enough for any machine, and a silence

    def has_heard() -> bool:
        page.clock.run_for(250)
        return not lost(page)

    until(page, has_heard)


def lost(page: Page) -> bool:
    return "与服务器的连接中断，画面为 " in banner(page)


def test_a_killed_server_is_said_within_thirty_seconds_and_comes_back_alone(browser: Browser, wall: Wall) -> None:
    with opened(browser, f"{wall.url}/?scene=satisfaction&seconds=600") as page:
        hold_the_clock(page)
        before = page.inner_text(".scene.on h1")
        page.evaluate("window.__mark = 1")
        wall.kill()
        page.clock.run_for(8_000)
        assert not lost(page), "one missed answer is no trouble"
        page.clock.run_for(22_000)
        until(page, lambda: lost(page))
        assert re.search(r"画面为 \d\d:\d\d 的数据", banner(page))
        assert page.inner_text(".scene.on:not(.old) h1") == before, "the values stay"
        dimmed = "Number(getComputedStyle(document.querySelector('#stage')).opacity) < 0.6"
        until(page, lambda: page.evaluate(dimmed))
        wall.start()
        page.clock.resume()
        until(page, lambda: not lost(page))
        assert shown(page) == "satisfaction"
        assert page.evaluate("window.__mark") == 1, "the page was not loaded again"


def test_a_frozen_server_is_noticed_like_a_dead_one(browser: Browser, wall: Wall) -> None:
    with opened(browser, f"{wall.url}/?scene=now&seconds=600") as page:
        hold_the_clock(page)
        os.kill(wall.pid, signal.SIGSTOP)
        try:
            page.clock.run_for(30_000)
            until(page, lambda: lost(page))
        finally:
            os.kill(wall.pid, signal.SIGCONT)
        page.clock.resume()
        until(page, lambda: not lost(page))
        assert shown(page) == "now"


def test_three_minutes_without_network(browser: Browser) -> None:
    bundle = walls.county().bundle()
    with walls.serve(lambda: bundle) as url, opened(browser, f"{url}/?scene=workload&seconds=600") as page:
        page.clock.install()
        page.reload()
        until(page, lambda: shown(page) == "workload")
        page.context.set_offline(True)
        page.clock.run_for(180_000)
        until(page, lambda: lost(page))
        page.context.set_offline(False)
        until(page, lambda: not lost(page))
        assert shown(page) == "workload"


def test_the_clock_is_the_servers_and_midnight_makes_data_old(browser: Browser) -> None:
    """The server says 23:59:57 of another year than this machine; thirty hours after the cut-off midnight strikes."""
    hand = walls.county()
    hand.as_of = "2031-03-08T17:59:59"
    bundle = hand.bundle()

    def answer(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "server_time": "2031-03-09T23:59:57.000+08:00"})

    with walls.serve(lambda: bundle) as url, chromium.visit(browser) as tab:
        tab.page.route("**/state*", answer)
        tab.page.goto(f"{url}/?paused=1")
        hold_the_clock(tab.page)
        assert "2031年3月9日 星期日23:59" in tab.page.inner_text("#time") and banner(tab.page) == ""
        tab.page.unroute("**/state*")
        tab.page.route("**/state*", lambda route: route.abort())  # from here on the wall itself counts the seconds
        tab.page.clock.run_for(4_000)
        assert "2031年3月10日 星期一00:00" in tab.page.inner_text("#time")
        assert banner(tab.page) == "数据已 30 小时未更新"
        assert "2031年3月8日 17:59" in tab.page.inner_text("#cutoff")
        assert tab.page.evaluate(walls.FAULTS) == []


def test_a_damaged_bundle_leaves_the_picture_and_a_whole_one_replaces_it(browser: Browser, wall: Wall) -> None:
    with opened(browser, f"{wall.url}/?scene=timeliness&paused=1") as page:
        before = page.inner_text(".scene.on h1")
        name = reading.current_id()
        assert name is not None
        file = reading.root() / name / "figures.parquet"
        file.write_bytes(file.read_bytes()[:-5] + b"wrong")
        until(page, lambda: "继续显示上一份公开数据" in wall.log.read_text("utf-8"))
        assert page.inner_text(".scene.on:not(.old) h1") == before
        until(page, lambda: banner(page).startswith("数据已"))
        hand = walls.county()
        hand.figure("", "on_time_rate", 0.999, 1200)
        walls.publish(hand)
        until(page, lambda: "99.9" in page.inner_text(".scene.on:not(.old)"))


def test_with_every_scene_off_the_wall_says_so_calmly_and_comes_back(browser: Browser) -> None:
    red = walls.county()
    red.id = "20260702T000000-00000002"
    red.check("parts", 1, ",".join(SCENES))
    bundles = [red.bundle()]
    with walls.serve(lambda: bundles[0]) as url, opened(browser, url) as page:
        until(page, lambda: "正在核对" in page.inner_text("#message"))
        assert page.evaluate(walls.FAULTS) == []
        bundles[0] = walls.county().bundle()
        until(page, lambda: shown(page) == "map")
        assert not page.is_visible("#message")


def test_a_wall_opened_while_the_server_is_away_says_so_itself_and_comes_back_alone(
    browser: Browser, wall: Wall
) -> None:
    """A reload after the server died, and a browser started anew on a frozen one: no error page of the browser."""
    with chromium.visit(browser, keeper=True) as tab:
        page = tab.page
        page.goto(f"{wall.url}/?scene=satisfaction&seconds=600")
        page.wait_for_selector(".scene.on")
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        kept = page.evaluate("caches.open('wall').then((kept) => kept.keys()).then((all) => all.map((one) => one.url))")
        assert sorted(url.removeprefix(wall.url) for url in kept) == [
            "/",
            "/static/charts.js",
            "/static/wall.css",
            "/static/wall.js",
        ]
        wall.kill()
        page.reload()
        until(page, lambda: page.inner_text("#message") == "连接不上服务器，正在重试…")
        assert banner(page) == "连接不上服务器，正在重试"
        wall.start()
        until(page, lambda: shown(page) == "satisfaction" and not banner(page).startswith("连接"))
        os.kill(wall.pid, signal.SIGSTOP)
        try:
            page.goto(f"{wall.url}/?scene=now&seconds=600")
            until(page, lambda: page.inner_text("#message") == "连接不上服务器，正在重试…")
        finally:
            os.kill(wall.pid, signal.SIGCONT)
        until(page, lambda: shown(page) == "now")
        assert tab.errors == [] and tab.off_host == []


def test_a_new_build_is_loaded_once_at_the_turn_of_a_scene(browser: Browser) -> None:
    bundle = walls.county().bundle()
    loads: list[str] = []
    builds = {"state": "", "page": ""}

    def state(route: Route) -> None:
        answer = route.fetch().json()
        route.fulfill(json={**answer, "build": answer["build"] + builds["state"]})

    def document(route: Route) -> None:
        answer = route.fetch()
        body = re.sub(r'(data-build="\w+)', rf"\1{builds['page']}", answer.text())
        route.fulfill(response=answer, body=body)

    with walls.serve(lambda: bundle) as url, chromium.visit(browser) as tab:
        tab.page.route("**/state*", state)
        tab.page.route(re.compile(re.escape(url) + r"/(\?.*)?$"), document)
        tab.page.goto(f"{url}/?seconds=5&scenes=now,timeliness")
        until(tab.page, lambda: shown(tab.page) == "now")
        tab.page.on("load", lambda page: loads.append(page.url))
        builds["state"] = "two"  # a proxy still gives the old page: it stays, and does not go round
        until(tab.page, lambda: shown(tab.page) == "timeliness")
        until(tab.page, lambda: shown(tab.page) == "now")
        assert loads == []
        with tab.page.expect_event("load"):
            builds["page"] = "two"
        tab.page.wait_for_selector(".scene.on")
        first = re.findall(r"scene=(\w+)", loads[0])  # that it was turning to
        assert first in (["now"], ["timeliness"])
        until(tab.page, lambda: shown(tab.page) not in ("", *first))  # another turn, and no other load
        assert len(loads) == 1
        assert tab.errors == []


def test_what_goes_over_the_wire_is_what_was_agreed(browser: Browser, wall: Wall) -> None:
    asked: list[str] = []
    bodies: list[str] = []

    def keep(response: Any) -> None:
        asked.append(response.url)
        if response.url.startswith((f"{wall.url}/state", f"{wall.url}/scene")) and response.ok:
            bodies.append(response.text())

    with chromium.visit(browser) as tab:
        tab.page.on("response", keep)
        tab.page.goto(f"{wall.url}/?seconds=5")
        tab.page.wait_for_selector(".scene.on")
        for _ in SCENES:
            before = shown(tab.page)
            tab.page.keyboard.press("ArrowRight")
            until(tab.page, lambda before=before: shown(tab.page) not in ("", before))  # type: ignore[misc]
        paths = {re.sub(r"\?.*", "", url.removeprefix(wall.url)) for url in asked}
        allowed = {
            "/",
            "/state",
            "/favicon.ico",
            "/static/wall.css",
            "/static/wall.js",
            "/static/charts.js",
            "/static/keeper.js",
        }
        assert paths <= allowed | {f"/scene/{name}" for name in SCENES} and tab.off_host == []
        assert tab.page.context.cookies() == []
        assert tab.page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert tab.page.locator("a, button, input, select, form, iframe, [href^='http']").count() == 0
    assert bodies and not any(re.search(r"1401\d{11}|网格员", body) for body in bodies), "a grid's code, or a person"
