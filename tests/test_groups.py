"""分组: groups.toml is checked when it is read, and classes hold what their bounds say."""

from pathlib import Path

import pytest

from governance import groups
from governance.groups import GroupError
from tests.factory import County

GOOD = dict.fromkeys(groups.KINDS, 'classes = [{ label = "小", below = 200 }, { label = "大" }]')


def written(folder: Path, projects: str = "", **kinds: str) -> Path:
    path = folder / "groups.toml"
    blocks = [f"[{kind}]\n{block}" for kind, block in (GOOD | kinds).items()]
    path.write_text("\n".join(blocks) + f"\n[projects]\n{projects}\n", encoding="utf-8")
    return path


def test_the_packaged_groups_are_whole() -> None:
    assert set(groups.GROUPS.groupings) == set(groups.KINDS)
    assert "飞线充电" in groups.GROUPS.projects["充电设施"]


@pytest.mark.parametrize(
    "block",
    [
        "classes = []",
        'classes = [{ label = "小" }, { label = "大" }]',
        'classes = [{ label = "小", below = 200 }, { label = "大", below = 500 }]',
        'classes = [{ label = "小", below = 500 }, { label = "中", below = 200 }, { label = "大" }]',
        'classes = [{ label = "小", below = "200" }, { label = "大" }]',
        'classes = [{ label = "小", below = 200 }, { label = "小" }]',
        "classes = [{ below = 200 }, { below = 300 }]",
        'label = "小区规模"',
    ],
)
def test_a_grouping_that_makes_no_sense_is_named(block: str, tmp_path: Path) -> None:
    with pytest.raises(GroupError, match="estate_size"):
        groups.read(written(tmp_path, estate_size=block))


@pytest.mark.parametrize("listed", ['"充电设施" = "飞线充电"', '"充电设施" = []', '"充电设施" = [1]'])
def test_a_project_that_makes_no_sense_is_named(listed: str, tmp_path: Path) -> None:
    with pytest.raises(GroupError, match="充电设施"):
        groups.read(written(tmp_path, listed))


def test_a_missing_grouping_is_named(tmp_path: Path) -> None:
    path = tmp_path / "groups.toml"
    path.write_text("[estate_size]\n" + GOOD["estate_size"], encoding="utf-8")
    with pytest.raises(GroupError, match="estate_age"):
        groups.read(path)


def test_a_quote_in_a_label_stays_a_label(tmp_path: Path) -> None:
    found = groups.read(written(tmp_path, '"a\'b" = ["c\'d"]', estate_size=GOOD["estate_size"].replace("小", "it's")))
    con = County().con
    for statement in groups.statements(found):
        con.execute(statement)
    assert con.execute("select label from peer_classes where kind = 'estate_size'").fetchall() == [("it's",), ("大",)]
    assert con.execute("from project_matters").fetchall() == [("a'b", "c'd")]


def test_without_projects_the_table_is_empty(tmp_path: Path) -> None:
    con = County().con
    for statement in groups.statements(groups.read(written(tmp_path))):
        con.execute(statement)
    assert con.execute("select count(*) from project_matters").fetchone() == (0,)


def test_a_class_begins_with_its_bound_and_ends_before_the_next(county: County) -> None:
    con = county.ready()
    found = con.execute(
        "select n, peer_class('grid_size', n) from (values (0), (199), (200), (500), (501), (null)) as t(n)"
    ).fetchall()
    assert dict(found) == {
        0: "200 户以下", 199: "200 户以下", 200: "200–500 户", 500: "200–500 户", 501: "500 户以上", None: None,
    }  # fmt: skip
