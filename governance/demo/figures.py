"""Brings the demo's cases to the published figures: surplus rows are dropped, a few outcomes and ratings are set."""

from __future__ import annotations

import numpy as np
import pandas as pd

from governance.demo.clock import DAY, HOUR, NEVER, minute
from governance.demo.places import Places

YEAR_2024, YEAR_2025, YEAR_2026 = minute("2024-01-01"), minute("2025-01-01"), minute("2026-01-01")
AUTUMN_2025, SPRING_2026 = minute("2025-11-01"), minute("2026-02-01")
SUMMER_2024, SUMMER_2025, SUMMER_2026 = minute("2024-07-01"), minute("2025-07-01"), minute("2026-07-01")
MATTERS_OF_BEIBEI = ["私搭乱建", "乱堆乱放", "树枝过长", "休闲场所较少"]


class Ledger:
    """The cases while they are brought to the figures."""

    def __init__(self, cases: pd.DataFrame) -> None:
        """Take all cases of the demo."""
        self.cases = cases
        self.rng = np.random.default_rng(1949)

    def keep(self, mask: pd.Series, count: int) -> None:
        """Drop as many of these rows as are too many."""
        rows = np.flatnonzero(mask.to_numpy())
        if len(rows) < count:
            raise ValueError(f"the demo makes {len(rows)} cases where {count} are published: raise the stream's count")
        surplus = self.rng.permutation(rows)[count:]
        self.cases = self.cases.drop(self.cases.index[surplus]).reset_index(drop=True)

    def close(self, rows: np.ndarray, at: np.ndarray, outcome: str = "solved") -> None:
        """Close these rows once and for all at these minutes."""
        cases = self.cases
        moved = np.where(cases.loc[rows, "closed"] < NEVER, at - cases.loc[rows, "closed"], 0)
        for name in ("visited", "rated"):
            old = cases.loc[rows, name].to_numpy()
            cases.loc[rows, name] = np.where(old < NEVER, np.maximum(old + moved, at + HOUR), NEVER)
        cases.loc[rows, ["closed", "first_closed"]] = np.column_stack([at, at])
        cases.loc[rows, ["reopened", "deferred"]] = NEVER
        cases.loc[rows, "rounds"] = 0
        cases.loc[rows, "outcome"] = outcome
        says = cases.loc[rows, "outcome_visit"] != "unreachable"
        cases.loc[says.index[says], "outcome_visit"] = {"solved": "solved", "explained": "solved"}.get(outcome, outcome)

    def rate(self, mask: pd.Series, share: float) -> None:
        """Let exactly this share of the ratings be satisfied or better."""
        rows = np.flatnonzero(mask.to_numpy())
        rows = rows[np.argsort(-self.cases["rating"].to_numpy()[rows], kind="stable")]
        good = round(share * len(rows))
        stars = self.cases["rating"].to_numpy().copy()
        stars[rows[:good]] = np.maximum(stars[rows[:good]], 4)
        stars[rows[good:]] = np.minimum(stars[rows[good:]], 3)
        self.cases["rating"] = stars

    def between(self, column: str, start: int, stop: int) -> pd.Series:
        """Rows whose moment lies in the half-open interval."""
        return (self.cases[column] >= start) & (self.cases[column] < stop)

    def of(self, *categories: str) -> pd.Series:
        """Valid cases of these categories."""
        return self.cases["category"].isin(categories) & self.cases["invalid_reason"].isna()


def apply(cases: pd.DataFrame, places: Places) -> pd.DataFrame:
    """The cases with every published figure exact, or a little above where a document says 余 or 多."""
    ledger = Ledger(_disordered(cases))
    _jiaocheng(ledger)
    _hunyuan(ledger, places.estate("上城时代"))
    _zuoyun(ledger)
    _hohhot(ledger, places.code("巴彦淖尔北路社区"), places.code("三顺店社区"))
    _heji(ledger, places.code("和济社区"))
    _southwest(ledger, places.code("西南城社区"))
    _moon_bay(ledger, places.code("月亮湾社区"))
    return _emergencies(ledger.cases, places)


def _disordered(cases: pd.DataFrame) -> pd.DataFrame:
    """A few platforms' clocks are wrong: closed before reported."""
    rng = np.random.default_rng(404)
    wrong = (rng.random(len(cases)) < 0.0012) & (cases["closed"] < NEVER) & (cases["reopened"] >= NEVER)
    early = cases["reported"] - rng.integers(5, 600, len(cases))
    return cases.assign(
        closed=np.where(wrong, early, cases["closed"]), first_closed=np.where(wrong, early, cases["first_closed"])
    )


def _jiaocheng(ledger: Ledger) -> None:
    for category, count in (("02", 92039), ("03", 19242), ("01", 3536)):
        cases = ledger.cases
        done = (cases["county"] == "141122") & (cases["closed"] < YEAR_2026) & ledger.of(category)
        ledger.keep(done & (cases["outcome"] == "solved") if category == "01" else done, count)


def _hunyuan(ledger: Ledger, estate: str) -> None:
    county = ledger.cases["county"] == "140225"
    ledger.keep(county & ledger.of("02") & ledger.between("reported", YEAR_2024, YEAR_2025), 37)
    cases = ledger.cases
    done = (cases["outcome"] == "solved") & ledger.between("closed", YEAR_2024, YEAR_2025)
    ledger.keep(ledger.of("01") & (cases["estate_id"] == estate) & done, 24)


def _zuoyun(ledger: Ledger) -> None:
    """请您反映: what was asked for was done, and 98 % were satisfied."""
    cases = ledger.cases
    asked = (cases["county"] == "140226") & (cases["channel"] == "02") & (cases["kind"] == "appeal")
    cases.loc[asked, "outcome"] = "solved"
    ledger.keep(asked & (cases["closed"] < YEAR_2026), 655)
    cases = ledger.cases
    app = (
        (cases["county"] == "140226")
        & (cases["channel"] == "02")
        & ~cases["is_default"]
        & cases["invalid_reason"].isna()
    )
    ledger.rate(app & (cases["rated"] < YEAR_2026), 0.98)


def _hohhot(ledger: Ledger, beibei: str, sanshun: str) -> None:
    def solved(region: str, start: int, stop: int) -> pd.Series:
        inside = (ledger.cases["region_code"] == region) & (ledger.cases["outcome"] == "solved")
        return inside & ledger.between("closed", start, stop)

    ledger.keep(solved(beibei, YEAR_2025, SPRING_2026) & ledger.of("01", "05"), 207)
    ledger.keep(solved(beibei, YEAR_2025, SPRING_2026) & ledger.cases["subcategory"].isin(MATTERS_OF_BEIBEI), 62)
    ledger.keep(solved(sanshun, YEAR_2025, YEAR_2026) & ledger.of("03", "04", "05", "06"), 251)
    ledger.keep(solved(sanshun, YEAR_2025, YEAR_2026) & ledger.of("01"), 88)


def _heji(ledger: Ledger, region: str) -> None:
    """和济: what stair leaders solve; five-party talks that take 60 % less time and please 95 %."""
    cases = ledger.cases
    cases.loc[(cases["region_code"] == region) & (cases["channel"] == "12"), ["escalation", "solved_level"]] = 1
    stairs = (cases["region_code"] == region) & (cases["channel"] == "12") & (cases["outcome"] == "solved")
    ledger.keep(stairs & ledger.between("closed", SUMMER_2025, SUMMER_2026), 34)
    cases = ledger.cases
    talks = (cases["region_code"] == region) & (cases["channel"] == "15") & cases["invalid_reason"].isna()
    takes = (cases["closed"] - cases["reported"]).where(
        talks & (cases["closed"] < SUMMER_2026) & (cases["closed"] > cases["reported"])
    )
    before = takes[ledger.between("reported", SUMMER_2024, SUMMER_2025)].median()
    rows = takes[ledger.between("reported", SUMMER_2025, SUMMER_2026)].dropna().sort_values()
    quicker = (rows * (0.4 * before / rows.median())).round().clip(lower=30).astype(np.int64)
    ledger.close(quicker.index.to_numpy(), (cases.loc[quicker.index, "reported"] + quicker).to_numpy())
    slow = talks & ledger.between("reported", SUMMER_2025, SUMMER_2026) & ~cases.index.isin(quicker.index)
    ledger.cases = cases[~slow].reset_index(drop=True)
    cases = ledger.cases
    talks = (
        (cases["region_code"] == region)
        & (cases["channel"] == "15")
        & ~cases["is_default"]
        & cases["invalid_reason"].isna()
    )
    ledger.rate(talks & ledger.between("rated", SUMMER_2025, SUMMER_2026), 0.95)


def _southwest(ledger: Ledger, region: str) -> None:
    """西南城: everything found in the year was put right."""
    for category, count in (("01", 24), ("02", 14)):
        cases = ledger.cases
        year = (cases["region_code"] == region) & (cases["category"] == category)
        year = year & ledger.between("reported", SUMMER_2025, SUMMER_2026)
        gone = year & (cases["invalid_reason"].notna() | (cases["reported"] > SUMMER_2026 - 12 * DAY))
        ledger.cases = cases[~gone].reset_index(drop=True)
        ledger.keep(year[~gone].reset_index(drop=True), count)
        cases = ledger.cases
        year = (cases["region_code"] == region) & (cases["category"] == category)
        rows = np.flatnonzero(year & ledger.between("reported", SUMMER_2025, SUMMER_2026))
        reported = cases["reported"].to_numpy()[rows]
        at = np.minimum(cases["closed"].to_numpy()[rows], reported + 9 * DAY + 7 * HOUR)
        ledger.close(rows, np.maximum(at, reported + 30))


def _moon_bay(ledger: Ledger, region: str) -> None:
    """月亮湾: 378 appeals of which 296 solved by autumn 2025, and 27 disputes settled."""
    cases = ledger.cases
    appeals = (cases["region_code"] == region) & (cases["origin"] == "appeal") & ledger.of("03", "04", "05", "06")
    ledger.keep(appeals & ledger.between("reported", YEAR_2025, AUTUMN_2025), 378)
    cases = ledger.cases
    appeals = (cases["region_code"] == region) & (cases["origin"] == "appeal") & ledger.of("03", "04", "05", "06")
    rows = np.flatnonzero(appeals & ledger.between("reported", YEAR_2025, AUTUMN_2025))
    reported, closed = cases["reported"].to_numpy()[rows], cases["closed"].to_numpy()[rows]
    order = np.argsort(np.where(closed >= AUTUMN_2025, -1, -reported), kind="stable")
    late, others = rows[order[:26]], ledger.rng.permutation(rows[order[26:]])
    ledger.close(late, AUTUMN_2025 + ledger.rng.integers(DAY, 25 * DAY, 26))
    for outcome, part in (("partly", others[:30]), ("unsolved", others[30:56]), ("solved", others[56:])):
        at = cases["closed"].to_numpy()[part]
        start = cases["reported"].to_numpy()[part]
        ledger.close(
            part,
            np.where(at < AUTUMN_2025, np.maximum(at, start + 15), np.minimum(start + 2 * DAY, AUTUMN_2025 - 60)),
            outcome,
        )
    cases = ledger.cases
    settled = (cases["region_code"] == region) & ledger.of("01") & (cases["outcome"] == "solved")
    ledger.keep(settled & ledger.between("closed", YEAR_2025, AUTUMN_2025), 27)


def _emergencies(cases: pd.DataFrame, places: Places) -> pd.DataFrame:
    """The three events the documents tell with their minutes."""
    events = (
        ("和济社区", "紧急求助", "03", "12", "2025-08-14T21:17", 3, 10),
        ("和济社区", "冒烟", "07", "12", "2025-11-02T06:48", 5, 26),
        ("祥园社区", "助老服务", "03", "04", "2026-01-20T10:05", 10, 35),
    )
    rows = []
    for community, matter, category, channel, at, arrives, ends in events:
        row = cases[(cases["region_code"] == places.code(community)) & (cases["kind"] == "appeal")].iloc[0].copy()
        start = minute(at)
        row[["subcategory", "category", "channel", "urgency", "outcome"]] = [
            matter,
            category,
            channel,
            "urgent",
            "solved",
        ]
        row[["reported", "accepted", "dispatched", "answered"]] = [start, start + 1, start + 1, start + 1]
        row[["arrived", "closed", "first_closed"]] = [start + arrives, start + ends, start + ends]
        row[["extended", "deferred", "reopened", "visited", "invalid_at"]] = NEVER
        row[["rated", "rating", "is_default", "rounds", "invalid_reason"]] = [start + ends + 600, 5, False, 0, None]
        row[["response_due", "original_due", "due"]] = [start + 30, start + DAY, start + DAY]
        row[["escalation", "solved_level", "need_whistle", "dispute_type"]] = [1, 1, False, None]
        rows.append(row)
    return pd.concat([cases, pd.DataFrame(rows).astype(cases.dtypes)], ignore_index=True)
