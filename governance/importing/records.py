"""Records of JSON and XML: a field is named by its path, a list inside a record may become rows of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import orjson

from governance.importing.problems import ImportProblem, listing
from governance.importing.rows import Heading, Row, heading, texts, write

ORDINAL = "序号"  # the number of an element in its list, or of a record in the file
DEEPEST = 20
MOST_FIELDS = 5_000
LONGEST = 1_000_000
LOOKED_AT = 2_000  # records looked at for the names that a hint may mention
Record = Any
Source = Callable[[], Iterable[Record]]


def at(value: Any, path: str) -> Any:
    """What lies at a dotted path: names, and numbers that count the elements of a list from 0, or from its end."""
    while path:
        if isinstance(value, dict):
            if path in value:
                return value[path]
            name = next((one for one in _beginnings(path) if one in value), None)
            if name is None:
                return None
            value, path = value[name], path[len(name) + 1 :]
        elif isinstance(value, list):
            step, _, path = path.partition(".")
            if not step.lstrip("-").isdigit() or not -len(value) <= int(step) < len(value):
                return None
            value = value[int(step)]
        else:
            return None
    return value


def _beginnings(path: str) -> Iterator[str]:
    """The beginnings of a path that may be one name, the longest first: names may hold dots."""
    end = path.rfind(".")
    while end > 0:
        yield path[:end]
        end = path.rfind(".", 0, end)


def below(value: Any, path: str) -> Iterator[Record]:
    """The records at a path from the top, through every list on the way."""
    if isinstance(value, list):
        for one in value:
            yield from below(one, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        name = path if path in value else next((one for one in _beginnings(path) if one in value), None)
        if name is not None:
            yield from below(value[name], path[len(name) + 1 :])


def within(value: Any, paths: list[str]) -> Iterator[Record]:
    """The records at any of several paths."""
    for path in paths:
        yield from below(value, path)


def hand_over(request: dict[str, Any], source: Source, answer: dict[str, Any]) -> dict[str, Any]:
    """Write the wanted fields of all records; fields that no record has are empty, and told."""
    wanted: list[Heading] | None = request["wanted"]
    explode = request.get("explode")

    def rows() -> Iterator[Record]:
        return _exploded(source(), explode)

    names = list(_names(rows() if wanted is None else islice(rows(), LOOKED_AT)))
    answer |= {"headings": names, "width": 0}
    columns: list[Heading] = list(range(1, len(names) + 1)) if wanted is None else list(texts(wanted))
    if wanted is not None and len(columns) < len(wanted):
        return answer | {"rows": 0, "columns": [(one, "") for one in columns]}
    paths = names if wanted is None else [heading(one) for one in texts(wanted)]
    seen = [False] * len(paths)

    def cells() -> Iterator[Row]:
        for number, record in enumerate(rows(), 1):
            found = [_cell(record, path, number) for path in paths]
            for place, one in enumerate(found):
                if one and len(one) > LONGEST:
                    raise ImportProblem(f"第 {number} 条的字段 {paths[place]} 超过一百万字，已拒绝：请核对后重新导出。")
                seen[place] = seen[place] or one is not None
            yield number, found, None

    count, written = write(cells(), {one: place for place, one in enumerate(columns)}, request["parquet"])
    absent = [path for path, is_seen in zip(paths, seen, strict=True) if not is_seen]
    if len(absent) == len(paths) and paths:
        raise ImportProblem(
            f"的记录里没有字段 {listing(absent, 5)}（有：{listing(names, 8)}）："
            "请核对映射文件的 records 和字段的写法（如 order_info.create_time）。"
        )
    notes = [*answer.get("notes", []), *([f"从未出现的字段：{listing(absent)}"] if absent else [])]
    return answer | {"rows": count, "columns": written, "notes": notes}


def _exploded(records: Iterable[Record], explode: str | None) -> Iterator[Record]:
    """One row for each element of the list at a path; the element then stands where the list stood."""
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise ImportProblem(f"第 {number} 条记录不是对象（没有字段名）：请核对映射文件的 records 和导出内容。")
        if explode is None:
            yield record
            continue
        found = at(record, explode)
        elements = found if isinstance(found, list) else [] if found is None else [found]
        for place, element in enumerate(elements, 1):
            yield {ORDINAL: place} | record | {explode: element}


def _names(rows: Iterable[Record]) -> dict[str, None]:
    found: dict[str, None] = {}
    for record in rows:
        for name in _leaves(record, "", 0):
            found.setdefault(name)
        if len(found) > MOST_FIELDS:
            raise ImportProblem(f"的记录里有超过 {MOST_FIELDS:,} 个不同的字段，不像正常的导出，已拒绝：请重新导出。")
    return found


def _leaves(value: Any, path: str, depth: int) -> Iterator[str]:
    if isinstance(value, dict) and value and depth < DEEPEST:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name), depth + 1)
    else:
        yield path


def _cell(record: Record, path: str, number: int) -> str | None:
    found = at(record, path)
    if found is None and path == ORDINAL:
        return str(number)
    try:
        return text(found)
    except orjson.JSONEncodeError as error:
        raise ImportProblem(f"第 {number} 条的字段 {path} 嵌套太深，不像正常的导出，已拒绝：请重新导出。") from error


def text(value: Any) -> str | None:
    """Write a value as the text a cell of a table would hold."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return "、".join(map(str, value)) or None
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode() if value else None
    return str(value)


def found_list(value: Any) -> Iterator[Record]:
    """The records where no path says where: the list at the top, or the only list of objects near it."""
    if isinstance(value, list):
        yield from value
        return
    candidates = _lists(value) if isinstance(value, dict) else {}
    if len(candidates) > 1:
        raise ImportProblem(
            f"里有几个列表（{listing(candidates, 6)}），不知道哪一个是记录：请在映射文件 [file] 写 records，"
            f'例如 records = "{next(iter(candidates))}"。'
        )
    yield from next(iter(candidates.values())) if candidates else [value]


def _lists(value: dict[str, Any], path: str = "", depth: int = 0) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, inner in value.items():
        here = f"{path}.{name}" if path else str(name)
        if isinstance(inner, list) and inner and all(isinstance(one, dict) for one in inner):
            found[here] = inner
        elif isinstance(inner, dict) and depth < 3:
            found |= _lists(inner, here, depth + 1)
    return found
