"""数字溯源: from a number to its definition, the SQL as run, what was left out, and the file's row behind each row."""

import re
from collections.abc import Sequence
from typing import Any

from governance import checks, macros, published, queries
from governance.checks import Result
from governance.filters import Filter, params
from governance.importing import catalogue
from governance.indicators import DURATIONS, Indicator
from governance.queries import Asked
from governance.sql import literal
from governance.store import Store

TOTALS = "indicator_totals"


def attribution(indicator: Indicator) -> str:
    """归属时点 in words: which time puts a row into the period."""
    at = DURATIONS[indicator.duration].at if indicator.duration else indicator.at
    if not at:
        return "没有归属时点：按期末时点数"
    column = re.fullmatch(r"c\.(\w+)", at)
    table = catalogue.tables().get(indicator.table)
    if column and table and column[1] in table.columns:
        return f"{table.columns[column[1]].label}（{at}）落在统计期内"
    return f"{at} 落在统计期内"


def script(filter: Filter, only: Sequence[str], name: str = TOTALS, **extra: Any) -> str:
    """The SQL of a number as it is run: the macros of the dictionary, then the query with its parameters written in.

    Run over a store of the same snapshot it gives the same number.
    """
    query = queries.read(name)
    values = {**filter.params(), **queries.checked_extras(extra)}
    body = re.sub(r"(?m)^--.*\n", "", query.sql).strip()
    body = re.sub(r"\$(\w+)", lambda found: literal(values[found[1]]), body)
    made = [*macros.needed(body, only), *published.needed(body)]
    return "\n\n".join([*(f"{one.strip()};" for one in made), f"-- {query.title}\n{body};\n"])


def command(filter: Filter, only: Sequence[str], name: str = TOTALS) -> str:
    """The same question on the command line; the answer has a line for every indicator."""
    chosen = "".join(
        f" --{key.replace('_', '-')} {value}" for key, values in params(filter).items() for value in values
    )
    return f"python -m governance answer {name}{chosen} --format csv    # {'、'.join(only)}"


def covering(store: Store, indicator: Indicator) -> list[Result]:
    """The reconciliations that a number of this indicator rests on."""
    asked = Asked({TOTALS}, {indicator.key})
    return [one for one in checks.results(store) if one.check.is_asked(asked)]


def origins(store: Store) -> list[dict[str, object]]:
    """The files that the snapshot was made from, as its manifest lists them."""
    return [
        {
            "来源": one.get("title") or one.get("source"),
            "文件": one.get("file"),
            "工作表": one.get("sheet") or "",
            "行数": one.get("rows"),
            "校验和": str(one.get("sha256") or "")[:12],
        }
        for one in store.snapshot.sources
    ]
