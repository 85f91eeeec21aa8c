"""A first look at JSON and XML, for the draft of a mapping: where lists of records lie, and which fields they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from governance.importing import json_reading, xml_outline

DEEPEST = 8
MOST_LISTS, MOST_FIELDS = 200, 300
MOST_LINES = 20_000  # of JSON lines


@dataclass
class Found:
    """A list of objects: how many there are in all places of its kind, in how many records, and their fields."""

    count: int = 0
    holders: int = 0
    fields: dict[str, None] = field(default_factory=dict)


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Answer with every list of objects by its dotted path, lists on the way gone through; "" is the top.

    `is_found`: the list that the reader takes for the records by itself.
    """
    path = request["path"]
    if request["of"] == "xml":
        elements, records = xml_outline.lists(path, request["encoding"])
        return _answer({one: Found(*told) for one, told in elements.items()}, records)
    with open(path, "rb") as file:
        head = file.read(4096)
    json_reading.refuse_other_kinds(head)
    found: dict[str, Found] = {}
    if json_reading.is_lines(path, head):
        for document in islice(json_reading.lines(path), MOST_LINES):
            _look([document], "", 0, found)
    else:
        _look(json_reading.whole(path, request["encoding"])[0], "", 0, found)
    outer = [path for path in found if not any(path.startswith(f"{one}.") for one in found)]
    return _answer(found, "" if "" in found else outer[0] if len(outer) == 1 else None)


def _answer(found: dict[str, Found], records: str | None) -> dict[str, Any]:
    return {
        "lists": [
            {"path": path, "count": one.count, "holders": one.holders, "fields": list(one.fields)}
            | {"is_found": path == records}
            for path, one in islice(found.items(), MOST_LISTS)
        ]
    }


def _look(value: Any, path: str, depth: int, found: dict[str, Found]) -> None:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        if value and all(isinstance(one, dict) for one in value):
            one = found.setdefault(path, Found())
            one.count, one.holders = one.count + len(value), one.holders + 1
            _gather(value, one)
        for inner in value:
            if isinstance(inner, dict):
                _inside(inner, path, depth, found)
    elif isinstance(value, dict):
        _inside(value, path, depth, found)


def _inside(value: dict[str, Any], path: str, depth: int, found: dict[str, Found]) -> None:
    for name, inner in value.items():
        if isinstance(inner, dict | list):
            _look(inner, f"{path}.{name}" if path else str(name), depth + 1, found)


def _gather(records: Iterable[dict[str, Any]], one: Found) -> None:
    """The fields of records, those of objects inside by dotted path; lists are told of by themselves."""
    for record in records:
        if len(one.fields) >= MOST_FIELDS:
            return
        for name, inner in record.items():
            if isinstance(inner, dict):
                for deeper in inner:
                    one.fields.setdefault(f"{name}.{deeper}")
            elif not (isinstance(inner, list) and inner and isinstance(inner[0], dict)):
                one.fields.setdefault(str(name))
