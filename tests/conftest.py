"""What tests share: a data folder each, a county to count by hand, the demo, real servers, a real browser."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from governance import demo, store
from tests import together
from tests.factory import County
from tools import browser as chromium
from tools import databases
from tools import server as dashboard
from tools.browser import LONGEST

ROOT = Path(__file__).resolve().parents[1]
# Files that take longest come first, so that no worker is left alone with one of them at the end; the second needs no
# demo, so that it runs while another worker builds that.
FIRST = ("test_map_browser", "test_screen_wall", "test_browser", "test_demo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand out the longest files first, then those with a browser, then those with most tests."""
    counts = Counter(item.path for item in items)
    with_browser = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}

    def place(item: pytest.Item) -> tuple[int, bool, int, Path]:
        rank = FIRST.index(item.path.stem) if item.path.stem in FIRST else len(FIRST)
        return rank, item.path not in with_browser, -counts[item.path], item.path

    items.sort(key=place)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test an empty data folder of its own."""
    folder = tmp_path / "data"
    monkeypatch.setenv("GOVERNANCE_DATA", str(folder))
    return folder


@pytest.fixture
def county() -> County:
    """Return an empty county, to be filled row by row (see tests/factory.py)."""
    return County()


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def demo_data(common: Path) -> Path:
    """Build the demo counties once, also for several workers; tests must not write to this folder."""
    return together.built_once(common / "demo", lambda folder: demo.build(folder, exports=common / "exports"))


@pytest.fixture(scope="session")
def demo_exports(demo_data: Path, common: Path) -> Path:
    """The export files from which the demo was built."""
    return common / "exports"


@pytest.fixture
def demo_county(demo_data: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the test work with the demo counties."""
    monkeypatch.setenv("GOVERNANCE_DATA", str(demo_data))
    return demo_data


class Pages:
    """Opens pages as a reader would, without a browser."""

    def open(self, name: str, **parameters: str) -> AppTest:
        """Open a page by a link on a server that nobody has visited yet.

        AppTest forgets between runs that there is a menu, so every run begins as on a fresh server: the page file alone
        is run, and must find its way through dashboard.py by itself.
        """
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=LONGEST)
        for key, value in parameters.items():
            app.query_params[key] = value
        app.switch_page(f"pages/{name}.py").run()
        return app


@pytest.fixture
def pages() -> Iterator[Pages]:
    """Open pages on the data folder of this test."""
    yield Pages()
    store.clear()


@pytest.fixture(scope="session")
def server(demo_data: Path, common: Path) -> Iterator[dashboard.Server]:
    """Start the real dashboard with the demo counties, once for all tests of all workers that only look."""
    with together.one_server(common, lambda: dashboard.serve(demo_data)) as running:
        yield running


@pytest.fixture(scope="session", params=databases.PACKAGES)
def database_server(request: pytest.FixtureRequest) -> Iterator[databases.Server]:
    """Start a real server of each family once; without one the test is skipped, but never where CI=true."""
    if databases.program(request.param) is None:
        _missing(f"没有 {databases.PACKAGES[request.param]}：执行 make test 会装好它")
    with databases.serve(request.param) as running:
        yield running


@pytest.fixture(scope="module")  # not longer: its event loop would be in the way of other tests
def browser() -> Iterator[Browser]:
    """Start a real Chromium; without one the test is skipped, but never where CI=true."""
    if chromium.find() is None:
        _missing("没有 Chromium：执行 make test 会装好它，或用 CHROMIUM=路径 指定")
    with chromium.launch() as started:
        yield started


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)
