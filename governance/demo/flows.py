"""Visits, points, inspections and score cards of the demo."""

from __future__ import annotations

import numpy as np
import pandas as pd

from governance.demo.book import Book, months
from governance.demo.clock import NEVER, START, to_time

ITEMS = ("保洁服务", "绿化养护", "秩序维护", "维修及时", "停车管理", "活动组织")
ROUNDS = ("2024-1", "2024-2", "2025-1", "2025-2", "2026-1")


def fill(book: Book, cases: pd.DataFrame) -> None:
    """Write what flows in every day."""
    _household_visits(book)
    _look_backs(book, cases)
    _points(book)
    _inspections(book)
    _score_cards(book)


def _household_visits(book: Book) -> None:
    """月亮湾 visits its households every month, better every month; elsewhere now and then."""
    grids = book.places.grids
    moon = grids[(grids["region_code"] == book.places.code("月亮湾社区")) & (grids["level"] == 3)]
    for number, month in enumerate(months("2025-01-01")):
        _visits(book, moon, month, "home", min(0.95, 0.78 + 0.012 * number))
    for community, kind, share in (
        ("巴彦淖尔北路社区", "knock", 0.035),
        ("祥园社区", "home", 0.03),
        ("新建社区", "home", 0.04),
    ):
        own = grids[(grids["region_code"] == book.places.code(community)) & (grids["level"] == 1)]
        for month in months("2025-01-01" if kind == "knock" else "2024-01-01"):
            _visits(book, own, month, kind, share)


def _visits(book: Book, grids: pd.DataFrame, month: np.datetime64, kind: str, share: float) -> None:
    """Visits of one month: this share of the households of these grids."""
    homes = grids["households"].to_numpy()
    grid = np.repeat(grids["grid_id"].to_numpy(dtype=object), homes)
    region = np.repeat(grids["region_code"].to_numpy(dtype=object), homes)
    home = np.concatenate([np.arange(count) for count in homes])
    chosen = book.rng.random(len(grid)) < share
    count = int(chosen.sum())
    minutes = book.rng.integers(0, 27, count) * 1440 + book.rng.integers(9 * 60, 19 * 60, count)
    times = month.astype("datetime64[m]") + minutes.astype("timedelta64[m]")
    book.add_frame(
        "visits",
        pd.DataFrame(
            {
                "grid_id": grid[chosen],
                "region_code": region[chosen],
                "visited_at": times.astype("datetime64[s]"),
                "visit_type": kind,
                "household_hash": [f"H{g[-9:]}{h:04d}" for g, h in zip(grid[chosen], home[chosen], strict=True)],
                "case_id": None,
            }
        ),
    )


def _look_backs(book: Book, cases: pd.DataFrame) -> None:
    """北北 looks back at most of what it has settled."""
    settled = cases[
        (cases["region_code"] == book.places.code("巴彦淖尔北路社区")) & cases["category"].isin(["01", "05"])
    ]
    settled = settled[
        (settled["closed"] < NEVER) & (settled["outcome"] == "solved") & (settled["reported"] > 366 * 1440)
    ]
    settled = settled[book.rng.random(len(settled)) < 0.93]
    at = settled["closed"].to_numpy() + book.rng.integers(7, 35, len(settled)) * 1440
    book.add_frame(
        "visits",
        pd.DataFrame(
            {
                "grid_id": settled["grid_id"].to_numpy(),
                "region_code": settled["region_code"].to_numpy(),
                "visited_at": to_time(at),
                "visit_type": "lookback",
                "household_hash": None,
                "case_id": settled["case_id"].to_numpy(),
            }
        ),
    )


def _points(book: Book) -> None:
    """Points earned and spent in 新建, 和济 (drivers) and 西南城; nobody spends more than was earned."""
    ledgers = (
        ("新建社区", "居民户", 420, 5200, ("志愿服务", "扶贫帮困", "合理建议"), ("兑换", "抵扣物业费"), "2024-01-01"),
        ("和济社区", "司机", 280, 3600, ("理论学习", "志愿服务", "随手拍"), ("充电", "洗车"), "2024-10-01"),
        ("西南城社区", "党员", 310, 2600, ("志愿服务", "理论学习"), ("兑换",), "2024-01-01"),
    )
    end = int((np.datetime64("2026-07-01", "m") - START).astype(int))
    for community, kind, accounts, count, earns, spends, start in ledgers:
        first = int((np.datetime64(start, "m") - START).astype(int))
        days = np.sort(book.rng.integers(first // 1440, end // 1440, count))
        minute = days * 1440 + book.rng.integers(8 * 60, 20 * 60, count)
        account = (accounts * book.rng.random(count) ** 1.7).astype(int)
        balance, rows = np.zeros(accounts, dtype=int), []
        for who, at in zip(account.tolist(), minute.tolist(), strict=True):
            spends_now = balance[who] >= 30 and book.rng.random() < 0.3
            delta = (
                -int(book.rng.integers(2, balance[who] // 10 + 1) * 10)
                if spends_now
                else int(book.rng.integers(1, 5) * 5)
            )
            balance[who] += delta
            reason = book.pick(*(spends if spends_now else earns))
            rows.append((f"{kind}{who:04d}", at, reason, delta))
        frame = pd.DataFrame(rows, columns=["account_hash", "minute", "reason", "delta"])
        frame["happened_at"] = to_time(frame.pop("minute").to_numpy())
        book.add_frame("points", frame.assign(account_kind=kind, region_code=book.places.code(community)))


def _inspections(book: Book) -> None:
    """浑源 inspected 65 of its 72 estates in 2024."""
    estates = book.places.estates.loc[
        book.places.estates["region_code"].str.startswith("140225"), "estate_id"
    ].to_numpy(dtype=object)
    rows = []
    for year, stop, number in (("2024", "2024-12-31", 65), ("2025", "2025-12-31", 68), ("2026", "2026-06-30", 55)):
        for estate in book.rng.permutation(estates)[:number]:
            rows += [
                {"estate_id": estate, "inspected_on": day}
                for day in book.days(int(book.rng.integers(1, 4)), f"{year}-01-02", stop)
            ]
    book.rows["inspections"] = rows


def _score_cards(book: Book) -> None:
    """浑源's cards: most low items are taken up at a meeting and score better in the next round; others slip."""
    estates = book.places.estates[book.places.estates["region_code"].str.startswith("140225")].iloc[::6].head(10)
    met = {
        (row["estate_id"], str(row["held_on"])[:7]): (row["meeting_id"], row["held_on"])
        for row in book.rows["meetings"]
        if row.get("estate_id") and row["held_on"] is not None
    }
    levels = book.rng.normal(81, 8, (len(estates), len(ITEMS)))
    cards, actions = [], []
    for number, name in enumerate(ROUNDS):
        opened = np.datetime64(f"{name[:4]}-{'05' if name.endswith('1') else '11'}-10")
        for place, estate in enumerate(estates["estate_id"]):
            for card in range(int(book.rng.integers(18, 34)) if place != 7 else int(book.rng.integers(5, 14))):
                scores = np.clip(np.round(levels[place] + book.rng.normal(0, 11, len(ITEMS))), 0, 100)
                day = opened + int(book.rng.integers(0, 12))
                cards += [
                    {
                        "card_id": f"{name}-{estate[-6:]}-{card:02d}",
                        "round_id": name,
                        "estate_id": estate,
                        "submitted_on": day,
                        "item": item,
                        "score": float(score),
                    }
                    for item, score in zip(ITEMS, scores, strict=True)
                ]
            meeting, decided = met.get((estate, str(opened.astype("datetime64[M]") + 1)), (None, opened + 16))
            for item in np.flatnonzero((levels[place] < 77) & (book.rng.random(len(ITEMS)) < 0.8)):
                done = book.later(decided, 12, 75) if number < 4 or book.rng.random() < 0.4 else None
                actions.append(
                    {
                        "round_id": name,
                        "estate_id": estate,
                        "item": ITEMS[item],
                        "action": book.pick("更换服务者", "更换服务方法", "更换服务形式"),
                        "meeting_id": meeting,
                        "decided_on": decided,
                        "done_on": done,
                    }
                )
                levels[place][item] += book.rng.uniform(5, 15)
            levels[place] = np.clip(levels[place] + book.rng.normal(-1.2, 3, len(ITEMS)), 52, 94)
    book.rows["score_cards"], book.rows["card_actions"] = cards, actions
