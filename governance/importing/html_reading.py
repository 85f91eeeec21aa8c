"""What older systems call .xls: an HTML table, or the XML of Excel 2003."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from governance.importing.encoding import BOMS, decodes
from governance.importing.problems import ImportProblem
from governance.importing.rows import MOST_COLUMNS, NATIVE

MOST_BYTES = 100_000_000
MOST_CELLS = 10_000_000
MOST_DOWN = 65_536  # rows that a cell may span
CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([A-Za-z0-9_-]+)""", re.IGNORECASE)
SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
LOGIN = "其实是网页，里面没有表格：多半是登录过期时导出的，请重新登录后导出。"


class Sheet:
    """Rows in memory, with what is asked of a sheet of a workbook."""

    def __init__(self, rows: list[list[str]]) -> None:
        """Make all rows equally long."""
        width = max((len(row) for row in rows), default=0)
        if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
            raise ImportProblem(f"的表格有 {len(rows):,} 行 {width:,} 列，不像正常的导出，已拒绝：请重新导出。")
        self._rows = [row + [""] * (width - len(row)) for row in rows]
        self.start, self.end = (0, 0), (len(rows) - 1, width - 1)
        self.total_height, self.total_width = len(rows), width

    def iter_rows(self) -> Any:
        """Hand over the rows."""
        return iter(self._rows)


def sheets(path: str) -> dict[str, Sheet]:
    """Return the sheets of such a file by their names; the tables of a page are one sheet."""
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ImportProblem("是网页形式的表格，超过 100 MB 的上限：请分批导出，或另存为 .xlsx。")
    text = _decoded(data)
    if SPREADSHEET in data[:4096].replace(b"\0", b""):
        return {name: Sheet(rows) for name, rows in _spreadsheet(text).items()}
    reader = _Tables()
    reader.feed(text)
    reader.close()
    if not any(len(row) > 1 for row in reader.rows):
        raise ImportProblem(LOGIN)
    return {"网页表格": Sheet(reader.rows)}


def _decoded(data: bytes) -> str:
    marked = next((codec for mark, codec in BOMS if data.startswith(mark)), None)
    declared = CHARSET.search(data[:4096])
    named = declared[1].decode().lower() if declared else ""
    wide = "utf-16-le" if data[1:2] == b"\0" else ""
    chinese = "gb18030" if named in ("gbk", "gb2312", "gb18030") else "big5" if named == "big5" else ""
    for codec in filter(None, (marked, wide, chinese, "utf-8", "gb18030", "big5")):
        if decodes(data, codec):
            return data.decode(codec)
    raise ImportProblem("不能解码（UTF-8、GB18030、Big5 都读不通）：请用 Excel 打开后另存为 .xlsx。")


class _Tables(HTMLParser):
    """Gathers the rows of every table that holds no other table."""

    def __init__(self) -> None:
        """Have seen nothing yet."""
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span, self._down, self._count = 1, 1, 0
        self._above: dict[int, tuple[str, int]] = {}  # column → what reaches down into this row, for how many rows
        self._below: dict[int, tuple[str, int]] = {}  # the same for the next one

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row or a cell begins; one that was not closed ends."""
        if tag in ("tr", "table"):
            self._end_row()
            self._row = [] if tag == "tr" else None
            if tag == "table":
                self._above = {}
        elif tag in ("td", "th") and self._row is not None:
            self._end_cell()
            given = dict(attrs)
            self._cell, self._span = [], _span(given.get("colspan"), 100)
            self._down = _span(given.get("rowspan"), MOST_DOWN)
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A row or a cell ends."""
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        """Text of the cell at hand."""
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        self._reach_down(self._row)
        text = "".join(self._cell).strip()
        for column, one in enumerate([text] + [""] * (self._span - 1), len(self._row)):
            if self._down > 1:
                self._below[column] = one, self._down - 1
        self._row.extend([text] + [""] * (self._span - 1))
        self._add(self._span)
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            is_filled = bool(self._row)
            for column in sorted(self._above):
                ahead = max(0, column - len(self._row))
                self._add(ahead)
                self._row.extend([""] * ahead)
                self._reach_down(self._row)
            if is_filled:
                self.rows.append(self._row)
            self._above, self._below = self._below, {}
        self._row = None

    def _reach_down(self, row: list[str]) -> None:
        """A cell above that spans several rows stands here, too: those of this row come behind it."""
        while len(row) in self._above:
            text, left = self._above.pop(len(row))
            if left > 1:
                self._below[len(row)] = text, left - 1
            row.append(text)
            self._add(1)

    def _add(self, cells: int) -> None:
        self._count += cells
        if self._count > MOST_CELLS:
            raise ImportProblem("的表格超过一千万个单元格，已拒绝：请在原系统中分批导出。")


def _span(written: str | None, most: int) -> int:
    return min(max(1, int(written)), most) if written and written.isdecimal() and len(written) < 9 else 1


def _spreadsheet(text: str) -> dict[str, list[list[str]]]:
    """The sheets of an XML spreadsheet of 2003; rows and cells may name their own place."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    parts: list[str] | None = None
    kind, count = "", 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal rows, parts, kind, count
        local = name.rpartition(":")[2]
        given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        index = int(given["Index"]) if given.get("Index", "").isdigit() else 0
        if index > 1_048_576:
            raise ImportProblem(f"在很远的第 {index} 行或列还有内容，已拒绝：请删去表格以外的行列后另存再导入。")
        if local == "Worksheet":
            rows = found.setdefault(given.get("Name", "Sheet1"), [])
        elif local == "Row":
            rows.extend([] for _ in range(max(0, index - 1 - len(rows))))
            rows.append([])
        elif local == "Cell" and rows:
            count += 1 + max(0, index - 1 - len(rows[-1]))
            if count > MOST_CELLS:
                raise ImportProblem("的表格超过一千万个单元格，已拒绝：请在原系统中分批导出。")
            rows[-1].extend([""] * (index - 1 - len(rows[-1])))
            rows[-1].append("")
        elif local == "Data" and rows and rows[-1]:
            parts, kind = [], given.get("Type", "")

    def data(content: str) -> None:
        if parts is not None:
            parts.append(content)

    def end(name: str) -> None:
        nonlocal parts
        if name.rpartition(":")[2] == "Data" and parts is not None:
            content = "".join(parts)
            rows[-1][-1] = NATIVE + content.removesuffix(".000").replace("T", " ") if kind == "DateTime" else content
            parts = None

    def refuse(*_: Any) -> None:
        raise ImportProblem("含有实体声明（DTD），不是正常的导出，已拒绝：请重新导出。")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.removeprefix("\ufeff").encode(), True)
    except expat.ExpatError as error:
        raise ImportProblem(f"不是完整的 XML 表格（第 {error.lineno} 行读不下去）：请重新导出。") from error
    if not found:
        raise ImportProblem("里没有工作表：请重新导出。")
    return found
