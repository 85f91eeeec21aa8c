"""What is known before anything is drawn: the tree of places, the outlines that came with the data, positions."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import shapely
from shapely.geometry.base import BaseGeometry

POSITIONED = ("county_code", "town_code", "community_code", "grid_1", "grid_2", "grid_3", "region_code", "grid_id")


class BoundaryError(ValueError):
    """The places cannot be drawn; the message is one Chinese sentence."""


@dataclass
class Place:
    """One place of the tree and, once known, its shape in degrees."""

    code: str
    level: str
    households: float
    is_retired: bool = False
    children: list["Place"] = field(default_factory=list)
    retired: list["Place"] = field(default_factory=list)  # grids given up: drawn over the ones in use, never beside
    shape: BaseGeometry | None = None

    def leaves(self) -> Iterator["Place"]:
        """The places below it that have nothing below them."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def read_tree(con: duckdb.DuckDBPyConnection) -> tuple[list[Place], dict[str, Place]]:
    """The roots and all places by code; a place whose parent is unknown is a root, a ring of parents is refused."""
    rows = con.execute(f"""
        select place_code, parent_code, level, coalesce(households, 0), {_retired(con)}
        from places
        where place_code is not null
        order by place_code
    """).fetchall()
    places = {
        code: Place(code, level, float(households), bool(is_retired)) for code, _, level, households, is_retired in rows
    }
    parents = {code: parent for code, parent, *_ in rows if parent in places and parent != code}
    for code in places:
        path = {code: None}
        while (code := parents.get(code, "")) and code not in path:
            path[code] = None
        if code:
            raise BoundaryError(f"地点的上级关系成环，无法绘制：{' → '.join(list(path)[:6])} → {code}")
    for code, parent in parents.items():
        siblings = places[parent].retired if places[code].is_retired else places[parent].children
        siblings.append(places[code])
    return [place for code, place in places.items() if code not in parents], places


def _retired(con: duckdb.DuckDBPyConnection) -> str:
    """The condition for a grid no longer in use at the data's cut-off."""
    if "valid_to" in _columns(con, "places"):
        return "valid_to is not null and valid_to <= coalesce(getvariable('as_of')::timestamp, valid_to::timestamp)"
    return "false"


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    rows = con.execute(
        "select column_name from duckdb_columns() where table_name = $table", {"table": table}
    ).fetchall()
    return {row[0] for row in rows}


def has_columns(con: duckdb.DuckDBPyConnection, table: str, *names: str) -> bool:
    """Whether a table has all these columns."""
    return set(names) <= _columns(con, table)


def read_outlines(con: duckdb.DuckDBPyConnection, places: dict[str, Place]) -> set[str]:
    """Give places the outlines that came with the data; one that cannot be read stays and is not built upon."""
    rows = con.execute("select place_code, geometry from boundaries").fetchall()
    for code, text in rows:
        shape = shapely.from_geojson(text, on_invalid="ignore")
        if code in places and shape is not None:
            shape = areal(shape)
            places[code].shape = None if shape.is_empty else shape
    return {code for code, _ in rows}


def read_centres(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[float, float]]:
    """The median position of the cases of each place, where cases have one."""
    columns = _columns(con, "cases")
    centres: dict[str, tuple[float, float]] = {}
    for column in POSITIONED:
        if {column, "lon", "lat"} <= columns:
            rows = con.execute(f"""
                select {column}, median(lon), median(lat)
                from cases
                where {column} is not null and lon is not null and lat is not null
                group by all
            """).fetchall()
            for code, lon, lat in rows:
                centres.setdefault(code, (lon, lat))
    return centres


def areal(shape: BaseGeometry) -> BaseGeometry:
    """Only the polygons of a shape, made valid."""
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.union_all(
        [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    )
