"""A book of registers to write rows into, with days drawn from the periods the documents speak of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from governance.demo.places import Places

FIRST, LAST = "2024-01-01", "2026-06-30"


class Book:
    """Rows of the optional tables, by table; ids are given in the order of writing."""

    def __init__(self, places: Places, seed: int) -> None:
        """Open an empty book about these places."""
        self.places = places
        self.rng = np.random.default_rng(seed)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.frames: dict[str, list[pd.DataFrame]] = {}

    def add(self, table: str, community: str, **values: Any) -> None:
        """Write one row about a community."""
        self.rows.setdefault(table, []).append({"region_code": self.places.code(community)} | values)

    def add_frame(self, table: str, frame: pd.DataFrame) -> None:
        """Write many rows at once."""
        self.frames.setdefault(table, []).append(frame)

    def day(self, start: str = FIRST, stop: str = LAST) -> np.datetime64:
        """Any day of the half-open interval."""
        first, last = np.datetime64(start), np.datetime64(stop)
        return first + int(self.rng.integers(0, (last - first).astype(int)))

    def days(self, count: int, start: str = FIRST, stop: str = LAST) -> list[np.datetime64]:
        """As many days of the half-open interval, in order."""
        return sorted(self.day(start, stop) for _ in range(count))

    def later(self, day: np.datetime64, least: int, most: int) -> np.datetime64:
        """A day some days later."""
        return day + int(self.rng.integers(least, most))

    def split(self, total: int, parts: int, spread: float = 6.0) -> list[int]:
        """Whole numbers that add up to the total."""
        weights = self.rng.gamma(spread, 1.0, parts)
        cuts = np.round(np.cumsum(weights) / weights.sum() * total).astype(int)
        return [int(value) for value in np.diff(cuts, prepend=0)]

    def pick(self, *words: str) -> str:
        """One of the words."""
        return words[int(self.rng.integers(0, len(words)))]


def months(start: str = FIRST, stop: str = "2026-07-01") -> list[np.datetime64]:
    """The first day of every month of the half-open interval."""
    return list(np.arange(np.datetime64(start, "M"), np.datetime64(stop, "M")).astype("datetime64[D]"))
