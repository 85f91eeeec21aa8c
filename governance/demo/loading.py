"""Brings the demo's exports in through the importer: several mappings feed one snapshot per day of export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue

from governance.demo.files import MAPPINGS
from governance.demo.platforms import Export
from governance.importing import import_many

Part = tuple[Path, list[Path]]
Written = SimpleQueue[Part | BaseException | None]


def load_all(exports: Iterable[Export], moments: list[datetime], progress: Callable[[str], object]) -> list[str]:
    """Import the exports, one snapshot per day of export; files are read while others are still being written."""
    written: list[Written] = [SimpleQueue() for _ in moments]
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_write, exports, written)
        ids = []
        for as_of, queue in zip(moments, written, strict=True):
            progress(f"导入并发布演示快照，数据截至 {as_of:%Y-%m-%d} …")
            reports = import_many(_arriving(queue), as_of, is_demo=True)
            ids.append(reports[0].snapshot_id or "")
        return ids


def _write(exports: Iterable[Export], written: list[Written]) -> None:
    """Have the exports written, and hand each to the import of its day."""
    end: BaseException | None = None
    try:
        for number, name, files in exports:
            written[number].put((MAPPINGS / f"{name}.toml", files))
    except BaseException as error:
        end = error
    for queue in written:
        queue.put(end)


def _arriving(queue: Written) -> Iterator[Part]:
    while (part := queue.get()) is not None:
        if isinstance(part, BaseException):
            raise part
        yield part
