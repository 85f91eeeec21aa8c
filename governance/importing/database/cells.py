"""Cells of a database as the text that a file would hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from governance.importing.rows import NATIVE

MOST_SIGNS = 1_000_000
Cell = str | bytes | None
Convert = Callable[[str], str | None]


class CellFault(Exception):
    """Why a cell, and with it its row, cannot be taken over."""


@dataclass(frozen=True)
class Column:
    """A column of a result: its name, and how the server's text for it becomes ours."""

    name: str
    convert: Convert | None = None
    is_time: bool = False
    is_bits: bool = False


def text(cell: Cell, column: Column) -> str | None:
    """Return the text of a cell; bytes must be UTF-8."""
    if isinstance(cell, bytes) and column.is_bits:
        cell = str(int.from_bytes(cell, "big"))
    if isinstance(cell, bytes):
        try:
            cell = cell.decode()
        except UnicodeDecodeError:
            raise CellFault(f"“{column.name}”是二进制内容，不是 UTF-8 文字") from None
    if cell is None:
        return None
    if column.convert:
        cell = column.convert(cell)
    if cell is not None and "\0" in cell:
        raise CellFault("含有空字节（NUL）")
    if cell is not None and len(cell) > MOST_SIGNS:
        raise CellFault(f"“{column.name}”超过一百万字")
    return cell


def native(written: str) -> str:
    """Mark what a server writes as a time; infinity and the like stay text, which no rule takes for a time."""
    return NATIVE + written if written[:1].isdigit() else written


def moment(written: Cell) -> datetime | None:
    """Return the time that a server has written; None where there is no such time."""
    try:
        return datetime.fromisoformat(written.decode() if isinstance(written, bytes) else written or "")
    except ValueError:
        return None
