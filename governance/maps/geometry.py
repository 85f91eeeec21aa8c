"""Outlines for drawing: GeoJSON texts become one small document of integer paths, projected and simplified once.

Neighbours keep their common edges: the outlines are cleaned to a coverage and simplified together, so that no gap opens
between two places. Names stand at the pole of inaccessibility, which lies inside every shape, however bent.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

EXTENT = 16384  # integer units across the longer side of a map
MARGIN = 0.02  # of the longer side, free around the shapes
FINE = EXTENT / 6000  # simplification that cannot be seen at any zoom offered
COARSE = EXTENT / 400  # the most that is simplified away, however many vertices there are
MOST_VERTICES = 45_000  # of a whole map: about 250 kB, which a weak machine still moves smoothly
ROOMY = 0.8  # of the largest radius: enough for a name to stand in the middle
MOST_CLEANED = 400_000  # vertices up to which overlaps and gaps are mended in a second or two
FARTHEST_NORTH = 85.05  # degrees, where the Mercator projection ends


@dataclass(frozen=True)
class Outlines:
    """The shapes of one level within one region, ready to be drawn."""

    codes: tuple[str, ...]
    content: bytes
    digest: str
    origin: tuple[float, float]
    scale: float
    anchors: dict[str, tuple[float, float]]

    def place(self, lon: float, lat: float) -> tuple[int, int]:
        """The drawing position of a longitude and latitude in degrees."""
        x, y = _mercator(np.array([[lon, lat]]))[0]
        return round((x - self.origin[0]) * self.scale), round((self.origin[1] - y) * self.scale)


def outlines(
    codes: Sequence[str],
    names: Sequence[str],
    geometries: Sequence[str | None],
    schematic: Sequence[bool],
    parents: Sequence[str | None] = (),
) -> Outlines:
    """Make the document of some places; geometries are GeoJSON texts of (multi)polygons in degrees, or None.

    JSON: size [width, height]; codes, names, paths (SVG, relative integers; "" without a shape), labels ([x, y, radius]
    of the largest circle in the shape, null without one) and schematic (0/1), all in the order of the codes; borders,
    one path of the outlines of the parents, where there are several.
    """
    shapes = _read(geometries)
    drawn = np.array([not shape.is_empty for shape in shapes], dtype=bool)
    origin, scale, size = _frame(shapes[drawn])
    flat = np.array([_flat(shape, origin, scale) for shape in shapes[drawn]], dtype=object)
    flat = simplified(flat)
    paths: list[str] = [""] * len(codes)
    labels: list[list[int] | None] = [None] * len(codes)
    anchors = {}
    shown: list[int] = np.flatnonzero(drawn).tolist()
    for index, shape in zip(shown, flat, strict=True):
        paths[index] = _path(shape)
        labels[index] = label = _label(shape)
        anchors[codes[index]] = _degrees(label, origin, scale)
    body = {
        "size": size,
        "codes": list(codes),
        "names": list(names),
        "paths": paths,
        "labels": labels,
        "schematic": [int(flag) for flag in schematic],
        "borders": _borders(flat, [parents[index] for index in shown] if len(parents) else []),
    }
    content = orjson.dumps(body)
    return Outlines(tuple(codes), content, hashlib.sha256(content).hexdigest()[:24], origin, scale, anchors)


def simplified(shapes: np.ndarray) -> np.ndarray:
    """Polygons with fewer vertices whose common edges stay common; every polygon stays, as a triangle at the least."""
    if not len(shapes):
        return shapes
    if shapely.get_num_coordinates(shapes).sum() <= MOST_CLEANED and not shapely.coverage_is_valid(shapes):
        shapes = _mended(shapes)
    tolerance = FINE
    while True:
        found = shapely.coverage_simplify(shapes, tolerance)
        if shapely.get_num_coordinates(found).sum() <= MOST_VERTICES or tolerance >= COARSE:
            return np.where(shapely.is_empty(found), shapes, found)
        tolerance *= 1.5


def _borders(shapes: np.ndarray, parents: Sequence[str | None]) -> str:
    """The outlines of the parents, each the union of its children; nothing where all have the same."""
    groups: dict[str, list[BaseGeometry]] = {}
    for shape, parent in zip(shapes, parents, strict=False):
        if isinstance(parent, str):
            groups.setdefault(parent, []).append(shape)
    if len(groups) < 2 or len(groups) == len(shapes):
        return ""
    return "".join(_path(_areal(shapely.union_all(np.array(group, dtype=object)))) for group in groups.values())


def _mended(shapes: np.ndarray) -> np.ndarray:
    """Without overlaps and cracks; a shape that would vanish under another one stays as it came."""
    cleaned = shapely.coverage_clean(shapes, gap_width=FINE, merge_strategy="min_area")
    lost = shapely.is_empty(cleaned) | (shapely.area(cleaned) < 0.05 * shapely.area(shapes))
    return np.where(lost, shapes, cleaned)


def _read(geometries: Sequence[str | None]) -> np.ndarray:
    """The polygons of GeoJSON texts; an empty one where there is none."""
    texts = [text if isinstance(text, str) and text else None for text in geometries]
    shapes = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    return np.array([_areal(shape) for shape in shapes], dtype=object)


def _areal(shape: BaseGeometry | None) -> BaseGeometry:
    """The part of a shape that has an area."""
    if shape is None or shape.is_empty:
        return shapely.Polygon()
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon" and part.area]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _frame(shapes: np.ndarray) -> tuple[tuple[float, float], float, list[int]]:
    """The north-west corner in the plane, units per unit of the plane, and the size of the drawing."""
    if not len(shapes):
        return (0.0, 0.0), 1.0, [EXTENT, round(EXTENT * 0.7)]
    west, south, east, north = shapely.total_bounds(shapes)
    corners = _mercator(np.array([[west, south], [east, north]]))
    width, height = np.maximum(corners[1] - corners[0], 1e-9)
    free = MARGIN * max(width, height)
    scale = EXTENT / (max(width, height) + 2 * free)
    size = [round((width + 2 * free) * scale), round((height + 2 * free) * scale)]
    return (float(corners[0][0] - free), float(corners[1][1] + free)), float(scale), size


def _flat(shape: BaseGeometry, origin: tuple[float, float], scale: float) -> BaseGeometry:
    def project(points: np.ndarray) -> np.ndarray:
        plane = _mercator(points)
        return np.column_stack([(plane[:, 0] - origin[0]) * scale, (origin[1] - plane[:, 1]) * scale])

    return shapely.transform(shape, project)


def _mercator(points: np.ndarray) -> np.ndarray:
    """Longitudes and latitudes in degrees as positions in a plane whose unit is the radian."""
    lat = np.radians(np.clip(points[:, 1], -FARTHEST_NORTH, FARTHEST_NORTH))
    return np.column_stack([np.radians(points[:, 0]), np.log(np.tan(np.pi / 4 + lat / 2))])


def _degrees(label: list[int], origin: tuple[float, float], scale: float) -> tuple[float, float]:
    x, y = label[0] / scale + origin[0], origin[1] - label[1] / scale
    return float(np.degrees(x)), float(np.degrees(2 * np.arctan(np.exp(y)) - np.pi / 2))


def _label(shape: BaseGeometry) -> list[int]:
    """Centre and radius of a circle inside the largest part: round its middle where that has room, else the largest."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    radius = shapely.maximum_inscribed_circle(largest, tolerance=max(largest.area**0.5 / 50, 1e-6))
    (x, y), _ = radius.coords
    length = radius.length
    middle = largest.centroid
    if largest.contains(middle) and (room := largest.boundary.distance(middle)) >= ROOMY * length:
        x, y, length = middle.x, middle.y, room
    return [round(x), round(y), max(round(length), 1)]


def _path(shape: BaseGeometry) -> str:
    """The rings as an SVG path: a start, then steps between integer positions."""
    parts = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            points = np.rint(shapely.get_coordinates(ring)).astype(int)
            steps = np.diff(points[:-1], axis=0)
            steps = steps[(steps != 0).any(axis=1)]
            if len(steps) < 2:  # smaller than the integer grid: kept as a dot that can still be clicked
                steps = np.array([[1, 0], [0, 1]])
            parts.append(f"M{points[0][0]} {points[0][1]}l{_numbers(steps.ravel())}z")
    return "".join(parts)


def _numbers(values: np.ndarray) -> str:
    """Numbers in a row; a minus sign separates as well as a space."""
    text = " ".join(map(str, values.tolist()))
    return text.replace(" -", "-")
