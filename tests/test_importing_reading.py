"""The child process that reads files: limits for each file by itself, whatever became of the file before."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from governance.importing import ImportProblem
from governance.importing.kinds import MEGABYTE
from governance.importing.options import FileOptions
from governance.importing.reader import Reader
from governance.importing.reading import Reading

LIMITS = {"memory": 1000 * MEGABYTE, "seconds": 20}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A file that takes longer than a second to read: its line ends make csv.reader read it row by row."""
    path = tmp_path / "e.csv"
    path.write_bytes("编号,时间\r".encode() + b"1,2026-05-01\r" * 2_000_000)
    return path


def request(path: Path, **limits: int) -> dict[str, object]:
    answer = path.with_suffix(".parquet")
    fixed = {"kind": "csv", "encoding": "utf-8", "delimiter": ",", "sheet": None, "header_row": 1, "crs": "cgcs2000"}
    return {
        "path": str(path),
        "name": path.name,
        "wanted": ["编号"],
        "parquet": str(answer),
        **fixed,
        **LIMITS,
        **limits,
    }


def test_the_next_file_is_read_after_one_that_took_too_long(tmp_path: Path, export: Path) -> None:
    small = tmp_path / "small.csv"
    small.write_text("编号\n1\n2\n", "utf-8")
    with Reader() as reader:
        with pytest.raises(ImportProblem, match="读取超过 1 秒"):
            reader.read(export, request(export, seconds=1))
        for _ in range(3):  # each has the whole of its time, though the child has used more than that by now
            assert reader.read(small, request(small))["rows"] == 2


def test_memory_is_bounded_for_each_file(tmp_path: Path) -> None:
    small, huge = tmp_path / "small.csv", tmp_path / "huge.geojson"
    small.write_text("编号\n1\n2\n", "utf-8")
    with huge.open("wb") as file:
        file.truncate(400 * MEGABYTE)  # a hole: takes no room on the disk, but all of it in memory
    with Reader() as reader:
        for _ in range(2):
            answer = reader.read(huge, request(huge, memory=100 * MEGABYTE) | {"kind": "geojson"})
            assert "超出内存上限" in answer["problem"]
            assert reader.read(small, request(small))["rows"] == 2


def test_nobody_waits_for_a_large_file_when_a_small_one_is_refused(tmp_path: Path, export: Path) -> None:
    small = tmp_path / "small.csv"
    small.write_text("标题\n1\n", "utf-8")
    options = FileOptions(kind="csv")
    with pytest.raises(ImportProblem, match="缺少表头"), Reading() as reading:
        reading.files([(small, options, ("编号",)), (export, options, ("编号",))], tmp_path)
    with pytest.raises((OSError, pa.ArrowInvalid)):  # it was ended on its way
        pq.read_metadata(tmp_path / "2.parquet")


def test_the_children_end_with_the_reading(tmp_path: Path) -> None:
    small = tmp_path / "small.csv"
    small.write_text("编号\n1\n2\n", "utf-8")
    with Reader() as reader:
        reader.read(small, request(small))
        process = reader._process
    assert process is not None
    assert process.returncode is not None
