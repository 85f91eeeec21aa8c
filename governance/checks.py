"""对账: queries/checks/*.sql, each an identity over a whole snapshot; the last column says which group breaks it.

A red one marks every page that shows a number resting on it, and keeps its scenes off the wall. Its header names these:
`indicators` (or `rates`, or `all`), `queries`, `scenes`. Results are computed once for each snapshot and kept.
"""

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass

import pandas as pd

from governance import queries
from governance.access import Principal
from governance.indicators import INDICATORS
from governance.queries import Asked, Query
from governance.store import Store, StoreError, open_store

WHOLE = Principal("checks", "analyst", None)
MOST_ROWS = 10_000
KEPT = 32
VERSIONS = "versions_identity"


@dataclass(frozen=True)
class Check:
    """One reconciliation: its query, and what rests on it."""

    name: str
    query: Query
    scenes: tuple[str, ...]
    indicators: frozenset[str]
    queries: frozenset[str]

    @property
    def title(self) -> str:
        """The identity in words."""
        return self.query.title

    @property
    def sql(self) -> str:
        """The SQL without its header, whose words would call for macros that it does not use."""
        return re.sub(r"(?m)^--.*\n", "", self.query.sql)

    @property
    def only(self) -> tuple[str, ...]:
        """The indicators to plan, for one that looks at many: to plan all takes seconds."""
        return tuple(sorted(self.indicators)) if len(self.indicators) < len(INDICATORS) else ()

    def is_asked(self, asked: Asked) -> bool:
        """Whether what a page asked for rests on this."""
        return bool(self.indicators & asked.indicators or self.queries & asked.queries)


@dataclass(frozen=True)
class Result:
    """What came out: how many groups were looked at, how many break it, or why it could not be said."""

    check: Check
    group_count: int
    broken_count: int
    problem: str = ""

    @property
    def is_red(self) -> bool:
        """Whether it does not hold, or nobody knows."""
        return self.broken_count > 0 or bool(self.problem)


def read_all() -> tuple[Check, ...]:
    """Every file of queries/checks, by name."""
    return tuple(_read(name) for name in queries.CHECKS)


def read(name: str) -> Check:
    """One reconciliation by its name."""
    return _read(f"checks/{name}")


def _read(name: str) -> Check:
    query = queries.read(name)
    header = dict(re.findall(r"^-- (scenes|indicators|queries): ?(.*)$", query.sql, re.M))
    words = {key: tuple(word for word in re.split(r"[,\s]+", value) if word) for key, value in header.items()}
    named = set(words.get("indicators", ()))
    if named == {"all"}:
        named = set(INDICATORS)
    elif named == {"rates"}:
        named = {key for key, indicator in INDICATORS.items() if indicator.is_rate}
    asked = frozenset(words.get("queries", ()))
    return Check(name.removeprefix("checks/"), query, words.get("scenes", ()), frozenset(named), asked)


def results(store: Store) -> tuple[Result, ...]:
    """Every reconciliation of the snapshot of a store, over all of it, whoever asks."""
    key = store.snapshot.id
    with _guard:
        turn = _turns.setdefault(key, threading.Lock())
    with turn:  # whoever comes second waits instead of counting the same again
        with _guard:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
        is_whole = (store.principal.role, store.principal.scope) == (WHOLE.role, WHOLE.scope)
        whole = store if is_whole and store.earlier is None else open_store(WHOLE, store.snapshot)
        found = tuple(run(whole, check) for check in read_all())
        with _guard:
            _kept[key] = found
            while len(_kept) > KEPT:
                _turns.pop(_kept.popitem(last=False)[0], None)
    return found


def run(store: Store, check: Check) -> Result:
    """Run one reconciliation over what a store holds."""
    sql = f"select count(*) as groups, count(*) filter (is_broken) as broken from (\n{check.sql}\n)"
    try:
        row = store.query(sql, None, check.only).iloc[0]
    except StoreError as error:
        return Result(check, 0, 0, str(error))
    return Result(check, int(row["groups"]), int(row["broken"]))


def broken_rows(store: Store, check: Check) -> pd.DataFrame:
    """The groups that break it, as far as the viewer of the store may see them."""
    sql = f"select * exclude (is_broken) from (\n{check.sql}\n) where is_broken order by all limit {MOST_ROWS}"
    return store.query(sql, None, check.only)


def clear() -> None:
    """Forget all results."""
    with _guard:
        _kept.clear()
        _turns.clear()


_kept: OrderedDict[str, tuple[Result, ...]] = OrderedDict()
_turns: dict[str, threading.Lock] = {}
_guard = threading.Lock()
