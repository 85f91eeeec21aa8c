"""Dates of the Republic's era (民國), counted by hand: 115 is 2026. Drafted, asked where not plain, read."""

import datetime
from pathlib import Path

import pandas as pd
import pytest

from governance.drafting import draft
from governance.importing import ImportProblem, import_files
from tests.test_drafting import ALWAYS, APPEAL, Rows, bring, cannot_be_imported, open_keys, save, table

HEAD = ["案件編號", "類別", "登記時間", "派遣時間", "到場時間", "結案日期", "辦理期限"]
ROWS: Rows = [
    HEAD,
    ["T1", "環境衛生", "民國 115/06/03 08:30", "民國115年6月3日", "115.06.03", "1150604", "115/06/10"],
    ["T2", "市政設施", "民國 99/12/31 23:05", "中華民國100年1月1日", "100.01.01", "1000102", "100/01/05"],
    ["T3", "市政設施", "民國 113/02/29 09:00", "民國113年2月29日", "113.02.29", "1130301", "113/03/07"],
    ["T4", "環境衛生", "民國 114/02/29 09:00", "民國114年3月1日", "114.03.01", "1140302", "114/03/08"],  # no such day
]
DAY = pd.Timestamp


def test_years_of_the_republic_are_drafted_and_read(tmp_path: Path) -> None:
    file = save(tmp_path / "案件.csv", ROWS)
    made = draft([file], answers=ALWAYS | APPEAL | {"mixed.dispatched_at": "all", "column.reported_at": "登記時間"})
    assert not open_keys(made)
    for line in (
        'formats = ["民國 %Ey/%m/%d %H:%M"]',
        'formats = ["民國%Ey年%m月%d日", "中華民國%Ey年%m月%d日"]',
        'formats = ["%Ey.%m.%d"]',
        'formats = ["%Ey%m%d"]',
        'formats = ["%Ey/%m/%d"]',
    ):
        assert line in made.toml()
    report = bring(tmp_path, made, [file], datetime.datetime(2026, 7, 1))
    found = report.tables["cases"]
    assert (found.accepted, sum(found.rejected.values())) == (3, 1)
    assert [one.row_number for one in report.rejects] == [5] and "时间" in report.rejects[0].reason
    cases = table().set_index("case_id").sort_index()
    assert list(cases["reported_at"]) == [DAY("2026-06-03 08:30"), DAY("2010-12-31 23:05"), DAY("2024-02-29 09:00")]
    assert list(cases["dispatched_at"]) == [DAY("2026-06-03"), DAY("2011-01-01"), DAY("2024-02-29")]
    assert list(cases["arrived_at"]) == list(cases["dispatched_at"])
    assert list(cases["closed_at"]) == [DAY("2026-06-04"), DAY("2011-01-02"), DAY("2024-03-01")]
    assert list(cases["due_at"]) == [DAY("2026-06-10"), DAY("2011-01-05"), DAY("2024-03-07")]
    again = draft([file], earlier=tmp_path / "drafted.toml", answers=APPEAL)
    assert not open_keys(again)


def old(heading: str) -> Rows:
    """Years of two digits: 1998 and 1999, or 2009 and 2010."""
    return [["案件編號", "類別", heading], ["T1", "環境衛生", "98/06/03"], ["T2", "市政設施", "99/11/20"]]


def test_a_year_of_two_digits_is_asked_unless_the_heading_says_which(tmp_path: Path) -> None:
    file = save(tmp_path / "案件.csv", old("受理日期"))
    made = draft([file], answers=ALWAYS | APPEAL)
    asked = next(one for one in made.questions if one.key == "order.reported_at")
    assert asked.answer is None and "民国" in asked.text and {"era", "year"} <= {one.value for one in asked.options}
    cannot_be_imported(tmp_path, made, [file])
    for answer, written in (("era", "%Ey/%m/%d"), ("year", "%y/%m/%d")):
        made = draft([file], answers=ALWAYS | APPEAL | {"order.reported_at": answer})
        assert not open_keys(made) and f'formats = ["{written}"]' in made.toml()
    made = draft([save(tmp_path / "案件2.csv", old("受理日期（民國）"))], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and 'formats = ["%Ey/%m/%d"]' in made.toml()
    assert any("民国纪年" in note for note in made.notes)


@pytest.mark.parametrize("form", ["%m/%Ey", "%d.%Ey.%m", "%Ey/%Ey/%d"])
def test_the_year_of_an_era_stands_first_and_once(form: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(
        'source = "x"\n[tables.cases.columns]\ncase_id = "案件編號"\ncategory = "類別"\n'
        f'reported_at = {{ from = "受理日期", formats = ["{form}"] }}\n',
        "utf-8",
    )
    with pytest.raises(ImportProblem, match="时间格式"):
        import_files(tmp_path / "m.toml", [save(tmp_path / "a.csv", old("受理日期"))])
