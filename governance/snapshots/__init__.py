"""Snapshots: immutable, checksummed folders of parquet; published in one atomic step, verified before use.

Layout: `<data>/snapshots/<id>/{manifest.json, <table>.parquet …}`, the file `CURRENT` naming the one in use, and `LOCK`
held by an import. Readers open only what a manifest names, never whatever else lies in a folder. Nothing here
knows what is made of a snapshot: who publishes, rolls back or restores lets the wall follow (public/following.py).
"""

from governance.snapshots.chronicle import log_fault, notes
from governance.snapshots.folder import SnapshotError, data_dir, holder, is_disk_full, lock
from governance.snapshots.publishing import STEPS, abandon, collect_garbage, load_tables, publish, rollback
from governance.snapshots.reading import (
    Snapshot,
    at,
    confirm,
    current_id,
    latest,
    list_snapshots,
    read,
    snapshot_ids,
    verify,
    versions,
)
from governance.snapshots.restoring import restore
from governance.snapshots.safekeeping import backup
from governance.snapshots.schema import canonical_columns, canonical_tables, create_tables

__all__ = [
    "STEPS",
    "Snapshot",
    "SnapshotError",
    "abandon",
    "at",
    "backup",
    "canonical_columns",
    "canonical_tables",
    "collect_garbage",
    "confirm",
    "create_tables",
    "current_id",
    "data_dir",
    "holder",
    "is_disk_full",
    "latest",
    "list_snapshots",
    "load_tables",
    "lock",
    "log_fault",
    "notes",
    "publish",
    "read",
    "restore",
    "rollback",
    "snapshot_ids",
    "verify",
    "versions",
]
