"""What a public bundle says, by place and indicator: the only thing the scenes of the wall look at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from governance import codes
from governance.indicators import INDICATORS, Indicator, is_missing

EVERYWHERE = ""
"""The place code of everything together, as in the bundle."""
VISIBLE = ("exact", "rounded")


class Table(Protocol):
    """A table of the bundle: pyarrow's, of which only this is used."""

    def to_pydict(self) -> dict[str, list[Any]]:
        """Return the columns as lists."""


class Bundle(Protocol):
    """A public bundle (governance.public): its name, its manifest, its tables."""

    @property
    def id(self) -> str:
        """The name, which changes with the content."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What the publisher says about it."""

    def table(self, name: str) -> Table:
        """Return a table by name."""


@dataclass(frozen=True)
class Place:
    """A county, town, community or grid; `geometry` is GeoJSON text or None."""

    code: str
    parent: str
    level: str
    name: str
    geometry: str | None
    is_schematic: bool


@dataclass(frozen=True)
class Figure:
    """One number of one place: its value (None when hidden or absent), what it rests on, and what it was before."""

    indicator: Indicator
    start: date | None
    stop: date | None
    value: float | None
    hit: float | None
    base: float | None
    previous: float | None

    @property
    def is_judged(self) -> bool:
        """Whether there is a number and it rests on enough cases to be compared."""
        return not is_missing(self.value) and (self.indicator.is_count or (self.base or 0) >= self.indicator.minimum)


@dataclass(frozen=True)
class Point:
    """One month, or one day, of a series; `value` is None when hidden, absent or resting on too few."""

    at: date
    value: float | None


@dataclass(frozen=True)
class Part:
    """The cases of one category in a period, and in the one before; None when hidden."""

    category: str
    count: float | None
    previous: float | None


@dataclass(frozen=True)
class Check:
    """A reconciliation: its title, how many rows break it, the scenes that must stay off when any does."""

    title: str
    broken_count: int
    scenes: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """A bundle, read once and looked up often."""

    bundle: Bundle = field(repr=False)

    @property
    def id(self) -> str:
        """The bundle's name."""
        return self.bundle.id

    def prepare(self) -> None:
        """Read every table now, so that a broken one shows here and not while a wall is asking."""
        for _ in (self.as_of, self._children, self._figures, self._months, self._days, self._categories, self.checks):
            pass

    @property
    def k(self) -> int:
        """What counts are rounded to: each lies less than this from the truth."""
        return int(self.bundle.manifest.get("k") or 1)

    @cached_property
    def as_of(self) -> datetime:
        """数据截至, naive local time."""
        return datetime.fromisoformat(str(self.bundle.manifest["as_of"])).replace(tzinfo=None)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every place by its code."""
        return {
            row["place_code"]: Place(
                row["place_code"],
                row["parent_code"] or EVERYWHERE,
                row["level"],
                row["name"] or row["place_code"],
                row["geometry"] or None,
                bool(row["is_schematic"]),
            )
            for row in self._rows("places")
            if row["place_code"]
        }

    @cached_property
    def _children(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self.places.values():
            parent = place.parent if place.parent in self.places and place.parent != place.code else EVERYWHERE
            found.setdefault(parent, []).append(place)
        return found

    def children(self, code: str) -> list[Place]:
        """The places right below one, in the order of their codes."""
        return sorted(self._children.get(code, []), key=lambda place: place.code)

    @cached_property
    def _figures(self) -> dict[tuple[str, str, str], Figure]:
        return {
            (row["place_code"] or EVERYWHERE, row["indicator"], row["period"]): Figure(
                INDICATORS[row["indicator"]],
                _day(row["start"]),
                _day(row["stop"]),
                _number(row["value"], row["shown"]),
                _number(row["hit"], row["shown"]),
                _number(row["base"], row["shown"]),
                _number(row["previous"], row["shown"]),
            )
            for row in self._rows("figures")
            if row["indicator"] in INDICATORS
        }

    def figure(self, code: str, key: str, period: str = "month") -> Figure | None:
        """One number; None when the bundle does not have it or holds it back."""
        found = self._figures.get((code, key, period))
        return None if found is None or is_missing(found.value) else found

    @cached_property
    def _months(self) -> dict[tuple[str, str], list[Point]]:
        found: dict[tuple[str, str], list[Point]] = {}
        for row in self._rows("months"):
            indicator, month = INDICATORS.get(row["indicator"]), _day(row["month"])
            if indicator is None or month is None or not row["is_complete"]:
                continue
            value, base = _number(row["value"], row["shown"]), _number(row["base"], row["shown"])
            few = not indicator.is_count and (base or 0) < indicator.minimum
            key = (row["place_code"] or EVERYWHERE, row["indicator"])
            found.setdefault(key, []).append(Point(month, None if few else value))
        return _in_order(found)

    def months(self, code: str, key: str) -> list[Point]:
        """The complete months of an indicator, oldest first."""
        return self._months.get((code, key), [])

    @cached_property
    def _days(self) -> dict[tuple[str, str], list[Point]]:
        found: dict[tuple[str, str], list[Point]] = {}
        for row in self._rows("days"):
            day = _day(row["day"])
            if day is not None and row["indicator"] in INDICATORS:
                key = (row["place_code"] or EVERYWHERE, row["indicator"])
                found.setdefault(key, []).append(Point(day, _number(row["base"], row["shown"])))
        return _in_order(found)

    def days(self, code: str, key: str) -> list[Point]:
        """The last complete days of a count, oldest first."""
        return self._days.get((code, key), [])

    @cached_property
    def _categories(self) -> dict[tuple[str, str], list[Part]]:
        found: dict[tuple[str, str], list[Part]] = {}
        for row in self._rows("categories"):
            part = Part(row["category"], _number(row["base"], row["shown"]), _number(row["previous"], row["shown"]))
            found.setdefault((row["place_code"] or EVERYWHERE, row["period"]), []).append(part)
        return found

    def categories(self, code: str, period: str = "month") -> list[Part]:
        """The categories that are shown for a place, the most frequent first."""
        parts = [part for part in self._categories.get((code, period), []) if part.count is not None]
        return sorted(parts, key=lambda part: (-(part.count or 0), part.category))

    @cached_property
    def checks(self) -> list[Check]:
        """The reconciliations that were run when the bundle was built."""
        return [
            Check(
                row["title"] or row["name"],
                int(row["broken_count"] or 0),
                tuple(word.strip() for word in (row["scenes"] or "").split(",") if word.strip()),
            )
            for row in self._rows("checks")
        ]

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        columns = self.bundle.table(name).to_pydict()
        for values in zip(*columns.values(), strict=True):
            yield dict(zip(columns, values, strict=True))


@dataclass(frozen=True)
class Scope:
    """A board seen from one place: the area of a wall, and the places it is compared by."""

    board: Board
    code: str = EVERYWHERE

    @cached_property
    def kids(self) -> list[Place]:
        """The first level below that has something to compare: two places at least, where there is one."""
        found, seen = self.board.children(self.code), {self.code}
        while len(found) == 1 and found[0].code not in seen and (below := self.board.children(found[0].code)):
            seen.add(found[0].code)
            found = below
        return found

    @cached_property
    def name(self) -> str:
        """The name of the area; empty when it is everything and has no single name."""
        if self.code != EVERYWHERE:
            return self.board.places[self.code].name
        roots = self.board.children(EVERYWHERE)
        return roots[0].name if len(roots) == 1 else ""

    @property
    def level(self) -> str:
        """What the places below are called: 乡镇街道, 村社区 …; 地方 when they are of several kinds."""
        levels = {kid.level for kid in self.kids}
        if len(levels) != 1:
            return "地方"
        return {"county": "县区"}.get(level := levels.pop(), codes.label("level", level))

    def figure(self, key: str, period: str = "month") -> Figure | None:
        """One number of the area."""
        return self.board.figure(self.code, key, period)

    def first(self, key: str, *periods: str) -> Figure | None:
        """The number of the first of these periods that has one."""
        return next((found for period in periods if (found := self.figure(key, period))), None)

    def months(self, key: str) -> list[Point]:
        """The complete months of the area."""
        return self.board.months(self.code, key)

    def judged(self, key: str, period: str = "month") -> list[tuple[Place, Figure]]:
        """The places below whose number rests on enough, each with it."""
        pairs = ((kid, self.board.figure(kid.code, key, period)) for kid in self.kids)
        return [(kid, found) for kid, found in pairs if found is not None and found.is_judged]


def _number(value: Any, shown: str) -> float | None:
    return None if shown not in VISIBLE or is_missing(value) else float(value)


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


def _in_order(found: dict[tuple[str, str], list[Point]]) -> dict[tuple[str, str], list[Point]]:
    return {key: sorted(points, key=lambda point: point.at) for key, points in found.items()}


def red_checks(checks: Iterable[Check], scene: str) -> list[Check]:
    """The broken reconciliations that keep a scene off."""
    return [check for check in checks if check.broken_count and scene in check.scenes]
