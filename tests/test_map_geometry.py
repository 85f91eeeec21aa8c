"""Outlines for drawing: neighbours keep their common edges, names lie inside, whatever the shapes are like."""

import gzip
import json
import math
import re
from typing import Any

import numpy as np
import orjson
import pytest
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from governance.maps import geometry
from governance.maps.geometry import EXTENT, MOST_VERTICES, Outlines, outlines

STEP = re.compile(r"-?\d+")


def made(*shapes: BaseGeometry | None, parents: list[str] | None = None) -> tuple[Outlines, dict[str, Any]]:
    """Outlines of shapes, and their document as the browser reads it."""
    texts = [None if shape is None else orjson.dumps(mapping(shape)).decode() for shape in shapes]
    codes = [f"P{number}" for number in range(len(shapes))]
    found = outlines(codes, [f"{code}村" for code in codes], texts, [False] * len(codes), parents or [])
    return found, json.loads(found.content)


def polygon(path: str) -> BaseGeometry:
    """What a browser fills for a path: every ring, even-odd."""
    area = shapely.Polygon()
    for part in filter(None, path.split("z")):
        start, steps = part.removeprefix("M").split("l")
        x, y = map(int, start.split())
        points = [(x, y)]
        numbers = [int(number) for number in STEP.findall(steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        area = shapely.symmetric_difference(area, shapely.make_valid(shapely.Polygon(points)))
    return area


def grid(rows: int, columns: int, wiggle: int = 12) -> list[BaseGeometry]:
    """Cells whose common edges are bent, the same from both sides: a coverage with many vertices."""
    rng = np.random.default_rng(5)
    size = 0.01

    def edge(start: np.ndarray, stop: np.ndarray) -> np.ndarray:
        along = np.linspace(0, 1, wiggle)[:, None]
        noise = np.zeros((wiggle, 2))
        noise[1:-1] = rng.uniform(-0.3, 0.3, (wiggle - 2, 2)) * size / wiggle  # bent, but never across itself
        return start + (stop - start) * along + noise

    node = {(r, c): np.array([112 + c * size, 37 + r * size]) for r in range(rows + 1) for c in range(columns + 1)}
    across = {(r, c): edge(node[r, c], node[r, c + 1]) for r in range(rows + 1) for c in range(columns)}
    up = {(r, c): edge(node[r, c], node[r + 1, c]) for r in range(rows) for c in range(columns + 1)}
    return [
        shapely.Polygon(
            np.concatenate([across[r, c][:-1], up[r, c + 1][:-1], across[r + 1, c][::-1][:-1], up[r, c][::-1][:-1]])
        )
        for r in range(rows)
        for c in range(columns)
    ]


def assert_no_cracks(document: dict[str, Any]) -> None:
    """What is drawn covers the same area once: no gap and no overlap between neighbours."""
    shapes = [polygon(path) for path in document["paths"] if path]
    whole = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-9)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    assert sum(hole.area for hole in holes) == 0


def test_neighbours_keep_their_common_edges() -> None:
    _, document = made(*grid(6, 6, wiggle=200))
    assert all(document["paths"])
    assert_no_cracks(document)


def test_overlaps_and_cracks_are_mended() -> None:
    left = shapely.box(112.0, 37.0, 112.1, 37.1)
    right = shapely.box(112.0999, 37.0, 112.2, 37.1)  # over the left one by a thousandth
    above = shapely.box(112.0, 37.10001, 112.2, 37.2)  # a crack below it
    _, document = made(left, right, above)
    assert_no_cracks(document)


def test_a_place_under_another_is_still_drawn() -> None:
    _, document = made(shapely.box(112.0, 37.0, 112.2, 37.2), shapely.box(112.05, 37.05, 112.06, 37.06))
    assert all(polygon(path).area > 0 for path in document["paths"])


def test_islands_holes_and_bow_ties() -> None:
    islands = shapely.MultiPolygon([shapely.box(112, 37, 112.1, 37.1), shapely.box(112.3, 37.3, 112.31, 37.31)])
    ring = shapely.box(112.4, 37, 112.6, 37.2).difference(shapely.box(112.45, 37.05, 112.55, 37.15))
    bow = shapely.Polygon([(112.7, 37), (112.8, 37.1), (112.8, 37), (112.7, 37.1)])
    _, document = made(islands, ring, bow)
    assert document["paths"][0].count("z") == 2
    assert document["paths"][1].count("z") == 2
    assert polygon(document["paths"][2]).area > 0


def test_a_name_stands_inside_a_bent_shape() -> None:
    # A horseshoe: the middle of its box, and its centroid, lie outside.
    horseshoe = shapely.box(112, 37, 112.3, 37.3).difference(shapely.box(112.1, 37.05, 112.2, 37.3))
    found, document = made(horseshoe)
    x, y, radius = document["labels"][0]
    area = polygon(document["paths"][0])
    assert area.contains(shapely.Point(x, y).buffer(radius * 0.95))
    assert not area.contains(area.envelope.centroid)
    assert horseshoe.contains(shapely.Point(*found.anchors["P0"]))


def test_a_place_without_a_shape_keeps_its_turn() -> None:
    found, document = made(shapely.box(112, 37, 112.1, 37.1), None, shapely.box(112.1, 37, 112.2, 37.1))
    assert document["codes"] == ["P0", "P1", "P2"]
    assert [bool(path) for path in document["paths"]] == [True, False, True]
    assert document["labels"][1] is None
    assert set(found.anchors) == {"P0", "P2"}


def test_nothing_at_all() -> None:
    assert made()[1]["paths"] == []
    assert made(None, None)[1]["paths"] == ["", ""]
    assert made(shapely.LineString([(112, 37), (113, 38)]))[1]["paths"] == [""]


def test_positions_are_mercator_and_one_scale_in_both_directions() -> None:
    found, document = made(shapely.box(112, 37, 112.5, 37.2))
    width, height = document["size"]
    assert max(width, height) == EXTENT
    west, north = found.place(112, 37.2)
    east, south = found.place(112.5, 37)
    # At 37.1° a degree of longitude is cos(37.1°) = 0.7976 of a degree of latitude.
    assert (east - west) / (south - north) == pytest.approx(0.5 * math.cos(math.radians(37.1)) / 0.2, rel=1e-4)
    assert polygon(document["paths"][0]).bounds == pytest.approx((west, north, east, south), abs=1)


def test_the_outlines_of_the_parents() -> None:
    cells = grid(2, 2)
    _, document = made(*cells, parents=["A", "A", "B", "B"])
    parts = [polygon(part + "z") for part in document["borders"].split("z") if part]
    assert len(parts) == 2
    assert sum(part.area for part in parts) == pytest.approx(sum(polygon(p).area for p in document["paths"]), rel=1e-6)
    assert made(*cells, parents=["A"] * 4)[1]["borders"] == ""


@pytest.mark.parametrize(("rows", "columns", "most"), [(30, 30, 130_000), (60, 50, 200_000)], ids=["900", "3000"])
def test_the_document_stays_small(rows: int, columns: int, most: int) -> None:
    """900 polygons of 61 vertices are 1.3 MB as GeoJSON."""
    found, document = made(*grid(rows, columns, wiggle=16))
    vertices = sum(len(STEP.findall(path)) // 2 for path in document["paths"])
    assert vertices <= MOST_VERTICES * 1.2
    assert len(gzip.compress(found.content)) <= most
    assert all(document["paths"])


def test_the_digest_is_that_of_the_content() -> None:
    one, two = made(shapely.box(112, 37, 112.1, 37.1))[0], made(shapely.box(112, 37, 112.1, 37.1))[0]
    assert one.digest == two.digest
    assert one.digest != made(shapely.box(112, 37, 112.1, 37.2))[0].digest


def test_far_north_and_the_whole_world() -> None:
    _, document = made(shapely.box(-180, -90, 180, 90), shapely.box(100, 30, 101, 31))
    assert all(math.isfinite(number) for number in document["size"])
    assert geometry.EXTENT in document["size"]
