"""Takes the screenshots in docs/screenshots: every page of the demo, with the network cut.

python -m tools.screenshots [--sizes 1366x768 1920x1080] [--to FOLDER] [--dark] [--data FOLDER]
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from governance import demo, navigation
from tools import browser as chromium
from tools import server as dashboard

ROOT = Path(__file__).resolve().parents[1]
PAGES = [name for entries in navigation.MENU.values() for name, *_ in entries]


@contextmanager
def data_of(given: Path | None) -> Iterator[Path]:
    """The folder to show: the given one, else a fresh demo."""
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        print("▸ 生成演示数据", flush=True)
        os.environ["GOVERNANCE_DATA"] = folder
        demo.build()
        yield Path(folder)


def main() -> None:
    """Open every page and save what it looks like."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=["1440x1000"])
    parser.add_argument("--pages", nargs="+", default=PAGES)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--parameters", default="", help="of the address, such as region=141122000000")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--whole", action="store_true", help="as tall as the page")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with data_of(options.data) as data, dashboard.serve(data) as server, chromium.launch() as browser:
        for size in options.sizes:
            width, height = (int(part) for part in size.split("x"))
            for page in options.pages:
                name = page if len(options.sizes) == 1 else f"{page}-{size}"
                with chromium.visit(browser, width, height, options.dark) as tab:
                    settled = tab.go(server.address(page, options.parameters))
                    if options.whole:
                        tall = tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                        tab.page.set_viewport_size({"width": width, "height": max(height, tall)})
                        tab.settle()
                    tab.page.screenshot(path=options.to / f"{name}.png")
                    outside = f"；向外请求 {tab.off_host}" if tab.off_host else ""
                    print(f"▸ {name}.png（{settled / 1000:.1f} 秒{outside}）", flush=True)


if __name__ == "__main__":
    main()
