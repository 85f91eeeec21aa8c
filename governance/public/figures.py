"""The tables of a bundle: counts rounded so that no small number can be worked out, and what follows from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor, log10

import numpy as np

from governance.indicators import Indicator
from governance.public import counting
from governance.public.counting import Counted, Part
from governance.public.dividing import Divided
from governance.public.rounding import Numbers, Secret, round_hits, round_tree
from governance.public.settings import SCENES, Settings

ROUNDED, FEW = "rounded", "few"
MONTHS_SHOWN = 13
WEIGHT_OF_A_CASE = 3
"""A case weighs at most this much in 网格负荷, so weights are rounded to so many times k."""
LARGE_BASE = 1000
ENOUGH_TO_LINK = 50

Compared = list[tuple[str, tuple[int, ...]]]
Span = tuple[str, datetime, datetime, Compared]


@dataclass(frozen=True)
class Rounded:
    """An indicator's published numbers: arrays (periods, cells) of bases and, for a rate, hits."""

    part: Part
    k: int
    bases: Numbers
    hits: Numbers | None


@dataclass(frozen=True)
class Cell:
    """One number as published; without a value `shown` says why."""

    shown: str
    value: float | None = None
    hit: int | None = None
    base: int | None = None


def unit_of(indicator: Indicator, settings: Settings) -> int:
    """The k of an indicator: that of disputes for whatever counts disputes alone."""
    words = f"{indicator.base} {indicator.table}"
    return settings.k_dispute if "dispute" in words or "'01'" in words else settings.k


def round_parts(counted: Counted, settings: Settings, secret: Secret) -> dict[str, Rounded]:
    """Round every indicator. Equal counts are rounded alike, so that two names of one thing say nothing together."""
    known: dict[tuple[bytes, int, str], Numbers] = {}
    rounded: dict[str, Rounded] = {}
    order = {
        key: 0 if key in counting.BY_DAY else 1 + _is_hit_of_another(part, counted)
        for key, part in counted.parts.items()
    }
    for key in sorted(order, key=lambda key: order[key]):
        part = counted.parts[key]
        k = unit_of(part.indicator, settings)
        bases = np.zeros_like(part.bases)
        hits = None if part.hits is None else np.zeros_like(part.bases)
        for row, period in enumerate(part.periods):
            name = (part.bases[row].tobytes(), k, period.name)
            if name not in known:
                known[name] = round_tree(counted.tree, part.bases[row], k, period.name, secret)
            bases[row] = known[name]
            if part.hits is not None and hits is not None:
                pair = (part.hits[row], part.bases[row])
                hits[row] = round_hits(counted.tree, *pair, bases[row], k, period.name, secret)
                known.setdefault((part.hits[row].tobytes(), k, period.name), hits[row])
        rounded[key] = Rounded(part, k, bases, hits)
    return {key: rounded[key] for key in counted.parts}


def _is_hit_of_another(part: Part, counted: Counted) -> bool:
    """Whether a count is the hits of a rate: then it is rounded after it, and like it."""
    if part.hits is not None:
        return False
    return any(other.hits is not None and np.array_equal(other.hits, part.bases) for other in counted.parts.values())


def linked(rounded: dict[str, Rounded]) -> tuple[str, ...]:
    """Indicators that are the sum or difference of two others while their published numbers are not.

    Bases, hits and misses are compared over all places and periods. Such three would say more together than each alone:
    the last of them in settings.indicators goes.
    """
    pieces: list[tuple[str, Numbers, Numbers]] = []
    for key, found in rounded.items():
        bases, hits = found.part.bases, found.part.hits
        pieces.append((key, bases, found.bases))
        if hits is not None and found.hits is not None:
            pieces += [(key, hits, found.hits), (key, bases - hits, found.bases - found.hits)]
    pieces = [piece for piece in pieces if piece[1].sum() >= ENOUGH_TO_LINK]
    of_total: dict[tuple[int, int], list[int]] = {}
    for number, (_, exact, _) in enumerate(pieces):
        of_total.setdefault((len(exact), int(exact.sum())), []).append(number)
    order = list(rounded)
    found_keys = []
    for i, (first, left, left_shown) in enumerate(pieces):
        for second, right, right_shown in pieces[:i]:
            for n in of_total.get((len(left), int(left.sum() + right.sum())), []) if len(left) == len(right) else []:
                whole, exact, shown = pieces[n]
                if (exact == left + right).all() and (shown != left_shown + right_shown).any():
                    found_keys.append(max((first, second, whole), key=order.index))
    return tuple(dict.fromkeys(found_keys))


class Figures:
    """Cells of every indicator, place and period, and the tables made of them."""

    def __init__(self, counted: Counted, settings: Settings, secret: Secret) -> None:
        """Round everything once."""
        self.counted, self.settings, self.secret = counted, settings, secret
        rounded = round_parts(counted, settings, secret)
        self.left_out = linked(rounded)
        self.rounded = {key: found for key, found in rounded.items() if key not in self.left_out}
        self.places = [(cell, name) for cell, name in enumerate(counted.tree.names) if not name.endswith("/")]
        self._denominators = _denominators(counted)
        self._loads = self._rounded_loads()
        self._summed: dict[tuple[str, tuple[int, ...]], tuple[list[int], list[int] | None, bool]] = {}
        by_day = {key: self.rounded[key].bases for key in counting.BY_DAY if key in self.rounded}
        self.divided = Divided(counted, by_day, settings, secret)

    def cell(self, key: str, cell: int, rows: tuple[int, ...], name: str) -> Cell:
        """The number of an indicator at a place, over one period or the sum of several months."""
        found = self.rounded[key]
        indicator = found.part.indicator
        bases, hits, is_covered = self._sums(key, rows)
        base = bases[cell]
        if not is_covered:
            return Cell(FEW)
        if key == "workload":
            return self._workload(cell)
        if indicator.is_count:
            return Cell(ROUNDED, float(base), None, base) if base else Cell(FEW)
        if base < max(indicator.minimum, self.settings.rate_minimum):
            return Cell(FEW)
        if hits is not None:
            hit = hits[cell]
            return Cell(ROUNDED, round(hit / base, 2 if base < LARGE_BASE else 3), hit, base)
        place = self.counted.tree.names[cell]
        if indicator.per:
            people = self._denominators[indicator.per].get(place)
            return Cell(ROUNDED, two_digits(base * indicator.scale / people), None, base) if people else Cell(FEW)
        value = self.counted.values.get((key, name, place))
        return Cell(FEW) if value is None else Cell(ROUNDED, two_digits(value), None, base)

    def _sums(self, key: str, rows: tuple[int, ...]) -> tuple[list[int], list[int] | None, bool]:
        """Bases and hits of every cell over some periods, and whether the data reach back to all of them."""
        if (key, rows) not in self._summed:
            found = self.rounded[key]
            hits = None if found.hits is None else found.hits[list(rows)].sum(axis=0).tolist()
            is_covered = not any(self.counted.is_before_data(found.part.periods[row]) for row in rows)
            self._summed[key, rows] = (found.bases[list(rows)].sum(axis=0).tolist(), hits, is_covered)
        return self._summed[key, rows]

    def _rounded_loads(self) -> tuple[Numbers, np.ndarray]:
        weight, crew = self.counted.loads
        k = self.settings.k * WEIGHT_OF_A_CASE
        rounded = round_tree(self.counted.tree, weight, k, "now\x1fweight", self.secret)
        return rounded, self.counted.tree.sums((crew * 10).astype(np.int64)) / 10

    def _workload(self, cell: int) -> Cell:
        weight, crew = self._loads[0][cell], self._loads[1][cell]
        if not weight or not crew:
            return Cell(FEW)
        return Cell(ROUNDED, two_digits(weight / crew), None, None)

    def check(self) -> dict[str, object]:
        """The reconciliation of the bundle with its snapshot: each part less than k away, and the sums hold."""
        tree = self.counted.tree
        broken = 0
        for found in self.rounded.values():
            broken += int((np.abs(found.bases - found.part.bases)[:, tree.leaves] >= found.k).sum())
            for published in (found.bases, *([] if found.hits is None else [found.hits])):
                broken += sum(int((tree.sums(row) != row).sum()) for row in published)
        return {
            "name": "public_sums",
            "title": "公开的件数与快照相差不到一个取整单位，各级相加相符",
            "broken_count": broken,
            "scenes": ",".join(SCENES),
        }

    def figures(self) -> Iterator[dict[str, object]]:
        """Rows of the table `figures`."""
        months = self.counted.months
        quarters = counting.quarters(months)
        for key, found in self.rounded.items():
            if counting.is_in_hand(found.part.indicator):
                spans: list[Span] = [("now", self.counted.instant.start, self.counted.instant.stop, [("now", (0,))])]
            else:
                compared: Compared = [(months[row].name, (row,)) for row in (0, 1, 12)]
                spans = [
                    ("month", months[0].start, months[0].stop, compared),
                    ("quarter", months[2].start, months[0].stop, [*quarters]),
                ]
            for cell, place in self.places:
                for period, start, stop, compared in spans:
                    cells = [self.cell(key, cell, rows, name) for name, rows in compared]
                    yield _figure(place, key, period, start, stop, cells)
        yield from self._weeks()

    def months(self) -> Iterator[dict[str, object]]:
        """Rows of the table `months`: everything, and the upper levels."""
        levels = set(self.settings.levels[:2])
        level_of = dict(zip(self.counted.places["place_code"], self.counted.places["level"], strict=True))
        for key, found in self.rounded.items():
            if counting.is_in_hand(found.part.indicator):
                continue
            for cell, place in self.places:
                if place and level_of[place] not in levels and self.counted.tree.parents[cell] != 0:
                    continue
                for row, month in enumerate(self.counted.months[:MONTHS_SHOWN]):
                    made = self.cell(key, cell, (row,), month.name)
                    first = self.counted.first_day
                    yield {
                        "place_code": place,
                        "month": month.start.date(),
                        "indicator": key,
                        "value": made.value,
                        "hit": made.hit,
                        "base": made.base,
                        "is_complete": first is not None and month.start.date() >= first,
                        "shown": made.shown,
                    }

    def _weeks(self) -> Iterator[dict[str, object]]:
        end = self.counted.as_of.date()
        stop = end - timedelta(days=end.weekday())
        for (key, place), days in self.divided.days.items():
            sums = [sum(days.get(stop - timedelta(days=back + number), 0) for number in range(1, 8)) for back in (0, 7)]
            cells = [Cell(ROUNDED, float(number), None, number) if number else Cell(FEW) for number in sums]
            start = datetime.combine(stop - timedelta(days=7), datetime.min.time())
            yield _figure(place, key, "week", start, start + timedelta(days=7), [*cells, Cell(FEW)])


def two_digits(value: float) -> float:
    """A number to two significant digits: 0.4567 is 0.46, 123.4 is 120."""
    return round(value, 1 - floor(log10(abs(value)))) if value else 0.0


def _denominators(counted: Counted) -> dict[str, dict[str, float]]:
    """Residents and households of each place, and under '' of everything."""
    found = {}
    for column in ("residents", "households"):
        known = counted.places[counted.places[column].notna()]
        by_place = dict(zip(known["place_code"], known[column].astype(float), strict=True))
        names, parents = counted.tree.names, counted.tree.parents
        tops = [names[cell] for cell in range(1, len(names)) if parents[cell] == 0]
        by_place[""] = sum(by_place.get(name, 0.0) for name in tops)
        found[column] = by_place
    return found


def _figure(place: str, key: str, period: str, start: datetime, stop: datetime, cells: list[Cell]) -> dict[str, object]:
    now, previous, last_year = [*cells, Cell(FEW), Cell(FEW)][:3]
    is_shown = now.shown == ROUNDED
    return {
        "place_code": place,
        "indicator": key,
        "period": period,
        "start": start,
        "stop": stop,
        "value": now.value,
        "hit": now.hit,
        "base": now.base,
        "previous": previous.value if is_shown else None,
        "last_year": last_year.value if is_shown else None,
        "shown": now.shown,
    }
