"""The kinds of files that are read: how each is recognised, and how much it may ask for."""

from __future__ import annotations

import re
from pathlib import Path

from governance.importing.options import FileOptions
from governance.importing.problems import ImportProblem

MEGABYTE = 1_000_000
SUFFIXES = {
    "csv": (".csv", ".txt", ".tsv", ".tab"),
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".et"),
    "xls": (".xls", ".xlt"),
    "xlsb": (".xlsb",),
    "ods": (".ods",),
    "json": (".json", ".jsonl", ".ndjson"),
    "xml": (".xml",),
    "parquet": (".parquet", ".pq"),
    "geojson": (".geojson",),
}
GEOJSON = (".geojson", ".json")
WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")
OUTLINES = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|Topology|GeometryCollection|(Multi)?Polygon)"')
SAMPLE = 65_536
SIZE_LIMIT = {
    "csv": 4000 * MEGABYTE,
    "xlsx": 300 * MEGABYTE,
    "xls": 300 * MEGABYTE,
    "xlsb": 300 * MEGABYTE,
    "ods": 300 * MEGABYTE,
    "json": 1000 * MEGABYTE,
    "xml": 1000 * MEGABYTE,
    "parquet": 2000 * MEGABYTE,
    "geojson": 100 * MEGABYTE,
}
RESIDENT = 900 * MEGABYTE  # what a reader may occupy before it is ended, so that it never reaches 1 GB
MEMORY = 800 * MEGABYTE  # address space of a reader beyond what the interpreter holds
STREAMED = {"xml": 500 * MEGABYTE}
LARGE = 20 * MEGABYTE  # from here on a workbook or a JSON text may reserve more than it will ever occupy
LARGE_MEMORY = 1300 * MEGABYTE


def memory_limit(kind: str, size: int) -> int:
    """How much address space the reader of a file may ask for."""
    if kind in (*WORKBOOKS, "json") and size > LARGE:
        return LARGE_MEMORY
    return STREAMED.get(kind, MEMORY)


def kind_of(path: Path, options: FileOptions) -> str:
    """Return the kind of a file: as the mapping says, else by the extension; of .json by what is in it."""
    if options.kind:
        return options.kind
    suffix = path.suffix.lower()
    if path.is_dir():
        raise ImportProblem(f"{path} 是文件夹：请给出其中的导出文件，例如 {path.name}/*.csv。")
    if suffix == ".json" and has_outlines(path):
        return "geojson"
    kind = next((kind for kind, suffixes in SUFFIXES.items() if suffix in suffixes), None)
    if kind is None:
        raise ImportProblem(
            f"文件 {path.name} 的扩展名看不出格式：请改为 .csv、.xlsx 等常用扩展名，或在映射文件 [file] 写明 kind。"
        )
    return kind


def has_outlines(path: Path) -> bool:
    """Say whether a JSON file begins like GeoJSON."""
    try:
        with path.open("rb") as file:
            return OUTLINES.search(file.read(SAMPLE).replace(b"\0", b"")) is not None
    except OSError:
        return False
