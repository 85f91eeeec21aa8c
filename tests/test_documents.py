"""What README and docs/ show must work as it stands: mapping, indicator, commands, links, pictures."""

import re
import tomllib
from pathlib import Path

import pytest

from governance import __main__ as command_line
from governance import importing, snapshots
from governance.indicators import DURATIONS, Indicator, _define
from tests.factory import ANALYST, open_store

ROOT = Path(__file__).resolve().parents[1]
PAPERS = {path.relative_to(ROOT): path.read_text("utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))}
README, MAPPING, EXTENDING = (PAPERS[Path(name)] for name in ("README.md", "docs/mapping.md", "docs/extending.md"))
EVERYTHING = "\n".join(PAPERS.values())
EXPORT = """工单编号,受理时间,办结时间,类别,社区代码,网格编码,满意度,标题,状态
A1,2026/06/01 09:00:00,2026/06/02 10:30:00,邻里纠纷,141122001001,141122001001001,非常满意,堆物，电话13800138000,已办结
A2,2026-06-03,,矛盾纠纷,141122001001,,无,噪声,办理中
A3,2026/06/04 08:00:00,2026/06/05 08:00:00,没见过的类别,141122001001,,一般,路灯,已归档
A4,2026/06/05 08:00:00,,飞线充电,141122001001,,,重复,作废
A5,六月六日,,飞线充电,141122001001,,,时间写错,办理中
"""


def blocks(language: str, text: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def anchors(text: str) -> set[str]:
    """The names under which a page's headings can be linked: small letters, no punctuation, dashes for spaces."""
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_it_opens_with_the_two_commands() -> None:
    first = [line.split("#")[0].strip() for line in blocks("sh", README)[0].splitlines()]
    assert first == ["make run", "make test"]
    assert README.index("make run") < 80
    assert len(README.splitlines()) <= 200


def test_the_mapping_can_be_used_as_it_stands(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(next(block for block in blocks("toml", MAPPING) if "[tables.cases]" in block), "utf-8")
    export = tmp_path / "2026年6月工单.csv"
    export.write_text(EXPORT, "gb18030")

    report = importing.import_files(mapping, [export])

    store = open_store(ANALYST, snapshots.latest())
    rows = store.query("select * from cases order by case_id").set_index("case_id")
    assert list(rows.index) == ["A1", "A2", "A3"]
    assert list(rows["category"]) == ["01", "01", "99"]
    assert list(rows["rating"].fillna(0)) == [5, 0, 3]
    assert str(rows.at["A1", "due_at"]) == "2026-06-08 09:00:00"
    assert rows.at["A1", "title"] == "堆物，电话[电话]"
    rejects = store.query("select row_number, column_name, value from rejects")
    assert rejects.to_numpy().tolist() == [[6, "reported_at", "六月六日"]]
    assert "gb18030" in report.text()


def test_the_indicator_is_a_definition() -> None:
    block = next(block for block in blocks("toml", EXTENDING) if 'direction = "higher"' in block)
    ((key, fields),) = tomllib.loads(block).items()
    assert isinstance(_define(key, "办理时效", fields, DURATIONS), Indicator)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python -m governance (\w+)", EVERYTHING))))
def test_every_command_it_names_exists(command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.main([command, "--help"])
    assert ended.value.code == 0


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", " ".join(blocks("sh", EVERYTHING))))))
def test_every_make_target_it_names_exists(target: str) -> None:
    assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text("utf-8"))


@pytest.mark.parametrize("paper", sorted(PAPERS), ids=str)
def test_every_link_leads_somewhere(paper: Path) -> None:
    for path, anchor in re.findall(r"\]\(([^)#:]*)#?([^):]*)\)", PAPERS[paper]):
        target = (ROOT / paper.parent / path).resolve() if path else ROOT / paper
        assert target.exists(), path
        assert not anchor or anchor in anchors(target.read_text("utf-8")), anchor


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:governance|pages|queries|tests|tools)/[\w./]*)`", EVERYTHING)))
)
def test_every_place_it_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_room_stands_in_the_house() -> None:
    rooms = {path.name for path in (ROOT / "governance").iterdir() if path.suffix == ".py" or path.is_dir()}
    missing = {room for room in rooms if room.removesuffix(".py") not in README} - {"__init__.py", "__pycache__"}
    assert not missing
