"""What is staged at once: one canonical table, the rule that feeds it, and the files it is fed from."""

from __future__ import annotations

from dataclasses import dataclass

from governance.importing.catalogue import Table
from governance.importing.mapping import TableRule
from governance.importing.reading import ReadFile


@dataclass(frozen=True)
class Feed:
    """One canonical table, the rule that feeds it, and the files it is fed from."""

    table: Table
    rule: TableRule
    files: tuple[tuple[int, ReadFile], ...]

    @property
    def has_position(self) -> bool:
        """Both coordinates are mapped."""
        return {"lon", "lat"} <= set(self.rule.columns)

    @property
    def has_versions(self) -> bool:
        """An older version of a row may lie in the snapshot in use, or in an earlier file of the command."""
        return self.rule.merge == "upsert" or len(self.files) > 1
