"""What headings.toml suggests: every canonical column that a mapping may fill, and none by a heading of another."""

import datetime
import tomllib
from pathlib import Path

import pytest

from governance.drafting import draft, evidence, headings
from governance.importing import catalogue
from tests.test_drafting import Rows, bring, open_keys, save, table

KNOWN = tomllib.loads((headings.HERE / "headings.toml").read_text("utf-8"))
TABLES = {name: one for name, one in catalogue.tables().items() if name != "boundaries"}  # of GeoJSON: no headings
NEVER = {"cases.reporter_hash", "visits.household_hash", "points.account_hash"}  # somebody's number: a person decides


def written(name: str, column: str) -> list[str] | None:
    found: list[str] | None = KNOWN.get(name, {}).get(column, KNOWN["any"].get(column))
    return found


def test_every_column_that_a_mapping_may_fill_is_suggested_or_never_is() -> None:
    wanted = {
        (name, column.name): written(name, column.name) for name in TABLES for column in evidence.fillable(TABLES[name])
    }
    assert not [one for one, words in wanted.items() if words is None]
    assert {f"{name}.{column}" for (name, column), words in wanted.items() if words == []} == NEVER


def test_no_heading_is_written_for_what_the_schema_does_not_have() -> None:
    for name, columns in KNOWN.items():
        known = {column for one in TABLES.values() for column in one.columns} if name == "any" else TABLES[name].columns
        assert not set(columns) - set(known), name


@pytest.mark.parametrize("name", TABLES)
def test_the_surest_heading_of_a_column_means_no_other(name: str) -> None:
    columns = [column.name for column in evidence.fillable(TABLES[name]) if written(name, column.name)]
    for column in columns:
        first = (written(name, column) or [""])[0]
        sure = {one: headings.similarity(name, one, first)[0] for one in columns}
        assert max(sure, key=lambda one: sure[one]) == column, (first, sure)


def test_what_no_heading_may_mean_is_not_meant_by_its_own_name() -> None:
    assert headings.similarity("points", "account_hash", "账户加密标识") == (0.0, "")


LEDGERS: dict[str, tuple[Rows, dict[str, list[object]]]] = {
    "plans": (
        [
            ["计划编号", "社区代码", "工作类别", "制定日期", "计划办理日期", "实际完成日期"],
            ["J1", "141122001001", "环境整治", "2026-05-01", "2026-05-02", "2026-05-02"],
            ["J2", "141122001001", "走访慰问", "2026-05-01", "2026-05-02", ""],
        ],
        {"topic": ["环境整治", "走访慰问"], "done_on": ["2026-05-02", None]},
    ),
    "activities": (
        [
            ["活动编号", "活动类型", "社区代码", "志愿服务队", "服务品牌", "品牌项目", "活动日期", "时长", "服务人数"],
            ["H1", "理发", "141122001001", "红马甲", "五福", "敬老福", "2026-05-03", "2.5", "40"],
            ["H2", "义诊", "141122001002", "白大褂", "五福", "美满福", "2026-05-04", "3", "55"],
        ],
        {"team": ["红马甲", "白大褂"], "brand_line": ["敬老福", "美满福"], "beneficiary_count": [40, 55]},
    ),
    "grids": (
        [
            ["网格编码", "网格层级", "网格名称", "社区代码", "网格党组织编号", "并入网格", "户数"],
            ["141122001001001", "1", "一网格", "141122001001", "D1", "党建、社保", "300"],
            ["141122001001002", "1", "二网格", "141122001001", "D2", "", "280"],
        ],
        {"party_id": ["D1", "D2"], "merged_from": ["党建、社保", None]},
    ),
    "partners": (
        [
            ["组织编号", "组织类型", "社区代码", "队伍名称", "党组织层级", "上级组织编号", "党员人数", "成立日期"],
            ["D1", "党支部", "141122001001", "", "3", "D0", "21", "2020-07-01"],
            ["S1", "志愿队伍", "141122001001", "红马甲", "", "", "9", "2021-03-05"],
        ],
        {"party_level": [3, None], "parent_id": ["D0", None], "member_count": [21, 9]},
    ),
}


@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_of_another_kind_needs_no_answer_about_its_columns(name: str, tmp_path: Path) -> None:
    rows, expected = LEDGERS[name]
    file = save(tmp_path / "台账.csv", rows)
    made = draft([file], table=name, answers={"merge": "replace", "source": "ledger"})
    assert not open_keys(made)
    found = bring(tmp_path, made, [file], datetime.datetime(2026, 6, 1)).tables[name]
    assert (found.accepted, sum(found.rejected.values())) == (2, 0)
    stored = table(name).sort_values(TABLES[name].key[0])
    assert len(stored) == 2
    for column, values in expected.items():
        got = [None if value is None or value != value else value for value in stored[column]]
        assert [str(one)[:10] if column.endswith("_on") and one is not None else one for one in got] == values
