"""Odd files that are read as far as they can be, or refused for the reason that is theirs: found by hostile_more."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from governance.importing import ImportProblem
from governance.importing.kinds import LARGE_MEMORY, memory_limit
from governance.importing.options import FileOptions
from governance.importing.reader import Reader
from governance.importing.reading import read_file
from tests import hostile_more
from tests.hostile import HEAD

KINDS = {one.name: one.content for one in hostile_more.files()}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One child for all of them."""
    with Reader() as started:
        yield started


def cells(reader: Reader, folder: Path, name: str, content: bytes | None = None) -> list[tuple[str | None, ...]]:
    """Read a file; return the cells of its rows."""
    path = folder / name
    path.write_bytes(KINDS[name]() if content is None else content)
    found = read_file(reader, path, FileOptions(), tuple(HEAD), folder, 1)
    table = pq.read_table(found.parquet)
    return list(zip(*(table[found.columns[one]].to_pylist() for one in HEAD), strict=True))


def times(unit: str, values: list[int | None], kind: pa.DataType | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    numbers = [f"A{number}" for number in range(len(values))]
    moments = pa.array(values, kind or pa.timestamp(unit))
    pq.write_table(pa.table(dict(zip(HEAD, (numbers, numbers, moments), strict=True))), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("unit", ["ms", "us"])
def test_a_time_of_no_calendar_costs_its_row_alone(unit: str, reader: Reader, tmp_path: Path) -> None:
    """Other systems write the largest number there is for "never"."""
    day, never = 1_777_593_600 * {"ms": 1_000, "us": 1_000_000}[unit], 2**63 - 1
    found = cells(reader, tmp_path, "a.parquet", times(unit, [day, never, None]))
    assert [row[2] for row in found] == ["\x1f2026-05-01 00:00:00", str(never), None]


def test_nanoseconds_are_read_as_far_as_a_clock_here_goes(reader: Reader, tmp_path: Path) -> None:
    found = cells(reader, tmp_path, "a.parquet", times("ns", [1_777_593_600_123_456_789]))
    assert [row[2] for row in found] == ["\x1f2026-05-01 00:00:00.123456"]


def test_a_day_of_no_calendar_costs_its_row_alone(reader: Reader, tmp_path: Path) -> None:
    found = cells(reader, tmp_path, "a.parquet", times("", [20_574, 2**31 - 1], pa.date32()))
    assert [row[2] for row in found] == ["\x1f2026-05-01", str(2**31 - 1)]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("more-rows-than-there-are.parquet", "写明有 61 行，实际只读到 60 行"),
        ("bytes-of-one-length.parquet", "第 1 行的列“受理时间”是字节，不是 UTF-8 文字"),
        ("a-sheet-of-noise.xlsb", "不是完整的 xlsb"),
        ("an-empty-sheet.xlsb", "不是完整的 xlsb"),
        ("keys-twice.json", "第 1 个对象里字段“工单编号”出现了两次"),
        ("a-thousand-deep-in-a-field.json", "第 2 条的字段 工单编号 嵌套太深"),
        *(
            (f"{kind}.csv", "不是文本文件")
            for kind in ("gz", "bz2", "xz", "zstd", "sqlite", "tar", "program", "letter")
        ),
    ],
)
def test_the_reason_is_its_own(name: str, sentence: str, reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem) as caught:
        cells(reader, tmp_path, name)
    assert sentence in str(caught.value) and str(caught.value).startswith(f"文件 {name} ")


def test_signs_that_nobody_sees_are_no_part_of_a_heading(reader: Reader, tmp_path: Path) -> None:
    found = cells(reader, tmp_path, "invisible-headings.csv")
    assert found == [("A1", "楼道灯不亮", "2026-05-01 08:05:00")] * 5


def test_a_repeated_name_is_found_in_lines_too_and_deeper(reader: Reader, tmp_path: Path) -> None:
    for name, text in (
        ("a.jsonl", '{"工单编号": 1, "a": {"b": 1, "b": 2}}\n{"工单编号": 2}\n'),
        ("b.json", '[{"a": 1, "a": 1}]'),
    ):
        with pytest.raises(ImportProblem, match=r"第 1 个对象里字段“[ab]”出现了两次"):
            cells(reader, tmp_path, name, text.encode())


def test_a_json_text_as_large_as_is_allowed_may_be_unfolded() -> None:
    """Its parser needs ten times its size at once, and dies without a word where it gets less."""
    assert memory_limit("json", 58_000_000) == memory_limit("xlsx", 58_000_000) == LARGE_MEMORY
    assert memory_limit("json", 1_000_000) < LARGE_MEMORY
