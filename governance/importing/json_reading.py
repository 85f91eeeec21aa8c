"""JSON as interfaces answer it, and JSON lines: records wherever they lie."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import orjson

from governance.importing import records
from governance.importing.encoding import BOMS, decodes, label
from governance.importing.problems import ImportProblem, listing, shorten

MOST_AT_ONCE = 60_000_000  # bytes of one JSON text; lines may be many more
LONGEST_LINE = 20_000_000
LOOKED_AT, MOST_LOOKED_AT = 1_000_000, 1_000  # bytes and objects in which a repeated name would show
OTHERS = (
    (b"PK", "其实是压缩包或 Excel 工作簿"),
    (b"\x1f\x8b", "其实是压缩包"),
    (b"\xd0\xcf\x11\xe0", "其实是旧版 Excel 工作簿"),
    (b"PAR1", "其实是 Parquet 文件"),
    (b"<", "其实是网页（HTML）或 XML"),
)


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read one JSON file and answer what was found in it."""
    path, where = request["path"], request.get("records")
    with open(path, "rb") as file:
        head = file.read(4096)
    refuse_other_kinds(head)
    _refuse_repeated(path)
    if is_lines(path, head):

        def source() -> Iterator[Any]:
            for document in lines(path):
                yield from records.within(document, where) if where else [document]

        return records.hand_over(request, source, {"encoding": "utf-8", "notes": ["每行一条（JSON Lines）"]})
    found, codec = whole(path, request["encoding"])
    items = list(records.within(found, where) if where else records.found_list(found))
    del found
    if not items:
        raise ImportProblem(
            f"里 {listing(where)} 处没有记录：请核对映射文件的 records。" if where else "里没有任何记录：请重新导出。"
        )
    return records.hand_over(request, lambda: items, {"encoding": label(codec)})


def refuse_other_kinds(head: bytes) -> None:
    """Refuse what only bears the name."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for sign, what in OTHERS:
        if start.startswith(sign):
            raise ImportProblem(f"{what}，不是 JSON：请把扩展名改对，或重新导出。")


class _Enough(Exception):
    """So many objects have been looked at."""


def _refuse_repeated(path: str) -> None:
    """Refuse a name that stands twice in one object: all but the last would be lost. The first objects tell."""
    count = 0

    def look(pairs: list[tuple[str, Any]]) -> None:
        nonlocal count
        count += 1
        names = Counter(name for name, _ in pairs)
        if twice := next((name for name, times in names.items() if times > 1), None):
            raise ImportProblem(
                f"第 {count} 个对象里字段“{shorten(twice)}”出现了两次：不知道取哪一个，请改正后重新导出。"
            )
        if count == MOST_LOOKED_AT:
            raise _Enough

    with open(path, "rb") as file:
        data = file.read(LOOKED_AT)
    with suppress(_Enough, ValueError, RecursionError):
        json.loads(data.removeprefix(b"\xef\xbb\xbf").strip(b"\x1e \t\r\n"), object_pairs_hook=look)


def is_lines(path: str, head: bytes) -> bool:
    """Several lines, of which the first is a whole JSON object."""
    if b"\0" in head:
        return False
    with open(path, "rb") as file:
        first = file.readline(LONGEST_LINE)
        while first and not first.strip(b"\xef\xbb\xbf \t\r\n"):
            first = file.readline(LONGEST_LINE)
        if not file.read(64).strip():
            return path.lower().endswith((".jsonl", ".ndjson"))
    try:
        return isinstance(orjson.loads(first.removeprefix(b"\xef\xbb\xbf").strip(b"\x1e \t\r\n,")), dict)
    except orjson.JSONDecodeError:
        return path.lower().endswith((".jsonl", ".ndjson"))


def lines(path: str) -> Iterator[Any]:
    """The documents of JSON lines."""
    with open(path, "rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise ImportProblem(f"第 {number} 行超过 20 MB，不像每行一条的 JSON：请核对后重新导出。")
            content = line.removeprefix(b"\xef\xbb\xbf").strip(b"\x1e \t\r\n")
            if not content:
                continue
            try:
                yield orjson.loads(content)
            except orjson.JSONDecodeError as error:
                what = "不是 UTF-8" if not decodes(content, "utf-8") else "不是完整的 JSON"
                raise ImportProblem(f"第 {number} 行{what}：请在原系统中重新导出。") from error


def whole(path: str, declared: str) -> tuple[Any, str]:
    """The one document of a file, and its encoding."""
    if os.path.getsize(path) > MOST_AT_ONCE:
        raise ImportProblem("作为一整段 JSON 超过 60 MB 的上限：请分批导出，或导出为每行一条的 JSON（.jsonl）。")
    with open(path, "rb") as file:
        data = file.read()
    codec = _codec(data, declared)
    if codec not in ("utf-8", "utf-8-sig"):
        data = data.decode(codec).removeprefix("\ufeff").encode()
    try:
        return orjson.loads(data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\0 \t\r\n")), codec
    except orjson.JSONDecodeError as error:
        odd = "里有 NaN 或过大的数字" if has_odd_number(error) else "读不下去"
        what = "嵌套太深" if "recursion" in str(error) else odd
        raise ImportProblem(
            f"不是完整的 JSON（第 {error.lineno} 行第 {error.colno} 字{what}）：请重新导出。"
        ) from error


def has_odd_number(error: orjson.JSONDecodeError) -> bool:
    """Whether it is a number that JSON does not have, which a text cannot be read for."""
    near = error.doc[max(0, error.pos - 4) : error.pos + 12]
    return "infinity" in str(error) or "NaN" in near or "Inf" in near


def _codec(data: bytes, declared: str) -> str:
    marked = next((codec for mark, codec in BOMS if data.startswith(mark)), None)
    wide = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be" if data[:1] == b"\0" else None
    tried: Iterable[str] = [marked] if marked else [declared] if declared != "auto" else [wide] if wide else []
    for codec in tried or ("utf-8", "gb18030", "big5"):
        if decodes(data, codec):
            return codec
    raise ImportProblem("不能解码（UTF-8、GB18030、Big5、UTF-16 都读不通）：请另存为 UTF-8，或重新导出。")
