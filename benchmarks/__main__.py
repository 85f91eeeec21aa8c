"""`make bench`: measure at several sizes and print the table of docs/benchmarks.md.

python -m benchmarks --sizes 100000 1000000 --pages map overview satisfaction workload
"""

import argparse
import os
import platform
import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import generator, measure
from governance import access, snapshots
from governance.store import open_store
from tools import browser as chromium
from tools import server as dashboard

PAGES = ("map", "overview", "satisfaction", "workload")
HEADINGS = (
    "Cases",
    "Page",
    "Server start → whole page",
    "Next visitor, p50 / p95",
    "Filter change → settled, p50 / p95",
    "The page's queries alone, p50 / p95",
)


def seconds(milliseconds: float) -> str:
    """Write a duration for the table."""
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"


def pair(times: measure.Times) -> str:
    """Write p50 and p95."""
    return f"{seconds(times.p50)} / {seconds(times.p95)}"


def progress(text: str) -> None:
    """Say what is going on."""
    print(f"▸ {time.strftime('%H:%M:%S')} {text}", flush=True)


def rows_of(count: int, pages: list[str], browser: Browser) -> tuple[list[tuple[str, ...]], str]:
    """Measure one size: the rows of the table, and a sentence about size and memory."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GOVERNANCE_DATA"] = folder
        progress(f"生成并发布 {count:,} 件案件")
        before = time.monotonic()
        snapshot = generator.publish(count)
        published = time.monotonic() - before
        opened = measure.time_to_open()
        store = open_store(access.current(), snapshots.latest())
        places = measure.some_communities(store, measure.CHANGES * (len(pages) + 1))
        rows: list[tuple[str, ...]] = []
        starts = {}
        for page in pages:
            progress(f"{count:,} 件，{page}：从启动到首页完整")
            starts[page] = measure.start_to_page(Path(folder), page, browser)
        with dashboard.serve(Path(folder)) as server:
            for number, page in enumerate(pages):
                progress(f"{count:,} 件，{page}：后来的访客与换筛选")
                own = places[number * measure.CHANGES : (number + 1) * measure.CHANGES]
                visits = measure.later_visitors(server, page, browser)
                changes = measure.filter_changes(server, page, browser, [name for _, name in own])
                alone = measure.floor(page, [code for code, _ in own])
                rows.append((f"{count:,}", page, seconds(starts[page].p50), pair(visits), pair(changes), pair(alone)))
                progress(" | ".join(rows[-1]))
            memory = server.memory()
        sentence = (
            f"{count:,} cases: snapshot {snapshot.bytes / 1e6:.0f} MB, generated and published in {published:.1f} s, "
            f"opened in {seconds(opened)}; server memory after all of this {memory / 1e6:.0f} MB."
        )
        return rows, sentence


def report(table: list[tuple[str, ...]], sentences: list[str], chromium_version: str) -> str:
    """Write everything as Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in (HEADINGS, tuple("---" for _ in HEADINGS), *table)]
    machine = (
        f"Measured with Chromium {chromium_version} (software WebGL), "
        f"{os.cpu_count()} cores shared by browser and server, "
        f"Python {platform.python_version()}; load average {os.getloadavg()[0]:.1f} at the end."
    )
    return "\n".join([*lines, "", *(f"- {sentence}" for sentence in [*sentences, machine])])


def write_down(text: str) -> None:
    """Replace the block of measurements in docs/benchmarks.md."""
    page = measure.ROOT / "docs" / "benchmarks.md"
    block = f"<!-- benchmarks -->\n{text}\n<!-- /benchmarks -->"
    found = re.sub(r"<!-- benchmarks -->.*?<!-- /benchmarks -->", lambda _: block, page.read_text("utf-8"), flags=re.S)
    page.write_text(found, "utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--pages", nargs="+", default=list(PAGES))
    parser.add_argument("--write", action="store_true", help="also put the table into docs/benchmarks.md")
    options = parser.parse_args()
    table, sentences = [], []
    with chromium.launch() as browser:
        for count in options.sizes:
            rows, sentence = rows_of(count, options.pages, browser)
            table += rows
            sentences.append(sentence)
        text = report(table, sentences, browser.version)
    print(f"\n{text}")
    if options.write:
        write_down(text)


if __name__ == "__main__":
    main()
