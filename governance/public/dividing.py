"""Months divided further: into weeks and days, and into categories; everything adds up to the published month."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import numpy as np
import pandas as pd

from governance import codes
from governance.public import counting
from governance.public.counting import Counted
from governance.public.reading import PublicError
from governance.public.rounding import Numbers, Secret, Tree, above, below, round_tree
from governance.public.settings import Settings

DISPUTE = "01"


class Divided:
    """Rounded days and categories of everything and of the places at the top."""

    def __init__(self, counted: Counted, months: dict[str, Numbers], settings: Settings, secret: Secret) -> None:
        """`months` are the rounded bases (months, cells) of the indicators that are divided."""
        self.counted, self.months, self.settings, self.secret = counted, months, settings, secret
        self.tops = [int(cell) for cell in np.flatnonzero(counted.tree.parents == 0)]
        self.exact = {
            key: np.array([counted.tree.sums(row) for row in counted.parts[key].bases]) for key in self.months
        }
        self.days = self._rounded_days()

    def _rounded_days(self) -> dict[tuple[str, str], dict[date, int]]:
        """Rounded days by indicator and place (everything and the top level): parts of the rounded month, by week."""
        tree = self.counted.tree
        daily = self.counted.daily.assign(day=pd.to_datetime(self.counted.daily["period"]).dt.date)
        exact = {(row.indicator, row.place_code, row.day): int(row.base) for row in daily.itertuples()}
        found: dict[tuple[str, str], dict[date, int]] = {}
        for key in self.months:
            total = dict.fromkeys((day.start.date() for day in self.counted.days), 0)
            for cell in self.tops:
                place = tree.names[cell]
                counts = {day: exact.get((key, place.removesuffix("/"), day), 0) for day in total}
                days = self._days_of(key, cell, counts)
                total = {day: number + days[day] for day, number in total.items()}
                if not place.endswith("/"):
                    found[key, place] = days
            found[key, ""] = total
        return found

    def _days_of(self, key: str, cell: int, counts: dict[date, int]) -> dict[date, int]:
        """Round the days of one place: month by month, and in it week by week."""
        place = self.counted.tree.names[cell]
        rounded: dict[date, int] = {}
        for month in sorted({day.replace(day=1) for day in counts}):
            days = [day for day in counts if day.replace(day=1) == month]
            weeks = list(dict.fromkeys(day - timedelta(days=day.weekday()) for day in days))
            names = [place, *map(str, weeks), *(f"{place} {day}" for day in days)]
            parents = [-1, *(0 for _ in weeks), *(1 + weeks.index(day - timedelta(days=day.weekday())) for day in days)]
            tree = Tree(tuple(names), np.array(parents, dtype=np.int64))
            leaves = np.array([0] * (1 + len(weeks)) + [counts[day] for day in days], dtype=np.int64)
            row = next((n for n, one in enumerate(self.counted.months) if one.start.date() == month), None)
            total = None
            if row is not None:
                total = int(self.months[key][row, cell])
                _same(int(self.exact[key][row, cell]), int(leaves.sum()))
            done = round_tree(tree, leaves, self.settings.k, f"{month:%Y-%m}", self.secret, total=total)
            rounded |= dict(zip(days, done[1 + len(weeks) :].tolist(), strict=True))
        return rounded

    def day_rows(self) -> Iterator[dict[str, object]]:
        """Rows of the table `days`."""
        for (key, place), days in self.days.items():
            for day in sorted(days)[-counting.DAYS :]:
                yield {
                    "place_code": place,
                    "day": day,
                    "indicator": key,
                    "base": days[day] or None,
                    "shown": "rounded" if days[day] else "few",
                }

    def category_rows(self) -> Iterator[dict[str, object]]:
        """Rows of the table `categories`: reported cases, of everything and of the top level."""
        if "reported_count" not in self.months:
            return
        months = self._categories_by_month()
        names = list(codes.LABELS["category"])
        places = ["", *dict.fromkeys(place for place, _ in months if place and not place.endswith("/"))]
        for place in places:
            for period, spans in (("month", ((0,), (1,))), ("quarter", ((0, 1, 2), (3, 4, 5)))):
                for category in names:
                    base, previous = (self._category(months, place, category, rows) for rows in spans)
                    shown = "hidden" if base is None else "rounded" if base else "few"
                    yield {
                        "place_code": place,
                        "period": period,
                        "category": category,
                        "base": base or None,
                        "previous": previous or None,
                        "shown": shown,
                    }

    def _category(
        self, months: dict[tuple[str, int], dict[str, int]], place: str, category: str, rows: tuple[int, ...]
    ) -> int | None:
        """One category over some months; None where they begin before the data."""
        if any(self.counted.is_before_data(self.counted.months[row]) for row in rows):
            return None
        return sum(found[category] for (where, row), found in months.items() if row in rows and place in ("", where))

    def _categories_by_month(self) -> dict[tuple[str, int], dict[str, int]]:
        """Rounded categories of each top place and month."""
        exact: dict[tuple[str, str], dict[str, int]] = {}
        for row in self.counted.categories.itertuples():
            exact.setdefault((row.place_code, row.period), {})[row.category] = int(row.base)
        bases = self.months["reported_count"]
        found = {}
        for cell in self.tops:
            place = self.counted.tree.names[cell]
            for row, month in enumerate(self.counted.months[:6]):
                counts = exact.get((place.removesuffix("/"), month.name), {})
                _same(int(self.exact["reported_count"][row, cell]), sum(counts.values()))
                found[place, row] = self._split(counts, int(bases[row, cell]), f"{place}|{month.name}")
        return found

    def _split(self, counts: dict[str, int], total: int, name: str) -> dict[str, int]:
        """Round categories to a given total: disputes to their own k first, then the others to what is left.

        Where all others are multiples of k they may not add up to it. Then the one that would go up first goes up all
        the same: a gap in the table would say that they are multiples, and of a few cases that all are disputes.
        """
        k, k_dispute = self.settings.k, self.settings.k_dispute
        disputes = counts.get(DISPUTE, 0)
        others = sorted({"", *codes.LABELS["category"], *counts} - {DISPUTE})
        numbers = np.array([0, *(counts.get(category, 0) for category in others)], dtype=np.int64)
        tree = Tree(("", *others), np.array([-1, *(0 for _ in others)], dtype=np.int64))
        threshold = int(self.secret.numbers(["disputes"], name)[0]) % k_dispute
        first = (disputes + threshold) // k_dispute * k_dispute
        choices = dict.fromkeys((first, disputes // k_dispute * k_dispute, -(-disputes // k_dispute) * k_dispute))
        order = self.secret.numbers(tree.names, name)
        first_other = np.arange(len(numbers)) == 1 + order[1:].argmin()
        for given, choice in product((numbers, numbers + first_other), choices):
            if below(given, k).sum() <= total - choice <= above(given, k).sum():
                done = round_tree(tree, given, k, name, self.secret, total=total - choice)
                return {**dict(zip(others, done[1:].tolist(), strict=True)), DISPUTE: choice}
        raise AssertionError("where none adds up, all others are multiples and k short of it")


def _same(whole: int, parts: int) -> None:
    """Refuse to go on when parts do not add up: what is published rests on it."""
    if whole != parts:
        raise PublicError(f"公开数据包没有生成：各日或各类别之和 {parts} 不等于当月的 {whole}。")
