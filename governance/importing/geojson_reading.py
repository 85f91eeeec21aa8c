"""GeoJSON and what systems call so: properties become text columns, geometry becomes valid polygons in CGCS2000."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson

from governance.importing.encoding import BOMS, decodes, label
from governance.importing.geojson_shapes import Misplaced, Unusable, outline
from governance.importing.json_reading import has_odd_number
from governance.importing.problems import ImportProblem
from governance.importing.records import MOST_FIELDS
from governance.importing.rows import Row, heading, positions, texts, write

SAME = ("CRS84", "4326", "4490")
GEOMETRY = ("geometry", "geom", "the_geom", "shape", "polygon", "polygons", "multipolygon", "boundary", "coordinates",
            "polyline", "path", "paths", "rings", "points", "wkt", "geojson", "边界", "范围", "图形")  # fmt: skip
LISTS = ("features", "data", "list", "rows", "records", "items", "result", "results", "geometries")
ORDINAL = "序号"  # the number of an outline in the file: its only name where it has no properties
MOST_POINTS = 5_000_000
MISPLACED = {
    "swapped": "的坐标像是纬度在前、经度在后：请在地图软件中改为经度在前（如 112.5, 37.8）后另存。",
    "metres": "的坐标不是经纬度，像是投影坐标（单位为米）：请在地图软件中转换为 CGCS2000 经纬度后另存。",
    "odd": "的坐标不是经纬度（经度应在 −180 到 180，纬度应在 −90 到 90 之间）：请核对导出时选的坐标系。",
}
Feature = tuple[dict[str, Any], Any]


class Findings:
    """What is learnt of the outlines while they are read one by one."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.repaired: list[tuple[int, str]] = []
        self.misplaced: Counter[str] = Counter()
        self.points = 0


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read one file of outlines and answer what was found in it."""
    found, encoding, notes = _parsed(request["path"], request["encoding"])
    features = _features(found, notes)
    del found
    cleaned = _cleaned(features)
    names = [name for name in dict.fromkeys(cleaned.values()) if name != "geometry"]
    wanted = request["wanted"]
    extra = [ORDINAL] if ORDINAL in texts(wanted) and ORDINAL not in names else []
    headings = [*names, *extra, "geometry"]
    places = positions(headings, None, len(names)) if wanted is None else positions(headings, [*texts(wanted)])
    answer: dict[str, Any] = {"encoding": encoding, "headings": names, "notes": notes, "width": 0}
    if wanted is not None and len(places) < len(set(wanted)):
        hint = "" if names else f"（这些图形没有属性，只能用 {ORDINAL} 称呼，再用 crosswalk 对照）"
        return answer | {"rows": 0, "columns": [(one, "") for one in places], "hint": hint}
    places["geometry"] = len(headings) - 1
    findings = Findings()
    found_rows = _rows(features, cleaned, [*names, *extra], request["crs"], findings)
    rows, columns = write(found_rows, places, request["parquet"])
    kind, count = next(iter(findings.misplaced.most_common(1)), ("", 0))
    if count * 2 > rows:
        raise ImportProblem(MISPLACED[kind])
    return answer | {"rows": rows, "columns": columns, "repaired": findings.repaired}


def _parsed(path: str, declared: str) -> tuple[Any, str, list[str]]:
    """The JSON of a file, its encoding as the report names it, and a list for notes."""
    with open(path, "rb") as file:
        data = file.read()
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise ImportProblem("其实是网页（HTML/XML），不是 GeoJSON：请重新导出。")
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise ImportProblem("其实是压缩包，不是 GeoJSON：请解压；若是 Shapefile，请在地图软件中另存为 GeoJSON。")
    codec = _codec(data, declared)
    if codec not in ("utf-8", "utf-8-sig"):
        data = data.decode(codec).encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(data), label(codec), []
    except orjson.JSONDecodeError as error:
        lines = [line.strip(b"\x1e \t\r") for line in data.splitlines() if line.strip(b"\x1e \t\r")]
        if len(lines) > 1 and lines[0].startswith(b"{") and lines[0].endswith(b"}"):
            try:
                return [orjson.loads(line) for line in lines], label(codec), ["每行一个图形（GeoJSONSeq）"]
            except orjson.JSONDecodeError:
                pass
        what = "里有 NaN 或过大的数字" if has_odd_number(error) else "读不下去"
        raise ImportProblem(f"不是完整的 GeoJSON（第 {error.lineno} 行{what}）：请重新导出。") from error


def _codec(data: bytes, declared: str) -> str:
    """Decide the encoding over the whole file: marks first, then UTF-8, then the Chinese ones."""
    marked = next((codec for mark, codec in BOMS if data.startswith(mark)), None)
    wide = {b"\0": "utf-16-be"}.get(data[:1]) or {b"\0": "utf-16-le"}.get(data[1:2])
    tried = [marked] if marked else [wide] if wide else ["utf-8", "gb18030", "big5"]
    if declared != "auto" and not marked:
        if declared in ("gb18030", "big5") and not data.isascii() and decodes(data, "utf-8"):
            raise ImportProblem(
                f'是 UTF-8 编码，不是 {declared}，照 {declared} 读会成乱码：请在映射文件 [file] 写 encoding = "auto"。'
            )
        tried = [declared]
    for codec in tried:
        if decodes(data, codec):
            return codec
    raise ImportProblem(f"不能按 {'、'.join(tried)} 解码：请另存为 UTF-8，或重新导出。")


def _features(found: Any, notes: list[str]) -> list[Feature]:
    """The outlines with their properties, in whichever of the known forms they come."""
    if isinstance(found, dict) and found.get("type") == "Topology":
        raise ImportProblem("是 TopoJSON，不是 GeoJSON：请在地图软件中另存为 GeoJSON。")
    _check_crs(found)
    items = _items(found)
    if items is None:
        raise ImportProblem("不是 GeoJSON 的 FeatureCollection，也不是图形的数组：请在地图软件中另存为 GeoJSON。")
    if not items:
        raise ImportProblem("里没有任何图形：请重新导出。")
    if not (isinstance(found, dict) and found.get("type") == "FeatureCollection"):
        notes.append(f"不是 FeatureCollection，按 {len(items)} 个图形的数组读取")
    return [_feature(item) for item in items]


def _check_crs(found: Any) -> None:
    declared = found.get("crs") if isinstance(found, dict) else None
    reference = found.get("spatialReference") if isinstance(found, dict) else None  # Esri
    if reference and isinstance(reference, dict):
        declared = declared or reference.get("latestWkid") or reference.get("wkid")
    if declared and not any(name in json.dumps(declared, ensure_ascii=False) for name in SAME):
        raise ImportProblem("的坐标系不是经纬度（CGCS2000 或 WGS84）：请在地图软件中转换后另存。")


def _items(found: Any) -> list[Any] | None:
    """The list of outlines, at the top or one or two steps below it; None where there is none."""
    for _ in range(3):
        if isinstance(found, list):
            return found
        if not isinstance(found, dict):
            return None
        if found.get("type") in ("Feature", "Polygon", "MultiPolygon"):
            return [found]
        inner = next((found[name] for name in LISTS if isinstance(found.get(name), list | dict)), None)
        if inner is None:
            return [found] if any(name in found for name in GEOMETRY) else None
        found = inner
    return None


def _feature(item: Any) -> Feature:
    """Properties and geometry of one outline: a Feature, an object with a geometry among its fields, or a geometry."""
    if not isinstance(item, dict):
        if isinstance(item, list | str):
            return {}, item
        raise ImportProblem("里有不合 GeoJSON 规定的图形：请重新导出。")
    if isinstance(inner := item.get("properties", item.get("attributes")), dict):
        named = {"id": item["id"]} if "id" in item and "id" not in inner else {}
        return named | inner, item.get("geometry", _geometry(item)[1])
    if item.get("type") == "Feature":
        if item.get("properties") is not None:
            raise ImportProblem("里有不合 GeoJSON 规定的图形：请重新导出。")
        return ({"id": item["id"]} if "id" in item else {}), item.get("geometry")
    if "type" in item and ("coordinates" in item or "geometries" in item):
        return {}, item
    name, geometry = _geometry(item)
    return {key: value for key, value in item.items() if key != name}, geometry


def _geometry(item: dict[str, Any]) -> tuple[str, Any]:
    by_name = {key.lower(): key for key in item}
    name = next((by_name[one] for one in GEOMETRY if one in by_name), "")
    return name, item.get(name)


def _cleaned(features: list[Feature]) -> dict[str, str]:
    """Every name of a property as it is found, and as a heading."""
    found: dict[str, str] = {}
    for properties, _ in features:
        for name in properties:
            if name not in found:
                found[name] = heading(name)
        if len(found) > MOST_FIELDS:
            raise ImportProblem(f"的图形有超过 {MOST_FIELDS:,} 种不同的属性，不像正常的导出，已拒绝：请重新导出。")
    return found


def _rows(
    features: list[Feature], cleaned: dict[str, str], names: list[str], crs: str, findings: Findings
) -> Iterator[Row]:
    for number, (properties, geometry) in enumerate(features, 1):
        by_heading = {cleaned[name]: value for name, value in properties.items()}
        by_heading.setdefault(ORDINAL, number)
        cells = [_text(by_heading.get(name)) for name in names]
        features[number - 1] = ({}, None)  # read once: its memory is free for the next
        try:
            drawn = outline(geometry, crs)
        except Unusable as reason:
            if isinstance(reason, Misplaced):
                findings.misplaced[reason.kind] += 1
            yield number, [*cells, None], str(reason)
            continue
        findings.points += drawn.points
        if findings.points > MOST_POINTS:
            raise ImportProblem(f"的顶点超过 {MOST_POINTS:,} 个：请在地图软件中简化图形后再导入。")
        if drawn.faults:
            findings.repaired.append((number, "、".join(drawn.faults)))
        yield number, [*cells, drawn.text], None


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
