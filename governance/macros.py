"""The SQL that the dictionary becomes: macros of the indicators that a query is about.

From the three predicates of a definition come `<key>_base`, `<key>_hit` and `<key>`. Besides, queries call words that
mean several indicators: `indicators`, `observations`, `grid_indicators`, `ledger_indicators`, `<table>_base`,
`<table>_hit` and the relation `dictionary`. To plan all indicators takes seconds, so none of this lies in a store:
`needed` makes, for one cursor, what one statement uses.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from governance import exclusions, groups, rules
from governance.indicators import DURATIONS, INDICATORS, Indicator, ledgers

WITH_SILENT = {"visits": "kept_visits"}  # ledgers that know of places about which they hold no row


def _base(at: str, base: str) -> str:
    period = f"{at} >= start and {at} < stop and " if at else ""
    return f"coalesce({period}({base}), false)"


def _macros(indicator: Indicator, kind: str) -> list[str]:
    """The macros of one indicator: who counts, who succeeds, the number."""
    key = indicator.key
    source = DURATIONS[indicator.duration] if indicator.duration else indicator
    hit = DURATIONS[indicator.duration].event if indicator.duration else indicator.hit or "true"
    macros = [
        f"create {kind} {key}_base(c, start, stop) as {_base(source.at, source.base)}",
        f"create {kind} {key}_hit(c, start, stop) as {key}_base(c, start, stop) and coalesce({hit}, false)",
    ]
    if indicator.duration:
        return macros
    base = f"count(*) filter ({key}_base(c, start, stop))"
    if indicator.hit:
        number = f"count(*) filter ({key}_hit(c, start, stop)) / nullif({base}, 0)"
    elif indicator.value:
        number = indicator.value.replace("{base}", f"{key}_base(c, start, stop)")
    elif indicator.per:
        number = f"{base} * {indicator.scale}.0 / nullif({indicator.per}, 0)"
        return [*macros, f"create {kind} {key}(c, start, stop, {indicator.per}) as {number}"]
    else:
        number = base
    return [*macros, f"create {kind} {key}(c, start, stop) as {number}"]


def _row(indicator: Indicator) -> str:
    """One element of the list that `indicators(c, …)` returns."""
    key = indicator.key
    arguments = "c, start, stop" + (f", {indicator.per}" if indicator.per else "")
    hit = f"count(*) filter ({key}_hit(c, start, stop))" if indicator.is_rate else "null::bigint"
    return (
        f"{{'indicator': '{key}', 'value': {key}({arguments})::double, "
        f"'hit': {hit}, 'base': count(*) filter ({key}_base(c, start, stop))}}"
    )


def _of(table: str, chosen: Iterable[Indicator]) -> list[Indicator]:
    return [indicator for indicator in chosen if indicator.table == table]


def _generic(chosen: Sequence[Indicator], kind: str) -> list[str]:
    """The words that queries call, over the chosen indicators."""
    cases = _of("cases", chosen)
    durations = {indicator.duration for indicator in cases if indicator.duration}
    observed = [
        f"case when {_base(d.at, d.base)} then "
        f"{{'duration': '{d.key}', 'hours': ({d.hours})::double, 'is_event': coalesce({d.event}, false)}} end"
        for d in DURATIONS.values()
        if d.key in durations
    ]
    observations = (
        f"list_filter([{', '.join(observed)}], lambda x: x is not null)"
        if observed
        else "[]::struct(duration varchar, hours double, is_event boolean)[]"
    )
    return [
        f"create {kind} indicators(c, start, stop, residents) as {_rows([i for i in cases if not i.duration])}",
        f"create {kind} grid_indicators(c, start, stop) as {_rows(_of('grids', chosen))}",
        f"create {kind} observations(c, start, stop) as {observations}",
        *(
            f"create {kind} {table}_{part}(indicator, c, start, stop) as {_choice(_of(table, chosen), part)}"
            for table in ["cases", "grids", *ledgers()]
            for part in ("base", "hit")
        ),
        f"create {kind} ledger_indicators(periods, region, level) as table ({_ledger_indicators(chosen)})",
    ]


def _rows(chosen: Sequence[Indicator]) -> str:
    return f"[{', '.join(map(_row, chosen))}]::struct(indicator varchar, value double, hit bigint, base bigint)[]"


def _ledger_indicators(chosen: Sequence[Indicator]) -> str:
    """Every chosen indicator of every ledger, for each period of a table of (period, start, stop) and place of a level.

    Without a level there is one place, '', which is the whole region.
    """
    parts = [
        f"""
        select
            period,
            place,
            unnest({_rows(_of(table, chosen))}, recursive := true)
        from (
            select
                p.period,
                p.start,
                p.stop,
                coalesce(place_at(t, level), '') as place,
                d.residents,
                d.households,
                t.*
            from query_table(periods) as p
            cross join {WITH_SILENT.get(table, f"located_{table}")} as t
            left join denominators(region) as d on d.place_code = coalesce(place_at(t, level), '')
            where within(t, region)
        ) as c
        group by period, place, start, stop, residents, households
        """
        for table in ledgers()
        if _of(table, chosen)
    ]
    nothing = (
        "select any_value(period) as period, '' as place, '' as indicator, 0.0 as value, 0 as hit, 0 as base "
        "from query_table(periods) having false"
    )
    return " union all ".join(parts) or nothing


def _choice(chosen: Sequence[Indicator], part: str) -> str:
    branches = " ".join(f"when '{i.key}' then {i.key}_{part}(c, start, stop)" for i in chosen)
    return f"case indicator {branches} else false end" if branches else "false"


def vocabulary(chosen: Sequence[Indicator], kind: str = "macro") -> list[str]:
    """The SQL of the chosen indicators: the macros of each, and the generic words over them."""
    return [statement for indicator in chosen for statement in _macros(indicator, kind)] + _generic(chosen, kind)


def needed(sql: str, only: Sequence[str] = ()) -> list[str]:
    """The SQL to run in a cursor before `sql`: the macros that it uses, over the indicators in `only` (none: all)."""
    words = set(re.findall(r"\w+", sql))
    named = [i for i in INDICATORS.values() if words & {i.key, f"{i.key}_base", f"{i.key}_hit"}]
    if not words & _GENERIC:
        return [statement for indicator in named for statement in _macros(indicator, "temp macro")]
    chosen = [INDICATORS[key] for key in dict.fromkeys(only)] or list(INDICATORS.values())
    names = ", ".join(f"'{indicator.key}'" for indicator in chosen)
    besides = [indicator for indicator in named if indicator not in chosen]
    return [
        *(statement for indicator in besides for statement in _macros(indicator, "temp macro")),
        *vocabulary(chosen, "temp macro"),
        *([exclusions.statement(chosen, "temp macro")] if "exclusions" in words else []),
        f"create temp view dictionary as select * from all_indicators where indicator in ({names})",
    ]


def is_generic(sql: str) -> bool:
    """Whether a statement uses words that mean several indicators."""
    return bool(set(re.findall(r"\w+", sql)) & _GENERIC)


_GENERIC = {
    *("indicators_over", "indicators", "observations", "grid_indicators", "ledger_indicators", "dictionary"),
    "exclusions",
    *(f"{table}_{part}" for table in ["cases", "grids", *ledgers()] for part in ("base", "hit")),
}


def statements(as_of: datetime) -> list[str]:
    """The SQL that puts the dictionary into a store whose data reach to `as_of`, without the macros."""
    everything = list(INDICATORS.values())
    quantiles = ", ".join(f"('{i.key}', '{i.duration}', {i.quantile})" for i in everything if i.duration)
    entries = ", ".join(
        f"({n}, '{i.key}', '{i.label}', '{i.unit}', '{i.theme}', {i.minimum}, {str(i.is_count).lower()})"
        for n, i in enumerate(everything)
    )
    return [
        f"create macro as_of() as timestamp '{as_of:%Y-%m-%d %H:%M:%S}'",
        "create table all_indicators as "
        f"from (values {entries}) as t(ordinal, indicator, label, unit, theme, minimum, is_count)",
        f"create table duration_quantiles as from (values {quantiles}) as t(indicator, duration, quantile)",
    ]


WORDS = Path(__file__).with_name("words")
WORD_FILES = ("macros", "process", "tracks", "located", "scoring", "councils", "team")


def install(con: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Put the dictionary and the words that queries share into a store."""
    for statement in (*statements(as_of), *rules.statements(), *groups.statements()):
        con.execute(statement)
    for name in WORD_FILES:
        con.execute((WORDS / f"{name}.sql").read_text(encoding="utf-8"))
