"""What the importer knows of schema.sql and codes.toml: tables, columns, keys, checks, code lists."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import duckdb

PACKAGE = Path(__file__).resolve().parents[1]
AUTOMATIC = ("source_file", "source_sheet", "source_row")
HASHED = ("reporter_hash", "household_hash", "account_hash", "staff_id")
NOT_EVENTS = (
    *("response_due_at", "original_due_at", "due_at", "planned_on"),
    *("valid_from", "valid_to", "active_from", "active_to", "day", "month"),
)
LISTS = {("cases", "rating"): "rating", ("regions", "level"): "level"}  # lists whose labels are words of a column
NOT_FREE_TEXT = (
    "source",
    "case_source",
    "source_file",
    "source_sheet",
    "level",
    "geometry",
    "approval_number",
    "system",
)


@dataclass(frozen=True)
class Column:
    """One canonical column: its type, its Chinese name, the codes it may hold; words that mean one of its values."""

    name: str
    type: str
    required: bool
    default: str | None
    label: str
    codes: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    @property
    def is_time(self) -> bool:
        """A date or a timestamp."""
        return self.type in ("DATE", "TIMESTAMP")

    @property
    def is_event(self) -> bool:
        """A time at which something happened, so one that cannot lie after the data cut-off."""
        return self.is_time and self.name not in NOT_EVENTS

    @property
    def is_free_text(self) -> bool:
        """Text in which people write anything: phones, ID numbers and plates are masked in it."""
        closed = self.codes or self.name in NOT_FREE_TEXT or self.name in HASHED
        return self.type == "VARCHAR" and not closed and not re.search(r"_(id|code|hash)$", self.name)

    def code(self, word: str) -> str | None:
        """Return the standard code for a code or its Chinese label."""
        if word in self.codes:
            return word
        return next((code for code, label in self.codes.items() if label == word), None)


@dataclass(frozen=True)
class Check:
    """A CHECK constraint and the sentence a person reads when a row breaks it."""

    expression: str
    column: str
    reason: str


@dataclass(frozen=True)
class Table:
    """One canonical table."""

    name: str
    label: str
    columns: dict[str, Column]
    key: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def own_key(self) -> str:
        """The one text column that tells the rows of a source apart; empty where a table has none of its own."""
        names = [name for name in self.key if name != "source"]
        return names[0] if len(names) == 1 and self.columns[names[0]].type == "VARCHAR" else ""


@lru_cache(maxsize=1)
def tables() -> dict[str, Table]:
    """Read every canonical table out of schema.sql, by letting DuckDB parse it."""
    con = duckdb.connect(config={"autoload_known_extensions": False, "autoinstall_known_extensions": False})
    con.execute((PACKAGE / "schema.sql").read_text(encoding="utf-8"))
    codes = _codes()
    found = {}
    for name, comment in con.execute("select table_name, comment from duckdb_tables() order by table_oid").fetchall():
        keys, required, expressions = _constraints(con, name)
        rows = con.execute(
            "select column_name, data_type, column_default, comment from duckdb_columns() where table_name = ? "
            "order by column_index",
            [name],
        ).fetchall()
        columns = {
            column: Column(
                column,
                kind,
                column in required,
                default,
                _label(text or column),
                codes.get((name, column), {}),
                _words(LISTS.get((name, column))),
            )
            for column, kind, default, text in rows
        }
        checks = tuple(_check(expression, used, columns) for expression, used in expressions)
        found[name] = Table(name, _label(comment or name), columns, keys, checks)
    con.close()
    return found


def _codes() -> dict[tuple[str, str], dict[str, str]]:
    lists = tomllib.loads((PACKAGE / "codes.toml").read_text(encoding="utf-8"))
    found = {}
    for one in lists.values():
        for place in one["columns"]:
            table, column = place.split(".")
            found[table, column] = one["codes"]
    return found


def _words(name: str | None) -> dict[str, str]:
    """Return what the labels of a code list mean; what stands in brackets may be left out: 县（区）, 县."""
    if name is None:
        return {}
    labels = tomllib.loads((PACKAGE / "codes.toml").read_text(encoding="utf-8"))[name]["codes"]
    return {word: code for code, label in labels.items() for word in (label, label.split("（")[0])}


def _constraints(
    con: duckdb.DuckDBPyConnection, table: str
) -> tuple[tuple[str, ...], set[str], list[tuple[str, list[str]]]]:
    key: tuple[str, ...] = ()
    required: set[str] = set()
    expressions = []
    for kind, expression, columns in con.execute(
        "select constraint_type, expression, constraint_column_names from duckdb_constraints() where table_name = ? "
        "order by constraint_index",
        [table],
    ).fetchall():
        if kind == "PRIMARY KEY":
            key = tuple(columns)
            required.update(columns)
        elif kind == "NOT NULL":
            required.update(columns)
        elif kind == "CHECK":
            expressions.append((expression, list(columns)))
    return key, required, expressions


def _label(comment: str) -> str:
    return re.sub(r"\s*[\d–]+$", "", re.split(r"[：，（；。]", comment, maxsplit=1)[0])


def _check(expression: str, used: list[str], columns: dict[str, Column]) -> Check:
    """Word a CHECK constraint with the Chinese names of its columns."""
    text = expression.replace('"', "").strip()
    while text.startswith("(") and text.endswith(")") and _balanced(text[1:-1]):
        text = text[1:-1].strip()
    first = columns[used[0]].label
    second = columns[used[1]].label if len(used) > 1 and used[1] != used[0] else ""
    number = r"-?\d+(?:\.\d+)?"
    between = re.fullmatch(rf"\w+ BETWEEN ({number}) AND ({number})", text)
    share = re.fullmatch(rf"\(\w+ >= ({number})\) AND \(\w+ <= ({number})\)", text)
    limit = re.fullmatch(rf"\w+ (>=|>|!=) ({number})", text)
    pair = re.fullmatch(r"\w+ (>=|>|!=) \w+", text)
    inside = re.fullmatch(r"\w+ IN \((.*)\)", text)
    if ranged := between or share:
        reason = f"{first}不在 {ranged[1]} 到 {ranged[2]} 之间"
    elif limit:
        reason = f"{first}" + {">=": "小于 ", ">": "不大于 ", "!=": "等于 "}[limit[1]] + limit[2]
    elif pair:
        reason = {">=": f"{first}早于{second}", ">": f"{first}不晚于{second}", "!=": f"{first}与{second}相同"}[pair[1]]
    elif inside:
        reason = f"{first}不是 {inside[1]} 之一".replace("'", "")
    elif "IS NOT NULL" in text and " OR " in text:
        reason = "、".join(columns[name].label for name in dict.fromkeys(used)) + "都为空"
    else:
        reason = f"{first}不符合规定（{text}）"
    return Check(expression, used[0], reason)


def _balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0
