"""剔除: the conditions of an indicator's base one by one, to say why a row does not count.

Among the rows whose 归属时点 lies in the period, each that does not count is put down to the first condition it
fails.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from governance import codes
from governance.indicators import DURATIONS, Indicator
from governance.sql import literal

WORDS: dict[str, str] = tomllib.loads(Path(__file__).with_name("exclusions.toml").read_text("utf-8"))
IN_HAND = "c.reported_at < moment(stop) and (c.closed_at is null or c.closed_at >= moment(stop))"
# What stands for several conditions: in hand at the end of the period is asked of the period, the rest of the row.
COMPOUND = {
    "is_open(c, moment(stop))": ["c.is_valid"],
    "is_overdue(c, moment(stop))": ["c.is_valid", "deadline(c) is not null", "deadline(c) < moment(stop)"],
}


def conditions(base: str) -> list[str]:
    """The conditions that a base joins by `and`, in order; brackets and case … end stay whole."""
    parts, depth, between = [""], 0, False
    for token in re.findall(r"'[^']*'|\w+|\s+|.", base, re.S):
        word = token.lower()
        depth += (word in ("(", "[", "case")) - (word in (")", "]", "end"))
        between = between or word == "between"
        if word == "and" and depth == 0 and not between:
            parts.append("")
        else:
            between = between and word != "and"
            parts[-1] += token
    return [re.sub(r"\s+", " ", part).strip() for part in parts]


def reason(condition: str) -> str:
    """SQL of the words for a row that fails a condition; of an invalid case, why it is."""
    if condition == "c.is_valid":
        branches = " ".join(f"when '{code}' then '{label}'" for code, label in codes.LABELS["invalid_reason"].items())
        return f"coalesce(case c.invalid_reason {branches} end, '无效')"
    return literal(WORDS.get(condition, f"不满足 {condition}"))


def relation(indicator: Indicator) -> str:
    """The rows that could count, under the filter: of cases by all its fields, of anything else by place."""
    if indicator.table == "cases":
        return "(select * from cases as c where in_filter(c, region, category, channel, origin, urgency)) as c"
    if indicator.table == "grids":
        return "(select * from grid_loads(moment(stop)) as g where g.is_leaf and within(g, region)) as c"
    return f"(select * from located_{indicator.table} as t where within(t, region)) as c"


def statement(chosen: Iterable[Indicator], kind: str) -> str:
    """The macro `exclusions`: rows by indicator and reason; without a reason those that count."""
    return (
        f"create {kind} exclusions(start, stop, region, category, channel, origin, urgency) as table "
        f"({' union all '.join(map(_of, chosen))})"
    )


def _of(indicator: Indicator) -> str:
    source = DURATIONS[indicator.duration] if indicator.duration else indicator
    found = conditions(source.base)
    candidates = f"{source.at} >= start and {source.at} < stop" if source.at else "true"
    if any(condition in COMPOUND for condition in found):
        candidates = IN_HAND
        found = [part for condition in found for part in COMPOUND.get(condition, [condition])]
    branches = " ".join(f"when not coalesce({one}, false) then {reason(one)}" for one in found if one != "true")
    verdict = f"case {branches} end" if branches else "null::varchar"
    return (
        f"select '{indicator.key}' as indicator, {verdict} as left_out, count(*) as row_count "
        f"from {relation(indicator)} where coalesce({candidates}, false) group by left_out"
    )
