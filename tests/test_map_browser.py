"""The map in a real Chromium, the network cut: drilled by clicks and by keys, without WebGL, saved, played."""

import csv
import io
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser

from tools import browser as chromium
from tools import server as dashboard

ROOT = Path(__file__).resolve().parents[1]
FLAT = ("--disable-gpu", "--disable-webgl", "--disable-3d-apis", "--disable-software-rasterizer")
DRAWN = ".map .place[data-code]"
LOOKS = "all => all.map(each => each.getAttribute('fill').replace(/map\\d+/, '') + each.dataset.letter)"


@pytest.fixture(scope="module")
def way(demo_data: Path) -> list[str]:
    """The way from a county of the demo down to a micro grid, each step a place that the one before contains."""
    environment = {**os.environ, "GOVERNANCE_DATA": str(demo_data)}
    tree: dict[str, tuple[str, str]] = {}
    for level in ("county", "town", "community", "grid_1", "grid_2", "grid_3"):
        command = [sys.executable, "-m", "governance", "answer", "place_tree", "--format", "csv", "--level", level]
        text = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
        for row in csv.DictReader(io.StringIO(text)):
            tree[row["place_code"]] = (row["parent_code"], level)
    code = next(code for code, (_, level) in tree.items() if level == "grid_3")
    steps = [code]
    while tree.get(steps[-1], ("", ""))[0] in tree:
        steps.append(tree[steps[-1]][0])
    return steps[::-1]


def region_of(tab: chromium.Visit) -> str | None:
    return parse_qs(urlsplit(tab.page.url).query).get("region", [None])[0]


def wait_for_region(tab: chromium.Visit, region: str | None) -> None:
    tab.until(lambda: region_of(tab) == region)
    tab.settle()


def drill(tab: chromium.Visit, code: str, by_key: bool) -> None:
    place = tab.page.locator(f'{DRAWN}[data-code="{code}"]')
    place.wait_for(state="attached")
    if by_key:
        place.focus()
        tab.page.keyboard.press("Enter")
    else:
        place.dispatch_event("pointerdown", {"button": 0, "pointerId": 1, "bubbles": True})
        place.dispatch_event("pointerup", {"button": 0, "pointerId": 1, "bubbles": True})
    wait_for_region(tab, code)


def shown_of(tab: chromium.Visit, way: list[str]) -> str:
    """The place of the way that the map shows now: a level with a single place is passed over."""
    tab.page.locator(DRAWN).first.wait_for(state="attached")
    codes = tab.page.eval_on_selector_all(DRAWN, "all => all.map(each => each.dataset.code)")
    return next(code for code in way if code in codes and code != region_of(tab))


@pytest.mark.parametrize("by_key", [False, True], ids=["clicks", "keys"])
def test_down_to_a_micro_grid_and_back(
    server: dashboard.Server, browser: Browser, way: list[str], by_key: bool
) -> None:
    with chromium.visit(browser) as tab:
        tab.go(server.address("map", "level=county"))
        while region_of(tab) != way[-1]:
            code = shown_of(tab, way)
            drill(tab, code, by_key)
            if not by_key:  # a reload at every depth returns to the same place, however it was reached
                tab.go(tab.page.url)
                assert region_of(tab) == code
            assert tab.page.locator(DRAWN).count() > 0
        names = tab.page.eval_on_selector_all(
            ".map .name tspan:first-child", "all => all.map(each => each.textContent)"
        )
        labels = tab.page.eval_on_selector_all(DRAWN, "all => all.map(each => each.getAttribute('aria-label'))")
        assert names
        assert not {*names} & {
            label.split("，")[0] for label in labels
        }  # without the community, which all have in common
        up = tab.page.locator('button[data-do="up"]')
        for above in [*way[-2::-1], None]:
            if by_key:
                up.focus()
                tab.page.keyboard.press("Enter")
            else:
                up.click()
            wait_for_region(tab, above)
        assert tab.off_host == []
        assert tab.errors == []


def test_the_same_map_without_webgl(server: dashboard.Server, browser: Browser, way: list[str]) -> None:
    with chromium.visit(browser) as tab:
        tab.go(server.address("map", f"region={way[0]}"))
        fills = tab.page.eval_on_selector_all(DRAWN, LOOKS)
    # A second Playwright cannot be started beside the first: the other browser is launched from the same one.
    flat = browser.browser_type.launch(executable_path=chromium.find(), args=[*chromium.QUIET, *FLAT])
    try:
        with chromium.visit(flat) as tab:
            tab.go(server.address("map", f"region={way[0]}"))
            assert not tab.page.evaluate("Boolean(document.createElement('canvas').getContext('webgl'))")
            assert tab.page.eval_on_selector_all(DRAWN, LOOKS) == fills
            tab.go(server.address("map", f"region={way[0]}&map=columns"))
            assert "不支持立体图形" in tab.page.locator(".message").inner_text()
            assert tab.page.locator(".map .mark-circle").count() > 0
            drill(tab, shown_of(tab, way), by_key=False)
            assert tab.errors == []
    finally:
        flat.close()


def test_the_shapes_are_asked_for_again_but_sent_once(
    server: dashboard.Server, browser: Browser, way: list[str]
) -> None:
    answers: list[tuple[int, str]] = []
    with chromium.visit(browser) as tab:
        tab.page.on("response", lambda r: answers.append((r.status, r.url)) if "/geometry/" in r.url else None)
        tab.go(server.address("map", f"region={way[0]}"))
        tab.go(server.address("map", f"region={way[0]}"))
    assert len(answers) == 2
    url = answers[0][1]
    with urllib.request.urlopen(url) as answer:
        etag, control = answer.headers["etag"], answer.headers["cache-control"]
    assert control == "private, no-cache"
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(urllib.request.Request(url, headers={"if-none-match": etag}))
    assert raised.value.code == 304


@pytest.mark.parametrize(
    "path",
    ["20200101T000000-00000000/county/-", "2026-07-01/county/-", "{id}/nation/-", "{id}/town/nowhere", "{id}/town/%00"],
)
def test_what_a_viewer_does_not_have_is_not_found(server: dashboard.Server, demo_data: Path, path: str) -> None:
    current = (demo_data / "snapshots" / "CURRENT").read_text().strip()
    url = f"{server.url}/geometry/{path.replace('{id}', quote(current))}.json"
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(url)
    assert raised.value.code in (400, 404)


def test_a_picture_for_a_report(server: dashboard.Server, browser: Browser, way: list[str]) -> None:
    with chromium.visit(browser) as tab:
        tab.go(server.address("map", f"region={way[0]}"))
        title = tab.page.locator("h2.title").inner_text()
        saved = {}
        for kind in ("svg", "png"):
            with tab.page.expect_download() as waiting:
                tab.page.locator(f'button[data-do="{kind}"]').click()
            saved[kind] = waiting.value
            assert waiting.value.suggested_filename.endswith(f".{kind}")
            assert title in waiting.value.suggested_filename
            assert "2026-06-30" in waiting.value.suggested_filename  # the last day, as on the picture
        words = Path(saved["svg"].path()).read_text("utf-8")
        assert Path(saved["png"].path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert [word for word in (title, "数据截至", "边界为示意图", "演示数据", "等量分级") if word not in words] == []
        assert "<script" not in words
        assert tab.errors == []


def test_playing_asks_the_server_nothing(server: dashboard.Server, browser: Browser, way: list[str]) -> None:
    sent: list[object] = []
    with chromium.visit(browser) as tab:
        tab.page.on("websocket", lambda socket: socket.on("framesent", lambda payload: sent.append(payload)))
        tab.go(server.address("map", f"region={way[0]}&step=month"))
        legend = tab.page.locator(".legend b").inner_text()
        slider = tab.page.locator(".player input")
        label = tab.page.locator(".player output")
        last = label.inner_text()
        sent.clear()
        slider.focus()
        tab.page.keyboard.press("ArrowLeft")
        before = label.inner_text()
        assert before != last
        tab.page.keyboard.press("Space")
        tab.until(lambda: label.inner_text() == last)
        assert sent == []
        assert tab.page.locator(".legend b").inner_text() == legend


@contextmanager
def plain(data: Path) -> Iterator[str]:
    """The pages without governance/server.py: nothing serves the shapes."""
    port = dashboard.free_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "GOVERNANCE_DATA": str(data)}, stdout=subprocess.DEVNULL
    )
    try:
        dashboard.wait_for_answer(process, f"http://127.0.0.1:{port}/{dashboard.HEALTH}", data / "CURRENT")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def test_without_the_route_the_shapes_come_with_the_values(demo_data: Path, browser: Browser, way: list[str]) -> None:
    with plain(demo_data) as url, chromium.visit(browser) as tab:
        tab.go(f"{url}/?region={way[0]}")
        assert tab.page.locator(DRAWN).count() > 0
        assert tab.errors == []
