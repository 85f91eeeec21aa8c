"""A real Chromium that can reach this host only: shared by the browser tests, the screenshots and the benchmarks."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome")
PATHS = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
# None of Chromium's own calls home: the tests count every request.
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # the network is cut
)
# WebGL in software; the rest of the page is drawn without it, which takes a third of the processor time.
WEBGL = (
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",  # some systems' launchers turn it on
    "--disable-gpu-compositing",
)
LONGEST = 180  # seconds to wait for a page: only a broken one takes so long, also on a busy machine

# Remembers when the page last changed or was too busy to draw a frame (a map drawing on its canvas changes no element).
PROBE = """
(() => {
  window.__last = performance.now();
  new MutationObserver(() => { window.__last = performance.now(); })
    .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  let before = performance.now();
  const frame = (now) => {
    if (now - before > 60) window.__last = performance.now();
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})();
"""
# "busy" until the script has run and no placeholder is left; then the time of the last change, and the time now.
STATE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const ready = app && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"], [data-testid="stSpinner"]');
  return [ready ? 'ready' : 'busy', window.__last || 0, performance.now()];
}"""


def find() -> str | None:
    """Chromium or a relative of it: the one named by CHROMIUM, else the system's."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES] + list(PATHS)
    return next((path for path in candidates if path and Path(path).exists()), None)


@dataclass
class Visit:
    """One browser tab, and what it tried to load from elsewhere or reported as broken."""

    page: Page
    off_host: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def settle(self, timeout: float = LONGEST, quiet: float = 0.4) -> float:
        """Wait until the screen has stopped changing; return when that was, in ms since navigation."""
        limit = time.monotonic() + timeout
        while time.monotonic() < limit:
            state, last, now = self.page.evaluate(STATE)
            if state == "ready" and now - last > quiet * 1000:
                return float(last)
            self.page.wait_for_timeout(50)
        raise TimeoutError(f"页面在 {timeout:.0f} 秒内没有稳定：{self.page.url}")

    def go(self, url: str, timeout: float = LONGEST) -> float:
        """Open an address; return the ms from navigation to the settled screen."""
        self.page.goto(url, wait_until="commit", timeout=timeout * 1000)
        return self.settle(timeout)

    def until(self, condition: Callable[[], bool], timeout: float = LONGEST) -> None:
        """Wait for what is looked at."""
        limit = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > limit:
                raise TimeoutError(f"{timeout:.0f} 秒内没有出现：{self.page.url}\n{self.text()}")
            self.page.wait_for_timeout(50)

    def text(self) -> str:
        """All text a reader sees."""
        return self.page.inner_text("body")


@contextmanager
def launch() -> Iterator[Browser]:
    """A headless Chromium; the caller has made sure that there is one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=[*QUIET, *WEBGL])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(
    browser: Browser, width: int = 1366, height: int = 768, dark: bool = False, keeper: bool = False
) -> Iterator[Visit]:
    """A fresh visitor (no cache, no cookies) whose requests off this host are recorded; none can leave it.

    Only with `keeper` may a page keep its files in a service worker, whose requests no test could change.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        accept_downloads=True,
        service_workers="allow" if keeper else "block",
    )
    context.set_default_timeout(LONGEST * 1000)
    context.add_init_script(PROBE)
    tab = Visit(context.new_page())

    def watch(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            tab.off_host.append(url)

    context.on("request", lambda request: watch(request.url))
    tab.page.on("websocket", lambda socket: watch(socket.url))
    tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
    try:
        yield tab
    finally:
        tab.page.unroute_all(behavior="ignoreErrors")  # an answer that a test was changing is of no use any more
        context.close()


if __name__ == "__main__":
    path = find()
    print(path or "没有找到 Chromium")
    sys.exit(0 if path else 1)
