"""Brings the demo's exports in through the importer: several mappings feed one snapshot per day of export.

The steps and their order are those of running.import_files; only the publishing waits for the last mapping.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import duckdb

from governance import snapshots
from governance.demo.files import MAPPINGS
from governance.demo.platforms import Export
from governance.importing import checking, coordinates, reporting, running
from governance.importing.mapping import Mapping, read_mapping
from governance.importing.staging import Feed, stage

Read = tuple[Mapping, list[Feed]]


def load_all(exports: Iterable[Export], moments: list[datetime], progress: Callable[[str], object]) -> list[str]:
    """Import the exports, one snapshot per day of export; files are read while others are still being written."""
    with (
        tempfile.TemporaryDirectory(prefix="governance-demo-") as folder,
        ThreadPoolExecutor(max_workers=2) as pool,  # the readers are child processes
    ):
        reading: list[list[Future[Read]]] = [[] for _ in moments]
        for number, name, files in exports:
            reading[number].append(pool.submit(_read, name, files, Path(folder) / f"{number}-{name}"))
        ids = []
        for as_of, futures in zip(moments, reading, strict=True):
            progress(f"导入并发布演示快照，数据截至 {as_of:%Y-%m-%d} …")
            ids.append(_load([future.result() for future in futures], as_of, folder))
        return ids


def _load(read: list[Read], as_of: datetime, folder: str) -> str:
    """Lay what was read over the snapshot in use and publish once."""
    with snapshots.lock(), duckdb.connect(config=running._settings(folder)) as con:
        for statement in filter(str.strip, coordinates.MACROS.split(";")):
            con.execute(statement.replace("create macro", "create temp macro"))
        base, _ = running._base(is_demo=True)
        sources = list(base.sources) if base else []
        for number, (rules, feeds) in enumerate(read):
            added = _merge(con, rules, feeds, as_of, base if number == 0 else None)
            sources = [one for one in sources if not reporting.is_superseded(one, rules, added)] + added
        return snapshots.publish(con, as_of, sources=sources, is_demo=True, rejects="rejects").id


def _read(name: str, files: list[Path], folder: Path) -> Read:
    rules = read_mapping(MAPPINGS / f"{name}.toml")
    folder.mkdir()
    return rules, running._read(rules, files, folder)


def _merge(
    con: duckdb.DuckDBPyConnection, rules: Mapping, feeds: list[Feed], as_of: datetime, base: snapshots.Snapshot | None
) -> list[dict]:
    """Check what one mapping read and lay it over what `con` holds; returns what to say of it in the manifest."""
    key = running._key(feeds, dry_run=False)
    staged = [(feed, stage(con, rules, feed, key)) for feed in feeds]
    for feed, table in staged:
        checking.apply_cut_off(con, feed.table, table, as_of, set(feed.rule.columns))
        checking.settle_duplicates(con, feed.table, table)
    reporting.refuse_nothing_accepted(con, staged)
    running._merge(con, rules, staged, base)
    for _, table in staged:
        con.execute(f"drop table {table}")
    return reporting.sources(rules, feeds)
