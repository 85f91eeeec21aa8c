"""Hostile files: rows or one sentence; no traceback, no hang, no swollen process.

A sample runs always; `HOSTILE=all` runs every one of them (some 1,000, a few minutes).
"""

import os
import time
from collections import Counter
from pathlib import Path

import pytest

from governance import snapshots
from governance.importing import ImportProblem, import_files
from governance.importing.options import FileOptions
from governance.importing.reader import Reader
from governance.importing.reading import read_file
from tests import hostile, hostile_more

LONGEST = 10  # seconds
LARGEST = 1_000_000_000  # bytes resident
EVERY = 1 if os.environ.get("HOSTILE") == "all" else 7
SLOW = (
    *("lines.csv", "blank-lines.csv", "returns.csv", "bomb.parquet", "bomb.xlsx", "keys.json", "numbers.json"),
    *("quote-open-for-500-MB.csv", "blanks-for-60-MB.csv", "swells-many-times.xlsx", "swells-as-a-sheet.xlsx"),
    *("many-parts-that-swell.xlsx", "a-huge-dictionary.parquet", "a-dictionary-that-swells.parquet"),
    *("a-row-group-for-each-row.parquet", "metadata-of-a-hundred-megabytes.parquet", "sixty-megabytes-of-one.json"),
    *("twenty-million-objects.json", "cdata-of-30-MB.xml", "a-ring-of-zigzags.geojson", "holes-without-end.geojson"),
)
MAPPING = """
source = "s"
[tables.cases.columns]
case_id = "工单编号"
category = { value = "99" }
title = "标题"
reported_at = "受理时间"
"""


def every() -> list[hostile.Hostile]:
    return [*hostile.files(), *hostile_more.files()]


def chosen() -> list[hostile.Hostile]:
    found = every()
    return found if EVERY == 1 else [one for one in found[::EVERY] if one.name not in SLOW] + _telling(found)


def _telling(found: list[hostile.Hostile]) -> list[hostile.Hostile]:
    """What was built by hand, small enough to run always."""
    names = [
        *("laughs.xlsx", "far-XFD1048576.xlsx", "overlapping.xlsx", "flagged.xlsx", "repeated-rows.ods", "deep.xml"),
        *("laughs.xml", "deep-more.json", "ends.parquet", "length-2.parquet", "twice.csv", "columns.csv"),
    ]
    return [one for one in found if one.name in names]


def test_there_are_some_1000_of_them_and_no_two_have_one_name() -> None:
    names = Counter(one.name for one in every())
    assert len(names) >= 1000 and max(names.values()) == 1


def is_one_sentence(sentence: str, name: str) -> bool:
    return (
        name in sentence
        and sentence.count("。") == 1
        and sentence.endswith("。")
        and "：" in sentence
        and "\n" not in sentence
        and not any(sign in sentence for sign in ("Traceback", "Error", "Exception", "pyarrow", "/tmp"))
    )


def test_each_is_read_or_refused_in_one_sentence(tmp_path: Path) -> None:
    faults, outcomes = [], Counter[str]()
    with Reader() as reader:
        for number, one in enumerate(chosen()):
            path = tmp_path / one.name
            path.write_bytes(one.content())
            wanted = ("name",) if path.suffix == ".geojson" else ("工单编号", "标题", "受理时间")
            start = time.monotonic()
            try:
                rows = read_file(reader, path, FileOptions(), wanted, tmp_path, number).rows
                outcomes["rows" if rows else "no rows"] += 1
            except ImportProblem as problem:
                outcomes["refused"] += 1
                if not is_one_sentence(str(problem), one.name):
                    faults.append(f"{one.name} ({one.what}): {problem}")
            except Exception as error:
                faults.append(f"{one.name} ({one.what}): {error!r}")
            if (seconds := time.monotonic() - start) > LONGEST:
                faults.append(f"{one.name} ({one.what}): {seconds:.1f} s")
            for left in (path, tmp_path / f"{number}.parquet"):
                left.unlink(missing_ok=True)
            if reader.peak > LARGEST:
                faults.append(f"{one.name} ({one.what}): {reader.peak:,} bytes")
                reader.peak = 0
    assert not faults, "\n".join(faults)
    assert outcomes["rows"] and outcomes["refused"], outcomes
    print(dict(outcomes))


@pytest.mark.parametrize(
    "one", [one for one in chosen()[::12] if not one.name.endswith("geojson")], ids=lambda one: one.name
)
def test_a_whole_import_of_some_leaves_nothing_behind(tmp_path: Path, one: hostile.Hostile) -> None:
    (tmp_path / "m.toml").write_text(MAPPING, "utf-8")
    (tmp_path / one.name).write_bytes(one.content())
    try:
        import_files(tmp_path / "m.toml", [tmp_path / one.name], dry_run=True)
    except ImportProblem as problem:
        assert is_one_sentence(str(problem), one.name)
    assert not snapshots.snapshot_ids()
