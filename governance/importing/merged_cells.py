"""Cells merged downwards: what stands in the first of them holds for every row beside them, as a person sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class MergedCells:
    """The areas of a sheet that reach over several rows, by the row in which each begins."""

    def __init__(self, sheet: Any) -> None:
        """Keep the first column of every area; one that reaches sideways alone is a title."""
        self.starts: dict[int, list[tuple[int, int]]] = {}
        self.filled = 0  # cells that were given what stands above
        for (top, left), (bottom, _) in getattr(sheet, "merged_cell_ranges", None) or ():
            if bottom > top:
                self.starts.setdefault(top, []).append((left, bottom))

    def fill(self, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        """Fill the rows below each first cell; a row that has nothing of its own stays blank."""
        if not self.starts:
            yield from rows
            return
        held: dict[int, tuple[Any, int]] = {}  # column → what stands there, the last row it holds for
        for number, cells in enumerate(rows):
            held = {column: one for column, one in held.items() if one[1] >= number}
            own = [column for column, cell in enumerate(cells) if cell not in ("", None)]
            if held and own:
                cells = list(cells)
                for column, (value, _) in held.items():
                    if column < len(cells) and cells[column] in ("", None):
                        cells[column] = value
                        self.filled += 1
            for column, last in self.starts.get(number, ()):
                if column < len(cells) and cells[column] not in ("", None):
                    held[column] = (cells[column], last)
            yield cells
