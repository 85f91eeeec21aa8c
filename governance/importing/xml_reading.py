"""XML as interfaces answer it (Open311 and the like): read as a stream, with no entities and no external parts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, Protocol
from xml.parsers import expat

from governance.importing import records
from governance.importing.encoding import BOMS
from governance.importing.problems import ImportProblem, listing

CHUNK = 1 << 20
DEEPEST = 60
MOST_FIELDS_OF_ONE = 20_000
LONGEST_TEXT = 1_000_000
DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9_.-]+)["']""")
CHINESE = ("gbk", "gb2312", "gb18030", "cp936")


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read one XML file and answer what was found in it."""
    path, where = request["path"], request.get("records") or []
    codec = codec_of(path, request["encoding"])

    def source() -> Iterator[Any]:
        return _records(path, codec, [one.split(".") for one in where])

    if not any(True for _ in source()):
        raise ImportProblem(
            f"里 {listing(where)} 处没有记录：请核对映射文件的 records。" if where else "里没有任何记录：请重新导出。"
        )
    return records.hand_over(request, source, {"encoding": codec})


def codec_of(path: str, declared: str) -> str:
    """The encoding of an XML file: its mark, what was said, what it declares; refuse what is no XML."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        raise ImportProblem("不是 XML：请核对扩展名，或重新导出。")
    if re.search(rb"<!doctype\s+html|<html", head.replace(b"\0", b""), re.IGNORECASE):
        raise ImportProblem("其实是网页（HTML），不是 XML：多半是登录过期时导出的，请重新登录后导出。")
    if marked := next((codec for mark, codec in BOMS if head.startswith(mark)), None):
        return marked
    if declared != "auto":
        return declared
    if head[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    named = DECLARED.search(head)
    name = named[1].decode().lower() if named else "utf-8"
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ImportProblem(f"写明的编码 {name} 不认识：请另存为 UTF-8，或重新导出。") from error
    return "gb18030" if name in CHINESE else name


class Listener(Protocol):
    """Whoever is told of the elements of a file while it is read."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def text(self, data: str) -> None:
        """Text of the element at hand."""

    def end(self, name: str) -> None:
        """An element ends."""


class _Collector:
    """Gathers records while expat tells of elements; only the record at hand is held."""

    def __init__(self, paths: list[list[str]]) -> None:
        """Know where the records are; nowhere in particular: every element below the top."""
        self.paths = paths
        self.names: list[str] = []
        self.open: list[tuple[dict[str, Any], list[str]]] = []
        self.done: list[Any] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.names.append(name.rpartition(":")[2])
        if len(self.names) > DEEPEST:
            raise ImportProblem(f"的元素嵌套超过 {DEEPEST} 层，不像正常的导出，已拒绝：请重新导出。")
        if self.open or self._begins():
            self.count = self.count + 1 + len(attributes) if self.open else 0
            if self.count > MOST_FIELDS_OF_ONE:
                raise ImportProblem("有一条记录的字段超过两万个，不像正常的导出，已拒绝：请重新导出。")
            self.open.append(({f"@{key.rpartition(':')[2]}": value for key, value in attributes.items()}, []))

    def _begins(self) -> bool:
        return self.names in self.paths if self.paths else len(self.names) == 2

    def text(self, data: str) -> None:
        """Text of the element at hand."""
        if self.open:
            self.open[-1][1].append(data)

    def end(self, name: str) -> None:
        """An element ends: its value goes to the one around it, a record is done."""
        name = self.names.pop()
        if not self.open:
            return
        fields, parts = self.open.pop()
        content = "".join(parts).strip()
        if len(content) > LONGEST_TEXT:
            raise ImportProblem(f"的元素 {name} 里有超过一百万字的文字，已拒绝：请重新导出。")
        value: Any = content or None
        if any(not one.startswith("@") for one in fields):
            value = fields
        elif fields and self.open:
            value = fields | ({"#": content} if content else {})
        if not self.open:
            self.done.append(value if isinstance(value, dict) else fields | {name: content or None})
            return
        around = self.open[-1][0]
        if name not in around:
            around[name] = value
        elif isinstance(around[name], list):
            around[name].append(value)
        else:
            around[name] = [around[name], value]


def _refuse(*_: Any) -> None:
    raise ImportProblem("含有实体声明（DTD），不是正常的导出，已拒绝：请重新导出。")


def _records(path: str, codec: str, where: list[list[str]]) -> Iterator[Any]:
    collector = _Collector(where)
    for _ in told(path, codec, collector):
        yield from collector.done
        collector.done.clear()


def told(path: str, codec: str, listener: Listener) -> Iterator[None]:
    """Read a file piece by piece and tell of its elements; after each piece one may look at what was told."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    decoder = codecs.getincrementaldecoder(codec)("strict")
    with open(path, "rb") as file:
        try:
            while chunk := file.read(CHUNK):
                parser.Parse(decoder.decode(chunk).encode(), False)
                yield
            parser.Parse(decoder.decode(b"", True).encode(), True)
        except expat.ExpatError as error:
            raise ImportProblem(
                f"不是完整的 XML（第 {error.lineno} 行第 {error.offset + 1} 字读不下去）：请重新导出。"
            ) from error
        except UnicodeError as error:
            line = parser.CurrentLineNumber
            raise ImportProblem(f"在第 {line} 行之后不能按 {codec} 解码：请另存为 UTF-8，或重新导出。") from error
    yield
