"""Putting a public bundle in use: written aside, made durable, named, and pointed at by one atomic step.

Killed at any step, a reader sees the whole old or the whole new bundle, and the next build cleans up.
"""

import fcntl
import hashlib
import io
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from governance.manifests import dump
from governance.public import reading
from governance.public.reading import PublicError, root
from governance.snapshots import folder
from governance.snapshots.folder import reached

STEPS = (
    "public_locked",
    "public_cleaned",
    "public_file_written",
    "public_manifest_written",
    "public_stage_synced",
    "public_renamed",
    "public_root_synced",
    "public_pointer_written",
    "public_pointer_replaced",
    "public_pointed",
)
SCRATCH = (".staging-", ".trash-", ".pointer-")
KEEP = 3


@contextmanager
def lock() -> Iterator[None]:
    """Hold the right to write bundles; whoever comes second waits. The kernel frees the lock of a dead process."""
    try:
        root().mkdir(parents=True, exist_ok=True)
        descriptor = os.open(root() / "LOCK", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _explained(error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        reached("public_locked")
        _remove_scratch()
        reached("public_cleaned")
        yield
    except OSError as error:
        raise _explained(error) from error
    finally:
        os.close(descriptor)


def _explained(error: OSError) -> PublicError:
    if folder.is_disk_full(error):
        return PublicError(f"磁盘空间不足，公开数据包没有写成，原有的不受影响；请腾出空间（{root()}）后重新发布。")
    return PublicError(f"公开数据包没有写成（{error.strerror or type(error).__name__}），原有的不受影响。")


def write(tables: dict[str, pa.Table], manifest: dict[str, Any]) -> str:
    """Write a bundle, put it in use and return its id. Equal content of one snapshot is the same bundle."""
    contents = {name: _bytes(table) for name, table in tables.items()}
    files = [
        {
            "table": name,
            "rows": tables[name].num_rows,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in contents.items()
    ]
    body = {"version": reading.VERSION, **manifest, "files": files}
    digest = hashlib.sha256(dump({k: v for k, v in body.items() if k != "built_at"})).hexdigest()
    bundle_id = f"{manifest['snapshot']}-{digest[:8]}"
    if not is_whole(bundle_id):
        sequence = max((int(known["sequence"]) for known in reading.manifests()), default=0) + 1
        _place(bundle_id, contents, {**body, "id": bundle_id, "sequence": sequence})
    point_at(bundle_id)
    _collect_garbage(bundle_id)
    return bundle_id


def _bytes(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", compression_level=9)
    return sink.getvalue()


def _place(bundle_id: str, contents: dict[str, bytes], manifest: dict[str, Any]) -> None:
    stage = _scratch(".staging-")
    try:
        stage.mkdir()
        for name, content in contents.items():
            folder.write_durably(stage / f"{name}.parquet", content)
            reached("public_file_written")
        folder.write_durably(stage / "manifest.json", dump(manifest))
        reached("public_manifest_written")
        folder.sync(stage)
        reached("public_stage_synced")
        target = root() / bundle_id
        if target.exists():
            _remove(target)
        stage.rename(target)
        reached("public_renamed")
        folder.sync(root())
        reached("public_root_synced")
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def point_at(bundle_id: str) -> None:
    """Put a bundle in use: the one step that readers see."""
    temporary = _scratch(".pointer-")
    try:
        folder.write_durably(temporary, f"{bundle_id}\n".encode())
        reached("public_pointer_written")
        os.replace(temporary, root() / "CURRENT")
    finally:
        temporary.unlink(missing_ok=True)
    reached("public_pointer_replaced")
    folder.sync(root())
    reached("public_pointed")


def is_whole(bundle_id: str) -> bool:
    """Whether a bundle is there and every checksum is right."""
    try:
        reading.open_bundle(bundle_id)
    except (PublicError, pa.ArrowException):
        return False
    return True


def _collect_garbage(current: str) -> None:
    """Remove all but the newest bundles and the one in use."""
    kept = {manifest["id"] for manifest in reading.manifests()[:KEEP]} | {current}
    for entry in root().iterdir():
        if reading.ID.fullmatch(entry.name) and entry.name not in kept:
            _remove(entry)


def _scratch(prefix: str) -> Path:
    return root() / f"{prefix}{uuid.uuid4().hex}"


def _remove_scratch() -> None:
    for entry in root().iterdir():
        if entry.name.startswith(SCRATCH):
            _remove(entry)


def _remove(path: Path) -> None:
    """Remove a file or folder; a bundle first loses its name, so that no reader sees half of it."""
    if path.is_dir() and not path.is_symlink():
        if reading.ID.fullmatch(path.name):
            trash = _scratch(".trash-")
            path.rename(trash)
            path = trash
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
