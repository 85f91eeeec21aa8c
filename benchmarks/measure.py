"""What is measured: a reader's wait in a real browser, the server's memory, and the same queries on bare DuckDB."""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from governance import access, filters, queries, snapshots
from governance.store import Store, clear, open_store
from tools import browser as chromium
from tools import server as dashboard

ROOT = Path(__file__).resolve().parents[1]
REGION_LABEL = "区划或网格"
CHANGES = 12
VISITS = 5
STARTS = 3


@dataclass(frozen=True)
class Times:
    """Some waits in milliseconds."""

    values: tuple[float, ...]

    @property
    def p50(self) -> float:
        """Half of them are shorter."""
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """Nineteen of twenty are shorter (of few values: the longest)."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


def repeat(count: int, measure: Callable[[int], float]) -> Times:
    """Measure several times."""
    return Times(tuple(measure(number) for number in range(count)))


def start_to_page(data: Path, page: str, browser: Browser) -> Times:
    """From the start of a server that nobody has visited to the settled page of its first visitor."""

    def once(_: int) -> float:
        with dashboard.serve(data) as server, chromium.visit(browser) as tab:
            before = time.monotonic()
            settled = tab.go(server.address(page))
            return (before - server.started) * 1000 + settled

    return repeat(STARTS, once)


def later_visitors(server: dashboard.Server, page: str, browser: Browser) -> Times:
    """From the address bar to the settled page, each visitor with an empty browser cache."""

    def once(_: int) -> float:
        with chromium.visit(browser) as tab:
            return tab.go(server.address(page))

    return repeat(VISITS, once)


def filter_changes(server: dashboard.Server, page: str, browser: Browser, names: list[str]) -> Times:
    """From the choice of a region nobody has looked at yet to the settled screen."""
    with chromium.visit(browser) as tab:
        tab.go(server.address(page))
        box = tab.page.get_by_label(REGION_LABEL).first

        def once(number: int) -> float:
            box.click()
            box.fill(names[number])
            tab.page.wait_for_timeout(600)
            before = float(tab.page.evaluate("performance.now()"))
            tab.page.keyboard.press("Enter")
            return tab.settle() - before

        return repeat(len(names), once)


def queries_of(page: str) -> list[str]:
    """The queries that a page's file names."""
    text = (ROOT / "pages" / f"{page}.py").read_text("utf-8")
    return [name for name in re.findall(r"run\(\s*[\"'](\w+)[\"']", text) if name in queries.NAMES]


def floor(page: str, regions: list[str]) -> Times:
    """The queries of a page for those regions, one after the other, with nothing around them."""
    store = open_store(access.current(), snapshots.latest())
    extras = queries.checked_extras({"level": "grid_1"})

    def once(number: int) -> float:
        chosen = filters.from_params({"region": [regions[number]]}, store)
        known = {**chosen.params(), **extras}
        before = time.perf_counter()
        for name in queries_of(page):
            query = queries.read(name)
            store.query(query.sql, {key: known[key] for key in query.params})
        return (time.perf_counter() - before) * 1000

    return repeat(len(regions), once)


def time_to_open() -> float:
    """Milliseconds to build the private in-memory store of a viewer."""
    clear()
    before = time.perf_counter()
    open_store(access.current(), snapshots.latest())
    return (time.perf_counter() - before) * 1000


def some_communities(store: Store, count: int) -> list[tuple[str, str]]:
    """Codes and names of as many communities."""
    frame = store.query(
        "select place_code, name from places where level = 'community' order by place_code limit $n", {"n": count}
    )
    return list(frame.itertuples(index=False, name=None))
