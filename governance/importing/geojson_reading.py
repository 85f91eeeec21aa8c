"""GeoJSON: properties become text columns, geometry becomes valid polygons in CGCS2000."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import orjson
import shapely
from shapely.geometry import mapping, shape

from governance.importing.coordinates import CONVERSIONS
from governance.importing.problems import ImportProblem
from governance.importing.rows import Row, heading, positions, write

SAME = ("CRS84", "4326", "4490")


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Read one FeatureCollection and answer what was found in it."""
    features = _features(request["path"])
    names = list(dict.fromkeys(heading(name) for one in features for name in (one.get("properties") or {})))
    if "geometry" in names:
        names.remove("geometry")
    headings = [*names, "geometry"]
    places = positions(headings, [*request["wanted"], "geometry"])
    answer: dict[str, Any] = {"encoding": "utf-8", "headings": names}
    if len(places) < len(set(request["wanted"])) + 1:
        return answer | {"rows": 0, "columns": dict.fromkeys(places, "")}
    repaired: list[int] = []
    rows, columns = write(_rows(features, names, request["crs"], repaired), places, request["parquet"])
    return answer | {"rows": rows, "columns": columns, "repaired": repaired}


def _features(path: str) -> list[dict[str, Any]]:
    with open(path, "rb") as file:
        data = file.read()
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise ImportProblem("其实是网页（HTML/XML），不是 GeoJSON：请重新导出。")
    try:
        found = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ImportProblem(f"不是完整的 GeoJSON（第 {error.lineno} 行读不下去）：请重新导出。") from error
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise ImportProblem("不是 GeoJSON 的 FeatureCollection：请在地图软件中另存为 GeoJSON。")
    crs = json.dumps(found.get("crs", ""), ensure_ascii=False)
    if found.get("crs") and not any(name in crs for name in SAME):
        raise ImportProblem("的坐标系不是经纬度（CGCS2000 或 WGS84）：请在地图软件中转换后另存。")
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise ImportProblem("里没有任何图形：请重新导出。")
    if not all(isinstance(one, dict) and isinstance(one.get("properties") or {}, dict) for one in features):
        raise ImportProblem("里有不合 GeoJSON 规定的图形：请重新导出。")
    return features


def _rows(features: list[dict[str, Any]], names: list[str], crs: str, repaired: list[int]) -> Iterator[Row]:
    for number, one in enumerate(features, 1):
        properties = {heading(name): value for name, value in (one.get("properties") or {}).items()}
        cells = [_text(properties.get(name)) for name in names]
        try:
            geometry, was_repaired = _polygons(one.get("geometry"), crs)
        except ValueError as reason:
            yield number, [], str(reason)
            continue
        if was_repaired:
            repaired.append(number)
        yield number, [*cells, geometry], None


def _polygons(found: Any, crs: str) -> tuple[str, bool]:
    """Return valid polygons as GeoJSON text, and whether they had to be repaired."""
    try:
        area = shape(found)
    except Exception as error:  # shapely raises many kinds for malformed input
        raise ValueError("图形无法识别") from error
    if area.is_empty or area.geom_type not in ("Polygon", "MultiPolygon"):
        raise ValueError("图形不是面（Polygon 或 MultiPolygon）")
    west, south, east, north = area.bounds
    if not all(map(math.isfinite, area.bounds)) or west < -180 or east > 180 or south < -90 or north > 90:
        raise ValueError("图形坐标不是经纬度")
    was_valid = area.is_valid
    if not was_valid:
        parts = shapely.get_parts(shapely.make_valid(area))
        flat = [piece for part in parts for piece in shapely.get_parts(part)]
        kept = [piece for piece in flat if piece.geom_type == "Polygon"]
        if not kept:
            raise ValueError("图形没有面积")
        area = shapely.union_all(kept)
    if convert := CONVERSIONS.get(crs):
        area = shapely.transform(area, lambda points: [convert(lon, lat) for lon, lat in points])
    area = shapely.orient_polygons(area) if hasattr(shapely, "orient_polygons") else area
    return json.dumps(_rounded(mapping(area)), separators=(",", ":")), not was_valid


def _rounded(found: Any) -> Any:
    """Round coordinates to 6 decimals, about 10 cm."""
    if isinstance(found, float):
        return round(found, 6)
    if isinstance(found, dict):
        return {name: _rounded(value) for name, value in found.items()}
    return [_rounded(one) for one in found] if isinstance(found, list | tuple) else found


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
