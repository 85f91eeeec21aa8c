"""Which elements of an XML file come several times inside another, and what they hold: the lists that it has."""

from __future__ import annotations

from dataclasses import dataclass

from governance.importing import xml_reading

DEEPEST = 12
MOST_PATHS = 5_000
MOST_FIELDS = 300
Told = tuple[int, int, dict[str, None]]  # how many elements, in how many others, and their fields


@dataclass
class Element:
    """What there is at one path: how many, in how many others, how many at most in one, whether it holds any."""

    count: int = 0
    holders: int = 0
    most: int = 0
    has_inner: bool = False


class _Shape:
    """Counts the elements by path; nothing of what they say is kept."""

    def __init__(self) -> None:
        """Stand before the top."""
        self.elements: dict[str, Element] = {}
        self.open: list[tuple[str, dict[str, int]]] = []  # path, and how many of each came inside

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; attributes are fields, too."""
        plain = name.rpartition(":")[2]
        path = f"{self.open[-1][0]}.{plain}" if self.open else plain
        if len(self.open) < DEEPEST and (path in self.elements or len(self.elements) < MOST_PATHS):
            element = self.elements.setdefault(path, Element())
            element.count += 1
            if self.open:
                inside = self.open[-1][1]
                inside[path] = inside.get(path, 0) + 1
            for one in attributes:
                element.has_inner = True
                self.elements.setdefault(f"{path}.@{one.rpartition(':')[2]}", Element())
        self.open.append((path, {}))

    def text(self, data: str) -> None:
        """What it says does not matter here."""

    def end(self, name: str) -> None:
        """An element ends: how many of each came inside is known."""
        path, inside = self.open.pop()
        for one, count in inside.items():
            element = self.elements[one]
            element.holders, element.most = element.holders + 1, max(element.most, count)
        if inside and path in self.elements:
            self.elements[path].has_inner = True


def lists(path: str, encoding: str) -> tuple[dict[str, Told], str | None]:
    """The lists by dotted path from the top element, and the one that the reader takes for the records by itself.

    A list is what comes several times in one element and holds fields; below the top, one record is enough.
    """
    shape = _Shape()
    for _ in xml_reading.told(path, xml_reading.codec_of(path, encoding), shape):
        pass
    known = shape.elements
    fields = [one for one, element in known.items() if not element.has_inner]
    below = [one for one in known if one.count(".") == 1 and "@" not in one]
    single = {one for one in below if any(field.rpartition(".")[0] == one for field in fields)}
    found: dict[str, Told] = {
        one: (element.count, element.holders, {})
        for one, element in known.items()
        if element.has_inner and (element.most > 1 or one in single)
    }
    for field in fields:
        holder = max((one for one in found if field.startswith(f"{one}.")), key=len, default=None)
        if holder is not None and len(found[holder][2]) < MOST_FIELDS:
            found[holder][2].setdefault(field[len(holder) + 1 :])
    return found, below[0] if len(below) == 1 and below[0] in found else None
