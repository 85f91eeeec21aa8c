"""Importing: files of other platforms become checked canonical tables, by a mapping, and a new snapshot.

mapping.py (grammar.py, options.py, columns.py) reads the mapping; feeding.py says which file feeds which table,
reader.py starts child.py, which alone touches a file's bytes, and database/ has it ask a server instead; staging.py,
recoding.py, masking.py, judging.py and checking.py make judged rows of text; versions.py lets older ones give way and
merging.py lays them over the snapshot in use; running.py is the way from end to end, report.py and reporting.py tell of
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.importing.problems import ImportProblem

if TYPE_CHECKING:
    from governance.importing.report import ImportReport
    from governance.importing.running import import_files, import_many

__all__ = ["ImportProblem", "ImportReport", "import_files", "import_many"]


def __getattr__(name: str) -> Any:
    """Load the importer on first use: the child process needs the readers only."""
    if name in ("import_files", "import_many"):
        from governance.importing import running

        return getattr(running, name)
    if name == "ImportReport":
        from governance.importing.report import ImportReport

        return ImportReport
    raise AttributeError(name)
