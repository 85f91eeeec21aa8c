"""Brings the demo's exports in through the importer: several mappings feed one snapshot per day of export.

The steps and their order are those of running.import_files; only the publishing waits for the last mapping.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import duckdb

from governance import snapshots
from governance.demo.files import MAPPINGS
from governance.importing import checking, coordinates, reporting, running
from governance.importing.mapping import Mapping, read_mapping
from governance.importing.staging import Feed, stage

Batch = list[tuple[str, list[Path]]]


def load(batch: Batch, as_of: datetime) -> str:
    """Import every mapping of the batch and publish once; returns the id of the snapshot."""
    with (
        snapshots.lock(),
        tempfile.TemporaryDirectory(prefix="governance-demo-") as folder,
        duckdb.connect(config=running._settings(folder)) as con,
    ):
        for statement in filter(str.strip, coordinates.MACROS.split(";")):
            con.execute(statement.replace("create macro", "create temp macro"))
        base, _ = running._base(is_demo=True)
        sources = list(base.sources) if base else []
        with ThreadPoolExecutor(max_workers=2) as pool:  # the readers are child processes
            read = list(pool.map(lambda one: _read(*one, Path(folder)), batch))
        for number, (rules, feeds) in enumerate(read):
            added = _merge(con, rules, feeds, as_of, base if number == 0 else None)
            sources = [one for one in sources if not reporting.is_superseded(one, rules, added)] + added
        return snapshots.publish(con, as_of, sources=sources, is_demo=True, rejects="rejects").id


def _read(name: str, files: list[Path], folder: Path) -> tuple[Mapping, list[Feed]]:
    rules = read_mapping(MAPPINGS / f"{name}.toml")
    own = folder / name
    own.mkdir()
    return rules, running._read(rules, files, own)


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
