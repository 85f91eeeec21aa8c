"""Reading csv in blocks gives what csv.reader gives, row by row: the two are compared on files made to be odd."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.importing import ImportProblem, csv_blocks, csv_reading

CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "\u3000",
            "a",
            "甲",
            '"',
            '""',
            '"a"',
            '"a,b"',
            '"a\nb"',
            '"a\r\nb"',
            '"甲""乙"',
            '"a"b',
            'a"b',
            ' "a"',
        ]
    ),
    st.sampled_from(["\0", "\r", "\n", '"\r"', "\x1f", "\u2028", "\x85", "\ufeff", '"', ",", '"",', "\x0c"]),
    st.text(alphabet='ab,"\n\r\0 \u3000é\U00020000', max_size=6),
)
ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r", ""])


@st.composite
def files(draw: st.DrawFn) -> str:
    """A csv of some columns, most rows sound, some not."""
    width = draw(st.integers(1, 4))
    end = draw(ENDS.filter(bool))
    text = ",".join(f"H{number}" for number in range(width)) + end
    plain = st.lists(st.sampled_from(["x", "1", "2026/07/01", '"q, q"', "甲"]), min_size=width, max_size=width)
    odd = st.lists(CELLS, max_size=width + 2)
    for cells in draw(st.lists(st.one_of(plain, plain, plain, odd), max_size=12)):
        text += ",".join(cells) + (end if draw(st.integers(0, 9)) else draw(ENDS))
    return text


def by_blocks(content: bytes, codec: str, width: int, delimiter: str = ",") -> list[tuple[Any, ...]] | str:
    """Every row as the importer reads it, or why it does not."""
    source = csv_blocks.Source(io.BytesIO(content), codec)
    one_by_one = csv_reading.OneByOne(width, width, None)
    try:
        next(csv.reader(source.lines(), delimiter=delimiter, strict=True))
        return list(_plain(csv_blocks.parts(source, delimiter, width, list(range(width)), one_by_one), width))
    except ImportProblem as problem:
        return str(problem)


def _plain(parts: Iterator[Any], width: int) -> Iterator[tuple[Any, ...]]:
    for part in parts:
        if isinstance(part, pa.Table):
            yield from zip(*(column.to_pylist() for column in part.columns), strict=True)
        else:
            for number, cells, problem in part:
                yield number, problem, *(cells[:width] or [None] * width)


def by_rows(content: bytes, codec: str, width: int, delimiter: str = ",") -> list[tuple[Any, ...]] | str:
    """The same by csv.reader over the whole text."""
    with io.TextIOWrapper(io.BytesIO(content), encoding=codec, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            next(reader)
            return list(_plain(iter([csv_reading.OneByOne(width, width, None)(reader)]), width))
        except ImportProblem as problem:
            return str(problem)


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make blocks so small that a few rows fill them."""
    csv.field_size_limit(csv_reading.FIELD_LIMIT)
    monkeypatch.setattr(csv_blocks, "STEP", 5)


@settings(max_examples=300, deadline=None)
@given(
    files(),
    st.integers(1, 200),
    st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.integers(0, 5),
)
def test_blocks_and_rows_agree(text: str, block: int, codec: str, runs: int) -> None:
    content = text.encode(codec)
    width = text.split("\n")[0].split("\r")[0].count(",") + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_blocks, "BLOCK", block)
        patch.setattr(csv_blocks, "RUNS", runs)
        assert by_blocks(content, codec, width) == by_rows(content, codec, width)


def test_a_file_without_an_end_of_line_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "LINE_LIMIT", 200_000)
    monkeypatch.setattr(csv_blocks, "BLOCK", 1_000)
    assert "第 2 行超过" in str(by_blocks(b"H0\n" + b"x" * 900_000, "utf-8", 1))


def test_sound_rows_are_split_at_once_and_an_odd_one_costs_no_more_than_its_neighbours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [f'{n},"q, ""{n}""\nz"' for n in range(1000)]
    rows[500] = '500,"a"b'
    content = ("H0,H1\n" + "\n".join(rows)).encode()
    monkeypatch.setattr(csv_blocks, "STEP", 100)

    source = csv_blocks.Source(io.BytesIO(content), "utf-8")
    next(source.lines())
    found = list(csv_blocks.parts(source, ",", 2, [0, 1], csv_reading.OneByOne(2, 2, None)))

    assert sum(len(part) for part in found if isinstance(part, pa.Table)) > 980
    slow = [row for part in found if isinstance(part, list) for row in part]
    assert (slow[0][0], slow[0][2]) == (2 + 2 * 500, "引号不配对")
    assert by_blocks(content, "utf-8", 2) == by_rows(content, "utf-8", 2)
