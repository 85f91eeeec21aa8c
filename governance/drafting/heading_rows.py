"""Where the headings of an export stand: below titles, in the first row, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from governance.drafting import headings
from governance.importing.rows import NATIVE, heading

FIRST = 20  # rows among which the headings are looked for
VALUE = re.compile(
    rf"{NATIVE}|[+-]?[\d,]+(\.\d+)?%?$|\d{{1,4}}[-/.年]\d{{1,2}}[-/.月]|[A-Za-z]{{0,6}}\d{{5,}}"
    r"|(中[華华])?民[國国] ?\d{1,3}\D"
)


@dataclass(frozen=True)
class HeadingRow:
    """The row of the headings (0: there is none), why, and whether a person should confirm it."""

    number: int
    why: str
    is_sure: bool = True
    other: int = 0


def find(rows: Sequence[tuple[int, Sequence[str]]], table: str) -> HeadingRow:
    """Decide by headings that are known, then by what tells headings from values."""
    first = [(number, [heading(cell) for cell in cells]) for number, cells in rows[:FIRST]]
    if not first:
        return HeadingRow(1, "文件里没有内容")
    known = {
        number: sum(len(cell) <= 30 and headings.is_known(table, cell) for cell in cells) for number, cells in first
    }
    best = max(known, key=lambda number: (known[number], -number))
    filled = {number: sum(map(bool, cells)) for number, cells in first}
    widest = max(filled.values())
    if known[best] >= 2 or (known[best] and widest <= 3):
        above = f"，它上面的 {best - 1} 行是标题或空行" if best > 1 else ""
        return HeadingRow(best, f"第 {best} 行有 {known[best]} 个认得的表头{above}")
    number, cells = next((number, cells) for number, cells in first if filled[number] >= 0.6 * widest)
    names = [cell for cell in cells if cell]
    values = [cell for cell in names if VALUE.match(cell)]
    if values:
        return HeadingRow(
            0,
            f"第 {number} 行已经是数据（如“{values[0].lstrip(NATIVE)[:20]}”），文件没有表头行",
            known[best] == 0,
            number,
        )
    below = [later for other, later in first if other > number]
    differs = any(
        VALUE.match(cell) for later in below for place, cell in enumerate(later) if place < len(cells) and cell
    )
    if differs and len(set(names)) >= 0.8 * len(names):
        return HeadingRow(number, f"第 {number} 行全是文字，下面的行里有数字和时间")
    return HeadingRow(number, f"看不出第 {number} 行是表头还是数据", False, 0)
