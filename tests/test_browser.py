"""The dashboard as a reader sees it: the real server, a real Chromium, the network cut."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser

from governance import navigation
from tools import browser as chromium
from tools import server as dashboard

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(name for entries in navigation.MENU.values() for name, _ in entries)
SIZES = [(1366, 768), (1920, 1080)]
BROKEN = (
    "Traceback",
    "Error:",
    "Exception",
    "出错了",
    "Oh no",
    "Page not found",
    "undefined",
    "NaN",
    "This app has encountered",
)


def look_for_damage(tab: chromium.Visit) -> None:
    """No request off the host, no error shown, none in the console, nothing wider than the screen."""
    assert tab.off_host == []
    assert tab.errors == []
    text = tab.text()
    assert [word for word in BROKEN if word in text] == []
    assert tab.page.locator('[data-testid="stException"], [data-testid="stErrorElement"]').count() == 0
    overflow = tab.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"wider than the screen by {overflow} px"


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[chromium.Visit]:
    """One reader who loads page after page: the frame's own scripts, half of the work, are compiled once."""
    with chromium.visit(browser) as tab:
        yield tab


@pytest.mark.parametrize("name", PAGES)
def test_page_is_whole_and_asks_nobody_else(name: str, server: dashboard.Server, reader: chromium.Visit) -> None:
    reader.off_host.clear()
    reader.errors.clear()
    reader.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    reader.go(server.address(name))
    assert "数据截至" in reader.text()
    assert all(section in reader.text() for section in navigation.MENU)
    look_for_damage(reader)
    for width, height in SIZES[1:]:
        reader.page.set_viewport_size({"width": width, "height": height})
        reader.settle()
        look_for_damage(reader)


def test_a_link_opened_first_on_a_fresh_server_keeps_its_filter(
    demo_data: Path, server: dashboard.Server, browser: Browser
) -> None:
    region = a_town(demo_data)
    with chromium.visit(browser) as tab:
        tab.go(server.address("workload"))
        everywhere = tab.text()
        tab.go(server.address("workload", f"region={region}"))
        warm = tab.text()
    with dashboard.serve(demo_data) as fresh, chromium.visit(browser) as tab:
        tab.go(fresh.address("workload", f"region={region}"))
        cold = tab.text()
        assert parse_qs(urlsplit(tab.page.url).query).get("region") == [region]
        look_for_damage(tab)
    assert cold == warm
    assert cold != everywhere


@pytest.mark.parametrize(
    ("asked", "way"),
    [("map?region=141122000000", "./?region=141122000000"), ("imports", "./"), ("nowhere", "./"), ("overview", None)],
)
def test_what_is_no_page_leads_to_the_first(asked: str, way: str | None, server: dashboard.Server) -> None:
    """The framework would lay a dialog in English over the first page."""
    host = urlsplit(server.url)
    connection = HTTPConnection(host.hostname or "", host.port, timeout=60)
    connection.request("GET", f"/{asked}")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("location")) == ((307, way) if way else (200, None))
    assert "default-src 'self'" in (answer.getheader("content-security-policy") or "")
    connection.close()


def test_the_filter_survives_a_change_of_page(demo_data: Path, server: dashboard.Server, browser: Browser) -> None:
    region = a_town(demo_data)
    with chromium.visit(browser) as tab:
        tab.go(server.address("overview", f"region={region}"))
        tab.page.get_by_role("link", name="满意度").first.click()
        tab.page.wait_for_url("**/satisfaction*")
        tab.settle()
        assert parse_qs(urlsplit(tab.page.url).query).get("region") == [region]


def test_a_restarted_server_finds_its_readers_again(demo_data: Path, browser: Browser) -> None:
    with chromium.visit(browser) as tab:
        with dashboard.serve(demo_data) as first:
            tab.go(first.address("overview"))
            port = urlsplit(first.url).port
        with dashboard.serve(demo_data, port=port):
            state = "document.querySelector('[data-testid=stApp]').dataset.testConnectionState"
            tab.until(lambda: tab.page.evaluate(state) == "CONNECTED")
            tab.settle()
            look_for_damage(tab)


def test_a_download_holds_what_is_shown_and_no_formula(server: dashboard.Server, browser: Browser) -> None:
    with chromium.visit(browser) as tab:
        tab.go(server.address("cases"))
        button = tab.page.locator('[data-testid="stDownloadButton"] button').first
        with tab.page.expect_download() as waiting:
            button.click()
        text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > 1
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")]
    assert not [cell for cell in cells if cell[:1] == "-" and not cell[1:].replace(".", "", 1).isdigit()]


def a_town(data: Path) -> str:
    """Return the code of a town of the demo, as a reader would find it: from the project's own command."""
    command = [sys.executable, "-m", "governance", "answer", "indicators_by_region", "--format", "csv"]
    environment = {**os.environ, "GOVERNANCE_DATA": str(data)}
    output = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return str(next(csv.DictReader(io.StringIO(output)))["place_code"])
