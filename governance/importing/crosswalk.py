"""A crosswalk: a small CSV beside the mapping that says which of our codes each foreign code means."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from governance.importing.grammar import Place
from governance.importing.problems import listing

MOST_BYTES = 5_000_000
SIGNS = (",", "\t", ";")


def read_crosswalk(place: Place, name: str) -> dict[str, str]:
    """Foreign code → our code, from the first two columns below a heading; the path is relative to the mapping."""
    path = place.path.parent / name
    lines = csv.reader(io.StringIO(_text(place, path)), delimiter=_sign(path))
    table = [(number, [cell.strip() for cell in row]) for number, row in enumerate(lines, 1)]
    rows = [(number, row) for number, row in table if any(row)]
    if rows and all(cell.isdigit() for cell in rows[0][1][:2]):
        raise place.problem(f"的对照表 {path.name} 第一行应是表头（如 对方代码,本系统代码），不是代码", "crosswalk")
    found: dict[str, str] = {}
    for number, row in rows[1:]:
        if len(row) < 2 or not row[0] or not row[1]:
            raise place.problem(f"的对照表 {path.name} 第 {number} 行应有两列：对方代码、本系统代码", "crosswalk")
        if found.setdefault(row[0], row[1]) != row[1]:
            codes = f"代码“{row[0]}”对应了两个代码 {listing([found[row[0]], row[1]])}"
            raise place.problem(f"的对照表 {path.name} 第 {number} 行：{codes}", "crosswalk")
    if not found:
        raise place.problem(f"的对照表 {path.name} 里没有对照的行", "crosswalk")
    return found


def _text(place: Place, path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise place.problem(f"的对照表 {path.name} 超过 {MOST_BYTES // 1_000_000} MB", "crosswalk")
        data = path.read_bytes()
    except OSError as error:
        raise place.problem(f"找不到对照表 {path.name}：它应放在映射文件旁边", "crosswalk") from error
    for codec in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise place.problem(f"的对照表 {path.name} 不是文字文件：请另存为 UTF-8 的 CSV", "crosswalk")


def _sign(path: Path) -> str:
    """The delimiter of the first line: the sign that stands in it most often."""
    first = path.read_bytes().split(b"\n", 1)[0]
    return max(SIGNS, key=lambda sign: first.count(sign.encode()))
