"""The import desk behind its pages: what a person brings, the work on it in a process of its own, and ending that.

batches.py keeps one import from the choice of files to the published snapshot in a folder of data/imports/; work.py
starts, watches and ends the process that does the work (governance/importing/job.py). The web process holds no rows.
"""

from governance.desk.batches import Batch, DeskError, File, find, inbox, open_batches, remove_old, start, start_database
from governance.desk.work import Running, begin, busy, cancel, forget, is_running, outcome, running

__all__ = [
    "Batch",
    "DeskError",
    "File",
    "Running",
    "begin",
    "busy",
    "cancel",
    "find",
    "forget",
    "inbox",
    "is_running",
    "open_batches",
    "outcome",
    "remove_old",
    "running",
    "start",
    "start_database",
]
