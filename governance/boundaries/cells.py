"""One outline divided among places: Voronoi cells for the smallest, unions of these for all above."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from governance.boundaries.noise import random_from, roughen
from governance.boundaries.places import Place, areal

SNAP = 1e-9  # grid on which lines are noded, in units of the outline's size
DETAIL = 240  # vertices of a given outline that its cells follow exactly; more where there are many cells


def fill(outline: BaseGeometry, tops: Sequence[Place], *, is_free: bool) -> None:
    """Divide an outline among places and all that lies below them."""
    leaves = [leaf for top in tops for leaf in top.leaves()]
    whole = np.array([outline], dtype=object)
    shapes = whole if len(leaves) == 1 and not is_free else _drawn(outline, tops, leaves, is_free=is_free)
    for leaf, shape in zip(leaves, shapes, strict=True):
        leaf.shape = shape
    for top in tops:
        _sum_up(top)


def _drawn(outline: BaseGeometry, tops: Sequence[Place], leaves: Sequence[Place], *, is_free: bool) -> np.ndarray:
    """The cells of the leaves, worked out in a plane where the outline has the size 1."""
    centre = np.array(outline.centroid.coords[0])
    size = outline.area**0.5
    squeeze = np.array([np.cos(np.radians(min(abs(centre[1]), 80.0))), 1.0])
    frame = shapely.transform(outline, lambda c: (c - centre) * squeeze / size)
    frame = _coarser(frame, max(DETAIL, 60 * len(leaves)))
    rng = random_from(*(leaf.code for leaf in leaves))
    cells = _cells(frame, tops, leaves, rng)
    leaf_size = (frame.area / len(leaves)) ** 0.5
    digits = int(np.clip(np.ceil(-np.log10(leaf_size * size * 0.003)), 5, 8))
    return roughen(
        cells, frame, leaf_size, rng, is_free=is_free, back=lambda c: np.round(c / squeeze * size + centre, digits)
    )


def _coarser(frame: BaseGeometry, most: int) -> BaseGeometry:
    """An outline with few enough vertices for its cells to share."""
    coarse = frame
    for tolerance in (0.0005, 0.001, 0.002, 0.004, 0.008, 0.016):
        if shapely.get_num_coordinates(coarse) <= most:
            break
        coarse = areal(shapely.simplify(frame, tolerance))
    return coarse


def _cells(frame: BaseGeometry, tops: Sequence[Place], leaves: Sequence[Place], rng: np.random.Generator) -> np.ndarray:
    """One polygon per leaf: a Voronoi cell, or several joined where a leaf stands for much."""
    if len(leaves) == 1:
        return np.array([frame], dtype=object)
    counts = _weights(tops, leaves)
    seeds = _seeds(frame, sum(counts.values()), rng)
    owner = np.zeros(len(seeds), dtype=int)
    number = {leaf.code: index for index, leaf in enumerate(leaves)}
    for code, members in _share(tops, np.arange(len(seeds)), seeds, counts, rng):
        owner[members] = number[code]
    faces, seed_of = _faces(frame, seeds)
    labels = owner[seed_of]
    order = np.argsort(labels, kind="stable")
    groups = np.split(faces[order], np.flatnonzero(np.diff(labels[order])) + 1)
    cells = np.full(len(leaves), faces[0], dtype=object)
    cells[np.unique(labels)] = [shapely.coverage_union_all(group) for group in groups]
    return cells


def _weights(tops: Sequence[Place], leaves: Sequence[Place]) -> dict[str, int]:
    """Cells per leaf: more where many households live, and where its like elsewhere are divided further."""
    usual = float(np.mean([leaf.households for leaf in leaves])) or 1.0
    divided: dict[str, list[int]] = {}
    for top in tops:
        _count_leaves(top, divided)
    return {
        leaf.code: max(round(np.mean(divided.get(leaf.level, [1])) / 2), 1 + (leaf.households > 2 * usual))
        for leaf in leaves
    }


def _count_leaves(place: Place, divided: dict[str, list[int]]) -> int:
    if not place.children:
        return 1
    count = sum(_count_leaves(child, divided) for child in place.children)
    divided.setdefault(place.level, []).append(count)
    return count


def _seeds(frame: BaseGeometry, count: int, rng: np.random.Generator) -> np.ndarray:
    """Random points in the outline, relaxed twice: uneven like settlements, but never crowded."""
    shapely.prepare(frame)
    cloud = _scatter(frame, max(count * 24, 600), rng)
    seeds = cloud[rng.choice(len(cloud), count, replace=False)]
    for _ in range(2):
        nearest = STRtree(shapely.points(seeds)).nearest(shapely.points(cloud))
        amount = np.maximum(np.bincount(nearest, minlength=count), 1)
        middle = np.column_stack([np.bincount(nearest, cloud[:, axis], count) / amount for axis in (0, 1)])
        inside = shapely.contains_xy(frame, middle)
        seeds = np.where(inside[:, None], middle, seeds)
    return seeds


def _scatter(frame: BaseGeometry, count: int, rng: np.random.Generator) -> np.ndarray:
    left, low, right, high = frame.bounds
    found: list[np.ndarray] = []
    while sum(map(len, found)) < count:
        points = rng.uniform((left, low), (right, high), (count * 2, 2))
        found.append(points[shapely.contains_xy(frame, points)])
    return np.concatenate(found)[:count]


def _share(
    places: Sequence[Place], members: np.ndarray, seeds: np.ndarray, counts: dict[str, int], rng: np.random.Generator
) -> Iterator[tuple[str, np.ndarray]]:
    """Halve places and seeds again and again, across the longer side; codes run west to east, north to south."""
    if len(places) == 1 and not places[0].children:
        yield places[0].code, members
        return
    if len(places) == 1:
        yield from _share(places[0].children, members, seeds, counts, rng)
        return
    needs = np.cumsum([sum(counts[leaf.code] for leaf in place.leaves()) for place in places])
    half = int(np.clip(np.searchsorted(needs, needs[-1] / 2) + 1, 1, len(places) - 1))
    if half > 1 and abs(needs[half - 2] - needs[-1] / 2) < abs(needs[half - 1] - needs[-1] / 2):
        half -= 1
    points = seeds[members]
    axis = np.linalg.eigh(np.cov(points.T))[1][:, 1] if len(points) > 2 else np.array([1.0, 0.0])
    axis = axis if axis[0] - axis[1] > 0 else -axis
    tilt = rng.normal(0, 0.15)
    axis = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]]) @ axis
    order = members[np.argsort(points @ axis, kind="stable")]
    yield from _share(places[:half], order[: needs[half - 1]], seeds, counts, rng)
    yield from _share(places[half:], order[needs[half - 1] :], seeds, counts, rng)


def _faces(frame: BaseGeometry, seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The Voronoi cells cut at the outline, noded together so that they fit exactly, and the seed of each."""
    edges = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=frame, only_edges=True)
    lines = shapely.union_all([edges, frame.boundary], grid_size=SNAP)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    middles = shapely.point_on_surface(faces)
    inside = shapely.contains(frame, middles)
    faces, middles = faces[inside], middles[inside]
    points = shapely.points(seeds)
    seed_of = STRtree(points).nearest(middles)
    tree = STRtree(faces)
    whole = np.zeros(len(faces), dtype=bool)
    whole[tree.query(points, predicate="intersects")[1]] = True
    for index in np.flatnonzero(~whole):  # cut off by a bay of the outline: belongs to the neighbour it leans on
        near = [other for other in tree.query(faces[index], predicate="intersects") if whole[other]]
        shared = [shapely.intersection(faces[index], faces[other]).length for other in near]
        if shared and max(shared) > 0:
            seed_of[index] = seed_of[near[int(np.argmax(shared))]]
    return faces, seed_of


def _sum_up(place: Place) -> None:
    """A place above cells is exactly their union."""
    for child in place.children:
        _sum_up(child)
    if place.children:
        shapes = [child.shape for child in place.children]
        place.shape = shapes[0] if len(shapes) == 1 else shapely.coverage_union_all(shapes)
