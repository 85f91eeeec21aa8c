"""The demo counties: published figures of the source documents as data, and a generator of export files.

`generate` writes exports as the platforms of nine counties would write them; `build` brings them in through the
importer like any county's data, as three snapshots. All of it is invented except what published.toml quotes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from governance.demo import base, cases, figures, ledger, places, platforms, state
from governance.demo.loading import Batch, load

__all__ = ["build", "generate"]


def generate(target: Path) -> list[tuple[datetime, Batch]]:
    """Write all export files into a folder; returns, per day of export, which files go in with which mapping."""
    target.mkdir(parents=True, exist_ok=True)
    here = places.build()
    known = state.numbered(figures.apply(cases.build(here), here))
    batches = platforms.write_all(known, target)
    batches[0].insert(0, (base.NAME, base.write_all(here, target)))
    for batch, paths in zip(batches, ledger.write_all(here, known, target), strict=True):
        batch.append((ledger.NAME, paths))
    moments = [datetime.fromisoformat(moment) for moment in platforms.MOMENTS]
    return list(zip(moments, batches, strict=True))


def build(data_dir: Path | None = None, progress: Callable[[str], object] = print) -> list[str]:
    """Generate, import and publish the demo; returns the ids of its snapshots, oldest first."""
    with _data_dir(data_dir), tempfile.TemporaryDirectory(prefix="governance-demo-") as folder:
        progress("生成演示县的导出文件 …")
        ids = []
        for as_of, batch in generate(Path(folder)):
            progress(f"导入并发布演示快照，数据截至 {as_of:%Y-%m-%d} …")
            ids.append(load(batch, as_of))
        return ids


@contextmanager
def _data_dir(path: Path | None) -> Iterator[None]:
    """Let the snapshots lie in this folder for as long as the demo is built."""
    before = os.environ.get("GOVERNANCE_DATA")
    if path is not None:
        os.environ["GOVERNANCE_DATA"] = str(path)
    try:
        yield
    finally:
        if path is not None:
            os.environ.pop("GOVERNANCE_DATA")
            if before is not None:
                os.environ["GOVERNANCE_DATA"] = before
