"""The registers of the demo (基础台账): places, staff, units, calendar, population and schematic county outlines."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon, mapping

from governance.demo import party, people
from governance.demo.files import Style, to_rows, write, write_workbook
from governance.demo.places import Places, counties

NAME = "demo_base"


def write_all(places: Places, target: Path) -> list[Path]:
    """Write the registers; returns their paths."""
    tables = {
        "regions": ("行政区划", places.regions, Style()),
        "estates": ("小区", places.estates, Style("gb18030")),
        "grids": (
            "网格",
            places.grids.assign(party_id=party.of_grids(places), merged_from=places.merged_from()).astype(
                {"valid_from": "datetime64[s]", "valid_to": "datetime64[s]"}
            ),
            Style(),
        ),
        "staff": (
            "网格队伍",
            people.staff(places).astype({"active_from": "datetime64[s]", "active_to": "datetime64[s]"}),
            Style("gb18030"),
        ),
        "population": ("人口", people.population(places), Style()),
    }
    paths = []
    for table, (title, frame, style) in tables.items():
        path = target / f"基础台账_{title}.csv"
        write(path, to_rows(NAME, (table,), frame, style), style)
        paths.append(path)
    native = Style(is_native=True)
    book = target / "基础台账_单位与日历.xlsx"
    sheets = {
        "单位名录": to_rows(NAME, ("units",), people.units(), native),
        "工作日历": to_rows(NAME, ("calendar",), people.calendar(), native),
    }
    write_workbook(book, sheets, native)
    outlines = target / "边界_县域.geojson"
    outlines.write_text(json.dumps(_outlines(), ensure_ascii=False, indent=None), encoding="utf-8")
    return [*paths, book, outlines]


def _outlines() -> dict[str, object]:
    """Counties where they lie and as large as they are, with an invented outline; neighbours do not overlap."""
    shapes: list[tuple[str, str, Polygon]] = []
    for number, county in enumerate(counties()):
        shape = _blob(np.random.default_rng([9, number]), county["centre"], county["area"])
        for _, _, other in shapes:
            shape = shape.difference(other.buffer(0.002))
        shape = max(shapely.get_parts(shape), key=lambda part: part.area)
        shapes.append((county["code"], county["name"], shape))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"区划代码": f"{code}000000", "名称": name, "示意": "是", "审图号": None},
                "geometry": mapping(shapely.set_precision(shape, 1e-5)),
            }
            for code, name, shape in shapes
        ],
    }


def _blob(rng: np.random.Generator, centre: list[float], area: float) -> Polygon:
    """An irregular outline of that area (km²) around the centre (degrees)."""
    angles = np.linspace(0, 2 * np.pi, 181)[:-1]
    radius = np.ones(180)
    for wave in range(2, 26):
        radius += 0.24 / wave * rng.normal() * np.cos(wave * angles + rng.uniform(0, 2 * np.pi))
    radius = np.clip(radius, 0.5, 1.6)
    flat = Polygon(np.column_stack([radius * np.cos(angles), radius * np.sin(angles)]))
    size = np.sqrt(area / flat.area)
    per_degree = np.array([111.32 * np.cos(np.radians(centre[1])), 110.9])
    points = np.array(flat.exterior.coords) * size / per_degree + np.array(centre)
    return Polygon(points)
