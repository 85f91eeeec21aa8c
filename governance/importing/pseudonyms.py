"""The secret of this machine, under which people and households become numbers that lead back to nobody."""

from __future__ import annotations

import hashlib
import os
import secrets

from governance import snapshots
from governance.importing.feed import Feed

KEY_FILE = "secret.key"


def key(feeds: list[Feed], dry_run: bool) -> bytes:
    """Return the local secret of the pseudonyms, made on first need; a dry run makes none."""
    if not any(rule.hash for feed in feeds for rule in feed.rule.columns.values()):
        return b""
    path = snapshots.data_dir() / KEY_FILE
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except (FileNotFoundError, NotADirectoryError):
        if dry_run:
            return secrets.token_bytes(32)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(path.read_bytes()).digest()
