"""What a bundle is made of: the exact counts behind the chosen indicators, by the dictionary's own predicates.

Nothing of this leaves the host; `figures` rounds it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from governance.indicators import DURATIONS, INDICATORS, Indicator
from governance.public.rounding import Numbers, Tree
from governance.public.settings import LEVELS, Settings
from governance.store import Store

QUERIES = Path(__file__).resolve().parents[2] / "queries" / "public"
PATH = dict(zip(LEVELS, ("county_code", "town_code", "community_code", "grid_1"), strict=True))
MONTHS = 15
DAYS = 14
BY_DAY = ("reported_count", "closed_count")
NOW = "now"
HALF_DAY = timedelta(hours=12)
Values = dict[tuple[str, str, str], float]
"""A number by indicator, period and place: what is no count."""


@dataclass(frozen=True)
class Period:
    """A stretch of time [start, stop) and its name."""

    name: str
    start: datetime
    stop: datetime


@dataclass(frozen=True)
class Part:
    """What one indicator counts: an array (periods, cells of the tree) of bases and, for a rate, of hits."""

    indicator: Indicator
    periods: tuple[Period, ...]
    bases: Numbers
    hits: Numbers | None


@dataclass(frozen=True)
class Counted:
    """Everything counted for one bundle."""

    as_of: datetime
    places: pd.DataFrame
    tree: Tree
    months: tuple[Period, ...]
    instant: Period
    days: tuple[Period, ...]
    first_day: date | None
    parts: dict[str, Part]
    daily: pd.DataFrame
    categories: pd.DataFrame
    values: Values
    loads: tuple[Numbers, np.ndarray]

    def is_before_data(self, period: Period) -> bool:
        """Whether a period begins before the month of the first case."""
        return self.first_day is None or period.start.date() < self.first_day.replace(day=1)


def ask(
    store: Store, name: str, words: dict[str, str] | None = None, only: tuple[str, ...] = (), **params: object
) -> pd.DataFrame:
    """Answer one of queries/public/ about some indicators; `words` are what the dictionary puts at its {marks}."""
    sql = (QUERIES / f"{name}.sql").read_text("utf-8")
    for mark, word in (words or {}).items():
        sql = sql.replace(f"{{{mark}}}", word)
    return store.query(sql, params, only)


def count(store: Store, settings: Settings) -> Counted:
    """Count everything a bundle needs, from a store that holds all of a snapshot."""
    places = ask(store, "places", levels=list(settings.levels))
    tree = _tree(places, settings.levels)
    months, instant, days = last_months(store.as_of), moment_in_hand(store.as_of), last_days(store.as_of)
    chosen = [INDICATORS[key] for key in settings.indicators if key in INDICATORS]
    parts = _case_parts(store, settings, tree, chosen, (*months, instant))
    present = tuple(level for level in settings.levels if level in set(places["level"]))
    values = _durations(store, settings, present, chosen, _with_quarters(months))
    ledgers = [indicator for indicator in chosen if indicator.table not in ("cases", "grids")]
    if ledgers:
        found, more = _ledger_parts(store, present, tree, ledgers, months)
        parts, values = parts | found, values | more
    grids = [indicator for indicator in chosen if indicator.table == "grids"]
    found, more, loads = _grid_parts(store, settings, tree, grids, instant)
    by_day = {"indicators": list(BY_DAY), "levels": list(settings.levels), **_bounds(days)}
    del by_day["names"]
    first = store.query("select min(reported_at)::date as first_day from cases")["first_day"].iloc[0]
    return Counted(
        as_of=store.as_of,
        places=places,
        tree=tree,
        months=months,
        instant=instant,
        days=days,
        first_day=None if pd.isna(first) else pd.Timestamp(first).date(),
        parts={key: (parts | found)[key] for key in settings.indicators if key in parts | found},
        daily=ask(store, "case_days", only=BY_DAY, **by_day),
        categories=ask(store, "case_categories", only=BY_DAY, levels=list(settings.levels), **_bounds(months)),
        values=values | more,
        loads=loads,
    )


def last_months(as_of: datetime) -> tuple[Period, ...]:
    """The calendar months that are over at `as_of`, the newest first."""
    found = []
    stop = datetime(as_of.year, as_of.month, 1)
    for _ in range(MONTHS):
        start = (stop - timedelta(days=1)).replace(day=1)
        found.append(Period(f"{start:%Y-%m}", start, stop))
        stop = start
    return tuple(found)


def quarters(months: tuple[Period, ...]) -> tuple[tuple[str, tuple[int, int, int]], ...]:
    """Name and months of the last three months, the three before, and the same three a year ago."""
    return (("quarter", (0, 1, 2)), ("quarter before", (3, 4, 5)), ("quarter last year", (12, 13, 14)))


def _with_quarters(months: tuple[Period, ...]) -> tuple[Period, ...]:
    made = [Period(name, months[last].start, months[first].stop) for name, (first, _, last) in quarters(months)]
    return (*months, *made)


def last_days(as_of: datetime) -> tuple[Period, ...]:
    """The days that are over at `as_of`: back to the start of the month in which the week before the last began."""
    midnight = datetime.combine(as_of.date(), time())
    monday = midnight - timedelta(days=midnight.weekday())
    first = min(monday - timedelta(days=14), midnight - timedelta(days=DAYS)).replace(day=1)
    days = [first + timedelta(days=number) for number in range((midnight - first).days)]
    return tuple(Period(f"{day:%Y-%m-%d}", day, day + timedelta(days=1)) for day in days)


def moment_in_hand(as_of: datetime) -> Period:
    """When to look at what is in hand: the data cut-off; the noon before where that is the end of a published day."""
    instant = as_of - HALF_DAY if as_of.time() == time() else as_of
    return Period(NOW, instant, instant)


def _bounds(periods: tuple[Period, ...]) -> dict[str, Any]:
    return {
        "names": [period.name for period in periods],
        "starts": [period.start for period in periods],
        "stops": [period.stop for period in periods],
    }


def _tree(places: pd.DataFrame, levels: tuple[str, ...]) -> Tree:
    """The places under '', each inner one with a part `code/` for what lies in it and in none of its places."""
    names, parents = [""], [-1]
    position = {"": 0}
    for depth, level in enumerate(levels):
        above = [PATH[upper] for upper in reversed(levels[:depth])]
        for row in places[places["level"] == level].to_dict("records"):
            whole = next((row[column] for column in above if row[column] in position), "")
            position[row["place_code"]] = len(names)
            names.append(row["place_code"])
            parents.append(position[whole])
    for inner in sorted({0, *parents[1:]}):
        names.append(f"{names[inner]}/")
        parents.append(inner)
    return Tree(tuple(names), np.array(parents, dtype=np.int64))


def _spread(tree: Tree, periods: tuple[Period, ...], frame: pd.DataFrame, column: str) -> Numbers:
    """Counts as an array (periods, cells): each at the leaf of its place."""
    position = {name.removesuffix("/"): cell for cell, name in enumerate(tree.names) if tree.leaves[cell]}
    row_of = {period.name: row for row, period in enumerate(periods)}
    array = np.zeros((len(periods), len(tree.names)), dtype=np.int64)
    cells = frame["place_code"].map(position).fillna(position[""]).astype(np.int64).to_numpy()
    rows = frame["period"].map(row_of).astype(np.int64).to_numpy()
    np.add.at(array, (rows, cells), frame[column].fillna(0).to_numpy(np.int64))
    return array


def _part(tree: Tree, indicator: Indicator, periods: tuple[Period, ...], frame: pd.DataFrame) -> Part:
    found = frame[frame["period"].isin([period.name for period in periods])]
    hits = _spread(tree, periods, found, f"{indicator.key}_hit") if indicator.is_rate else None
    return Part(indicator, periods, _spread(tree, periods, found, f"{indicator.key}_base"), hits)


def _counts(indicators: list[Indicator]) -> str:
    """The columns of bases and hits, by the macros of the dictionary."""
    parts = [(one.key, part) for one in indicators for part in (("base", "hit") if one.is_rate else ("base",))]
    return ", ".join(f"count(*) filter ({key}_{part}(c, c.start, c.stop)) as {key}_{part}" for key, part in parts)


def is_in_hand(indicator: Indicator) -> bool:
    """Whether an indicator speaks of a moment and not of a period."""
    source = DURATIONS[indicator.duration] if indicator.duration else indicator
    return indicator.table == "grids" or not source.at


def _case_parts(
    store: Store, settings: Settings, tree: Tree, chosen: list[Indicator], periods: tuple[Period, ...]
) -> dict[str, Part]:
    # A mean over cases would need a rule of its own: of cases only counts, rates, ratios and durations are public.
    wanted = [one for one in chosen if one.table == "cases" and not one.value]
    if not wanted:
        return {}
    frame = ask(store, "case_parts", {"counts": _counts(wanted)}, levels=list(settings.levels), **_bounds(periods))
    return {one.key: _part(tree, one, periods[-1:] if is_in_hand(one) else periods[:-1], frame) for one in wanted}


def _durations(
    store: Store, settings: Settings, levels: tuple[str, ...], chosen: list[Indicator], periods: tuple[Period, ...]
) -> Values:
    """Durations of the last month and quarter everywhere; of earlier ones only of everything and the top level."""
    wanted = {indicator.key for indicator in chosen if indicator.duration}
    if not wanted:
        return {}
    now, earlier = [periods[0], periods[MONTHS]], [*periods[1:MONTHS], *periods[MONTHS + 1 :]]
    found: Values = {}
    for chosen_periods, at_levels in ((now, levels), (earlier, levels[:1])):
        bounds = _bounds(tuple(chosen_periods))
        frame = ask(
            store, "durations", minimum=settings.rate_minimum - settings.k_dispute, levels=list(at_levels), **bounds
        )
        frame[["period", "place_code"]] = frame["key"].str.split("|", n=1, expand=True).reindex(columns=[0, 1])
        found |= _values(frame[frame["indicator"].isin(wanted)])
    return found


def _values(frame: pd.DataFrame) -> Values:
    """Numbers by indicator, period and place."""
    found = frame[frame["value"].notna()]
    keys = zip(found["indicator"], found["period"], found["place_code"].fillna(""), strict=True)
    return dict(zip(keys, found["value"].astype(float), strict=True))


def _ledger_parts(
    store: Store, present: tuple[str, ...], tree: Tree, chosen: list[Indicator], months: tuple[Period, ...]
) -> tuple[dict[str, Part], Values]:
    parts: dict[str, Part] = {}
    values: Values = {}
    levels = list(present)
    for ledger in dict.fromkeys(one.table for one in chosen):
        of_it = [one for one in chosen if one.table == ledger]
        words = {"ledger": ledger, "counts": _counts(of_it)}
        frame = ask(store, "ledger_parts", words, levels=levels, **_bounds(months))
        parts |= {one.key: _part(tree, one, months, frame) for one in of_it}
        if valued := [one.key for one in of_it if one.value]:
            words["values"] = ", ".join(f"{key}(c, c.start, c.stop)::double as {key}" for key in valued)
            compared = _with_quarters(months)
            compared = (*compared[:2], compared[12], *compared[MONTHS:])
            frame = ask(store, "ledger_values", words, levels=levels[:2], **_bounds(compared))
            values |= _values(frame.melt(["period", "place_code"], valued, "indicator", "value"))
    return parts, values


def _grid_parts(
    store: Store, settings: Settings, tree: Tree, chosen: list[Indicator], instant: Period
) -> tuple[dict[str, Part], Values, tuple[Numbers, np.ndarray]]:
    levels = list(settings.levels)
    only = (*(one.key for one in chosen), "workload")
    frame = ask(store, "grid_parts", only=only, instant=instant.start, levels=levels).assign(period=NOW)
    spread = ask(store, "grid_spread", only=only, instant=instant.start, levels=levels).assign(period=NOW)
    parts = {}
    for one in chosen:
        own = frame[frame["indicator"] == one.key]
        parts[one.key] = _part(
            tree, one, (instant,), own.rename(columns={p: f"{one.key}_{p}" for p in ("base", "hit")})
        )
    once = frame.drop_duplicates("place_code")
    weight = _spread(tree, (instant,), once, "weight")[0]
    tenths = _spread(tree, (instant,), once.assign(tenths=(once["fte"] * 10).round()), "tenths")[0]
    return parts, _values(spread[spread["indicator"].isin([one.key for one in chosen])]), (weight, tenths / 10)
