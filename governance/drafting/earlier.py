"""An older mapping: what of it still holds for this export."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from governance.importing.mapping import TableRule, read_mapping
from governance.importing.problems import ImportProblem
from governance.importing.rows import Heading


@dataclass(frozen=True)
class Earlier:
    """The part of an older mapping that concerns one table."""

    title: str = ""
    source: str = ""
    rule: TableRule | None = None
    written: Mapping[str, Any] = field(default_factory=dict)  # [tables.<t>] as it stands in the file
    others: tuple[str, ...] = ()

    @property
    def headings(self) -> dict[str, Heading]:
        """Canonical column → heading."""
        return {name: one.heading for name, one in self.rule.columns.items() if one.heading} if self.rule else {}

    @property
    def settled(self) -> dict[str, str]:
        """What the older mapping has answered for good."""
        return {"merge": self.rule.merge, "source": self.source} if self.rule else {}

    def words(self, column: str) -> dict[str, str]:
        """Word → code of a column."""
        rule = self.rule.columns.get(column) if self.rule else None
        return dict(rule.values or {}) if rule else {}

    def is_whole(self, column: str) -> bool:
        """The column's line says more than one heading, values and formats, so it is kept as it stands."""
        line = self.written.get("columns", {}).get(column)
        return isinstance(line, dict) and (
            bool(set(line) - {"from", "formats", "values"}) or isinstance(line.get("from"), list)
        )

    def constants(self) -> dict[str, str]:
        """Columns that hold the same value in every row."""
        return (
            {name: one.value for name, one in self.rule.columns.items() if one.value is not None} if self.rule else {}
        )


def read(path: Path | None, table: str) -> Earlier:
    """Read an older mapping; refuse one that does not know the table."""
    if path is None:
        return Earlier()
    mapping = read_mapping(path)
    if table not in mapping.tables:
        raise ImportProblem(
            f"旧映射 {path.name} 里没有 [tables.{table}]：请用 --table 写明它有的表（{'、'.join(mapping.tables)}）。"
        )
    written = tomllib.loads(path.read_text("utf-8-sig"))["tables"][table]
    others = tuple(name for name in mapping.tables if name != table)
    return Earlier(mapping.title, mapping.source, mapping.tables[table], written, others)
