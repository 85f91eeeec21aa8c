"""The rules as SQL: the macros and the temporary tables that derive/deadlines.sql is written in."""

from governance.deadlines.rules import SINCE, Rule, Rules, Term
from governance.sql import literal

MICRO = 1_000_000
PLACES = ("county_code", "town_code", "community_code", "grid_1", "grid_2", "grid_3")


def statements(rules: Rules) -> list[str]:
    """The macros and tables that derive/deadlines.sql and derive/process.sql are written in, for these rules."""
    terms = [
        (ordinal, part, rule, term)
        for ordinal, rule in enumerate(rules.rules, 1)
        for part, term in (("response", rule.response), ("close", rule.close))
        if term
    ]
    rows = [
        _row(ordinal, part, rule.name, rule.since, term.clock, _micro(term.seconds), term.days, _micro(term.by),
             _micro(term.cutoff), _micro(term.after), _micro(rule.extension))
        for ordinal, part, rule, term in terms
    ]  # fmt: skip
    spans = [_row(_micro(opens), _micro(closes)) for opens, closes in rules.office_hours]
    shown = [
        _row(ordinal, rule.name, _codes(rule.conditions.get("region", ())), rule.applies(), SINCE[rule.since],
             rule.response and rule.response.words(),
             rule.close and rule.close.words(), rule.is_own,
             any(term and term.clock != "natural" for term in (rule.response, rule.close)))
        for ordinal, rule in enumerate(rules.rules, 1)
    ]  # fmt: skip
    return [
        *(f"create or replace temp macro {part}_rule(c) as {_choice(terms, part)}" for part in ("response", "close")),
        f"create or replace temp macro is_order(c) as {_condition(rules.orders)}",
        f"create or replace temp macro is_report_in_promised(c) as {_condition(rules.whistles)}",
        f"create or replace temp macro is_arrival_promised(c) as {_condition(rules.arrivals)}",
        f"create or replace temp macro arrival_limit() as to_microseconds({_micro(rules.arrival_seconds)})",
        f"create or replace temp macro fills_missing() as {str(rules.fills_missing).lower()}",
        f"create or replace temp macro report_in_limit() as to_microseconds({_micro(rules.report_in_seconds)})",
        "create or replace temp table deadline_terms (ordinal integer, part varchar, rule varchar, since varchar, "
        "clock varchar, length bigint, days integer, until bigint, cutoff bigint, after bigint, extension bigint)",
        *_insert("deadline_terms", rows),
        "create or replace temp table office_hours (opens bigint, closes bigint)",
        *_insert("office_hours", spans),
        "create or replace temp table written_rules (ordinal integer, rule varchar, regions varchar[], "
        "applies varchar, since varchar, response varchar, close varchar, is_own boolean, uses_calendar boolean)",
        *_insert("written_rules", shown),
    ]


def _insert(table: str, rows: list[str]) -> list[str]:
    return [f"insert into {table} values {', '.join(rows)}"] if rows else []


def _row(*values: object) -> str:
    return f"({', '.join(map(literal, values))})"


def _micro(seconds: int | None) -> int | None:
    return None if seconds is None else seconds * MICRO


def _choice(terms: list[tuple[int, str, Rule, Term]], part: str) -> str:
    branches = [f"when {_condition(rule.conditions)} then {number}" for number, own, rule, _ in terms if own == part]
    return f"case {' '.join(branches)} end" if branches else "null::integer"


def _condition(conditions: dict[str, tuple[str, ...]]) -> str:
    parts = []
    for name, values in conditions.items():
        if name == "region":
            values = _codes(values)
        listed = ", ".join(map(literal, values))
        columns = PLACES if name == "region" else (name,)
        parts.append(" or ".join(f"coalesce(c.{column} in ({listed}), false)" for column in columns))
    return " and ".join(f"({part})" for part in parts) or "true"


def _codes(regions: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of places as written; a statistics code may come without its closing zeros."""
    return (*regions, *(code.ljust(12, "0") for code in regions if code.isdigit() and len(code) < 12))
