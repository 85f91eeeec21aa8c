"""Outlines for the map: places that came without a shape get a schematic one, so that none is invisible.

The smallest places of an area become Voronoi cells; a larger place is the union of the places in it, so
neighbours share every vertex and a parent is exactly the sum of its children. A smooth noise field moves all
vertices alike and fades out at given outlines, which are never changed. The same codes give the same picture
on every machine.
"""

import duckdb
import orjson
import pandas as pd
import shapely
from shapely.geometry import mapping

from governance.boundaries.coverage import Coverage, coverage
from governance.boundaries.layout import draw_missing
from governance.boundaries.places import BoundaryError, Place, read_centres, read_outlines, read_tree

__all__ = ["BoundaryError", "Coverage", "complete", "coverage", "to_feature_collection"]


def complete(con: duckdb.DuckDBPyConnection) -> None:
    """Give every row of `places` without an outline a schematic one in `boundaries`, and each a point inside it."""
    roots, places = read_tree(con)
    given = read_outlines(con, places)
    draw_missing(roots, places, read_centres(con))
    drawn = {code: place.shape for code, place in places.items() if place.shape is not None and code not in given}
    con.execute(
        "insert into boundaries (place_code, geometry, is_schematic) select unnest($codes), unnest($shapes), true",
        {"codes": list(drawn), "shapes": [orjson.dumps(mapping(shape)).decode() for shape in drawn.values()]},
    )
    _anchor(con, places)


def _anchor(con: duckdb.DuckDBPyConnection, places: dict[str, Place]) -> None:
    """Note for every place a point that lies inside it, where a symbol of the place can stand."""
    shaped = {code: place.shape for code, place in places.items() if place.shape is not None}
    if not shaped:
        return
    middles = shapely.get_coordinates(shapely.point_on_surface(list(shaped.values()))).round(6)
    con.execute(
        "update places set anchor_lon = a.lon, anchor_lat = a.lat "
        "from (select unnest($codes) as code, unnest($lons) as lon, unnest($lats) as lat) as a "
        "where a.code = places.place_code",
        {"codes": list(shaped), "lons": middles[:, 0].tolist(), "lats": middles[:, 1].tolist()},
    )


def to_feature_collection(frame: pd.DataFrame) -> bytes:
    """Columns place_code and geometry as a GeoJSON FeatureCollection; given outlines first, so cells stay clickable."""
    if "is_schematic" in frame:
        frame = frame.sort_values("is_schematic", kind="stable")
    features = [
        {
            "type": "Feature",
            "id": code,
            "properties": {"place_code": code},
            "geometry": orjson.Fragment(geometry),
        }
        for code, geometry in zip(frame["place_code"], frame["geometry"], strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})
