"""Files stored under a generated name that are spoken of by the name their owner gave them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

LONGEST = 120


class Upload(type(Path())):  # type: ignore[misc]
    """A path whose `name` is not the one on the disk: patterns, reports and the snapshot's sources see the owner's."""

    spoken: str | None = None

    @property
    def name(self) -> str:
        """The owner's name of the file; of paths derived from it, the last part as ever."""
        return self.spoken or str(super().name)


def named(path: Path, name: str) -> Path:
    """Return the path of a stored file that goes by a name which is never used as one on the disk."""
    found = Upload(path)
    found.spoken = spoken(name)
    return found


def spoken(name: str) -> str:
    """Return what may be shown and recorded of a name that a client sent: its last part, no control signs, not long."""
    last = str(name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    shown = " ".join(shown.split())
    if len(shown) > LONGEST:
        stem, dot, suffix = shown.rpartition(".")
        shown = f"{stem[: LONGEST - 10]}….{suffix[:8]}" if dot else shown[:LONGEST]
    return shown if shown.strip(". ") else "未命名文件"
