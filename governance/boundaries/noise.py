"""The hand-drawn look: straight cell edges become irregular lines, without gaps or overlaps."""

import hashlib
from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from governance.boundaries.places import areal


def roughen(
    cells: np.ndarray,
    frame: BaseGeometry,
    leaf_size: float,
    rng: np.random.Generator,
    *,
    is_free: bool,
    back: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """Bend all lines by one smooth noise field, still at the edge of a given outline, and return to degrees."""
    kind, coords, offsets = shapely.to_ragged_array(cells)
    step = (
        leaf_size * float(np.interp(np.log10(len(cells)), (0.5, 3), (0.08, 0.35))) if len(cells) > 1 else leaf_size / 5
    )
    coords, rings = _densify(coords, offsets[0], step)
    offsets = (rings, *offsets[1:])
    noise = _noise(coords, 3.5 * step, rng)
    if not is_free:
        shapely.prepare(edge := frame.boundary)
        fade = np.clip(shapely.distance(edge, shapely.points(coords)) / (0.3 * leaf_size), 0, 1)
        noise *= (fade * fade * (3 - 2 * fade))[:, None]
    for strength in (1.0, 0.5, 0.25, 0.0):
        shapes = shapely.from_ragged_array(kind, back(coords + strength * noise), offsets)
        if shapely.is_valid(shapes).all():
            break
    return np.array([_simple(shape) for shape in shapes])


def _simple(shape: BaseGeometry) -> BaseGeometry:
    """A polygon rather than a collection of one; valid also where rounding closed a narrow inlet."""
    shape = areal(shape)
    return shape.geoms[0] if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1 else shape


def _densify(coords: np.ndarray, rings: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Cut every edge into equal pieces; both neighbours of an edge get the very same points."""
    is_edge = np.ones(len(coords), dtype=bool)
    is_edge[rings[1:] - 1] = False
    start, stop = coords, np.roll(coords, -1, axis=0)
    pieces = np.where(is_edge, np.maximum(np.ceil(np.hypot(*(stop - start).T) / step), 1), 1).astype(int)
    first = np.concatenate([[0], np.cumsum(pieces)])
    edge = np.repeat(np.arange(len(coords)), pieces)
    place = np.arange(first[-1]) - first[edge]
    is_turned = (start[:, 0] > stop[:, 0]) | ((start[:, 0] == stop[:, 0]) & (start[:, 1] > stop[:, 1]))
    low, high = np.where(is_turned[:, None], stop, start), np.where(is_turned[:, None], start, stop)
    share = np.where(is_turned[edge], pieces[edge] - place, place) / pieces[edge]
    points = low[edge] + (high - low)[edge] * share[:, None]
    points[place == 0] = coords  # the corners exactly
    return points, first[rings]


def _noise(points: np.ndarray, finest: float, rng: np.random.Generator) -> np.ndarray:
    """A displacement per point: waves of several lengths, from the size of a cell up to that of the outline."""
    total = np.zeros_like(points)
    length, height = finest, 0.026
    while length < 1.5:
        for _ in range(5):
            turn, phase, way = rng.uniform(0, 2 * np.pi, 3)
            wave = points @ np.array([np.cos(turn), np.sin(turn)]) * (2 * np.pi / length)
            total += np.sin(wave + phase)[:, None] * (height * length * np.array([np.cos(way), np.sin(way)]))
        length, height = length * 2.2, height * 0.8
    return total


def random_from(*codes: str) -> np.random.Generator:
    """Numbers that depend on the codes alone."""
    digest = hashlib.sha256("\n".join(codes).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))
