"""The demo counties: published figures of the source documents as data, and a generator of export files.

`generate` writes exports as the platforms of nine counties would write them; `build` brings them in through the
importer like any county's data, as three snapshots. All of it is invented except what published.toml quotes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from governance.demo import base, cases, figures, ledger, places, platforms, state
from governance.demo.loading import load_all

__all__ = ["build", "generate"]

MOMENTS = [datetime.fromisoformat(moment) for moment in platforms.MOMENTS]


def generate(target: Path) -> list[tuple[datetime, str, list[Path]]]:
    """Write all export files into a folder; returns the day of export, the mapping and the files that go together."""
    return [(MOMENTS[number], mapping, files) for number, mapping, files in sorted(_exports(target), key=itemgetter(0))]


def build(
    data_dir: Path | None = None, progress: Callable[[str], object] = print, exports: Path | None = None
) -> list[str]:
    """Generate, import and publish the demo; returns the ids of its snapshots, oldest first.

    exports: a folder in which the export files stay; without one they are deleted.
    """
    kept = nullcontext(exports) if exports else tempfile.TemporaryDirectory(prefix="governance-demo-")
    with _data_dir(data_dir), kept as folder:
        progress("生成演示县的导出文件 …")
        return load_all(_exports(Path(folder)), MOMENTS, progress)


def _exports(target: Path) -> Iterator[platforms.Export]:
    target.mkdir(parents=True, exist_ok=True)
    here = places.build()
    yield 0, base.NAME, base.write_all(here, target)
    known = state.numbered(figures.apply(cases.build(here), here))
    yield from platforms.write_all(known, target)
    yield from ledger.write_all(here, known, target)


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
