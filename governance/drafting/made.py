"""What is known of a draft so far: what was found in the export, chosen, settled and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from governance.drafting import asking
from governance.drafting.columns import Columns
from governance.drafting.earlier import Earlier
from governance.drafting.looking import Source
from governance.drafting.models import CodeWord, ColumnLook, Question
from governance.drafting.proposing import Choice
from governance.drafting.settling import Settled
from governance.drafting.wide import Wide
from governance.importing.catalogue import Table
from governance.importing.options import FileOptions


@dataclass
class Made:
    """One draft in the making."""

    con: duckdb.DuckDBPyConnection
    table: Table
    columns: Columns
    rows: int
    answers: Mapping[str, str]
    before: Earlier
    sources: Sequence[Source]
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    choices: dict[str, Choice] = field(default_factory=dict)
    settled: dict[str, Settled] = field(default_factory=dict)
    codes: dict[str, list[CodeWord]] = field(default_factory=dict)
    steps: Wide | None = None  # steps that stand side by side
    exclude: dict[str, list[str]] = field(default_factory=dict)  # rows that are no cases, by heading
    blocked: set[str] = field(default_factory=set)  # canonical columns that wait for an answer

    def look_of(self, name: str) -> ColumnLook | None:
        """The column of the export that fills a canonical one."""
        return self.choices[name].look if name in self.choices else None

    def is_kept(self, name: str) -> bool:
        """The line of the older mapping is kept as it stands."""
        return self.choices[name].reason == "沿用旧映射" and self.before.is_whole(name)

    def sql(self, name: str) -> str:
        """The SQL of a settled time as the importer reads it."""
        choice = self.choices[name]
        assert choice.look is not None
        default = FileOptions()
        zones = FileOptions(
            time_zone=self.answers.get("file.time_zone") or default.time_zone,
            local_zone=self.answers.get("file.local_zone") or default.local_zone,
        )
        return asking.moment(choice.column, choice.look, self.settled[name].formats, zones)
