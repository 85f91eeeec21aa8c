"""Reading a hostile file safely: a child process under limits turns it into parquet with text cells only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from governance.importing.options import FileOptions
from governance.importing.problems import ImportProblem, nearest

ROOT = Path(__file__).resolve().parents[2]
GEOJSON = (".geojson", ".json")
MEGABYTE = 1_000_000
SIZE_LIMIT = {"csv": 4000 * MEGABYTE, "xlsx": 300 * MEGABYTE, "geojson": 200 * MEGABYTE}
MEMORY_LIMIT = {"csv": 1000 * MEGABYTE, "xlsx": 2000 * MEGABYTE, "geojson": 2000 * MEGABYTE}


@dataclass(frozen=True)
class ReadFile:
    """What came out of one file: where its rows are and what the reader chose."""

    path: Path
    kind: str
    parquet: Path
    rows: int
    encoding: str | None
    sheet: str | None
    other_sheets: tuple[str, ...]
    headings: tuple[str, ...]
    columns: dict[str, str]
    repaired: tuple[int, ...]
    notes: tuple[str, ...]


def kind_of(path: Path, options: FileOptions) -> str:
    """Return csv, xlsx or geojson: as the mapping says, else by the extension."""
    if options.kind:
        return options.kind
    suffix = path.suffix.lower()
    if suffix in (".csv", ".txt", ".tsv"):
        return "csv"
    if suffix in (".xlsx", ".xlsm"):
        return "xlsx"
    if suffix in GEOJSON:
        return "geojson"
    if suffix == ".xls":
        raise ImportProblem(f"文件 {path.name} 是旧版 .xls：请在 Excel 或 WPS 中另存为 .xlsx 后再导入。")
    raise ImportProblem(f"文件 {path.name} 的扩展名看不出格式：请改为 .csv 或 .xlsx，或在映射文件 [file] 写明 kind。")


def read_file(path: Path, options: FileOptions, wanted: tuple[str, ...], folder: Path, number: int) -> ReadFile:
    """Read one file (one sheet) in a child process; only the wanted columns are ever written down."""
    kind = kind_of(path, options)
    size = _size(path, kind)
    parquet = folder / f"{number}.parquet"
    request: dict[str, object] = {
        "path": str(path.resolve()),
        "name": path.name,
        "kind": kind,
        "encoding": options.encoding,
        "delimiter": options.delimiter,
        "sheet": options.sheet,
        "header_row": options.header_row,
        "crs": options.crs,
        "wanted": list(wanted),
        "parquet": str(parquet),
        "memory": MEMORY_LIMIT[kind],
        "seconds": int(8 + 3 * size / MEGABYTE),
    }
    answer = _run_child(path, request)
    if "problem" in answer:
        raise ImportProblem(f"文件 {path.name} {answer['problem']}")
    found = ReadFile(
        path,
        kind,
        parquet,
        answer["rows"],
        answer.get("encoding"),
        answer.get("sheet"),
        tuple(answer.get("other_sheets", ())),
        tuple(answer["headings"]),
        answer["columns"],
        tuple(answer.get("repaired", ())),
        tuple(answer.get("notes", ())),
    )
    _check_headings(found, wanted, answer.get("hint", ""))
    return found


def _size(path: Path, kind: str) -> int:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ImportProblem(f"找不到文件 {path}：请检查路径。") from error
    if not path.is_file():
        raise ImportProblem(f"{path} 不是文件：请给出导出文件的路径。")
    if size == 0:
        raise ImportProblem(f"文件 {path.name} 是空的（0 字节）：请在原系统中重新导出。")
    if size > SIZE_LIMIT[kind]:
        limit = SIZE_LIMIT[kind] // MEGABYTE
        raise ImportProblem(f"文件 {path.name} 超过 {limit} MB 的上限：请在原系统中按月份分批导出。")
    return size


def _run_child(path: Path, request: dict[str, object]) -> dict:
    """Start the child, wait for it no longer than the size of the file justifies, and word what killed it."""
    seconds = int(str(request["seconds"]))
    environment = {
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "PATH": os.environ.get("PATH", ""),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "governance.importing.child"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=seconds + 1,
            env=environment,
            cwd=ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ImportProblem(
            f"文件 {path.name} 读取超过 {seconds} 秒，已停止：请检查文件是否异常，或分批导出。"
        ) from error
    except OSError as error:
        raise ImportProblem(f"读取文件 {path.name} 的子进程无法启动：请检查系统资源后重试。") from error
    if done.returncode == 0:
        try:
            return json.loads(done.stdout)
        except ValueError as error:
            raise ImportProblem(f"文件 {path.name} 读取失败：请在原系统中重新导出。") from error
    text = done.stderr.decode("utf-8", "replace")
    if done.returncode in (-24, -9):
        raise ImportProblem(f"文件 {path.name} 读取超过 {seconds} 秒，已停止：请检查文件是否异常，或分批导出。")
    if "memory" in text.lower() or done.returncode in (-6, -11):
        raise ImportProblem(f"文件 {path.name} 读取时超出内存上限，已停止：请检查文件是否异常，或分批导出。")
    raise ImportProblem(f"文件 {path.name} 内容无法读取（可能已损坏）：请用原软件打开后另存，或重新导出。")


def _check_headings(found: ReadFile, wanted: tuple[str, ...], hint: str) -> None:
    missing = [heading for heading in wanted if heading not in found.columns]
    if missing:
        first = missing[0]
        names = "、".join(f"“{one}”" for one in missing[:5]) + (f" 等 {len(missing)} 个" if len(missing) > 5 else "")
        sheet = f"工作表“{found.sheet}”" if found.sheet else ""
        tip = nearest(first, [one for one in found.headings if one])
        raise ImportProblem(
            f"文件 {found.path.name} {sheet}缺少表头 {names}{tip}{hint}：请核对导出的列，或修改映射文件中的表头。"
        )
