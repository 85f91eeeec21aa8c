"""CSV in blocks: where quotes and rows are sound a block is split at once, row by row only where something is odd.

A block is sound when every quote opens at the start of a field, closes at its end, or stands doubled in between: then a
line break ends a row exactly when an even number of quotes stands before it. What the rules of csv.reader would read
otherwise, or refuse, is left to csv.reader itself, from the row in question on.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from itertools import pairwise
from typing import Any, BinaryIO, Protocol

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow

from governance.importing.problems import ImportProblem
from governance.importing.rows import Row

BLOCK = 8_000_000  # bytes split at once
STEP = 200_000  # bytes read row by row before the next attempt at a block
RUNS = 200  # of sound and odd rows in turn, above which a block is not worth splitting
CELLS = 2_000  # of a row, above which it is not worth splitting by columns
LINE_LIMIT = 64_000_000  # bytes
LONGEST = 1_000_000  # bytes of a row that may hold no cell that is too long
QUOTE, LINE, RETURN = b'"\n\r'
END = re.compile(rb"[\r\n]")  # in one search: looking for the one that is not there would read far ahead each time
LONE_RETURN = re.compile(rb"\r(?!\n)")
AS_IT_IS = ("utf-8", "utf-8-sig", "ascii")
# Printable ASCII but the quote, and first bytes of characters among which there is no white space.
CONTENT = np.zeros(256, bool)
CONTENT[0x21:0x7F] = CONTENT[0xC3:0xE1] = CONTENT[0xE4:0xF5] = True
CONTENT[QUOTE] = False


class Rows(Protocol):
    """Reads rows by the rules of csv.reader alone."""

    whole: bool  # whether any row had as many cells as there are headings

    @property
    def is_needed(self) -> bool:
        """Whether no block may be split without it."""

    def __call__(self, reader: Any, before: int) -> Iterator[Row]:
        """Hand over what the reader reads, which has not seen `before` lines of the file."""


class Source:
    """A text file as UTF-8 bytes, from one row to the next; the line counts as an editor counts it."""

    def __init__(self, file: BinaryIO, codec: str) -> None:
        """Stand at the first character."""
        self._file = file
        self._decoder = None if codec in AS_IT_IS else codecs.getincrementaldecoder(codec)("strict")
        if codec == "utf-8-sig":
            file.seek(len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0)
        self.data, self.at, self.line, self.is_over = b"", 0, 1, False

    def fill(self, size: int) -> None:
        """Have at least as many bytes ahead, or all that are left."""
        if len(self.data) - self.at >= size or self.is_over:
            return
        parts = [self.data[self.at :]]
        held = len(parts[0])
        while held < size and not self.is_over:
            chunk = self._file.read(max(size, 65_536))
            self.is_over = not chunk
            if self._decoder:
                chunk = self._decoder.decode(chunk, self.is_over).encode()
            parts.append(chunk)
            held += len(chunk)
        self.data, self.at = b"".join(parts), 0

    def lines(self) -> Iterator[str]:
        """Yield the lines ahead with their ends, and stand behind each as it is handed over."""
        while (end := self._end_of_line()) > self.at:
            text = self.data[self.at : end].decode()
            self.at = end
            self.line += 1
            yield text

    def _end_of_line(self) -> int:
        size = 65_536
        while True:
            self.fill(size)
            found = END.search(self.data, self.at, self.at + size)
            end = found.start() if found else -1
            if end >= 0 and (end + 1 < len(self.data) or self.is_over):
                return end + (2 if self.data[end : end + 2] == b"\r\n" else 1)
            if self.is_over and self.at + size >= len(self.data):
                return len(self.data)
            if size > LINE_LIMIT:
                raise ImportProblem(f"第 {self.line} 行超过 64 MB，多半是没有换行：请核对后重新导出。")
            size *= 2


def parts(source: Source, delimiter: str, width: int, picks: list[int], slow: Rows) -> Iterator[list[Row] | pa.Table]:
    """Yield what follows in `source`: tables of the sound rows, lists of the others, in the order of the file."""
    is_split = delimiter.isascii() and delimiter not in '"\r\n' and not slow.is_needed
    sign = ord(delimiter) if is_split else 0
    reach = BLOCK if sign else 0
    while True:
        source.fill(BLOCK)
        if source.at == len(source.data):
            return
        is_sound = reach and (yield from _block(source, reach, sign, width, picks, slow))
        if not is_sound:
            yield _row_by_row(source, delimiter, slow)
        reach = min(BLOCK, reach * 2) if is_sound else min(reach, 2 * STEP)


def _row_by_row(source: Source, delimiter: str, slow: Rows) -> list[Row]:
    """Read some rows by the rules of csv.reader alone."""
    found: list[Row] = []
    left = STEP
    reader = csv.reader(source.lines(), delimiter=delimiter, strict=True)
    for row in slow(reader, source.line - 1):
        found.append(row)
        left -= 1 + sum(len(cell or "") for cell in row[1])
        if left < 0:
            break
    return found


def _block(
    source: Source, reach: int, sign: int, width: int, picks: list[int], slow: Rows
) -> Generator[list[Row] | pa.Table, None, bool]:
    """Split the sound rows at the beginning of what is held, stand behind the last; say whether all were sound."""
    data, is_sound = _sound(source, reach)
    signs = np.frombuffer(data, np.uint8)
    lines, fields = np.flatnonzero(signs == LINE), np.flatnonzero(signs == sign)
    quotes = np.flatnonzero(signs == QUOTE)
    ends = lines
    if len(quotes):
        odd = _first_odd_quote(signs, quotes, sign)
        is_sound = is_sound and odd == len(signs)
        ends = lines[(np.searchsorted(quotes, lines) % 2 == 0) & (lines < odd)]
        fields = fields[np.searchsorted(quotes, fields) % 2 == 0]
    if not len(ends):
        return False
    starts = np.concatenate(([0], ends[:-1] + 1))
    numbers = source.line + np.searchsorted(lines, starts)
    counts = np.diff(np.searchsorted(fields, np.concatenate(([0], ends)))) + 1
    usual = int(np.bincount(counts).argmax())
    is_plain = (
        _has_content(signs[: ends[-1] + 1], starts, sign)
        & (counts == usual)
        & (ends - starts < LONGEST)
        & (width <= usual <= CELLS)
    )
    source.at = min(source.at + int(ends[-1]) + 1, len(source.data))
    source.line += int(np.searchsorted(lines, ends[-1])) + 1
    edges = (np.flatnonzero(np.diff(is_plain)) + 1).tolist()
    bounds = [0, *edges, len(ends)] if len(edges) < RUNS else [0, len(ends)]
    view = memoryview(data)
    for first, last in pairwise(bounds):
        piece = view[starts[first] : ends[last - 1] + 1]
        table = None
        if is_plain[first:last].all() and piece[:3] != codecs.BOM_UTF8:  # which would be dropped
            table = _split(piece, chr(sign), usual, numbers[first:last], width, picks, bool(len(quotes)))
        if table is None:
            reader = csv.reader(_lines(bytes(piece).decode()), delimiter=chr(sign), strict=True)
            yield list(slow(reader, int(numbers[first]) - 1))
        else:
            slow.whole = True
            yield table
    return is_sound


def _sound(source: Source, reach: int) -> tuple[bytes, bool]:
    """Return the bytes ahead, up to the line of the first NUL or lone carriage return, and whether there was none."""
    data = source.data[source.at : source.at + reach]
    if source.is_over and source.at + reach >= len(source.data):
        data += b"" if data.endswith(b"\n") else b"\n"
    elif data.endswith(b"\r"):
        data = data[:-1]
    odd = data.find(b"\0")
    odd = len(data) if odd < 0 else odd
    if b"\r" in data and (lone := LONE_RETURN.search(data, 0, odd)):
        odd = lone.start()
    is_sound = odd == len(data)
    return (data, True) if is_sound else (data[: data.rfind(b"\n", 0, odd) + 1], False)


def _first_odd_quote(signs: np.ndarray, quotes: np.ndarray, sign: int) -> int:
    """Return the place of the first quote that neither opens, nor closes, nor stands doubled; else the length."""
    padded = np.pad(signs, (1, 2), constant_values=LINE)
    opening, closing = quotes[::2], quotes[1::2]
    before, after, second = padded[opening], padded[closing + 2], padded[closing + 3]
    opens = (before == sign) | (before == LINE)
    closes = (after == sign) | (after == LINE) | ((after == RETURN) & (second == LINE))
    doubled = opening[1:] == closing[: len(opening) - 1] + 1
    opens[1:] |= doubled
    closes[: len(doubled)] |= doubled
    odd = np.concatenate((opening[~opens], closing[~closes]))
    return int(odd.min()) if len(odd) else len(signs)


def _has_content(signs: np.ndarray, starts: np.ndarray, sign: int) -> np.ndarray:
    """Whether a row has a character that no blank row has."""
    first, second = signs[starts], signs[np.minimum(starts + 1, len(signs) - 1)]
    shown = np.where(first == QUOTE, second, first)
    found: np.ndarray = CONTENT[shown] & (shown != sign)
    if not found.all():
        anywhere = CONTENT[signs] & (signs != sign)
        found |= np.maximum.reduceat(anywhere.view(np.uint8), starts) > 0
    return found


def _split(
    piece: memoryview, delimiter: str, count: int, numbers: np.ndarray, width: int, picks: list[int], is_quoted: bool
) -> pa.Table | None:
    """Split rows of one count of cells; None where a cell beyond the headings is not blank."""
    names = [f"c{number}" for number in range(count)]
    found = arrow.read_csv(
        pa.BufferReader(pa.py_buffer(piece)),
        arrow.ReadOptions(use_threads=False, block_size=len(piece) + 1, column_names=names),
        arrow.ParseOptions(
            delimiter=delimiter,
            quote_char='"' if is_quoted else False,
            newlines_in_values=is_quoted,
            ignore_empty_lines=False,
        ),
        arrow.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            include_columns=list(dict.fromkeys([names[pick] for pick in picks] + names[width:])),
        ),
    )
    if found.num_rows != len(numbers):
        return None
    for extra in names[width:]:
        if any(str(cell).strip() for cell in found[extra].unique()):
            return None
    nothing = pa.nulls(len(numbers), pa.string())
    return pa.Table.from_arrays(
        [pa.array(numbers, pa.int64()), nothing, *(found[names[pick]] for pick in picks)],
        names=["row_number", "problem", *(f"h{number}" for number in range(len(picks)))],
    )


def _lines(text: str) -> list[str]:
    """Split at line feeds: in a sound block a carriage return stands only before one."""
    found = [line + "\n" for line in text.split("\n")]
    return found[:-1] if text.endswith("\n") else found
