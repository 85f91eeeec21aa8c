"""Reading a public bundle: verified before use, and with nothing but the files of data/public/.

Layout: `<data>/public/<id>/{manifest.json, <table>.parquet …}` and the file `CURRENT` naming the one in use. A damaged
bundle is refused; the newest whole one stands in and its manifest says so.
"""

import hashlib
import io
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from governance.manifests import load
from governance.public.settings import data_dir

VERSION = 1
ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}-[0-9a-f]{8}", re.ASCII)
TABLES = ("places", "figures", "months", "days", "categories", "checks")
LARGEST_MANIFEST = 1_000_000


class PublicError(Exception):
    """Why there is no public bundle to show, in one Chinese sentence."""


@dataclass(frozen=True)
class Bundle:
    """Aggregates without small numbers, as of one moment, and what their publisher says about them."""

    id: str
    manifest: dict[str, Any] = field(compare=False, repr=False)
    tables: Mapping[str, pa.Table] = field(compare=False, repr=False)

    def table(self, name: str) -> pa.Table:
        """Return a table: places, figures, months, days, categories or checks."""
        if name not in self.tables:
            raise PublicError(f"公开数据包里没有“{name}”这张表，可用的有：{'、'.join(TABLES)}。")
        return self.tables[name]


def root() -> Path:
    """Return the folder that holds the bundles."""
    return data_dir() / "public"


def read_manifest(bundle_id: str) -> dict[str, Any]:
    """Read the manifest of a bundle; the files are not looked at."""
    if not ID.fullmatch(bundle_id):
        raise PublicError("公开数据包的编号不合规则。")
    try:
        with (root() / bundle_id / "manifest.json").open("rb") as file:
            content = file.read(LARGEST_MANIFEST + 1)
    except OSError:
        raise PublicError(f"没有公开数据包 {bundle_id}，或它缺少清单。") from None
    try:
        manifest = load(content)
        tables = {entry["table"] for entry in manifest["files"]}
        is_whole = manifest["id"] == bundle_id and tables == set(TABLES)
    except (ValueError, KeyError, TypeError):
        is_whole = False
    if not is_whole:
        raise PublicError(f"公开数据包 {bundle_id} 的清单已损坏。")
    if manifest["version"] != VERSION:
        raise PublicError(f"公开数据包 {bundle_id} 的格式版本不是 {VERSION}，请重新生成：python -m governance public。")
    return manifest


def open_bundle(bundle_id: str) -> Bundle:
    """Read a bundle whole: every file is hashed as it is read, and what was hashed is what is used."""
    manifest = read_manifest(bundle_id)
    tables = {}
    for entry in manifest["files"]:
        try:
            content = (root() / bundle_id / f"{entry['table']}.parquet").read_bytes()
        except OSError:
            raise PublicError(f"公开数据包 {bundle_id} 缺少文件 {entry['table']}.parquet。") from None
        if len(content) != entry["bytes"] or hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise PublicError(f"公开数据包 {bundle_id} 已损坏：{entry['table']}.parquet 与清单的校验和不符。")
        tables[entry["table"]] = pq.read_table(io.BytesIO(content))
    return Bundle(bundle_id, manifest, tables)


def current_id() -> str | None:
    """Return the id in the pointer file; None when there is no pointer or it is not an id."""
    try:
        with (root() / "CURRENT").open("rb") as file:
            content = file.read(100).decode("ascii").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return content if ID.fullmatch(content) else None


def manifests() -> list[dict[str, Any]]:
    """Return the manifests that can be read, the newest published first."""
    found = []
    try:
        names = sorted(entry.name for entry in root().iterdir() if ID.fullmatch(entry.name))
    except OSError:
        return []
    for name in names:
        try:
            found.append(read_manifest(name))
        except PublicError:
            continue
    return sorted(found, key=lambda manifest: -int(manifest["sequence"]))


_lock = threading.Lock()
_kept: tuple[tuple[object, ...], Bundle] | None = None


def read() -> Bundle:
    """Return the bundle in use, or the newest whole one with `warning` in its manifest; PublicError when there is none.

    Verified once for each state of the pointer and the folder: asking again costs two looks at the disk.
    """
    global _kept
    with _lock:
        state = _state()
        if _kept is None or _kept[0] != state:
            _kept = (state, _read())
        return _kept[1]


def _state() -> tuple[object, ...]:
    """What shows that another bundle is in use, or that a file of this one has changed."""
    current = current_id()
    names = ["manifest.json", *(f"{table}.parquet" for table in TABLES)]
    paths = [root() / current / name for name in names] if current else []
    return (str(root()), current, *(_look(path) for path in [root(), *paths]))


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _read() -> Bundle:
    current = current_id()
    problem = "记录当前公开数据包的指针文件缺失或已损坏。"
    if current:
        try:
            return open_bundle(current)
        except PublicError as error:
            problem = str(error)
        except pa.ArrowException:
            problem = f"公开数据包 {current} 读不出来。"
    known = manifests()
    for manifest in known:
        if manifest["id"] == current:
            continue
        try:
            found = open_bundle(manifest["id"])
        except (PublicError, pa.ArrowException):
            continue
        as_of = str(manifest["as_of"]).replace("T", " ")[:16]
        warning = f"{problem}现在显示的是数据截至 {as_of} 的公开数据包。"
        return Bundle(found.id, {**found.manifest, "is_fallback": True, "warning": warning}, found.tables)
    if not current and not known:
        raise PublicError("还没有公开数据包：导入数据时会自动生成，也可运行 python -m governance public。")
    raise PublicError(f"{problem}没有其他完好的公开数据包，请运行 python -m governance public 重新生成。")
