"""Rows that stand side by side in the export: one wide row, with a column for each step, becomes a row for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.importing.catalogue import AUTOMATIC, Table
from governance.importing.columns import ColumnRule, constant, read_column
from governance.importing.problems import nearest
from governance.importing.recoding import cleaned, literal
from governance.importing.rows import Heading

if TYPE_CHECKING:
    from governance.importing.grammar import Place
    from governance.importing.options import FileOptions
    from governance.importing.reading import ReadFile

KEYS = ("column", "formats", "rows")


@dataclass(frozen=True)
class UnpivotRule:
    """Which canonical column takes the cells, and for each column of the export what else its rows hold."""

    column: str
    headings: tuple[Heading, ...]
    constants: dict[str, tuple[str, ...]]  # canonical column: its value for each heading


def read_unpivot(place: Place, table: Table, found: Any) -> tuple[UnpivotRule, dict[str, ColumnRule]]:
    """Check [tables.<t>.unpivot]; return it with the rules of the columns it fills."""
    options = place.table(found, "unpivot")
    place.known(options, KEYS)
    column = place.word(options.get("column", "happened_at"), "column")
    if column not in table.columns or column in AUTOMATIC:
        hint = nearest(column, table.columns)
        raise place.problem(f"的 column 应是 {table.name} 的标准列，没有“{column}”{hint}", "column")
    rows = options.get("rows")
    if not isinstance(rows, list) or not rows:
        raise place.problem('的 rows 应是列表：rows = [ { step = "派单", from = "派单时间" }, … ]', "rows")
    given = [place.table(row, "rows") for row in rows]
    names = list(dict.fromkeys(name for row in given for name in row if name != "from"))
    for row in given:
        if "from" not in row or set(row) - {"from"} != set(names):
            raise place.problem(f"的 rows 中每一项都要写 from 和 {'、'.join(names) or '相同的标准列'}", "rows")
    for name in names:
        if name not in table.columns or name in (*AUTOMATIC, column):
            raise place.problem(f"的 rows 里没有叫“{name}”的标准列{nearest(name, table.columns)}", name)
    constants = {name: tuple(constant(place, table.columns[name], row[name], name) for row in given) for name in names}
    if "seq" in table.columns and "seq" not in constants:
        constants["seq"] = tuple(str(number) for number in range(1, len(given) + 1))
    headings = tuple(place.column(row["from"], "from") for row in given)
    formats = {"formats": options["formats"]} if "formats" in options else {}
    rule = read_column(place, table.columns[column], {"from": headings[0], **formats})
    return UnpivotRule(column, headings, constants), {column: rule} | {name: ColumnRule() for name in constants}


def by_place(values: tuple[str, ...]) -> str:
    """The constant that goes with each of the columns that stand side by side."""
    return "case _wide " + " ".join(f"when {place} then {literal(one)}" for place, one in enumerate(values)) + " end"


def filled_cells(rule: UnpivotRule, file: ReadFile, options: FileOptions) -> str:
    """The SQL of the cells that become rows, a torn row once: how many there must be, counted in the file itself."""
    parquet = f"read_parquet({literal(str(file.parquet))})"
    cells = [
        f"select 1 from {parquet} where problem is null and {cleaned(file.columns[one], options)} is not null"
        for one in rule.headings
    ]
    return " union all ".join([f"select 1 from {parquet} where problem is not null", *cells])
