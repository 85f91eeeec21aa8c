"""Odd files that are read as far as they can be, or refused for the reason that is theirs: found by hostile_more."""

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as encryption
import pytest

from governance.importing import ImportProblem, parquet_reading, workbook_checks
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
        *(
            (f"string-number-{number}.xlsx", f"的工作表“Sheet”里单元格 A2 指向工作簿里没有的文字（第 {number} 条）")
            for number in ("4", "4294967295", "4294967296", "-1", "1.5", "x")
        ),
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


@pytest.mark.parametrize("strings", [1, 2, 10, 42, 100, 4821])
def test_only_a_text_that_the_workbook_has_not_is_beyond(strings: int) -> None:
    beyond = workbook_checks._beyond(strings)
    for number in (0, 1, 9, 10, 41, 42, 99, 100, 999, 4820, 4821, 4999, 10_000, 10**20):
        for written in (f"{number}", f"00{number}"):
            found = beyond.search(f'<c r="B7" s="1" t="s"><v>{written}</v></c>'.encode())
            assert (found is not None) == (number >= strings), written


def test_texts_are_counted_across_the_pieces_in_which_they_are_unpacked(tmp_path: Path) -> None:
    """Their parts are a megabyte and more, cut anywhere."""
    texts = "".join(f"<si><t>{'x' * (n % 7)}{n}</t></si>" for n in range(90_000))
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst>{texts}<x:si/></sst>")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert workbook_checks.strings_in(archive) == 90_001


@pytest.mark.parametrize(
    ("place", "sentence"),
    [(0, "写明有 1 行，各组加起来却是 60 行"), (-1, "第 1 组写明有 1 行，列“工单编号”却有 60 个值")],
)
def test_a_footer_that_understates_its_rows_is_refused(
    place: int, sentence: str, reader: Reader, tmp_path: Path
) -> None:
    """Sixty is written as 0x78: first for the file, last for its only group."""
    good = hostile_more.parquet(compression="none")
    size = int.from_bytes(good[-8:-4], "little")
    start = len(good) - 8 - size
    at = [n for n in range(start, start + size) if good[n] == 0x78][place]
    with pytest.raises(ImportProblem, match=sentence):
        cells(reader, tmp_path, "a.parquet", good[:at] + b"\x02" + good[at + 1 :])


def test_parquet_texts_are_not_taken_apart_cell_by_cell(tmp_path: Path) -> None:
    """Three million rows weigh nothing in a file; cell by cell they took 44 seconds."""
    path, rows = tmp_path / "a.parquet", 5_000
    words = pa.array(["甲", None] * (rows // 2))
    pq.write_table(pa.table({HEAD[0]: words, HEAD[1]: words.dictionary_encode()}), path)
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        parquet_reading.read({"path": str(path), "wanted": HEAD[:2], "parquet": str(tmp_path / "1.parquet")})
    finally:
        sys.setprofile(None)
    assert calls < rows
    assert pq.read_table(tmp_path / "1.parquet", columns=["row_number", "h0", "h1"]).slice(rows - 2).to_pylist() == [
        {"row_number": rows - 1, "h0": "甲", "h1": "甲"},
        {"row_number": rows, "h0": None, "h1": None},
    ]


class Keys(encryption.KmsClient):
    """Keeps no key secret."""

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> str:
        """Hand the key over as it is."""
        return key_bytes.hex()


def test_a_locked_column_is_named_as_that(reader: Reader, tmp_path: Path) -> None:
    table = pa.table({one: ["x"] for one in HEAD})
    chosen = encryption.EncryptionConfiguration("main", column_keys={"main": [HEAD[0]]}, plaintext_footer=True)
    factory = encryption.CryptoFactory(lambda _: Keys())
    keys = factory.file_encryption_properties(encryption.KmsConnectionConfig(), chosen)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, encryption_properties=keys)
    locked = sink.getvalue().to_pybytes()
    with pytest.raises(ImportProblem, match=r"^文件 a\.parquet 要读的列是加密的：[^。]*。$"):
        cells(reader, tmp_path, "a.parquet", locked)
    assert read_file(reader, tmp_path / "a.parquet", FileOptions(), (HEAD[1],), tmp_path, 1).rows == 1, "not this one"


def test_a_line_in_another_encoding_far_below_is_named(reader: Reader, tmp_path: Path) -> None:
    """All of it can be decoded as GB18030; then the headings are other words, and these were called missing."""
    plain = b"A1,x,2026-05-01\n" * 10_000
    content = (",".join(HEAD) + "\n").encode() + plain + "A2,楼道,2026-05-01\n".encode("gb18030")
    content.decode("gb18030")
    with pytest.raises(ImportProblem, match="第 10002 行有无法解码的字节"):
        cells(reader, tmp_path, "a.csv", content)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_have_is_the_reason(number: str, reader: Reader, tmp_path: Path) -> None:
    text = f'[{{"{HEAD[0]}": "楼道灯不亮，请维修", "{HEAD[1]}": {number}}}]'
    with pytest.raises(ImportProblem, match=r"第 1 行第 \d+ 字里有 NaN 或过大的数字"):
        cells(reader, tmp_path, "a.json", text.encode())


def test_outlines_with_a_property_each_are_refused_at_once(reader: Reader, tmp_path: Path) -> None:
    """Thirty thousand of them were to become a table of as many columns."""
    square = {"type": "Polygon", "coordinates": [[[112, 37], [113, 37], [113, 38], [112, 37]]]}
    features = [{"type": "Feature", "properties": {f"p{n}": n}, "geometry": square} for n in range(5_001)]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.raises(ImportProblem, match=r"超过 5,000 种不同的属性"):
        read_file(reader, path, FileOptions(), ("p1",), tmp_path, 1)


def test_a_name_steers_no_terminal_and_turns_no_sentence_round(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem) as caught:
        cells(reader, tmp_path, "a\x1b[31m\u202egpj.csv", b"x\x07\n1\n")
    assert str(caught.value).startswith("文件 a\ufffd[31m\ufffdgpj.csv 缺少表头 ") and str(caught.value).isprintable()
