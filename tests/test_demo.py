"""The demo's export files, read as a stranger would: with csv, openpyxl and headings written by hand, not through the
importer or the mappings. Every published figure of the big platforms is counted again here."""

import csv
import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from governance import demo, published
from governance.demo import places

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, str]


@pytest.fixture(scope="module")
def exports(demo_exports: Path) -> Path:
    """The export files from which the demo was built, perhaps by another process."""
    return demo_exports


def text_rows(folder: Path, pattern: str, encoding: str = "utf-8-sig", delimiter: str = ",") -> Iterator[Row]:
    paths = sorted(folder.glob(pattern), key=lambda path: path.name.replace("截至", "0"))
    assert paths, pattern
    for path in paths:
        with path.open(encoding=encoding, newline="") as file:
            yield from csv.DictReader(file, delimiter=delimiter)


def sheet_rows(path: Path, header: int = 1, sheet: str | None = None) -> Iterator[dict]:
    book = openpyxl.load_workbook(path, read_only=True)
    page = book[sheet] if sheet else book.worksheets[0]
    headings: tuple = ()
    for number, cells in enumerate(page.iter_rows(values_only=True), 1):
        if number == header:
            headings = cells
        elif number > header:
            yield dict(zip(headings, cells, strict=True))


def latest(rows: Iterator[Row], key: str, status: str) -> list[Row]:
    """As a clerk would: later files win, void rows and rows without a number do not count."""
    found = {row[key]: row for row in rows if row[key] and row[status] != "作废"}
    return [row for name, row in found.items() if not name.startswith("DIRTY")]


@pytest.fixture(scope="module")
def jiaocheng(exports: Path) -> list[Row]:
    return latest(text_rows(exports, "交城县多网合一平台_事件_*.csv", "gb18030"), "事件编号", "事件状态")


def test_jiaocheng_cases_are_the_published_numbers(jiaocheng: list[Row]) -> None:
    year_end = "2026-01-01"
    disputes = [row for row in jiaocheng if row["事件大类"] == "纠纷" and row["化解情况"] == "化解成功"]
    assert sum(row["办结时间"] < year_end for row in disputes) == 3536
    hazards = [row for row in jiaocheng if row["事件大类"] == "隐患" and row["整改完成时间"]]
    assert sum(row["整改完成时间"] < year_end for row in hazards) == 92039
    services = [row for row in jiaocheng if row["事件大类"] == "服务" and row["办结时间"] and not row["无效原因"]]
    assert sum(row["办结时间"] < year_end for row in services) == 19242


def test_jiaocheng_has_one_member_for_each_of_885_grids(exports: Path) -> None:
    grids = {row["网格编码"] for row in text_rows(exports, "基础台账_网格.csv") if row["社区代码"].startswith("141122")}
    assert len(grids) == 885
    staff = [row for row in text_rows(exports, "基础台账_网格队伍.csv", "gb18030") if row["网格编码"] in grids]
    assert len({row["人员代号"] for row in staff if row["岗位"] in ("专职", "兼职")}) == 885
    assert {row["网格编码"] for row in staff} == grids


def test_every_grid_of_heji_names_a_party_organisation_of_the_tree(exports: Path) -> None:
    partners = list(text_rows(exports, "共治台账_共建力量_*.csv"))
    tree = {row["组织编号"]: row for row in partners if row["社区代码"] == "140403006001" and row["党组织层级"]}
    kinds = Counter(row["类型"] for row in tree.values())
    assert kinds == {"社区党委": 1, "小区党支部": 9, "楼栋党小组": 16}
    assert sum(int(row["人数"]) for row in tree.values() if row["类型"] == "小区党支部") == 386
    assert {row["上级组织编号"] for row in tree.values()} - {""} <= set(tree)
    levels = Counter(
        row["网格级别"]
        for row in text_rows(exports, "基础台账_网格.csv")
        if row["社区代码"] == "140403006001"
        and tree.get(row["党组织编号"], {}).get("党组织层级") in ("党支部", "党小组")
    )
    assert sum(levels.values()) == 40
    assert sum(levels[name] for name in ("一级", "大网格")) == 6


def test_five_colours_and_five_fortunes_are_in_the_registers(exports: Path) -> None:
    partners = list(text_rows(exports, "共治台账_共建力量_*.csv"))
    colours = {row["队伍或联盟"] for row in partners if row["类型"] == "五色模范党员"}
    assert colours == {"红色党员", "橙色党员", "紫色党员", "蓝色党员", "绿色党员"}
    lists = {row["事项编号"]: row for row in text_rows(exports, "共治台账_清单_*.csv")}
    done = [row for row in lists.values() if row["清单"] == "微心愿" and row["完成日期"].startswith("2024")]
    assert 60 <= len(done) < 70
    assert {row["认领队伍"] for row in done} == colours
    activities = list(text_rows(exports, "共治台账_活动_*.csv"))
    assert {row["品牌项目"] for row in activities if row["服务品牌"] == "五福"} == {
        "美满福", "魅力福", "成长福", "敬老福", "关爱福",
    }  # fmt: skip


def test_every_month_of_thirty_has_a_jiaocheng_export(exports: Path, jiaocheng: list[Row]) -> None:
    months = {path.stem[-6:] for path in exports.glob("交城县多网合一平台_事件_*.csv")}
    assert months == {f"{year}{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13)} - {
        f"2026{month:02d}" for month in range(7, 13)
    }
    assert len(jiaocheng) > 100_000


def test_zuoyun_is_divided_and_asked_as_published(exports: Path) -> None:
    regions = list(text_rows(exports, "基础台账_行政区划.csv"))
    assert sum(row["级别"] == "村级" and row["区划代码"].startswith("140226") for row in regions) == 7
    estates = text_rows(exports, "基础台账_小区.csv", "gb18030")
    assert sum(row["社区代码"].startswith("140226") for row in estates) == 89
    grids = [row for row in text_rows(exports, "基础台账_网格.csv") if row["社区代码"].startswith("140226")]
    assert len(grids) == 573
    assert all(row["网格级别"] in ("三级", "微网格") and row["小区编号"] and not row["上级网格"] for row in grids)

    cases = latest(text_rows(exports, "左云县社区治理信息化平台_诉求_*.csv"), "诉求编号", "工单状态")
    asked = [row for row in cases if row["点单渠道"] == "请您反映" and not row["剔除原因"]]
    solved = [row for row in asked if row["办结时间"] and row["办结时间"] < "2026/01/01" and row["办理结果"] == "办成"]
    assert len(solved) == 655
    stars = [
        row["评单"] for row in asked if row["评单"] and row["评单时间"] < "2026/01/01" and row["评单方式"] == "群众评"
    ]
    assert round(sum(star in ("五星", "四星") for star in stars) / len(stars), 2) == 0.98
    assert len(stars) > 300


def test_moon_bay_is_counted_as_published(exports: Path) -> None:
    community, stop = "141126100002", "2025-11-01"
    grids = [row for row in text_rows(exports, "基础台账_网格.csv") if row["社区代码"] == community]
    levels = [sum(row["网格级别"] in words for row in grids) for words in ("一级 大网格", "二级 小网格", "三级 微网格")]
    assert levels == [12, 36, 289]
    staff = text_rows(exports, "基础台账_网格队伍.csv", "gb18030")
    assert len({row["人员代号"] for row in staff if row["网格编码"].startswith(community)}) == 337

    found: dict[str, dict] = {}
    for period in ("截至202604", "202605", "202606"):
        for row in sheet_rows(exports / f"石楼县网格诉求登记_{period}.xlsx"):
            if row["登记号"] and row["办理状态"] != "作废" and row["社区代码"] == community:
                found[row["登记号"]] = row
    valid = [row for row in found.values() if not row["无效原因"] and not row["登记号"].startswith("DIRTY")]
    appeals = [
        row
        for row in valid
        if row["来源"] == "居民诉求"
        and row["分类"] not in ("邻里矛盾", "安全隐患")
        and "2025-01-01" <= row["登记时间"].replace("/", "-") < stop
    ]
    assert len(appeals) == 378
    assert sum(row["办理结果"] == "解决" and (row["办结时间"] or "9") < stop for row in appeals) == 296
    settled = [row for row in valid if row["分类"] == "邻里矛盾" and row["化解结果"] == "是"]
    assert sum("2025-01-01" <= row["办结时间"] < stop for row in settled) == 27


def test_hohhot_is_counted_as_published(exports: Path) -> None:
    cases = latest(text_rows(exports, "呼和浩特12345热线_工单_*.csv", "utf-8"), "工单编号", "工单状态")
    assert all(row["来电时间"].endswith("+08:00") for row in cases)

    def solved(region: str, start: str, stop: str) -> list[Row]:
        rows = [row for row in cases if row["社区代码"] == region and not row["无效原因"] and row["办理结果"] == "解决"]
        return [row for row in rows if start <= row["办结时间"] < stop]

    sanshun = solved("150103008001", "2025-01-01", "2026-01-01")
    assert sum(row["一级分类"] in ("社会保障", "市容环境", "住宅物业", "城乡建设") for row in sanshun) == 251
    assert sum(row["一级分类"] == "矛盾纠纷" and row["化解结果"] == "是" for row in sanshun) == 88
    beibei = solved("150103004001", "2025-01-01", "2026-02-01")
    assert 200 <= sum(row["一级分类"] in ("矛盾纠纷", "住宅物业") for row in beibei) < 300
    names = ("私搭乱建", "乱堆乱放", "树枝过长", "休闲场所较少")
    assert sum(row["分类路径"].split("->")[-1] in names for row in beibei) == 62


def test_hunyuan_is_counted_as_published(exports: Path) -> None:
    rows = text_rows(exports, "浑源县小区治理台账_*.txt", "gb18030", "\t")
    cases = [row for row in latest(rows, "台账编号", "办理状态") if not row["剔除原因"]]
    assert sum(row["问题类别"] == "隐患" and row["登记时间"].startswith("2024年") for row in cases) == 37
    settled = [row for row in cases if row["小区代码"] == "140225100003E01" and row["化解"] == "成功"]
    assert sum(row["办结时间"].startswith("2024年") for row in settled) == 24
    inspected = text_rows(exports, "共治台账_小区排查_*.csv")
    assert len({row["小区编号"] for row in inspected if row["排查日期"].startswith("2024")}) == 65


def test_common_affairs_are_counted_as_published(exports: Path) -> None:
    meetings = {row["会议编号"]: row for row in text_rows(exports, "共治台账_议事会议_*.csv")}
    held = [
        row["召开日期"]
        for row in meetings.values()
        if row["会议类型"] == "三方协同" and row["社区代码"] == "141126100001"
    ]
    assert sum("2025年01月01日" <= day < "2025年11月01日" for day in held if day) == 17

    proposals: dict[str, dict] = {}
    for path in sorted(exports.glob("共治台账_建议_*.xlsx"), key=lambda path: path.name.replace("截至", "0")):
        proposals |= {row["建议编号"]: row for row in sheet_rows(path)}
    tea = [row for row in proposals.values() if row["征集场合"] == "下午茶" and row["征集日期"] < datetime(2025, 11, 1)]
    assert len(tea) == 76
    assert sum(row["采纳日期"] is not None and row["采纳日期"] < datetime(2025, 11, 1) for row in tea) == 23

    projects = {row["项目编号"]: row for row in sheet_rows(exports / "共治台账_民生项目_截至202604.xlsx")}
    done = [row for row in projects.values() if row["项目类型"] == "民生实事" and row["社区代码"] == "141126100001"]
    assert sum(row["完工日期"] < datetime(2025, 11, 1) for row in done) == 39


def test_the_platforms_write_differently(exports: Path) -> None:
    """GB18030 and UTF-8, with and without byte order mark; commas, tabs and semicolons; csv, text and workbooks."""
    starts = {path.name: path.read_bytes()[:3] for path in exports.iterdir()}
    assert starts["基础台账_网格.csv"] == b"\xef\xbb\xbf"
    assert starts["呼和浩特12345热线_工单_202606.csv"] != b"\xef\xbb\xbf"
    with pytest.raises(UnicodeDecodeError):
        (exports / "交城县多网合一平台_事件_202606.csv").read_text(encoding="utf-8")
    assert (exports / "交口县红色物业诉求登记_202606.csv").read_text(encoding="gb18030").splitlines()[0].count(";") > 20
    first = next(sheet_rows(exports / "孝义市一米阳光平台_工单_202606.xlsx", header=3, sheet="工单明细"))
    assert isinstance(first["提交时间"], datetime)
    days = list(sheet_rows(exports / "基础台账_单位与日历.xlsx", sheet="工作日历"))
    worked = Counter(row["日期"].year for row in days if row["上班"] == "上班")
    assert worked[2025] == 248


def test_outlines_lie_where_the_counties_lie(exports: Path) -> None:
    found = json.loads((exports / "边界_县域.geojson").read_text(encoding="utf-8"))
    assert len(found["features"]) == 9
    for feature in found["features"]:
        county = next(one for one in places.counties() if one["name"] == feature["properties"]["名称"])
        ring = feature["geometry"]["coordinates"][0]
        assert feature["properties"]["示意"] == "是"
        for axis in (0, 1):
            middle = (min(point[axis] for point in ring) + max(point[axis] for point in ring)) / 2
            assert abs(middle - county["centre"][axis]) < 0.2


def test_two_runs_write_the_same_bytes(exports: Path, tmp_path: Path) -> None:
    demo.generate(tmp_path)
    again = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()}
    assert again == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in exports.iterdir()}


def test_published_figures_are_well_formed() -> None:
    figures = published.figures()
    codes = set(places.build().regions["region_code"])
    assert len({figure.id for figure in figures}) == len(figures) > 100
    for figure in figures:
        assert figure.qualifier in published.QUALIFIERS
        assert figure.region in codes, figure.id
        assert figure.is_countable == (figure.qualifier not in ("promise", "withheld")), figure.id
        assert (figure.below is not None) == (figure.qualifier == "at_least"), figure.id
        assert not figure.assumed or figure.stop is not None, figure.id


def test_every_demo_mapping_names_only_the_files_of_its_platform(exports: Path) -> None:
    names = [path.name for path in exports.iterdir()]
    for path in sorted((ROOT / "governance" / "mappings").glob("demo_*.toml")):
        for table, rules in tomllib.loads(path.read_text(encoding="utf-8"))["tables"].items():
            assert any(Path(name).match(rules["files"]) for name in names), (path.name, table)
