"""A mapping is read strictly: whatever it does not know is refused by name, with its place in the file."""

from pathlib import Path

import pytest

from governance.importing import ImportProblem
from governance.importing.mapping import read_mapping

GOOD = """
title = "热线"
source = "hotline"
[file]
encoding = "gbk"
null_words = ["无"]
[tables.cases]
files = "*工单*.csv"
exclude = { "状态" = ["作废"] }
[tables.cases.file]
delimiter = "\\t"
[tables.cases.columns]
case_id = "编号"
category = { from = "类别", values = { "邻里" = "01" }, otherwise = "99" }
reported_at = { from = "时间", formats = ["%Y/%m/%d"] }
need_whistle = { from = "吹哨", values = { "是" = true } }
[tables.cases.closed]
status = "办理"
closed = ["办结"]
"""


def read(folder: Path, text: str) -> str:
    path = folder / "m.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ImportProblem) as caught:
        read_mapping(path)
    sentence = str(caught.value)
    assert "\n" not in sentence and "m.toml" in sentence
    return sentence


def test_a_good_mapping(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(GOOD, "utf-8-sig")
    cases = read_mapping(path).tables["cases"]

    assert cases.headings == ("编号", "类别", "时间", "吹哨", "状态", "办理")
    assert (cases.options.encoding, cases.options.delimiter) == ("gb18030", "\t")
    assert cases.options.null_words == ("", "无")
    assert cases.columns["need_whistle"].values == {"是": "true"}
    assert cases.merge == "replace" and cases.closed and cases.closed.prefer == "time"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "热线"', 'titel = "热线"', "第 2 行 有不认识的项“titel”，是不是“title”"),
        ('encoding = "gbk"', 'encodng = "gbk"', "第 5 行 [file] 有不认识的项“encodng”，是不是“encoding”"),
        ("[tables.cases]", "[tables.case]", "没有叫“case”的标准表，是不是“cases”"),
        ('files = "*', 'file_names = "*', "[tables.cases] 有不认识的项“file_names”"),
        ('case_id = "编号"', 'case_id = "编号"\nregion_cod = "区"', "没有叫“region_cod”的标准列，是不是“region_code”"),
        ('case_id = "编号"\n', "", "缺少必需的列 case_id（案件编号）"),
        ('case_id = "编号"', 'case_id = "编号"\nsource_row = "行"', "source_row 由程序自动填写"),
        ("otherwise", "others", "有不认识的项“others”"),
        ('= "01" }', '= "41" }', "“邻里”的目标值“41”不是类别的标准代码"),
        ('otherwise = "99"', 'otherwise = "别的"', "“otherwise”的目标值“别的”不是类别的标准代码"),
        ('["%Y/%m/%d"]', '["%Q"]', "时间格式“%Q”写错了"),
        ('["%Y/%m/%d"]', '["YYYY-MM-DD"]', "没有 % 记号"),
        ('{ from = "吹哨", values', '{ from = "吹哨", value = 1, values', "二者取一"),
        (
            '{ from = "吹哨", values = { "是" = true } }',
            '{ from = "吹哨", formats = ["%Y"] }',
            "不是时间列，不能写 formats",
        ),
        ('{ from = "吹哨", values = { "是" = true } }', '{ from = "吹哨", extract = "[" }', "不是可用的正则表达式"),
        ('{ from = "吹哨", values = { "是" = true } }', '{ from = "吹哨", extract = "x" }', "要有一对括号"),
        ('{ from = "吹哨", values = { "是" = true } }', '{ from = "吹哨", hash = true }', "hash 只能是 true 或 false"),
        ('encoding = "gbk"', 'encoding = "gbk9"', "的 encoding 不认识“gbk9”"),
        ('encoding = "gbk"', 'time_zone = "Beijing"', "不是时区名称"),
        ('encoding = "gbk"', 'crs = "mars"', "的 crs 只能是"),
        ('encoding = "gbk"', "header_row = -1", "header_row 应是从 1 数起的行号"),
        ('null_words = ["无"]', "null_words = 5", "应是文字的列表"),
        ('delimiter = "\\t"', 'delimiter = "ab"', "delimiter 应是一个字符"),
        ('files = "*', 'merge = "append"\nfiles = "*', "的 merge 只能是 replace"),
        ('closed = ["办结"]', 'closed = ["办结"]\nprefer = "both"', "的 prefer 只能是 time"),
        ('closed = ["办结"]', "", "缺少必需的项“closed”"),
        ('source = "hotline"', "", "缺少必需的项“source”"),
        ('source = "hotline"', "source = ", "第 3 行"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    assert words in read(tmp_path, GOOD.replace(old, new))


def test_a_mapping_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="找不到映射文件"):
        read_mapping(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes("来源映射".encode("gb18030"))
    with pytest.raises(ImportProblem, match="不是 UTF-8"):
        read_mapping(tmp_path / "b.toml")
