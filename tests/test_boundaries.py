"""Schematic outlines: none missing, no gaps, no overlaps, given outlines untouched, the same on every run."""

import json
import time
from collections.abc import Iterable, Iterator

import duckdb
import numpy as np
import orjson
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from governance import boundaries

Row = tuple[str, str | None, str, int | None]
NAMES = "place_code, parent_code, level, households"
SQUARE = shapely.box(112.0, 37.0, 112.4, 37.3)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables that publishing has at hand, empty."""
    with duckdb.connect() as con:
        con.execute("""
            create table places (
                place_code varchar, parent_code varchar, level varchar, households integer, valid_to date,
                anchor_lon double, anchor_lat double
            );
            create table boundaries (
                place_code varchar primary key, geometry varchar, is_schematic boolean, approval_number varchar
            );
            create table cases (county_code varchar, region_code varchar, lon double, lat double);
        """)
        yield con


def put(con: duckdb.DuckDBPyConnection, rows: Iterable[Row]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    con.execute(f"insert into places ({NAMES}) select unnest(?), unnest(?), unnest(?), unnest(?::integer[])", columns)


def outline(con: duckdb.DuckDBPyConnection, code: str, shape: BaseGeometry) -> None:
    con.execute("insert into boundaries values (?, ?, false, '审图号')", [code, shapely.to_geojson(shape)])


def shapes(con: duckdb.DuckDBPyConnection, like: str = "%") -> dict[str, BaseGeometry]:
    rows = con.execute(
        "select place_code, geometry from boundaries where place_code like ? order by 1", [like]
    ).fetchall()
    return {code: shapely.from_geojson(text) for code, text in rows}


def county(code: str = "141122", towns: int = 4, communities: int = 5, grids: int = 4, small: int = 0) -> list[Row]:
    rows: list[Row] = [(code, None, "county", None)]
    for town in (f"{code}{number:03}" for number in range(1, towns + 1)):
        rows.append((town, code, "town", None))
        for community in (f"{town}{number:03}" for number in range(1, communities + 1)):
            rows.append((community, town, "community", None))
            for grid in (f"{community}{number:03}" for number in range(1, grids + 1)):
                rows.append((grid, community, "grid_1", 300))
                rows += [(f"{grid}{number:02}", grid, "grid_2", 60) for number in range(1, small + 1)]
    return rows


def is_tiling(parent: BaseGeometry, parts: list[BaseGeometry], tolerance: float = 1e-4) -> bool:
    """The parts cover the parent and nothing else, none over another."""
    union = shapely.union_all(parts)
    is_whole = shapely.symmetric_difference(union, parent).area <= tolerance * parent.area
    return is_whole and abs(sum(part.area for part in parts) - union.area) <= tolerance * parent.area


def test_every_place_gets_a_valid_outline_and_the_levels_nest(con: duckdb.DuckDBPyConnection) -> None:
    rows = county(small=3)
    put(con, rows)

    boundaries.complete(con)

    drawn = shapes(con)
    assert set(drawn) == {row[0] for row in rows}
    assert con.execute("select bool_and(is_schematic) from boundaries").fetchone() == (True,)
    assert all(shape.is_valid and shape.area > 0 for shape in drawn.values())
    for parent in {row[1] for row in rows if row[1]}:
        assert is_tiling(drawn[parent], [drawn[row[0]] for row in rows if row[1] == parent], 1e-9)


@pytest.mark.parametrize("level", ["county", "town", "community", "grid_1", "grid_2"])
def test_neighbours_share_their_edges_exactly(con: duckdb.DuckDBPyConnection, level: str) -> None:
    put(con, county(small=3))

    boundaries.complete(con)

    rows = con.execute(
        "select geometry from boundaries join places using (place_code) where level = ?", [level]
    ).fetchall()
    assert shapely.coverage_is_valid(shapely.from_geojson([row[0] for row in rows]))


def test_the_picture_depends_on_the_codes_alone(con: duckdb.DuckDBPyConnection) -> None:
    rows = county()
    put(con, reversed(rows))
    boundaries.complete(con)
    first = shapes(con)
    con.execute("delete from places; delete from boundaries")
    put(con, rows)

    boundaries.complete(con)

    assert first == shapes(con)
    assert first["141122001"] != first["141122002"]


def test_cells_are_compact_and_light(con: duckdb.DuckDBPyConnection) -> None:
    put(con, county(towns=9, communities=10, grids=10))

    boundaries.complete(con)

    rows = con.execute(
        "select geometry from boundaries join places using (place_code) where level = 'grid_1'"
    ).fetchall()
    cells = shapely.from_geojson([row[0] for row in rows])
    assert sum(len(row[0]) for row in rows) < 800_000
    assert shapely.get_num_coordinates(cells).max() <= 60
    roundness = 4 * np.pi * shapely.area(cells) / shapely.length(cells) ** 2
    assert roundness.min() > 0.25  # a square has 0.79; slivers and spikes have next to nothing
    assert roundness.mean() > 0.6
    sizes = shapely.area(cells)
    assert sizes.max() / sizes.min() < 60
    assert np.std(sizes) / np.mean(sizes) > 0.2  # as uneven as real ones


def test_four_times_the_places_take_about_four_times_the_work(con: duckdb.DuckDBPyConnection) -> None:
    """Three thousand places on five levels, against a quarter of them, in processor time; comparing all pairs is 16."""
    taken = []
    for side in (1, 4, 8):  # the first only to have everything loaded
        con.execute("delete from places")
        con.execute("delete from boundaries")
        rows = county(towns=side, communities=side, grids=6, small=6)
        put(con, rows)
        start = time.process_time()
        boundaries.complete(con)
        taken.append(time.process_time() - start)

    assert len(shapes(con)) == len(rows) > 2700
    assert taken[2] < 12 * taken[1]


def test_given_outlines_stay_and_cells_fill_the_rest(con: duckdb.DuckDBPyConnection) -> None:
    put(con, [("A", None, "county", None), *((f"A{number}", "A", "town", None) for number in range(8))])
    given = {"A": SQUARE, "A0": shapely.box(112.0, 37.0, 112.1, 37.3), "A1": shapely.box(112.1, 37.1, 112.2, 37.3)}
    for code, shape in given.items():
        outline(con, code, shape)
    before = con.execute("select * from boundaries order by 1").fetchall()

    boundaries.complete(con)

    assert con.execute("select * from boundaries where not is_schematic order by 1").fetchall() == before
    drawn = shapes(con)
    assert is_tiling(SQUARE, [drawn[f"A{number}"] for number in range(8)])
    cells = shapely.union_all([drawn[f"A{number}"] for number in range(2, 8)])
    assert shapely.intersection(cells, shapely.union_all([given["A0"], given["A1"]])).area < 1e-6


def test_a_detailed_coast_is_followed_closely(con: duckdb.DuckDBPyConnection) -> None:
    angles = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    radius = 0.1 * (1 + 0.2 * np.sin(5 * angles) + 0.01 * np.sin(180 * angles))
    coast = shapely.Polygon(np.column_stack([112 + radius * np.cos(angles), 37 + radius * np.sin(angles)]))
    put(con, [("A", None, "county", None), *((f"A{number:02}", "A", "town", None) for number in range(12))])
    outline(con, "A", coast)

    boundaries.complete(con)

    towns = shapes(con, "A__")
    assert is_tiling(coast, list(towns.values()), 0.02)
    assert shapely.get_num_coordinates(list(towns.values())).mean() < 120


def test_a_place_without_an_outline_is_the_union_of_its_places(con: duckdb.DuckDBPyConnection) -> None:
    west, east = shapely.box(112.0, 37.0, 112.1, 37.3), shapely.box(112.1, 37.0, 112.3, 37.3)
    put(con, [("A", None, "county", None), ("A1", "A", "town", None), ("A2", "A", "town", None)])
    outline(con, "A1", west)
    outline(con, "A2", east)

    boundaries.complete(con)

    assert shapes(con)["A"].equals(shapely.box(112.0, 37.0, 112.3, 37.3))


def test_places_for_which_siblings_leave_no_room_lie_where_their_cases_are(con: duckdb.DuckDBPyConnection) -> None:
    put(con, [("A", None, "county", None), *((code, "A", "community", None) for code in ("A1", "A2", "A3", "A4"))])
    outline(con, "A1", SQUARE)
    con.execute("insert into cases values ('A', 'A2', 112.11, 37.1), ('A', 'A2', 112.11, 37.1), ('A', 'A2', 0.3, 80)")
    con.execute("insert into cases values ('A', 'A3', 112.31, 37.2), ('A', 'A3', null, null)")

    boundaries.complete(con)

    drawn = shapes(con)
    assert drawn["A2"].centroid.distance(shapely.Point(112.11, 37.1)) < 0.002
    assert drawn["A3"].centroid.distance(shapely.Point(112.31, 37.2)) < 0.002
    assert drawn["A2"].area < SQUARE.area / 100
    assert not drawn["A4"].intersects(SQUARE)  # nobody knows where it is: beside the others


def test_counties_lie_side_by_side(con: duckdb.DuckDBPyConnection) -> None:
    codes = ("141122", "140225", "140226", "150102", "140402")
    for code in codes:
        put(con, county(code, towns=2, communities=2, grids=0))
    con.execute("insert into cases values ('141122', '141122', 112.15, 37.55), ('140225', '140225', 113.7, 39.7)")

    boundaries.complete(con)

    counties = [shapes(con)[code] for code in codes]
    assert counties[0].centroid.distance(shapely.Point(112.15, 37.55)) < 0.03
    assert counties[1].centroid.distance(shapely.Point(113.7, 39.7)) < 0.03
    assert shapely.union_all(counties).area == pytest.approx(sum(shape.area for shape in counties))


def test_odd_trees(con: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [
        ("A", None, "county", None),
        ("A1", "A", "town", None),  # an only child
        ("A11", "A1", "community", None),  # of an only child
        ("B1", "gone", "community", None),  # whose parent no register knows
        ("C1", "C1", "community", None),  # its own parent
    ]
    put(con, rows)

    boundaries.complete(con)

    drawn = shapes(con)
    assert set(drawn) == {"A", "A1", "A11", "B1", "C1"}
    assert drawn["A"].equals(drawn["A11"])


def test_a_ring_of_parents_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    put(con, [("A", "C", "town", None), ("B", "A", "community", None), ("C", "B", "grid_1", None)])

    with pytest.raises(boundaries.BoundaryError, match="成环"):
        boundaries.complete(con)

    assert shapes(con) == {}


def test_nothing_to_draw(con: duckdb.DuckDBPyConnection) -> None:
    boundaries.complete(con)

    assert shapes(con) == {}


def test_an_outline_that_cannot_be_read_stays_as_it_is(con: duckdb.DuckDBPyConnection) -> None:
    put(con, [("A", None, "county", None), ("A1", "A", "town", None), ("A2", "A", "town", None)])
    con.execute("insert into boundaries values ('A', 'not a shape', false, null)")

    boundaries.complete(con)

    rows = con.execute("select place_code from boundaries where is_schematic order by 1").fetchall()
    assert rows == [("A1",), ("A2",)]


def test_a_grid_given_up_takes_no_room_from_those_in_use(con: duckdb.DuckDBPyConnection) -> None:
    put(con, [("A", None, "community", None), *((f"A{number}", "A", "grid_1", 100) for number in range(6))])
    con.execute("update places set valid_to = '2025-07-01' where place_code = 'A0'")
    con.execute("set variable as_of = timestamp '2026-07-01'")

    boundaries.complete(con)

    drawn = shapes(con)
    assert is_tiling(drawn["A"], [drawn[f"A{number}"] for number in range(1, 6)], 1e-9)
    assert drawn["A"].buffer(1e-4).contains(drawn["A0"])


def test_feature_collection_holds_codes_and_shapes_with_given_ones_first(con: duckdb.DuckDBPyConnection) -> None:
    put(con, [("A", None, "county", None), ("A1", "A", "town", None), ("B", None, "county", None)])
    outline(con, "B", SQUARE)
    boundaries.complete(con)

    found = boundaries.to_feature_collection(con.execute("select * from boundaries order by place_code").df())

    assert isinstance(found, bytes)
    features = orjson.loads(found)["features"]
    assert [feature["id"] for feature in features] == ["B", "A", "A1"]
    assert features[0]["properties"] == {"place_code": "B"}
    assert features[0]["geometry"] == json.loads(shapely.to_geojson(SQUARE))


def test_two_counties_whose_cases_lie_on_one_spot_get_outlines_of_their_own() -> None:
    con = duckdb.connect()
    con.execute(
        "create table places (place_code varchar, parent_code varchar, level varchar, name varchar, households int, "
        "anchor_lon double, anchor_lat double)"
    )
    con.execute("insert into places by name from (values ('a', 'county'), ('b', 'county')) as t (place_code, level)")
    con.execute(
        "create table boundaries (place_code varchar, geometry varchar, is_schematic boolean, approval_number varchar)"
    )
    con.execute("create table cases (place_code varchar, county_code varchar, lon double, lat double)")
    con.execute("insert into cases values ('a', 'a', 113, 37), ('b', 'b', 113, 37)")

    boundaries.complete(con)

    assert con.execute("select count(*) from boundaries").fetchone() == (2,)
