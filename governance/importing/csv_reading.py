"""CSV, as it is found: any delimiter, quoted line breaks, torn rows, NUL bytes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from governance.importing import csv_blocks, encoding
from governance.importing.problems import ImportProblem
from governance.importing.rows import (
    FOOTER,
    MOST_COLUMNS,
    Row,
    elsewhere,
    every,
    footers,
    heading,
    is_footer,
    positions,
    texts,
    write_parts,
)

FIELD_LIMIT = 1_000_000
MOST_BLANK = 2_000_000
MOST_TORN = 100_000  # rows of another width from the first on: the delimiter is wrong, or it is no table
UNPAIRED = "引号不配对"
TOO_LONG = "第 {} 行有超长的单元格（超过一百万字），多半是没有换行或引号没有闭合：请核对后重新导出。"
DELIMITERS = (",", "\t", ";", "|")
END_OF_FILE = "\x1a"  # which old programs write after the last row
TABBED = (".tsv", ".tab")
SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)  # a first line by which Excel is told the delimiter


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read one CSV file and answer what was found in it."""
    csv.field_size_limit(FIELD_LIMIT)
    path, wanted, header_row = request["path"], request["wanted"], request["header_row"]
    codec = encoding.choose(path, request["encoding"], texts(wanted))
    first = _first_lines(path, codec)
    if not any(line.strip() for line in first):
        raise ImportProblem("里没有任何内容：请在原系统中重新导出。")
    delimiter, told = request["delimiter"], SEPARATOR.fullmatch(first[0])
    if told:
        delimiter = told[1]
    elif delimiter == "," and path.lower().endswith(TABBED):
        delimiter = "\t"
    elif delimiter == "auto":
        delimiter = _best_delimiter(first, texts(wanted), header_row)
    with open(path, "rb") as file:
        source = csv_blocks.Source(file, codec)
        reader = csv.reader(source.lines(), delimiter=delimiter, strict=True)
        if told and header_row <= 1:
            next(reader)
        number, cells, broken = _top(reader, header_row)
        headings, width = _names(cells) if header_row else [], len(cells)
        places = positions(headings, wanted, width)
        answer: dict[str, Any] = {
            "encoding": encoding.label(codec),
            "headings": every(headings, width, wanted),
            "width": width,
        }
        if wanted is not None and len(places) < len(set(wanted)):
            hint = _hint(first, request, delimiter)
            return answer | {"rows": 0, "columns": [(one, "") for one in places], "hint": hint}
        one_by_one = OneByOne(len(headings), width, footers(request.get("footer_words", [])))
        judged = None if header_row else one_by_one.judged(number, cells)
        ahead = [[*broken, judged]] if judged else []
        found = csv_blocks.parts(source, delimiter, width, list(places.values()), one_by_one)
        rows, columns = write_parts(chain(ahead, found), places, request["parquet"])
    notes = [] if request["delimiter"] != "auto" else [f"分隔符 {'TAB' if delimiter == chr(9) else delimiter}"]
    return answer | {"rows": rows, "columns": columns, "notes": notes}


def _top(reader: Any, header_row: int) -> tuple[int, list[str], list[Row]]:
    """The first row that is not blank, from `header_row` on, with its line, and the torn ones before it."""
    broken: list[Row] = []
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            raise ImportProblem(f"没有第 {header_row} 行，找不到表头：请核对映射文件的 header_row。") from None
        except csv.Error as error:
            _refuse_the_rest(error, start)
            broken.append((start, [], UNPAIRED))
            continue
        if start >= header_row and any(cell.strip() for cell in cells):
            break
    if len(cells) > MOST_COLUMNS:
        raise ImportProblem(
            f"第 {reader.line_num} 行有 {len(cells):,} 列，不像正常的表格，已拒绝：请核对分隔符和导出内容。"
        )
    return start, list(cells), broken


def _refuse_the_rest(error: csv.Error, number: int) -> None:
    """Refuse the file when nothing that follows can be told apart."""
    if "unexpected end" in str(error):
        raise ImportProblem(f"第 {number} 行的引号到文件末尾都没有闭合：文件可能不完整，请重新导出。") from error
    if "field larger" in str(error):
        raise ImportProblem(TOO_LONG.format(number)) from error


def _names(cells: list[str]) -> list[str]:
    """The headings, without the empty ones at the end."""
    names = [heading(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


class OneByOne:
    """Hands over every record with the line it starts in; a record that is torn carries the reason.

    Columns without a heading at the end (`width` counts them, `named` does not) may be missing. It may be called for
    one stretch of a file after the other: how many rows were blank or torn counts for the whole file.
    """

    def __init__(self, named: int, width: int, totals: re.Pattern[str] | None) -> None:
        """Stand before the first row."""
        self.named, self.width, self.totals = named or width, width, totals
        self.torn, self.blank, self.whole = 0, 0, False

    @property
    def is_needed(self) -> bool:
        """Every row has to be looked at, sound or not."""
        return self.totals is not None

    def __call__(self, reader: Any, before: int = 0) -> Iterator[Row]:
        """Read on. before: lines of the file that the reader has not seen."""
        while True:
            number = before + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                _refuse_the_rest(error, number)
                yield number, [], UNPAIRED
                continue
            if row := self.judged(number, cells):
                yield row

    def judged(self, number: int, cells: list[str]) -> Row | None:
        """The record of a line with its verdict; nothing when it is blank."""
        if not any(cells) or not any(map(str.strip, cells)) or cells == [END_OF_FILE]:
            self._count_blank(number)
            return None
        if is_footer(cells, self.totals):
            return number, [], FOOTER
        if len(cells) < self.named or any(map(str.strip, cells[self.width :])):
            self._count_torn(number)
            return number, [], f"列数不符：表头 {self.named} 列，本行 {len(cells)} 列"
        if any("\0" in cell for cell in cells):
            return number, [], "含有空字节（NUL）"
        self.whole = True
        return number, [*cells, *[None] * (self.width - len(cells))], None

    def _count_blank(self, number: int) -> None:
        self.blank += 1
        if self.blank == MOST_BLANK:
            raise ImportProblem(f"到第 {number} 行为止已有 {self.blank:,} 个空行：请核对后重新导出。")

    def _count_torn(self, number: int) -> None:
        self.torn += 1
        if self.torn == MOST_TORN and not self.whole:
            raise ImportProblem(
                f"到第 {number} 行为止的 {self.torn:,} 行都与表头的列数（{self.named} 列）不符："
                "请核对分隔符和 header_row。"
            )


def _first_lines(path: str, codec: str) -> list[str]:
    with open(path, encoding=codec, newline="") as file:
        return [line[:100_000] for line in islice(iter(lambda: file.readline(1_000_000), ""), 30)]


def _matches(lines: list[str], delimiter: str, wanted: list[str], header_row: int) -> int:
    try:
        names = [heading(cell) for cell in _top(csv.reader(lines, delimiter=delimiter), header_row)[1]]
    except (ImportProblem, csv.Error):
        return 0
    return sum(heading(one) in names for one in wanted)


def _best_delimiter(lines: list[str], wanted: list[str], header_row: int) -> str:
    return max(DELIMITERS, key=lambda sign: _matches(lines, sign, wanted, header_row))


def _hint(lines: list[str], request: dict[str, Any], delimiter: str) -> str:
    """Say what would make the headings appear: another delimiter, another row."""
    wanted, header_row = texts(request["wanted"]), request["header_row"]
    best = _best_delimiter(lines, wanted, header_row)
    if best != delimiter and _matches(lines, best, wanted, header_row) > _matches(lines, delimiter, wanted, header_row):
        name = {"\t": "\\t", ",": ","}.get(best, best)
        return f'（分隔符似乎是“{name}”：请在映射文件 [file] 写 delimiter = "{name}"）'
    numbered = ((number, line.split(delimiter)) for number, line in enumerate(lines, 1))
    return elsewhere(
        wanted, ((number, [cell.strip('"\r\n ') for cell in cells]) for number, cells in numbered), header_row
    )
