"""A public bundle written by hand, a server over it, and what a viewer can see: shared by the wall's tests."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import uvicorn

from governance.public import writing
from governance.public.settings import Settings
from governance.public.settings import read as read_settings
from governance.screen.application import create
from governance.screen.board import Board

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
WEEK = (date(2026, 6, 22), date(2026, 6, 29))
COLUMNS = {
    "places": "place_code parent_code level name geometry is_schematic",
    "figures": "place_code indicator period start stop value hit base previous last_year shown",
    "months": "place_code month indicator value hit base is_complete shown",
    "days": "place_code day indicator base shown",
    "categories": "place_code period category base previous shown",
    "checks": "name title broken_count scenes",
}
SIZES = ((1366, 768), (1920, 1080), (3840, 2160), (3840, 1080), (1080, 1920), (6656, 1792))


@dataclass
class Hand:
    """Rows of a bundle, added one by one; `bundle()` is what the wall reads."""

    id: str = "20260701T000000-00000001"
    as_of: str = "2026-07-01T00:00:00"
    is_demo: bool = False
    rows: dict[str, list[tuple]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def place(self, code: str, parent: str, level: str, name: str, corner: tuple[float, float] | None = None) -> None:
        """Add a place; with a corner (longitude, latitude) it is a square of a tenth of a degree."""
        shape = None
        if corner is not None:
            x, y = corner
            ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
            shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
        self.rows["places"].append((code, parent, level, name, shape, False))

    def figure(
        self, code: str, key: str, value: float | None, base: int | None = None, *, period: str = "month",
        previous: float | None = None, shown: str = "exact",
    ) -> None:  # fmt: skip
        """Add a number for a place."""
        start, stop = WEEK if period == "week" else (JUNE, JULY)
        hit = None if value is None or base is None or value > 1 else round(value * base)
        self.rows["figures"].append((code, key, period, start, stop, value, hit, base, previous, None, shown))

    def months(self, code: str, key: str, values: list[float | None], base: int = 1000) -> None:
        """Add the months up to June 2026, one value each."""
        for back, value in enumerate(reversed(values)):
            year, month = divmod(2026 * 12 + 5 - back, 12)
            shown = "hidden" if value is None else "exact"
            self.rows["months"].append((code, date(year, month + 1, 1), key, value, None, base, True, shown))

    def days(self, code: str, key: str, counts: list[int | None]) -> None:
        """Add the days up to 30 June 2026, one count each."""
        for back, count in enumerate(reversed(counts)):
            day = date(2026, 6, 30) - timedelta(days=back)
            self.rows["days"].append((code, day, key, count, "hidden" if count is None else "exact"))

    def category(
        self, code: str, category: str, count: int | None, previous: int | None, period: str = "month"
    ) -> None:
        """Add the cases of a category."""
        shown = "hidden" if count is None else "exact"
        self.rows["categories"].append((code, period, category, count, previous, shown))

    def check(self, name: str, broken_count: int, scenes: str) -> None:
        """Add a reconciliation."""
        self.rows["checks"].append((name, f"对账 {name}", broken_count, scenes))

    def bundle(self) -> "HandBundle":
        """The bundle as it stands."""
        manifest = {
            "id": self.id, "snapshot": self.id, "as_of": self.as_of, "published_at": self.as_of, "k": 5,
            "k_dispute": 10, "is_demo": self.is_demo, "approval_numbers": ["晋S(2026)001号"], "rows": str(self.rows),
        }  # fmt: skip
        tables = {
            name: pa.table({column: [row[i] for row in self.rows[name]] for i, column in enumerate(names.split())})
            for name, names in COLUMNS.items()
        }
        return HandBundle(self.id, manifest, tables)

    def board(self) -> Board:
        """The bundle as the scenes see it."""
        return Board(self.bundle())


@dataclass(frozen=True, eq=False)
class HandBundle:
    """What governance.public.reading returns, made here."""

    id: str
    manifest: dict[str, Any]
    tables: dict[str, pa.Table]

    def table(self, name: str) -> pa.Table:
        """Return a table by name."""
        return self.tables[name]


def publish(hand: Hand) -> str:
    """Put a bundle in use in the data folder of this test; its id."""
    bundle = hand.bundle()
    with writing.lock():
        return writing.write(bundle.tables, bundle.manifest)


RATES = ("on_time_rate", "satisfaction_rate", "rating_share", "solved_rate", "overdue_rate", "staffed_rate")


def county(towns: int = 6, scale: int = 1, long_names: bool = False) -> Hand:
    """A county whose every scene has data: `towns` towns in rows of four, counts times `scale`."""
    hand = Hand()
    hand.place(
        "140100000000", "", "county", "云中县" if not long_names else "巴彦塔拉经济技术开发区管理委员会", (112, 38)
    )
    for i in range(towns):
        code = f"140100{i + 1:03d}000"
        name = f"{'云霞溪岭泉桥'[i % 6]}水镇{i + 1 if i > 5 else ''}"
        if long_names:
            name = f"第{i + 1}高新技术产业示范园区街道办事处"
        hand.place(code, "140100000000", "town", name, (112 + 0.1 * (i % 4), 38 + 0.1 * (i // 4)))
        for j, key in enumerate(RATES):
            hand.figure(code, key, 0.7 + 0.02 * ((i * 3 + j) % 12), 200)
        hand.figure(code, "workload", 0.5 + 0.37 * i, 10, period="now")
        for grid in range(4):
            inner = f"{code[:9]}001{grid + 1:03d}"
            hand.place(inner, code, "grid_1", f"第{grid + 1}网格")
            hand.figure(inner, "workload", 0.4 * grid * (i + 1), 1, period="now")
    for place in ("", "140100000000"):
        for j, key in enumerate(RATES):
            hand.figure(place, key, 0.81 + 0.02 * j, 1200 * scale, previous=0.8)
            hand.months(place, key, [0.8 + 0.01 * ((month * 5 + j) % 9) for month in range(13)])
        for key, value in {
            "response_hours": 2.4,
            "handling_hours": 57.3,
            "workload": 1.4,
            "workload_balance": 2.31,
        }.items():
            period = "now" if key.startswith("workload") else "month"
            hand.figure(place, key, value, 1200, previous=value * 1.1, period=period)
        for key in ("reported_count", "closed_count", "backlog", "overdue_count"):
            before = None if key == "overdue_count" else 1200 * scale  # a number with nothing under it
            hand.figure(place, key, 1234 * scale, 1234 * scale, previous=before)
            hand.figure(place, key, 287 * scale, 287 * scale, period="week", previous=270 * scale)
            hand.days(place, key, [(20 + 3 * (day % 7)) * scale for day in range(14)])
        for j, category in enumerate(("01", "02", "03", "04", "05", "06", "07", "99")):
            hand.category(place, category, (150 - 17 * j) * scale, 140 * scale)
            hand.category(place, category, (50 - 6 * j) * scale, 40 * scale, "week")
        for key in ("meeting_count", "meeting_kept_rate", "issue_solved_rate", "activity_count"):
            is_rate = key.endswith("rate")
            hand.figure(
                place, key, 0.83 if is_rate else 46 * scale, 46 * scale, previous=0.8 if is_rate else 40 * scale
            )
            hand.months(place, key, [0.7 + 0.01 * m if is_rate else (40 + m) * scale for m in range(13)])
    return hand


def sparse() -> Hand:
    """A small county: what its towns have is too little to be public, and so is every third day."""
    hand = county(2)
    hand.rows["figures"] = [row for row in hand.rows["figures"] if row[0] in ("", "140100000000")]
    hand.rows["days"] = []
    for key in ("reported_count", "closed_count"):
        hand.days("", key, [None if day % 3 == 0 else 5 for day in range(14)])
    return hand


def settings(**changes: Any) -> Settings:
    """The packaged settings, with changes."""
    return replace(read_settings(), **changes)


@contextmanager
def serve(read: Callable[[], Any], chosen: Callable[[], Settings] = settings) -> Iterator[str]:
    """The application of the wall over HTTP, in a thread of this process; its address."""
    config = uvicorn.Config(create(read, chosen), log_level="critical", lifespan="off", ws="none", port=0)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


# What is wrong with the picture on the screen: clipped, outside, overlapping or too small text. Empty when all is well.
FAULTS = r"""() => {
  const found = [], width = innerWidth, height = innerHeight, least = 1.6 * Math.min(width, height) / 100;
  const name = (e) => `${e.tagName.toLowerCase()}.${e.getAttribute('class') || e.id || ''}`;
  for (const e of document.querySelectorAll('body, body *')) {
    if (e.closest('svg') || e.closest('.old') || !e.clientWidth || e.closest('[hidden]')) continue;
    const said = `${name(e)}: ${e.textContent.slice(0, 40)}`;
    if (e.scrollWidth > e.clientWidth + 1) found.push(`wider than its box: ${said}`);
    if (e.clientHeight && e.scrollHeight > e.clientHeight + 0.35 * parseFloat(getComputedStyle(e).fontSize) + 1)
      found.push(`taller than its box: ${said} ${e.scrollHeight}>${e.clientHeight}`);
  }
  const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('[hidden]') || parent.closest('.old')) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < least) found.push(`too small (${size}): ${node.data}`);
    const drawing = parent.closest('svg'), style = getComputedStyle(parent);
    if (drawing && style.stroke !== 'none' && !style.paintOrder.startsWith('stroke'))
      found.push(`smudged: ${node.data}`);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects()) {
      if (!r.width) continue;
      const frame = drawing && drawing.getBoundingClientRect();
      if (frame && (r.left < frame.left - 1 || r.right > frame.right + 1))
        found.push(`cut off by its drawing: ${node.data}`);
      const middle = (r.top + r.bottom) / 2;  // of the glyphs, not of the line
      const half = 0.42 * size;
      texts.push({text: node.data, left: r.left, right: r.right, top: middle - half, bottom: middle + half});
    }
  }
  for (const t of texts)
    if (t.left < -1 || t.right > width + 1 || t.top < -1 || t.bottom > height + 1) found.push(`outside: ${t.text}`);
  for (let i = 0; i < texts.length; i += 1) for (let j = i + 1; j < texts.length; j += 1) {
    const a = texts[i], b = texts[j];
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      found.push(`overlap: ${a.text} / ${b.text}`);
  }
  return found;
}"""
