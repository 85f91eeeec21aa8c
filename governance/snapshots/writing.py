"""The files of a snapshot: a large table is divided by month, and a file whose rows are unchanged is taken over.

Rows are the same when their digest is; the file is then the one of an earlier snapshot under a second name (a hard
link), and its bytes are compared with the checksum of that snapshot's manifest before it is trusted. A damaged bit in
a file damages every snapshot that shares it, so no file is shared by more than a few.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from governance.snapshots import folder
from governance.snapshots.folder import reached
from governance.snapshots.logs import LOGS
from governance.snapshots.reading import Snapshot
from governance.snapshots.schema import derived_columns, table_columns

ROW_GROUP = 122_880
PART_ROWS = 100_000  # a month with as many rows has a file of its own
SHARED = 5  # snapshots that may rest on one file; the next one gets a copy
CASE_ORDER = ("county_code", "grid_id", "reported_at", "source", "case_id")
TIMES = {"cases": "reported_at", "case_steps": "happened_at", "visits": "visited_at", "points": "happened_at"}
GENERATED = "boundaries_generated"


@dataclass(frozen=True)
class Part:
    """The rows of one file. The digest is of what they say, whatever their order and however they are stored."""

    table: str
    name: str
    relation: str
    rows: int
    digest: str


def write_files(con: duckdb.DuckDBPyConnection, stage: Path, published: list[Snapshot]) -> list[dict[str, Any]]:
    """Write or take over the file of every part that has rows; return what the manifest says of them."""
    known = _known(published)
    files = []
    for part in _parts(con):
        path = stage / f"{part.name}.parquet"
        measured = _take_over(path, known.get((part.table, part.digest), []))
        if measured:
            reached("file_linked")
        else:
            _write(con, part, path)
            measured = _measure(path)
            reached("file_written")
        files.append({"table": part.table, "file": path.name, "rows": part.rows, "digest": part.digest, **measured})
    return files


def _parts(con: duckdb.DuckDBPyConnection) -> Iterator[Part]:
    generated = "place_code in (from generated_boundaries)"
    for table in sorted(derived_columns()):
        if table == "boundaries":
            yield from _divided(con, table, table, f"boundaries where not {generated}")
            yield from _divided(con, table, GENERATED, f"boundaries where {generated}")
        else:
            yield from _divided(con, table, table, table)
    for log in sorted(table_columns(con).keys() & LOGS.keys()):
        yield from _divided(con, log, log, log)


def _divided(con: duckdb.DuckDBPyConnection, table: str, name: str, relation: str) -> Iterator[Part]:
    """Yield the parts of a table: one for each large month, one for everything else."""
    columns = con.execute(f"describe select * from {relation}").fetchall()
    kinds = [(column, kind) for column, kind, *_ in columns]
    time = TIMES.get(table)
    months = []
    if time:
        found = con.execute(
            f"select strftime(date_trunc('month', {time}), '%Y-%m-%d') from {relation} where {time} is not null "
            f"group by date_trunc('month', {time}) having count(*) >= {PART_ROWS} order by 1"
        ).fetchall()
        months = [str(month) for (month,) in found]
    listed = ", ".join(f"timestamp '{month}'" for month in months)
    among = f"date_trunc('month', {time}) in ({listed})"
    part = f"case when {among} then strftime({time}, '%Y-%m-01') end" if months else "null"
    said = ", ".join(f'"{column}"' for column, _ in kinds)
    rows = con.execute(
        f"select {part}, count(*), sum(hash(hash({said})))::varchar from {relation} group by 1 order by 1 nulls first"
    ).fetchall()
    for month, count, total in rows:
        if not count:
            continue
        digest = _digest([duckdb.__version__, ROW_GROUP, kinds, count, total])
        if not months:
            yield Part(table, name, relation, count, digest)
        elif month is None:
            yield Part(table, name, f"{relation} where not coalesce({among}, false)", count, digest)
        else:
            span = f"{time} >= timestamp '{month}' and {time} < timestamp '{month}' + interval 1 month"
            yield Part(table, f"{name}_{month[:7].replace('-', '_')}", f"{relation} where {span}", count, digest)


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _known(published: list[Snapshot]) -> dict[tuple[str, str], list[tuple[Path, dict[str, Any]]]]:
    """Return the files that there are, the newest first, by table and digest."""
    found: dict[tuple[str, str], list[tuple[Path, dict[str, Any]]]] = {}
    for snapshot in reversed(published):
        for entry in snapshot.manifest["files"]:
            if digest := entry.get("digest"):
                found.setdefault((entry["table"], digest), []).append((snapshot.path / entry["file"], entry))
    return found


def _take_over(path: Path, candidates: list[tuple[Path, dict[str, Any]]]) -> dict[str, Any] | None:
    """Give an earlier snapshot's file a second name; one whose bytes are not what its manifest says is left alone."""
    for source, entry in candidates:
        expected = {key: entry[key] for key in ("bytes", "sha256")}
        try:
            link(source, path)
            if _measure(path) == expected:
                return expected
        except FileNotFoundError:
            continue
        path.unlink()
    return None


def link(source: Path, path: Path) -> None:
    """Link, or copy where the file is shared enough or the file system has no links."""
    if source.stat().st_nlink < SHARED:
        try:
            os.link(source, path)
            return
        except FileNotFoundError:
            raise
        except OSError:
            pass
    shutil.copyfile(source, path)


def _write(con: duckdb.DuckDBPyConnection, part: Part, path: Path) -> None:
    """Write rows in a fixed order, so that equal content gives equal bytes."""
    target = str(path).replace("'", "''")
    order = ", ".join(CASE_ORDER) if part.table == "cases" else "all"
    con.execute(
        f"copy (select * from {part.relation} order by {order}) to '{target}' "
        f"(format parquet, compression zstd, compression_level 3, row_group_size {ROW_GROUP}, use_tmp_file false)"
    )


def _measure(path: Path) -> dict[str, Any]:
    folder.sync(path)
    return {"bytes": path.stat().st_size, "sha256": folder.sha256(path)}
