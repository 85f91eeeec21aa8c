"""Rows written in the mapping itself: the few places of a county that no export lists."""

from __future__ import annotations

from typing import Any

from governance.importing.catalogue import AUTOMATIC, Table
from governance.importing.columns import constant
from governance.importing.grammar import Place
from governance.importing.problems import nearest

Literal = dict[str, str]


def read_rows(place: Place, table: Table, found: Any) -> tuple[Literal, ...]:
    """Check `rows` of [tables.<t>]: canonical columns with their values."""
    if not isinstance(found, list):
        raise place.problem("的 rows 应是列表：rows = [ { 标准列 = 值, … }, … ]", "rows")
    return tuple(_row(place, table, place.table(row, "rows")) for row in found)


def _row(place: Place, table: Table, found: dict[str, Any]) -> Literal:
    for given in found:
        if given not in table.columns or given in AUTOMATIC:
            hint = nearest(given, table.columns)
            raise place.problem(f"的 rows 里没有叫“{given}”的标准列{hint}；{table.name} 的列见 schema.sql", given)
    for column in table.columns.values():
        if column.required and column.default is None and column.name not in ("source", *found):
            raise place.problem(f"的 rows 里有一行缺少必需的列 {column.name}（{column.label}）", "rows")
    return {given: constant(place, table.columns[given], value, given) for given, value in found.items()}
