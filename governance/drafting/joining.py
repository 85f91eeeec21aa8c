"""Several tables of one workbook in one mapping: each keeps its own reading of the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from governance.drafting.models import Draft

FILE = "[file]"
SHARED = ("source", "file.time_zone", "file.local_zone")  # what holds for all tables of a workbook


def shared(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers of one table that hold for the others, too."""
    return {key: answers[key] for key in SHARED if key in answers}


def join(drafts: Sequence[Draft]) -> str:
    """The mapping of all drafts; where there are several, [file] becomes that of each table."""
    if len(drafts) == 1:
        return drafts[0].toml()
    parts = [one.toml().split("\n") for one in drafts]
    top = parts[0][: parts[0].index(FILE)]
    bodies = [
        [f"[tables.{one.table}.file]", *lines[lines.index(FILE) + 1 :]]
        for one, lines in zip(drafts, parts, strict=True)
    ]
    return "\n".join([*top, *(line for body in bodies for line in body)])
