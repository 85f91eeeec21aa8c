"""The places of an area as one drawing; where they lie far apart, each in a tile of its own."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely

from governance.maps import outlines as outlines_of
from governance.screen.board import Place

SPARSE = 0.12  # shapes that fill less of their common box than this would be specks in it
TILE, FREE = 1000, 0.86  # units of a tile's side; how much of it a shape may fill


@dataclass(frozen=True)
class Outline:
    """One place: the `d` of its path, where its name goes and how much room that has, where the path lies."""

    place: Place
    path: str
    anchor: tuple[int, int]
    room: int
    at: tuple[int, int, float]  # moved by x and y, then scaled


@dataclass(frozen=True)
class Drawing:
    """Outlines in a box of `width` × `height` units; `is_apart` says that each has a scale of its own."""

    width: int
    height: int
    outlines: tuple[Outline, ...]
    is_apart: bool


def draw(places: Sequence[Place]) -> Drawing | None:
    """Draw the places that have a usable shape; None when none has."""
    texts = np.array([place.geometry or None for place in places], dtype=object)
    shapes = shapely.from_geojson(texts, on_invalid="ignore") if len(texts) else texts
    usable = [shape is not None and shape.area > 0 for shape in shapes]
    known = [place for place, is_usable in zip(places, usable, strict=True) if is_usable]
    if not known:
        return None
    found = shapes[np.array(usable)]
    west, south, east, north = shapely.total_bounds(found)
    if len(known) > 1 and shapely.area(found).sum() < SPARSE * (east - west) * (north - south):
        return _apart(known)
    document = _outlines(known)
    width, height = document["size"]
    return Drawing(width, height, tuple(_outline(place, document, i) for i, place in enumerate(known)), False)


def _outlines(places: Sequence[Place]) -> dict[str, Any]:
    made = outlines_of(
        [place.code for place in places],
        [place.name for place in places],
        [place.geometry for place in places],
        [place.is_schematic for place in places],
    )
    return dict(orjson.loads(made.content))


def _outline(place: Place, document: dict[str, Any], i: int, at: tuple[int, int, float] = (0, 0, 1.0)) -> Outline:
    x, y, radius = document["labels"][i]
    anchor = (round(at[0] + x * at[2]), round(at[1] + y * at[2]))
    return Outline(place, document["paths"][i], anchor, max(1, round(radius * at[2])), at)


def _apart(places: list[Place]) -> Drawing:
    """Each shape in the middle of a square, row by row."""
    across = math.ceil(math.sqrt(len(places)))
    outlines = []
    for number, place in enumerate(places):
        document = _outlines([place])
        factor = TILE * FREE / max(document["size"])
        row, column = divmod(number, across)
        x = round((column + 0.5) * TILE - document["size"][0] * factor / 2)
        y = round((row + 0.5) * TILE - document["size"][1] * factor / 2)
        outlines.append(_outline(place, document, 0, (x, y, round(factor, 6))))
    return Drawing(across * TILE, math.ceil(len(places) / across) * TILE, tuple(outlines), True)
