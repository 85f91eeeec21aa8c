"""Reading a hostile file safely: a child process under limits turns it into parquet with text cells only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from governance.importing.kinds import MEGABYTE, SIZE_LIMIT, kind_of, memory_limit
from governance.importing.options import FileOptions
from governance.importing.problems import ImportProblem, nearest, progress
from governance.importing.reader import Reader
from governance.importing.rows import NO_MORE, Heading, called

EMPTY = ("只有表头", "是空的")  # what a sheet without rows is refused with
AT_ONCE = 2  # children, each under the limits of its own file


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
    columns: dict[Heading, str]
    repaired: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]
    told: dict[str, Any] = field(default_factory=dict)  # what the manifest says of it besides

    @property
    def is_partial(self) -> bool:
        """It holds what has changed since the last reading: one row that is wrong may be all there is."""
        return bool(self.told.get("since"))


def read_file(
    reader: Reader, path: Path, options: FileOptions, wanted: tuple[Heading, ...] | None, folder: Path, number: int,
    nth: int = 0,
) -> ReadFile:  # fmt: skip
    """Read one file (one sheet) in a child process; only the wanted columns are ever written down.

    Where several sheets are meant, this is the one with the number `nth`. A wanted column is a heading or a number
    counted from 1. With `wanted` None every column is handed over:
    `headings` then has one entry for each (as found: empty where there is none, repeated where it repeats, "" for all
    with header_row = 0) and `columns` goes by number: `columns[n]` in the parquet is headed `headings[n - 1]`.
    """
    kind = kind_of(path, options)
    size = _size(path, kind)
    parquet = folder / (f"{number}-{nth}.parquet" if nth else f"{number}.parquet")
    request: dict[str, object] = {
        "path": str(path.resolve()),
        "name": path.name,
        "kind": kind,
        "encoding": options.encoding,
        "delimiter": options.delimiter,
        "sheet": options.sheet,
        "nth": nth,
        "header_row": options.header_row,
        "crs": options.crs,
        "records": list(options.records),
        "explode": options.explode,
        "footer_words": list(options.footer_words),
        "wanted": None if wanted is None else list(wanted),
        "parquet": str(parquet),
        "memory": memory_limit(kind, size),
        "seconds": int(8 + 3 * size / MEGABYTE),
    }
    answer = reader.read(path, request)
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
        dict(answer["columns"]),
        tuple((row, faults) for row, faults in answer.get("repaired", ())),
        tuple(answer.get("notes", ())),
    )
    _check_headings(found, wanted or (), answer.get("width", 0), answer.get("hint", ""))
    return found


def peek_file(reader: Reader, path: Path, options: FileOptions) -> dict[str, Any]:
    """Have a text file's encoding, delimiter and first rows looked at; see peeking.py for the answer."""
    size = _size(path, "csv")
    request: dict[str, object] = {
        "path": str(path.resolve()),
        "name": path.name,
        "kind": "peek",
        "encoding": options.encoding,
        "delimiter": options.delimiter,
        "parquet": "",  # nothing is written down
        "memory": memory_limit("csv", size),
        "seconds": int(8 + 3 * size / MEGABYTE),
    }
    answer = reader.read(path, request)
    if "problem" in answer:
        raise ImportProblem(f"文件 {path.name} {answer['problem']}")
    return answer


def outline_file(reader: Reader, path: Path, kind: str) -> list[dict[str, Any]]:
    """Have a file of JSON or XML looked at: its lists of objects; see outlining.py for the answer."""
    size = _size(path, kind)
    request: dict[str, object] = {
        "path": str(path.resolve()),
        "name": path.name,
        "kind": "outline",
        "of": kind,
        "encoding": "auto",
        "parquet": "",  # nothing is written down
        "memory": memory_limit(kind, size),
        "seconds": int(8 + 3 * size / MEGABYTE),
    }
    answer = reader.read(path, request)
    if "problem" in answer:
        raise ImportProblem(f"文件 {path.name} {answer['problem']}")
    found: list[dict[str, Any]] = answer["lists"]
    return found


def _size(path: Path, kind: str) -> int:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ImportProblem(f"找不到文件 {path}：请检查路径。") from error
    if not path.is_file():
        what = "是文件夹" if path.is_dir() else "不是文件"
        raise ImportProblem(f"{path} {what}：请给出导出文件的路径。")
    if size == 0:
        raise ImportProblem(f"文件 {path.name} 是空的（0 字节）：请在原系统中重新导出。")
    if size > SIZE_LIMIT[kind]:
        limit = SIZE_LIMIT[kind] // MEGABYTE
        raise ImportProblem(f"文件 {path.name} 超过 {limit} MB 的上限：请在原系统中按月份分批导出。")
    return size


class Reading:
    """Reads files two at a time, each child with one file in hand."""

    def __enter__(self) -> Reading:
        """Start the threads that wait for the children; these start on first need."""
        self._readers: SimpleQueue[Reader] = SimpleQueue()
        self._all = [Reader() for _ in range(AT_ONCE)]
        for reader in self._all:
            self._readers.put(reader)
        self._pool = ThreadPoolExecutor(AT_ONCE)
        return self

    def __exit__(self, *_: object) -> None:
        """End the children, also one that is still busy with a file nobody wants any more."""
        for reader in self._all:
            reader.kill()
        self._pool.shutdown(cancel_futures=True)
        for reader in self._all:
            reader.close()

    def files(self, wanted: list[tuple[Path, FileOptions, tuple[Heading, ...]]], folder: Path) -> list[list[ReadFile]]:
        """Read files into a folder, in order, each as one or several sheets; the first that is refused ends it."""
        futures = [
            self._pool.submit(self._one, path, options, headings, folder, number)
            for number, (path, options, headings) in enumerate(wanted, 1)
        ]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()

    def _one(
        self, path: Path, options: FileOptions, headings: tuple[Heading, ...], folder: Path, number: int
    ) -> list[ReadFile]:
        progress(f"读取 {path.name} …")
        reader = self._readers.get()
        try:
            several = isinstance(options.sheet, tuple)
            read = _sheets if several else _alone
            found = read(reader, path, options, headings, folder, number)
            rows = sum(one.rows for one in found)
            progress(f"读取 {path.name} …", rows, rows)
            return found
        finally:
            self._readers.put(reader)


def _alone(
    reader: Reader, path: Path, options: FileOptions, headings: tuple[Heading, ...], folder: Path, number: int
) -> list[ReadFile]:
    return [read_file(reader, path, options, headings, folder, number)]


def _sheets(
    reader: Reader, path: Path, options: FileOptions, headings: tuple[Heading, ...], folder: Path, number: int
) -> list[ReadFile]:
    """Every sheet that is meant; those prepared for later months, without any row, are passed over."""
    found: list[ReadFile] = []
    empty: ImportProblem | None = None
    for nth in count():
        try:
            found.append(read_file(reader, path, options, headings, folder, number, nth))
        except ImportProblem as problem:
            if NO_MORE in str(problem):
                break
            if not any(words in str(problem) for words in EMPTY):
                raise
            empty = problem
            continue
        if found[-1].sheet is None:  # no workbook
            break
    if not found:
        raise empty or ImportProblem(f"文件 {path.name} 没有可读的工作表：请核对映射文件的 sheet。")
    read = {one.sheet for one in found}
    return [replace(one, other_sheets=tuple(name for name in one.other_sheets if name not in read)) for one in found]


def _check_headings(found: ReadFile, wanted: tuple[Heading, ...], width: int, hint: str) -> None:
    missing = [heading for heading in wanted if heading not in found.columns]
    sheet = f"工作表“{found.sheet}”" if found.sheet else ""
    if numbers := [one for one in missing if isinstance(one, int)]:
        only = f"只有 {width} 列" if width else "的列不能用列号称呼，要写名称"
        raise ImportProblem(
            f"文件 {found.path.name} {sheet}没有{called(numbers[0])}（{only}）："
            "请核对导出的列，或修改映射文件中的列号。"
        )
    if missing:
        first = missing[0]
        names = "、".join(called(one) for one in missing[:5]) + (f" 等 {len(missing)} 个" if len(missing) > 5 else "")
        tip = nearest(str(first), [one for one in found.headings if one])
        raise ImportProblem(
            f"文件 {found.path.name} {sheet}缺少表头 {names}{tip}{hint}：请核对导出的列，或修改映射文件中的表头；"
            "文件若没有表头行，请写 header_row = 0，用列号称呼各列。"
        )
