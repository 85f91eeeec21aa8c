"""Where cells may lie: in an outline, in what outlined siblings leave of it, or in a round blob beside the others."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from governance.boundaries.cells import fill
from governance.boundaries.noise import random_from
from governance.boundaries.places import Place, areal

CENTRE = (105.0, 35.0)  # where a map starts when not one place has a known position
OUTLINE = 1500  # vertices from which a union of given outlines is drawn a little coarser
RADIUS = {
    "county": 0.2,
    "town": 0.05,
    "community": 0.008,
    "grid_1": 0.004,
    "grid_2": 0.002,
    "grid_3": 0.001,
}  # degrees


def draw_missing(roots: list[Place], places: dict[str, Place], centres: dict[str, tuple[float, float]]) -> None:
    """Give a shape to every place that has none."""
    for root in roots:
        _unite(root)
    bare = [root for root in roots if root.shape is None]
    drawn = [root.shape for root in roots if root.shape is not None]
    for root, blob in zip(bare, _blobs(bare, centres, drawn), strict=True):
        fill(blob, [root], is_free=True)
    for place in places.values():
        _fill_rest(place, centres)
    for root in roots:
        _fill_retired(root)


def _unite(place: Place) -> None:
    """A place without an outline that has outlined places in it gets their union."""
    for child in place.children:
        _unite(child)
    shapes = [child.shape for child in place.children if child.shape is not None]
    if place.shape is None and shapes:
        place.shape = areal(shapely.union_all(shapes))
        if shapely.get_num_coordinates(place.shape) > OUTLINE:
            place.shape = areal(shapely.simplify(place.shape, 0.0005 * place.shape.area**0.5))


def _fill_rest(place: Place, centres: dict[str, tuple[float, float]]) -> None:
    """Children without an outline share what their outlined siblings leave; blobs where these leave nothing."""
    bare = [child for child in place.children if child.shape is None]
    if not bare or place.shape is None:
        return
    taken = [child.shape for child in place.children if child.shape is not None]
    rest = place.shape
    if taken:
        rest = _without_slivers(
            shapely.difference(rest, shapely.union_all(taken)), place.shape.area / len(place.children)
        )
    if not rest.is_empty and rest.area > 0.1 * place.shape.area * len(bare) / len(place.children):
        fill(rest, bare, is_free=False)
        return
    for child, blob in zip(bare, _blobs(bare, centres, [place.shape]), strict=True):
        fill(blob, [child], is_free=True)


def _fill_retired(place: Place) -> None:
    """Grids given up divide the parent once more, together with stand-ins for the others."""
    bare = [grid for grid in place.retired if grid.shape is None]
    if bare and place.shape is not None:
        others = [Place(child.code, child.level, child.households) for child in place.children]
        fill(place.shape, sorted(bare + others, key=lambda each: each.code), is_free=False)
    for child in [*place.children, *place.retired]:
        _fill_retired(child)


def _without_slivers(rest: BaseGeometry, usual_area: float) -> BaseGeometry:
    """The parts wide enough to be a place of their own."""
    parts = shapely.get_parts(areal(rest))
    width = 0.1 * usual_area**0.5
    return shapely.union_all(
        [part for part in parts if part.area > 0.1 * usual_area and not part.buffer(-width / 2).is_empty]
    )


def _blobs(
    places: Sequence[Place], centres: dict[str, tuple[float, float]], drawn: Sequence[BaseGeometry]
) -> list[BaseGeometry]:
    """One round outline per place, side by side: at its cases where these have a position, else beside the others."""
    if not places:
        return []
    spots = np.array([centres.get(place.code, (np.nan, np.nan)) for place in places], dtype=float)
    radii = np.array([_radius(place) for place in places])
    known = ~np.isnan(spots[:, 0])
    origin = np.nanmean(spots[known], axis=0) if known.any() else np.array(CENTRE)
    if drawn and not known.any():
        origin = np.array(shapely.centroid(shapely.union_all(drawn)).coords[0])
    squeeze = np.array([np.cos(np.radians(min(abs(origin[1]), 80.0))), 1.0])
    flat = (spots - origin) * squeeze
    radii = np.minimum(radii, _room(flat[known]))
    flat[known] = _apart(flat[known], radii[known])
    walls = [shapely.transform(shape, lambda c: (c - origin) * squeeze) for shape in drawn]
    _beside(flat, radii, known, walls)
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    blobs = []
    for place, centre, radius in zip(places, flat, radii, strict=True):
        phases = random_from(place.code, "blob").uniform(0, 2 * np.pi, 3)
        wobble = sum(a * np.cos(k * angles + p) for k, a, p in zip((2, 3, 5), (0.10, 0.07, 0.04), phases, strict=True))
        ring = centre + (radius * 0.82 * (1 + wobble))[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
        blobs.append(shapely.Polygon(ring / squeeze + origin))
    return blobs


def _room(spots: np.ndarray) -> float:
    """The largest radius at which circles on known positions need not move far."""
    if len(spots) < 2:
        return np.inf
    nearest = STRtree(shapely.points(spots)).query_nearest(
        shapely.points(spots), exclusive=True, return_distance=True, all_matches=False
    )[1]
    if not len(nearest):  # all on one spot
        return np.inf
    return max(0.6 * float(np.median(nearest)), 0.0004)


def _radius(place: Place) -> float:
    smallest = sum(RADIUS.get(leaf.level, RADIUS["grid_3"]) ** 2 for leaf in place.leaves())
    return float(max(smallest**0.5, RADIUS.get(place.level, RADIUS["grid_3"])))


def _apart(spots: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Push circles off each other, each as little as possible."""
    reach = radii[:, None] + radii[None, :]
    for _ in range(80 if len(spots) < 500 else 3):
        gap = spots[:, None] - spots[None, :]
        distance = np.hypot(gap[..., 0], gap[..., 1])
        np.fill_diagonal(distance, np.inf)
        same = distance == 0
        if same.any():  # two on one spot: step aside by the order of the codes
            turn = np.arange(len(spots)) * 2.4
            gap = np.where(same[..., None], np.stack([np.cos(turn), np.sin(turn)], -1)[:, None], gap)
            distance = np.where(same, 1e-9, distance)
        overlap = np.clip(reach - distance, 0, None)
        if not overlap.any():
            break
        share = radii[None, :] / reach  # the larger one moves less
        spots = (
            spots
            + ((overlap * share / np.maximum(np.hypot(gap[..., 0], gap[..., 1]), 1e-12))[..., None] * gap).sum(1) * 0.6
        )
    return spots


def _beside(spots: np.ndarray, radii: np.ndarray, known: np.ndarray, walls: Sequence[BaseGeometry]) -> None:
    """Lay circles without a position on a spiral round the rest, the largest first; fills `spots` in place."""
    placed = known.copy()
    wall = shapely.union_all(walls) if walls else None
    if wall is not None:
        shapely.prepare(wall)
    step, size = 0, -1.0
    pace = 0.2 if len(spots) < 100 else 0.8  # small steps pack closer
    for index in sorted(np.flatnonzero(~known), key=lambda i: (-radii[i], i)):
        if radii[index] != size:
            step, size = 0, radii[index]
        while True:
            turn = step * 2.399963  # the golden angle: evenly in all directions
            spot = pace * size * step**0.5 * np.array([np.cos(turn), np.sin(turn)])
            step += 1
            far = np.hypot(*(spots[placed] - spot).T) >= radii[placed] + size
            if far.all() and (wall is None or not shapely.dwithin(wall, shapely.Point(spot), size)):
                break
        spots[index] = spot
        placed[index] = True
