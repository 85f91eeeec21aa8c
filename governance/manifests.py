"""Manifests: JSON in one form that carries its own checksum, so that a changed bit shows."""

import hashlib
import json
from typing import Any


def dump(manifest: dict[str, Any]) -> bytes:
    """Write a manifest in its one form."""
    body = {key: value for key, value in manifest.items() if key != "sha256"}
    digest = hashlib.sha256(_canonical(body)).hexdigest()
    return _canonical(body | {"sha256": digest})


def load(content: bytes) -> dict[str, Any]:
    """Read what `dump` has written; ValueError for anything else."""
    try:
        manifest = json.loads(content)
        is_whole = dump(manifest) == content
    except (ValueError, TypeError, AttributeError, RecursionError):
        is_whole = False
    if not is_whole:
        raise ValueError("the manifest is damaged")
    return dict(manifest)


def _canonical(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
