"""Reconciliations: queries/checks/*.sql, each right when it finds nothing. A scene that does not add up stays off."""

import re
from dataclasses import dataclass
from pathlib import Path

from governance.store import Store

FOLDER = Path(__file__).resolve().parents[2] / "queries" / "checks"


@dataclass(frozen=True)
class Check:
    """One reconciliation: what it says, the scenes of the wall it concerns, and its SQL: the rows that break it."""

    name: str
    title: str
    scenes: tuple[str, ...]
    sql: str


def read_all() -> tuple[Check, ...]:
    """Every file of queries/checks, by name."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.sql")))


def _read(path: Path) -> Check:
    sql = path.read_text("utf-8")
    header = dict(re.findall(r"^-- (title|scenes): ?(.*)$", sql, re.M))
    scenes = tuple(word for word in re.split(r"[,\s]+", header["scenes"]) if word)
    return Check(path.stem, header["title"], scenes, sql)


def run(store: Store, only: tuple[str, ...] = ()) -> list[dict[str, object]]:
    """Run every reconciliation over a whole snapshot: rows of the table `checks`.

    only: the indicators whose rates are looked at; none means all, which takes longer.
    """
    return [
        {
            "name": check.name,
            "title": check.title,
            "broken_count": len(store.query(check.sql, None, only)),
            "scenes": ",".join(check.scenes),
        }
        for check in read_all()
    ]
