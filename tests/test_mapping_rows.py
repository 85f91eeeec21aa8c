"""Rows written in a mapping itself: the few places that no export lists."""

from pathlib import Path

import pandas as pd
import pytest

from governance import snapshots
from governance.importing import ImportProblem, import_files

MAPPING = """
source = "hotline"

[tables.cases.columns]
case_id = "编号"
category = "类别"
region_code = "社区"
reported_at = "时间"

[tables.regions]
rows = [
    {{ region_code = "141122", level = "county", name = "交城县", households = 80000 }},
    {{ region_code = "甲社区", level = "community", name = "来自映射", parent_code = "141122" }},
    {rows}
]

[tables.regions.columns]
region_code = "社区"
name = "社区"
level = {{ value = "community" }}
parent_code = {{ value = "141122" }}
"""


def import_with(folder: Path, rows: str = "") -> pd.DataFrame:
    mapping, export = folder / "mapping.toml", folder / "export.csv"
    mapping.write_text(MAPPING.format(rows=rows), "utf-8")
    export.write_text("编号,类别,社区,时间\n1,矛盾纠纷,甲社区,2026-06-01\n2,矛盾纠纷,乙社区,2026-06-02\n", "utf-8")
    import_files(mapping, [export])
    return pd.read_parquet(snapshots.latest().files("regions")[0]).set_index("region_code").sort_index()


def test_rows_join_those_of_the_files_which_count_where_both_know_a_place(tmp_path: Path) -> None:
    regions = import_with(tmp_path)

    assert regions["name"].to_dict() == {"141122": "交城县", "乙社区": "乙社区", "甲社区": "甲社区"}
    assert regions.loc["141122", "households"] == 80000
    assert regions.loc["甲社区", "parent_code"] == "141122"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('{ region_code = "X", name = "甲", level = "hamlet" }', "层级不是"),
        ('{ region_code = "X", name = "甲", level = "town", households = "许多" }', "户数不对"),
        ('{ region_code = "X", name = "甲", level = "town", parent_code = "X" }', "相同"),
        ('{ region_code = "X", level = "town" }', "缺少必需的列 name"),
        ('{ region_code = "X", name = "甲", level = "town", nam = "甲" }', "没有叫“nam”的标准列"),
        ('"X"', "应是一个表"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_in_one_sentence(tmp_path: Path, row: str, why: str) -> None:
    with pytest.raises(ImportProblem, match=why) as refused:
        import_with(tmp_path, row)

    assert "mapping.toml" in str(refused.value)
    assert str(refused.value).count("。") == 1
    assert snapshots.snapshot_ids() == []
