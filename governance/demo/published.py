"""The published figures of the source documents: read, and counted again in any database with the canonical tables."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

QUALIFIERS = ("exact", "at_least", "share", "at_most", "promise", "withheld")


@dataclass(frozen=True)
class Figure:
    """One figure of a document, in its own words, and the rows that reproduce it."""

    id: str
    place: str
    region: str
    measure: str
    value: float
    qualifier: str
    unit: str
    words: str
    document: str
    start: date | None = None
    stop: date | None = None
    assumed: bool = False
    below: float | None = None
    table: str | None = None
    where: str | None = None
    count: str = "count(*)"
    how: str = ""

    @property
    def is_countable(self) -> bool:
        """Whether rows reproduce it; promises and withheld figures have none."""
        return self.table is not None

    @property
    def sql(self) -> str:
        """The one number, over the canonical tables."""
        return f"select {self.count} from {self.table} where {self.where}"

    def recount(self, con: duckdb.DuckDBPyConnection) -> float | None:
        """Count it in this database."""
        period = {"start": self.start, "stop": self.stop}
        row = con.execute(self.sql, {name: day for name, day in period.items() if f"${name}" in self.sql}).fetchone()
        return None if row is None or row[0] is None else float(row[0])

    def holds(self, number: float | None) -> bool:
        """Whether a number is what the document says."""
        if number is None:
            return False
        if self.qualifier == "at_least":
            return self.value <= number < (self.below or float("inf"))
        if self.qualifier == "at_most":
            return number <= self.value
        if self.qualifier == "share":
            return round(number, 2) == self.value
        return number == self.value


@cache
def figures() -> tuple[Figure, ...]:
    """All figures, in the order of the documents."""
    found = tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf-8"))
    return tuple(
        Figure(**{**figure, "document": found["documents"][figure["document"]]["title"]}) for figure in found["figure"]
    )
