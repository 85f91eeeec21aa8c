"""Read and run the files in queries/: one file answers one question, and its header is checked against its result.

Header grammar: every line is `-- key: value`. `title`; `grain` (columns that identify a row; empty: exactly one row);
`params` (the `$names` it binds: fields of Filter, or of EXTRAS); `column` once per result column, in order, name then
Chinese label (an indicator's column needs no label: the dictionary has it); `note` free.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from weakref import ReferenceType, ref

import pandas as pd

from governance import access, codes, macros, snapshots
from governance.indicators import INDICATORS
from governance.snapshots import Snapshot
from governance.store import Store, open_store

FOLDER = Path(__file__).resolve().parents[1] / "queries"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))
CHECKS = tuple(sorted(f"checks/{path.stem}" for path in FOLDER.glob("checks/*.sql")))  # right when no row is broken
EXTRAS: dict[str, object] = {
    "level": "county",
    "indicator": "reported_count",
    "part": "base",
    "change": "late",
    "step": "whole",
    "limit": 1000,
    "round": "",
}
MOST_ROWS = 100_000
LONGEST_TEXT = 200
KEPT_ANSWERS = 300


class QueryProblem(Exception):
    """A question that cannot be asked; the message is one Chinese sentence for the reader."""


class Narrowing(Protocol):
    """What a question is narrowed by; a Filter is one."""

    @property
    def as_of(self) -> str | None:
        """The version of the data that is asked for; None: the newest."""

    def params(self) -> dict[str, object]:
        """The values of the `$names` that a query binds."""


@dataclass(frozen=True)
class Query:
    """One file of queries/: its SQL and what its header promises."""

    name: str
    sql: str
    title: str
    grain: tuple[str, ...]
    params: tuple[str, ...]
    columns: dict[str, str]
    notes: tuple[str, ...]


@dataclass
class Asked:
    """What was asked while somebody listened: the queries, and the indicators whose numbers they gave."""

    queries: set[str] = field(default_factory=set)
    indicators: set[str] = field(default_factory=set)

    def note(self, query: Query, only: Sequence[str]) -> None:
        """Write down one question. One about no indicators in particular may be about all."""
        self.queries.add(query.name)
        named = set(only) | (set(query.columns) & set(INDICATORS))
        self.indicators |= named or (set(INDICATORS) if macros.is_generic(query.sql) else set())


@contextmanager
def recorded() -> Iterator[Asked]:
    """Listen to what this thread asks: a page is marked by the reconciliations that its numbers rest on."""
    asked = Asked()
    token = _ASKED.set(asked)
    try:
        yield asked
    finally:
        _ASKED.reset(token)


_ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Let the newest stay the same one for what this thread asks: no page shows two, whatever an import publishes."""
    token = _NEWEST.set([])
    try:
        yield
    finally:
        _NEWEST.reset(token)


def newest() -> Snapshot:
    """The snapshot in use, or the one that was when this page was begun."""
    held = _NEWEST.get()
    if held is None:
        return snapshots.latest()
    if not held:
        held.append(snapshots.latest())
    return held[0]


_NEWEST: ContextVar[list[Snapshot] | None] = ContextVar("newest", default=None)


def read(name: str) -> Query:
    """Read queries/<name>.sql; QueryProblem when there is none."""
    if name not in NAMES and name not in CHECKS:
        raise QueryProblem(f"没有名为“{name}”的查询，可用的有：{'、'.join(NAMES)}")
    sql = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    header = [(m[1], m[2].strip()) for m in re.finditer(r"^-- (title|grain|params|column|note): ?(.*)$", sql, re.M)]

    def several(key: str) -> list[str]:
        return [value for found, value in header if found == key]

    def words(key: str) -> tuple[str, ...]:
        return tuple(word for word in re.split(r"[,\s]+", " ".join(several(key))) if word)

    columns = {}
    for line in several("column"):
        column, _, label = line.partition(" ")
        columns[column] = label.strip() or INDICATORS[column].label
    return Query(name, sql, several("title")[0], words("grain"), words("params"), columns, tuple(several("note")))


def rows_of(indicator: str) -> str | None:
    """The query that lists the rows behind an indicator, by its own predicates; None where there is none."""
    table = INDICATORS[indicator].table
    name = "case_list" if table == "cases" else f"rows_of_{table}"
    return name if name in NAMES else None


def checked_extras(extra: dict[str, object]) -> dict[str, object]:
    """The parameters beyond the filter, each checked; QueryProblem names the one that is wrong."""
    chosen = {**EXTRAS, **{key: value for key, value in extra.items() if value is not None}}
    if unknown := set(chosen) - set(EXTRAS):
        raise QueryProblem(f"没有名为“{'、'.join(sorted(unknown))}”的参数，可用的有：{'、'.join(EXTRAS)}")
    if chosen["level"] not in codes.LABELS["level"]:
        raise QueryProblem(f"层级“{chosen['level']}”不存在，可用的有：{'、'.join(codes.LABELS['level'])}")
    if chosen["change"] not in codes.LABELS["change"]:
        raise QueryProblem(f"变化“{chosen['change']}”不存在，可用的有：{'、'.join(codes.LABELS['change'])}")
    if chosen["indicator"] not in INDICATORS:
        raise QueryProblem(f"指标“{chosen['indicator']}”不存在，见指标词典，可用的有：{'、'.join(INDICATORS)}")
    if chosen["part"] not in ("base", "hit", "miss"):
        raise QueryProblem(f"“{chosen['part']}”不是案件的一部分，可用的有：base（分母）、hit（分子）、miss（其余）")
    if chosen["step"] not in ("whole", "month", "week"):
        raise QueryProblem(f"“{chosen['step']}”不是期的长短，可用的有：whole（整个统计期）、month（月）、week（周）")
    if len(str(chosen["round"])) > LONGEST_TEXT:
        raise QueryProblem(f"轮次不应超过 {LONGEST_TEXT} 个字")
    try:
        limit = int(str(chosen["limit"]))
    except ValueError as error:
        raise QueryProblem(f"行数上限“{chosen['limit']}”不是整数") from error
    if not 1 <= limit <= MOST_ROWS:
        raise QueryProblem(f"行数上限应在 1 到 {MOST_ROWS:,} 之间")
    return {**chosen, "limit": limit}


def answer(store: Store, name: str, filter: Narrowing, only: Sequence[str] = (), **extra: Any) -> pd.DataFrame:
    """Answer a question from a store: one row per grain, columns as the header says. Treat the frame as read-only.

    only: the indicators wanted (none: all of the dictionary); a page asks for those it shows, because all take seconds.
    """
    query = read(name)
    known = {**filter.params(), **checked_extras(extra)}
    params = {key: known[key] for key in query.params}
    if unknown := set(only) - set(INDICATORS):
        raise QueryProblem(f"指标“{'、'.join(sorted(unknown))}”不存在，见指标词典，可用的有：{'、'.join(INDICATORS)}")
    if "indicator" in query.params:
        only = [str(known["indicator"])]
    if asked := _ASKED.get():
        asked.note(query, only)
    return _ANSWERS.get((id(store), name, repr(params), tuple(only)), store, query.sql, params, tuple(only))


def run(name: str, filter: Narrowing, earlier: str | None = None, **extra: Any) -> pd.DataFrame:
    """Answer a question for the viewer of the page, from the snapshot the filter asks for, beside an `earlier` one."""
    return answer(current_store(filter.as_of, earlier), name, filter, **extra)


def current_store(as_of: str | None = None, earlier: str | None = None) -> Store:
    """The store of the current viewer over the snapshot as of `as_of` (None: the newest)."""
    snapshot = snapshots.at(as_of) if as_of else newest()
    return open_store(access.current(), snapshot, snapshots.at(earlier) if earlier else None)


class _Answers:
    """Answers already given, least recently used dropped first. They keep no store alive: that is all of the data."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.lock = threading.Lock()
        self.kept: OrderedDict[tuple, tuple[ReferenceType[Store], pd.DataFrame]] = OrderedDict()

    def get(self, key: tuple, store: Store, sql: str, params: dict[str, object], only: tuple[str, ...]) -> pd.DataFrame:
        with self.lock:
            if key in self.kept and self.kept[key][0]() is store:  # and no later one that got its id
                self.kept.move_to_end(key)
                return self.kept[key][1].copy(deep=False)
        frame = store.query(sql, params, only)
        with self.lock:
            self.kept[key] = (ref(store), frame)
            while len(self.kept) > self.size:
                self.kept.popitem(last=False)
        return frame.copy(deep=False)


_ANSWERS = _Answers(KEPT_ANSWERS)
