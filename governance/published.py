"""实践复现: the published figures of the source documents, and the SQL that counts each of them again in a store.

The figures are data (demo/published.toml). A store gets them as a table, `published`, and a table macro,
`published_recounts()`, that answers all of them from the rows its viewer may see: nothing is kept ready, so any
snapshot, also an old one or a county's own, can be asked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from pathlib import Path

from governance.sql import literal

QUALIFIERS = ("exact", "at_least", "share", "at_most", "promise", "withheld")
SOURCE = Path(__file__).with_name("demo") / "published.toml"
KINDS = {"value": "double", "below": "double", "start": "date", "stop": "date", "assumed": "boolean"}


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
    page: str = ""
    see: Mapping[str, str | Sequence[str]] = field(default_factory=dict)

    @property
    def is_countable(self) -> bool:
        """Whether rows reproduce it; promises and withheld figures have none."""
        return self.table is not None

    @property
    def sql(self) -> str:
        """The one number, over the canonical tables: a statement that runs as it stands; empty for what has no rows."""
        if not self.is_countable:
            return ""
        statement = f"select {self.count} from {self.table} where {self.where}"
        return re.sub(r"\$(start|stop)\b", lambda match: f"date '{getattr(self, match[1])}'", statement)

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
    found = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return tuple(
        Figure(
            **{
                "page": found["pages"].get(str(figure.get("table", "")).split(" ")[0], ""),
                **figure,
                "document": found["documents"][figure["document"]]["title"],
            }
        )
        for figure in found["figure"]
    )


def needed(sql: str) -> list[str]:
    """The SQL to run in a cursor before `sql`: the figures and the counting of them, if that is what it asks for."""
    return statements() if re.search(r"\bpublished(_recounts)?\b", sql) else []


@cache
def statements() -> list[str]:
    """The SQL that puts the figures, and the counting of them, beside the canonical tables."""
    names = [column.name for column in fields(Figure) if column.name not in ("table", "where", "count", "page", "see")]
    rows = ", ".join(
        f"({number}, {', '.join(literal(getattr(figure, name)) for name in [*names, 'sql'])})"
        for number, figure in enumerate(figures())
    )
    typed = ", ".join(f"{name}::{KINDS.get(name, 'varchar')} as {name}" for name in [*names, "sql"])
    recounts = " union all ".join(
        f"select {literal(figure.id)} as id, ({figure.sql})::double as recounted"
        for figure in figures()
        if figure.is_countable
    )
    return [
        f"create temp table published as select ordinal, {typed} "
        f"from (values {rows}) as t(ordinal, {', '.join(names)}, sql)",
        f"create temp macro published_recounts() as table ({recounts})",
    ]
