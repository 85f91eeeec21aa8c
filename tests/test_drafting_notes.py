"""Notes below the table of a hand-kept list: left out and counted where plain, asked where not; no case is lost."""

from pathlib import Path

import pytest

from governance.drafting import draft
from governance.importing import ImportProblem
from tests.test_drafting import ALWAYS, APPEAL, Rows, bring, cannot_be_imported, open_keys, save, table, workbook

HEAD: list[object] = ["序号", "工单编号", "标题", "类别", "受理时间", "办结时间", "承办单位"]
END: Rows = [
    ["合计", "", "12件", "", "", "", ""],
    ["填表人：王小明", "", "", "审核人：李大力", "", "", ""],
    ["备 注：本表逾期不报的，由街道通报", "", "", "", "", "", ""],
    [],
]
SENTENCE = ["本表由各社区于每月5日前报送，不得空项", "", "", "", "", "", ""]


def cases(count: int = 12) -> list[list[object]]:
    return [
        HEAD,
        *([n, f"G{n:03}", f"第{n}件", "环境卫生", f"2026-05-{n:02} 09:00", f"2026-05-{n:02} 18:00", "城管"]
          for n in range(1, count + 1)),
    ]  # fmt: skip


def kept(folder: Path, kind: str, rows: Rows) -> Path:
    return save(folder / "台账.csv", rows) if kind == "csv" else workbook(folder / "台账.xlsx", {"Sheet1": rows})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_usual_notes_are_left_out_and_counted(kind: str, tmp_path: Path) -> None:
    file = kept(tmp_path, kind, [*cases(), *END])
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and made.look.rows == 12
    assert 'footer_words = ["合计", "总计", "小计", "填表人", "备注"]' in made.toml()
    assert any("有 2 行附注（以“填表人”、“备注”开头）" in note for note in made.notes)
    assert "王小明" not in made.toml() + "".join(made.notes)
    found = bring(tmp_path, made, [file]).tables["cases"]
    assert (found.accepted, found.excluded, sum(found.rejected.values())) == (12, 3, 0)
    assert len(table()) == 12


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sentence_below_the_table_is_asked(kind: str, tmp_path: Path) -> None:
    file = kept(tmp_path, kind, [*cases(), *END, SENTENCE])
    made = draft([file], answers=ALWAYS | APPEAL)
    assert open_keys(made) == {"footers"}
    cannot_be_imported(tmp_path, made, [file])
    made = draft([file], answers=ALWAYS | APPEAL | {"footers": "yes"})
    assert not open_keys(made) and '"本表由各社区于每月"' in made.toml()
    found = bring(tmp_path, made, [file]).tables["cases"]
    assert (found.accepted, found.excluded, sum(found.rejected.values())) == (12, 4, 0)
    again = draft([file], earlier=tmp_path / "drafted.toml", answers=APPEAL)
    assert not open_keys(again) and again.look.rows == 12 and '"本表由各社区于每月"' in again.toml()
    made = draft([file], answers=ALWAYS | APPEAL | {"footers": "no"})
    assert made.look.rows == 13 and '"本表由各社区于每月"' not in made.toml()
    with pytest.raises(ImportProblem, match="footers 的回答"):
        draft([file], answers={"footers": "maybe"})


def test_a_note_that_is_torn_off_in_a_csv_is_left_out_too(tmp_path: Path) -> None:
    """Written below by hand: a line without the commas of the others."""
    file = save(tmp_path / "台账.csv", [*cases(), [], ["填表人：王小明"], ["填报日期：2026年6月1日"]])
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and not any("残缺" in note for note in made.notes)
    found = bring(tmp_path, made, [file]).tables["cases"]
    assert (found.accepted, found.excluded, sum(found.rejected.values())) == (12, 2, 0)


def test_a_case_that_begins_like_a_note_is_not_lost(tmp_path: Path) -> None:
    """The first column is the title here, and one of them says 说明: what stands below then stays, too, and is told."""
    rows = [[row[2], *row[3:], row[1]] for row in cases()]
    rows[5][0] = "说明：路灯不亮"
    file = save(tmp_path / "台账.csv", [*rows, ["说明：本表由街道填写", *[""] * 5]])
    made = draft([file], answers=ALWAYS | APPEAL)
    assert made.look.rows == 13 and "footer_words" not in made.toml()
    assert any("别的行也以“说明”开头" in note for note in made.notes)


def test_the_last_case_is_no_note_however_little_is_filled_in(tmp_path: Path) -> None:
    rows = [*cases(), [13, "G013", "", "环境卫生", "2026-05-13 09:00", "", ""], [14, "G014", *[""] * 5]]
    made = draft([save(tmp_path / "台账.csv", rows)], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and made.look.rows == 14


def test_the_notes_of_every_month_do_not_make_the_months_versions_of_one_list(tmp_path: Path) -> None:
    """Three months of 12, 13 and 14 cases, each with a title, a total and the same three notes."""
    below: Rows = [
        ["合计"],
        ["填报单位（盖章）：某街道"],
        ["审核：李大力", "", "", "填报日期：6月1日"],
        [],
        ["注:含补录"],
    ]
    months = {}
    for month in (3, 4, 5):
        rows = [[str(cell).replace("2026-05", f"2026-0{month}") for cell in row] for row in cases(9 + month)]
        rows = [
            [row[0], row[1].replace("G", f"G{month}"), row[2].replace("第", f"{month}月第"), *row[3:]] for row in rows
        ]
        months[f"{month}月"] = [["某街道台账"], [], *rows, *below]
    file = workbook(tmp_path / "台账.xlsx", months)
    made = draft([file], answers=ALWAYS | APPEAL)
    assert not open_keys(made) and made.look.rows == 12 + 13 + 14 and 'sheet = "*月"' in made.toml()
    found = bring(tmp_path, made, [file]).tables["cases"]
    assert (found.accepted, found.excluded, sum(found.rejected.values())) == (39, 12, 0)
