"""One outline, however a system writes it, becomes valid polygons in CGCS2000: what had to be repaired is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from governance.importing.coordinates import CONVERSIONS

Ring = np.ndarray  # n × 2: longitude, latitude
DEEPEST = 8  # geometries within geometries
MOST_POINTS = 500_000  # of one outline: a province to the metre has fewer
DIGITS = 6  # decimals of a degree, about 10 cm
OTHERS = {"Point": "点", "MultiPoint": "点", "LineString": "线", "MultiLineString": "线"}
PAIRS = (("lng", "lat"), ("lon", "lat"), ("longitude", "latitude"), ("x", "y"))
FAULTS = {
    "Ring Self-intersection": "自相接",
    "Self-intersection": "自相交",
    "Hole lies outside shell": "孔洞在外",
    "Holes are nested": "孔洞重叠",
    "Nested shells": "部分重叠",
    "Interior is disconnected": "内部断开",
    "Duplicate Rings": "环重复",
    "Too few points": "点数不足",
}


class Unusable(ValueError):
    """Why an outline cannot be drawn, in a few Chinese words."""


class Misplaced(Unusable):
    """Its coordinates are no longitude and latitude: `kind` says what they seem to be."""

    def __init__(self, kind: str) -> None:
        """Remember the kind: swapped, metres or odd."""
        super().__init__("图形坐标不是经纬度")
        self.kind = kind


@dataclass(frozen=True)
class Outline:
    """Valid polygons as GeoJSON text, the faults that were repaired, and how many points came."""

    text: str
    faults: tuple[str, ...]
    points: int


def outline(found: Any, crs: str) -> Outline:
    """Read one geometry: GeoJSON, rings, text of either, WKT; Unusable says why not."""
    faults: dict[str, None] = {}
    polygons = list(_polygons(found, faults, 0))
    if not polygons:
        raise Unusable("没有图形（空）")
    points = sum(len(ring) for rings in polygons for ring in rings)
    if points > MOST_POINTS:
        raise Unusable(f"图形的顶点超过 {MOST_POINTS:,} 个")
    _check_place(np.concatenate([rings[0] for rings in polygons]))
    area = _made(polygons, faults)
    if convert := CONVERSIONS.get(crs):
        area = shapely.transform(area, lambda points: np.column_stack(convert(points[:, 0], points[:, 1])))
    area = shapely.transform(area, lambda points: points.round(DIGITS))
    if not area.is_valid:  # rounding may close a narrow inlet
        area = _only_areas(area)
    if area.is_empty or not area.area:
        raise Unusable("图形没有面积")
    text = orjson.dumps(mapping(shapely.orient_polygons(area))).decode()
    return Outline(text, tuple(faults), points)


def _polygons(found: Any, faults: dict[str, None], depth: int) -> Iterator[list[Ring]]:
    """Every polygon in whatever was found, as its outer ring and the holes."""
    if depth > DEEPEST:
        raise Unusable("图形嵌套过深")
    if found is None or found in ("", [], (), {}):
        return
    if isinstance(found, str):
        yield from _from_text(found.strip(), faults, depth)
    elif isinstance(found, list | tuple):
        yield from _from_lists(found, faults)
    elif isinstance(found, dict):
        yield from _from_object(found, faults, depth)
    else:
        raise Unusable("图形无法识别")


def _from_object(found: dict[str, Any], faults: dict[str, None], depth: int) -> Iterator[list[Ring]]:
    kind, coordinates = found.get("type"), found.get("coordinates")
    if kind == "GeometryCollection" or "geometries" in found:
        parts = found.get("geometries")
        if not isinstance(parts, list | tuple):
            raise Unusable("图形无法识别")
        for part in parts:
            if isinstance(part, dict) and part.get("type") in OTHERS:
                faults["略去了其中的点和线"] = None
            else:
                yield from _polygons(part, faults, depth + 1)
    elif kind == "Feature":
        yield from _polygons(found.get("geometry"), faults, depth + 1)
    elif isinstance(kind, str) and kind in OTHERS:
        raise Unusable(f"图形是{OTHERS[kind]}，不是面")
    elif kind in ("Polygon", "MultiPolygon"):
        if coordinates and _depth(coordinates) != {"Polygon": 3, "MultiPolygon": 4}[kind]:
            raise Unusable("图形无法识别")
        yield from _polygons(coordinates, faults, depth + 1)
    elif isinstance(rings := found.get("rings"), list):
        if rings:
            yield from _by_winding([_ring(ring, faults) for ring in rings])
    elif coordinates is not None:
        yield from _polygons(coordinates, faults, depth + 1)
    else:
        raise Unusable("图形无法识别")


def _from_lists(found: list[Any] | tuple[Any, ...], faults: dict[str, None]) -> Iterator[list[Ring]]:
    """Nested lists of positions: a ring, the rings of a polygon, or polygons."""
    depth = _depth(found)
    if depth == 2:
        yield [_ring(found, faults)]
    elif depth == 3:
        yield _rings(found, faults)
    elif depth == 4:
        for polygon in found:
            yield _rings(polygon, faults)
    else:
        raise Unusable("图形无法识别")


def _from_text(text: str, faults: dict[str, None], depth: int) -> Iterator[list[Ring]]:
    if text.startswith(("{", "[")):
        try:
            inner = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise Unusable("图形无法识别") from error
        yield from _polygons(inner, faults, depth + 1)
        return
    wkt = re.sub(r"^SRID=\d+;\s*", "", text, flags=re.IGNORECASE)
    if re.match(r"(MULTI)?POLYGON|GEOMETRYCOLLECTION|(MULTI)?(POINT|LINESTRING)", wkt, re.IGNORECASE):
        shape = shapely.from_wkt(wkt, on_invalid="ignore")
        if shape is None:
            raise Unusable("图形无法识别")
        yield from _polygons(mapping(shapely.force_2d(shape)), faults, depth + 1)
        return
    for part in text.split("|"):  # longitude,latitude;longitude,latitude …
        pairs = [pair.split(",") for pair in part.strip(" ;").split(";")]
        try:
            yield [_closed(np.array([[float(one) for one in pair[:2]] for pair in pairs]), faults)]
        except (ValueError, IndexError) as error:
            raise error if isinstance(error, Unusable) else Unusable("图形无法识别") from error


def _depth(found: Any) -> int:
    """How many lists lie within each other down to a number or a named pair, along the first entries."""
    depth = 0
    while isinstance(found, list | tuple):
        if not found or depth > DEEPEST:
            return -1
        found, depth = found[0], depth + 1
    return depth + 1 if isinstance(found, dict) else depth


def _rings(found: Any, faults: dict[str, None]) -> list[Ring]:
    if not isinstance(found, list | tuple) or not found:
        raise Unusable("图形无法识别")
    holes = []
    for ring in found[1:]:
        try:
            holes.append(_ring(ring, faults))
        except Unusable as reason:
            if "坐标" in str(reason):
                raise
            faults["略去了不足三点的孔洞"] = None
    return [_ring(found[0], faults), *holes]


def _ring(found: Any, faults: dict[str, None]) -> Ring:
    """One closed ring of at least three corners; heights and measures are left out."""
    if not isinstance(found, list | tuple):
        raise Unusable("图形无法识别")
    try:
        points = np.array(found)
    except ValueError:  # positions of different length
        points = np.array([])
    if points.dtype.kind not in "iuf" or points.ndim != 2 or points.shape[1] < 2:
        points = np.array([_position(one) for one in found])
    return _closed(points[:, :2].astype(float) if len(points) else np.empty((0, 2)), faults)


def _position(found: Any) -> tuple[float, float]:
    pair: Any
    if isinstance(found, dict):
        pair = next(([found[x], found[y]] for x, y in PAIRS if x in found and y in found), None)
    else:
        pair = found[:2] if isinstance(found, list | tuple) and len(found) >= 2 else None
    if pair is None or not all(isinstance(one, int | float) and not isinstance(one, bool) for one in pair):
        raise Unusable("图形的坐标不是数字")
    return float(pair[0]), float(pair[1])


def _closed(points: Ring, faults: dict[str, None]) -> Ring:
    if not np.isfinite(points).all():
        raise Unusable("图形的坐标不是数字")
    first = (points != points[:1]).any(axis=1)
    if not (first & (points != points[first.argmax()]).any(axis=1)).any():
        raise Unusable("图形的环不足三点")
    if (points[0] != points[-1]).any():
        faults["环未闭合"] = None
        points = np.concatenate([points, points[:1]])
    return points


def _by_winding(rings: list[Ring]) -> Iterator[list[Ring]]:
    """Rings of one list where holes run the other way round (Esri): each hole goes to the outer ring around it."""
    shells = [[ring] for ring in rings if not shapely.is_ccw(shapely.linearrings(ring))]
    if not shells:  # all run the wrong way: then none is a hole
        yield from ([ring] for ring in rings)
        return
    around = [shapely.Polygon(shell[0]) for shell in shells]
    for hole in rings:
        if shapely.is_ccw(shapely.linearrings(hole)):
            spot = shapely.Point(hole[0])
            owner = next((i for i, shell in enumerate(around) if shell.covers(spot)), None)
            shells.append([hole]) if owner is None else shells[owner].append(hole)
    yield from shells


def _check_place(points: Ring) -> None:
    """Refuse what is no longitude and latitude, with what it seems to be instead."""
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    far, near = abs(points).max(axis=0), abs(points[:, 1]).min()
    in_china = west >= 18 and east <= 54 and south >= 73 and north <= 136
    if in_china or (far[0] <= 90 < near and far[1] <= 180):
        raise Misplaced("swapped")
    if far[0] > 180 or far[1] > 90:
        raise Misplaced("metres" if far.max() > 1000 else "odd")
    if east - west > 180:  # taken as written it would be a belt around the globe
        raise Unusable("图形跨过 180 度经线")


def _made(polygons: list[list[Ring]], faults: dict[str, None]) -> BaseGeometry:
    """The polygons as one valid shape."""
    parts = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
    area = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    if area.is_valid:
        return area
    reason = shapely.is_valid_reason(area)
    faults[next((words for start, words in FAULTS.items() if reason.startswith(start)), "图形不合规")] = None
    area = _only_areas(area)
    if area.is_empty:
        raise Unusable("图形没有面积")
    return area


def _only_areas(area: BaseGeometry) -> BaseGeometry:
    """A valid shape of polygons alone; parts that overlap become one."""
    made = shapely.make_valid(area, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
