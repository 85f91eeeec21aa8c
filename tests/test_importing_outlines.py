"""Outlines as systems really write them, good and bad: what arrives is valid, what cannot is named in one sentence."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from governance import snapshots
from governance.importing import ImportProblem, ImportReport, import_files
from governance.importing.coordinates import from_gcj02
from tests.factory import County

AS_OF = datetime.datetime(2026, 7, 1)
# One degree square with a hole of a fifth: area 1 − 0.04 = 0.96, worked out by hand.
OUTER = [[112.0, 37.0], [113.0, 37.0], [113.0, 38.0], [112.0, 38.0], [112.0, 37.0]]
HOLE = [[112.4, 37.4], [112.4, 37.6], [112.6, 37.6], [112.6, 37.4], [112.4, 37.4]]
EAST = [[114.0, 37.0], [114.5, 37.0], [114.5, 37.5], [114.0, 37.5], [114.0, 37.0]]  # area 0.25
BOW = [[112.0, 37.0], [113.0, 38.0], [113.0, 37.0], [112.0, 38.0], [112.0, 37.0]]  # two triangles of 0.25
POLYGON = {"type": "Polygon", "coordinates": [OUTER]}
MAPPING = """
source = "map"
[tables.boundaries]
{table}
[tables.boundaries.columns]
place_code = {code}
{more}
[tables.boundaries.file]
{file}
"""


def mapping(folder: Path, code: str = '"code"', table: str = "", more: str = "", file: str = "") -> Path:
    path = folder / "边界.toml"
    path.write_text(MAPPING.format(code=code, table=table, more=more, file=file), "utf-8")
    return path


def bring(folder: Path, content: object, **rules: str) -> ImportReport:
    """Import one file of outlines: bytes as they are, text as UTF-8, anything else as JSON."""
    path = folder / "边界.geojson"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), "utf-8")
    return import_files(mapping(folder, **rules), [path], AS_OF)


def arrived() -> dict[str, BaseGeometry]:
    """The outlines of the snapshot in use."""
    found = pd.read_parquet(snapshots.latest().files("boundaries")[0])
    return {row.place_code: shapely.from_geojson(row.geometry) for row in found.itertuples()}


def feature(code: object, geometry: object, **properties: object) -> dict:
    return {"type": "Feature", "properties": {"code": code} | properties, "geometry": geometry}


def collection(*features: object, **more: object) -> dict:
    return {"type": "FeatureCollection", "features": list(features)} | more


def high(ring: list[list[float]]) -> list[list[float]]:
    return [[*point, 812.5] for point in ring]


def one(geometry: object) -> dict:
    return collection(feature("1", geometry))


def polygon(*rings: object) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


PLAIN, CHINESE = text(one(POLYGON)), text(collection(feature("云兴街", POLYGON)))
HOLED = polygon(OUTER, HOLE)
PAIRS = ";".join(f"{lon},{lat}" for lon, lat in OUTER)
NAMED = [{"lng": lon, "lat": lat} for lon, lat in OUTER]
BOTH = [POLYGON, polygon(EAST)]
ESRI = {"attributes": {"code": "1"}, "geometry": {"rings": [OUTER[::-1], HOLE[::-1]]}}
BARE = {"type": "Feature", "id": 7, "properties": None, "geometry": POLYGON}
GOOD: dict[str, tuple[object, str, float]] = {  # content, code, area worked out by hand
    "a collection": (one(POLYGON), "1", 1.0),
    "a mark before it": (b"\xef\xbb\xbf" + PLAIN.encode(), "1", 1.0),
    "GB18030": (CHINESE.encode("gb18030"), "云兴街", 1.0),
    "UTF-16": (CHINESE.encode("utf-16"), "云兴街", 1.0),
    "whole numbers as codes": (collection(feature(140226001001, POLYGON)), "140226001001", 1.0),
    "fractions as codes": (f'[{{"code": 140226001001.0, "geometry": {text(POLYGON)}}}]', "140226001001", 1.0),
    "heights": (one(polygon(high(OUTER))), "1", 1.0),
    "a height at one corner": (one(polygon([[*OUTER[0], 3], *OUTER[1:]])), "1", 1.0),
    "a hole": (one(HOLED), "1", 0.96),
    "several parts": (one({"type": "MultiPolygon", "coordinates": [[OUTER], [EAST]]}), "1", 1.25),
    "a collection of geometries": (one({"type": "GeometryCollection", "geometries": BOTH}), "1", 1.25),
    "the wrong way round": (one(polygon(OUTER[::-1], HOLE[::-1])), "1", 0.96),
    "not closed": (one(polygon(OUTER[:4])), "1", 1.0),
    "crossing itself": (one(polygon(BOW)), "1", 0.5),
    "a point written twice": (one(polygon([OUTER[0], *OUTER])), "1", 1.0),
    "an array of features": ([feature("1", POLYGON)], "1", 1.0),
    "one feature alone": (feature("1", POLYGON), "1", 1.0),
    "a feature to a line": ("\n".join(text(feature(code, POLYGON)) for code in "12"), "2", 1.0),
    "objects with a geometry": ([{"code": "1", "name": "甲", "geometry": POLYGON}], "1", 1.0),
    "objects with a polygon": ([{"code": "1", "polygon": [OUTER, HOLE]}], "1", 0.96),
    "objects with coordinates": ([{"code": "1", "coordinates": OUTER}], "1", 1.0),
    "named axes": ([{"code": "1", "path": NAMED}], "1", 1.0),
    "pairs in a text": ([{"code": "1", "polyline": PAIRS}], "1", 1.0),
    "well-known text": ([{"code": "1", "wkt": shapely.Polygon(OUTER, [HOLE]).wkt}], "1", 0.96),
    "GeoJSON in a text": ([{"code": "1", "geom": text(POLYGON)}], "1", 1.0),
    "an answer of an interface": ({"data": {"list": [{"code": "1", "geometry": POLYGON}]}}, "1", 1.0),
    "Esri": ({"features": [ESRI], "spatialReference": {"wkid": 4490}}, "1", 0.96),
    "its number as the code": ({"type": "FeatureCollection", "crs": None, "features": [BARE]}, "7", 1.0),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_known_way_of_writing_arrives_whole(name: str, tmp_path: Path) -> None:
    content, code, area = GOOD[name]

    report = bring(tmp_path, content, code='"id"' if name == "its number as the code" else '"code"')

    shape = arrived()[code]
    assert shape.is_valid
    assert shape.area == pytest.approx(area)
    assert not shape.has_z
    assert all(ring.is_ccw for part in shapely.get_parts(shape) for ring in [part.exterior])
    assert report.tables["boundaries"].rejected_count == 0


def test_geometries_without_any_property_go_by_their_number(tmp_path: Path) -> None:
    (tmp_path / "对照.csv").write_text("序号,编码\n1,A\n2,B\n", "utf-8")

    bring(tmp_path, [[OUTER], {"type": "Polygon", "coordinates": [EAST]}],
          code='{ from = "序号", crosswalk = "对照.csv" }')  # fmt: skip

    assert {code: shape.area for code, shape in arrived().items()} == pytest.approx({"A": 1.0, "B": 0.25})


FAR = [[lon * 1e5, lat * 1e5] for lon, lat in OUTER]
TURNED = [[lat, lon] for lon, lat in OUTER]
NESTED = json.loads('{"type":"GeometryCollection","geometries":[' * 30 + "]}" * 30)
LINE = {"type": "LineString", "coordinates": OUTER[:3]}
LONG = [[112 + i * 1e-7, 37 + i % 2 * 1e-7] for i in range(500_001)]
BAD: dict[str, tuple[object, str]] = {
    "torn": (b'{"type": "FeatureCollection", "features": [', "不是完整的 GeoJSON"),
    "a web page": (b"<html>", "其实是网页"),
    "an archive": (b"PK\x03\x04rest", "其实是压缩包"),
    "TopoJSON": ({"type": "Topology", "objects": {}}, "TopoJSON"),
    "something else": ({"name": "x"}, "不是 GeoJSON 的 FeatureCollection"),
    "a text": ('"hello"', "不是 GeoJSON 的 FeatureCollection"),
    "no outlines": (collection(), "没有任何图形"),
    "odd properties": ([{"type": "Feature", "properties": [1], "geometry": POLYGON}], "不合 GeoJSON 规定"),
    "another system": (one(POLYGON) | {"crs": {"properties": {"name": "EPSG:4547"}}}, "坐标系不是经纬度"),
    "latitude first": (one(polygon(TURNED)), "纬度在前"),
    "latitude first in the west": (one(polygon([[39.4, 75.9], [39.5, 75.9], [39.5, 76.0]])), "纬度在前"),
    "metres": (one(polygon(FAR)), "单位为米"),
    "degrees beyond the globe": (one(polygon([[200, 95], [201, 95], [201, 96]])), "坐标不是经纬度"),
    "no number": (PLAIN.replace("113.0", "NaN"), "里有 NaN"),
    "infinity": (PLAIN.replace("113.0", "1e400"), "NaN 或过大的数字"),
    "a huge number": (PLAIN.replace("113.0", "1e308"), "坐标不是经纬度"),
    "a number of many digits": (PLAIN.replace("113.0", "9" * 400), "NaN 或过大的数字"),
    "texts for numbers": (one(polygon([["112", "37"], ["113", "37"], ["113", "38"]])), "坐标不是数字"),
    "nothing for a number": (one(polygon([[None, 37], [113, 37], [113, 38]])), "坐标不是数字"),
    "deep": (b"[" * 100_000, "不是完整的 GeoJSON"),
    "deep within the limit": (PLAIN.replace(text(POLYGON["coordinates"]), "[" * 900 + "]" * 900), "图形无法识别"),
    "collections in collections": (one(NESTED), "图形嵌套过深"),
    "points and lines": (collection(feature("1", {"type": "Point", "coordinates": [112, 37]}), feature("2", LINE)),
                         "图形是点，不是面.*图形是线，不是面"),
    "nothing drawn": (collection(feature("1", None), feature("2", polygon())), "没有图形（空）"),
    "no area": (one(polygon([[112, 37], [113, 37], [114, 37], [112, 37]])), "没有面积"),
    "across the date line": (one(polygon([[179.9, 37], [-179.9, 37], [-179.9, 38], [179.9, 38]])), "跨过 180 度经线"),
    "too few corners": (one(polygon([[112, 37], [113, 37], [112, 37]])), "环不足三点"),
    "too many corners": (one(polygon(LONG)), "顶点超过 500,000 个"),
    "no code at all": ([{"name": "甲", "geometry": POLYGON}], "缺少表头 “code”"),
    "UTF-8 cut in the middle": (CHINESE.encode().replace("云".encode(), b"\xe4\xba"), "不能按 utf-8 解码"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    content, words = BAD[name]

    with pytest.raises(ImportProblem, match=words) as refusal:
        bring(tmp_path, content, file='encoding = "utf-8"' if name.startswith("UTF-8") else "")

    assert "边界.geojson" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 500
    assert not snapshots.snapshot_ids()


def test_a_polygon_that_crosses_itself_thousands_of_times_does_not_hang(tmp_path: Path) -> None:
    star = [[112 + (i * 7919 % 20_000) / 20_000, 37 + (i * 104_729 % 20_000) / 20_000] for i in range(20_000)]

    with pytest.raises(ImportProblem, match="已停止"):
        bring(tmp_path, collection(feature("1", {"type": "Polygon", "coordinates": [star]})))


# ---------------------------------------------------------------- what is named


def test_what_was_repaired_or_cannot_be_used_is_named_by_its_code(tmp_path: Path) -> None:
    report = bring(tmp_path, collection(
        feature("好", POLYGON), feature("结", {"type": "Polygon", "coordinates": [BOW]}),
        feature("开", {"type": "Polygon", "coordinates": [EAST[:4]]}), feature("空", None),
        feature("线", {"type": "LineString", "coordinates": OUTER[:3]}),
    ))  # fmt: skip

    table = report.tables["boundaries"]
    assert (table.rows_read, table.accepted, table.rejected_count) == (5, 3, 2)
    assert table.notes[0] == "已修复不合规的图形 2 个：结（自相交）、开（环未闭合）"
    assert table.notes[1] == "不能用的图形 2 个：空（没有图形（空））、线（图形是线，不是面）"
    assert [(one.value, one.reason) for one in report.first_rejects] == [
        ("空", "没有图形（空）"), ("线", "图形是线，不是面")]  # fmt: skip
    assert "不能用的图形 2 个" in report.text()


def test_a_code_that_stands_twice_is_named_and_merged_only_where_the_mapping_says_so(tmp_path: Path) -> None:
    twice = collection(feature("A", POLYGON), feature("A", {"type": "Polygon", "coordinates": [EAST]}))

    table = bring(tmp_path, twice).tables["boundaries"]
    assert arrived()["A"].area == pytest.approx(0.25)  # the last
    assert table.rejected == {"区划代码或网格编码重复，内容不同（保留最后一行）": 1}
    assert any("同一代码有多个图形的 1 个（只用最后一个" in note and note.endswith("A") for note in table.notes)

    table = bring(tmp_path, twice, table='same_code = "merge"').tables["boundaries"]
    assert arrived()["A"].area == pytest.approx(1.25)
    assert (table.rows_read, table.accepted, table.merged, table.rejected_count) == (2, 1, 1, 0)
    assert any("已合并为一个图形）：A" in note for note in table.notes)


def test_outlines_are_held_against_places_and_cases(tmp_path: Path) -> None:
    register = tmp_path / "区划.csv"
    register.write_text(
        "代码,名称,层级,上级\n0401,甲县,县,\n040101,东镇,乡镇街道,0401\n040102,西镇,乡镇街道,0401\n", "utf-8"
    )
    cases = tmp_path / "工单.csv"
    cases.write_text("编号,时间,类别,区划\n1,2026-06-01,环境卫生,040101\n2,2026-06-02,环境卫生,040101\n", "utf-8")
    rules = tmp_path / "甲县.toml"
    rules.write_text(
        """
source = "x"
[tables.regions]
files = "区划.csv"
[tables.regions.columns]
region_code = "代码"
name = "名称"
level = "层级"
parent_code = "上级"
[tables.cases]
files = "工单.csv"
[tables.cases.columns]
case_id = "编号"
reported_at = "时间"
category = "类别"
region_code = "区划"
""",
        "utf-8",
    )
    import_files(rules, [register, cases], AS_OF)

    # The spreadsheet that the outlines come from has lost the zero in front of 西镇; nobody knows 9999.
    report = bring(tmp_path, collection(feature(40102, POLYGON), feature("9999", POLYGON), feature("0401", {
        "type": "Polygon", "coordinates": [[[111, 36], [115, 36], [115, 39], [111, 39], [111, 36]]]})))  # fmt: skip

    notes = report.tables["boundaries"].notes
    assert "有自己边界的地点 1 个，按示意图画出的 2 个" in notes
    assert "代码在区划、网格和案件里都没有的图形 2 个：40102（是不是 040102）、9999" in notes
    assert "有数据没有边界的地点 1 个（图上按示意图画出）：甲县 东镇" in notes


def test_leading_zeros_are_kept_where_codes_are_text(tmp_path: Path) -> None:
    bring(tmp_path, [{"code": "0102", "geometry": POLYGON}])

    assert set(arrived()) == {"0102"}


# ---------------------------------------------------------------- crosswalk


CROSSED = '{ from = "code", crosswalk = "对照.csv" }'


@pytest.mark.parametrize("write", [
    lambda text: text.encode(), lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.encode("gb18030"),
    lambda text: text.replace(",", "\t").encode(), lambda text: text.replace("\n", "\r\n").encode(),
])  # fmt: skip
def test_their_codes_become_ours_and_unmatched_ones_are_listed(write: Callable[[str], bytes], tmp_path: Path) -> None:
    (tmp_path / "对照.csv").write_bytes(write("对方编码,本系统编码,说明\n7,140226001,东\n8,140226002,西\n"))

    table = bring(tmp_path, collection(feature(7, POLYGON), feature("8", POLYGON), feature("x9", POLYGON)),
                  code=CROSSED).tables["boundaries"]  # fmt: skip

    assert set(arrived()) == {"140226001", "140226002"}
    assert table.rejected == {"区划代码或网格编码不在对照表 对照.csv 中": 1}
    assert "对照表 对照.csv 里没有的代码 1 个：x9" in table.notes


@pytest.mark.parametrize(("content", "words"), [
    (None, "找不到对照表"), (b"", "没有对照的行"), (b"a,b\n", "没有对照的行"), (b"a\n1\n", "第 2 行应有两列"),
    (b"1,2\n3,4\n", "第一行应是表头"), (b"a,b\n1,2\n1,3\n", "对应了两个代码"), (b"\xff\xfe\x00\xd8", "不是文字文件"),
])  # fmt: skip
def test_a_bad_crosswalk_is_refused(content: bytes | None, words: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "对照.csv").write_bytes(content)

    with pytest.raises(ImportProblem, match=words):
        bring(tmp_path, collection(feature(7, POLYGON)), code=CROSSED)


def test_a_crosswalk_is_for_codes_and_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "对照.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ImportProblem, match="不能再写 values"):
        bring(tmp_path, [], code='{ from = "code", crosswalk = "对照.csv", values = {} }')
    with pytest.raises(ImportProblem, match="不是代码列"):
        bring(tmp_path, [], more='approval_number = { from = "n", crosswalk = "对照.csv" }')
    with pytest.raises(ImportProblem, match="same_code 只用于"):
        bring(tmp_path, [], table='same_code = "first"')


# ---------------------------------------------------------------- carried along


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('approval_number = { value = "晋S(2026)001号" }', "晋S(2026)001号"),
        ('approval_number = "审图号"', "GS(2026)7号"),
    ],
)
def test_the_approval_number_is_carried_along(more: str, expected: str, tmp_path: Path) -> None:
    bring(tmp_path, collection(feature("1", POLYGON, 审图号="GS(2026)7号")), more=more)

    found = pd.read_parquet(snapshots.latest().files("boundaries")[0])
    assert found["approval_number"].tolist() == [expected]


def test_every_corner_is_moved_from_a_shifted_system(tmp_path: Path) -> None:
    bring(tmp_path, [{"code": "1", "geometry": POLYGON}], file='crs = "gcj02"')

    corners = shapely.MultiPoint(shapely.get_coordinates(arrived()["1"]))
    expected = shapely.MultiPoint([from_gcj02(*point) for point in OUTER])
    assert corners.hausdorff_distance(expected) < 2e-6
    assert corners.hausdorff_distance(shapely.MultiPoint(OUTER)) > 0.003


def test_neighbours_that_share_an_edge_still_share_it(tmp_path: Path) -> None:
    # Corners with many decimals and both shifts: what was one line stays one line.
    middle = [[112.5 + 1e-9 * i, 37 + i / 37] for i in range(38)]
    west = [[112.0, 37.0], *middle, [112.0, 38.0], [112.0, 37.0]]
    east = [[113.0, 37.0], *middle, [113.0, 38.0], [113.0, 37.0]]
    bring(tmp_path, [{"code": code, "coordinates": ring} for code, ring in (("W", west), ("E", east))],
          file='crs = "bd09"')  # fmt: skip

    shapes = arrived()
    assert shapely.coverage_is_valid([shapes["W"], shapes["E"]])


def test_outlines_come_before_or_after_the_places(tmp_path: Path, county: County) -> None:
    """A snapshot of places alone, then outlines: the place takes its own outline, and a point inside it."""
    county.region("T", level="town")
    county.publish()
    bring(tmp_path, collection(feature("T", {"type": "Polygon", "coordinates": [OUTER, HOLE]})))

    places = pd.read_parquet(snapshots.latest().files("places")[0]).set_index("place_code")
    spot = shapely.Point(places.at["T", "anchor_lon"], places.at["T", "anchor_lat"])
    assert arrived()["T"].contains(spot)
    assert not shapely.Polygon(HOLE).contains(spot)
