"""Which files feed which table of a mapping; each is read once for all tables that read it alike."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatch
from itertools import count
from pathlib import Path
from typing import Any

from governance.importing import catalogue
from governance.importing.feed import Feed
from governance.importing.kinds import GEOJSON, kind_of
from governance.importing.mapping import Mapping, TableRule
from governance.importing.problems import ImportProblem, listing
from governance.importing.reading import Reading
from governance.importing.rows import Heading


def read(reading: Reading, rules: Mapping, files: list[Path], folder: Path) -> list[Feed]:
    """Read every file once per way of reading it; the tables share what was read."""
    if (
        not files
        and not any(rule.query for rule in rules.tables.values())
        and any(map(_takes_files, rules.tables.values()))
    ):
        raise ImportProblem("没有给出要导入的文件：请在映射文件之后写上一个或多个文件。")
    chosen: dict[str, list[Path]] = {
        name: _files_of(rule, files, "boundaries" in rules.tables) if _takes_files(rule) else []
        for name, rule in rules.tables.items()
    }
    unused = [file.name for file in files if not any(file in taken for taken in chosen.values())]
    if unused:
        raise ImportProblem(
            f"文件 {listing(unused)} 不属于映射文件 {rules.path.name} 的任何表："
            "请核对 files 的写法，或不要给出这些文件。"
        )
    wanted: dict[tuple[Path, Any], dict[Heading, None]] = {}
    for name, rule in rules.tables.items():
        for file in chosen[name]:
            wanted.setdefault((file, _way(rule, file)), {}).update(dict.fromkeys(rule.headings))
    wanted = dict(sorted(wanted.items(), key=lambda one: files.index(one[0][0])))  # the later file has the last word
    folder.mkdir()
    found = reading.files([(file, way, tuple(headings)) for (file, way), headings in wanted.items()], folder)
    numbers = count(1)
    read = {way: [(next(numbers), one) for one in sheets] for way, sheets in zip(wanted, found, strict=True)}
    known = catalogue.tables()
    return [
        Feed(known[name], rule, tuple(one for file in chosen[name] for one in read[file, _way(rule, file)]))
        for name, rule in rules.tables.items()
        if chosen[name] or not rule.columns
    ]


def _takes_files(rule: TableRule) -> bool:
    return bool(rule.columns) and rule.query is None


def _way(rule: TableRule, file: Path) -> Any:
    """The options that change what the reader does; tables that agree on them share one reading."""
    kind = "geojson" if rule.name == "boundaries" else kind_of(file, rule.options)
    return replace(rule.options, kind=kind, null_words=(), time_zone="", local_zone="")


def _files_of(rule: TableRule, files: list[Path], has_outlines: bool) -> list[Path]:
    """Match names; without a pattern, outlines feed `boundaries` and everything else feeds the other tables."""
    if rule.files is not None:
        found = [file for file in files if fnmatch(file.name, rule.files)]
    else:
        outlines = rule.name == "boundaries"
        marks = GEOJSON if has_outlines else GEOJSON[:1]
        found = [file for file in files if (file.suffix.lower() in marks) == outlines or rule.options.kind == "geojson"]
    for file in found:
        if rule.name == "boundaries" and file.suffix.lower() not in GEOJSON and rule.options.kind != "geojson":
            raise ImportProblem(f"文件 {file.name} 不是 GeoJSON：表 boundaries 只能由 .geojson 文件导入。")
    return sorted(dict.fromkeys(found), key=files.index)
