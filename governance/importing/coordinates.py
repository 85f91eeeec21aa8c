"""From the shifted coordinates of web maps (GCJ-02, BD-09) back to CGCS2000: as SQL and as Python."""

from __future__ import annotations

import math

import numpy as np

AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323
ROUNDS = 3  # fixed-point rounds: the remaining error is below a millimetre

Degrees = float | np.ndarray

MACROS = f"""
create macro gcj_lat(x, y) as -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    + (20.0 * sin(6.0 * x * pi()) + 20.0 * sin(2.0 * x * pi())
    + 20.0 * sin(y * pi()) + 40.0 * sin(y / 3.0 * pi())
    + 160.0 * sin(y / 12.0 * pi()) + 320.0 * sin(y * pi() / 30.0)) * 2.0 / 3.0;
create macro gcj_lon(x, y) as 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    + (20.0 * sin(6.0 * x * pi()) + 20.0 * sin(2.0 * x * pi())
    + 20.0 * sin(x * pi()) + 40.0 * sin(x / 3.0 * pi())
    + 150.0 * sin(x / 12.0 * pi()) + 300.0 * sin(x / 30.0 * pi())) * 2.0 / 3.0;
create macro gcj_magic(lat) as 1 - {ECCENTRICITY!r} * sin(lat / 180.0 * pi()) * sin(lat / 180.0 * pi());
create macro shift_lat(lon, lat) as gcj_lat(lon - 105.0, lat - 35.0) * 180.0
    / (({AXIS!r} * (1 - {ECCENTRICITY!r})) / (gcj_magic(lat) * sqrt(gcj_magic(lat))) * pi());
create macro shift_lon(lon, lat) as gcj_lon(lon - 105.0, lat - 35.0) * 180.0
    / ({AXIS!r} / sqrt(gcj_magic(lat)) * cos(lat / 180.0 * pi()) * pi());
create macro is_shifted(lon, lat) as lon between 72.004 and 137.8347 and lat between 0.8293 and 55.8271;
"""


def steps(crs: str, lon: str, lat: str) -> list[dict[str, str]]:
    """Return the SQL, layer by layer, that turns columns `lon`, `lat` of a coordinate system into CGCS2000."""
    layers = []
    if crs == "bd09":
        x, y = f"({lon} - 0.0065)", f"({lat} - 0.006)"
        radius = f"(sqrt({x} * {x} + {y} * {y}) - 0.00002 * sin({y} * pi() * 3000.0 / 180.0))"
        angle = f"(atan2({y}, {x}) - 0.000003 * cos({x} * pi() * 3000.0 / 180.0))"
        layers.append({lon: f"{radius} * cos({angle})", lat: f"{radius} * sin({angle})"})
    if crs in ("gcj02", "bd09"):
        layers.append({"given_lon": lon, "given_lat": lat})
        for _ in range(ROUNDS):
            layers.append(
                {
                    axis: f"case when is_shifted(given_lon, given_lat) then given_{axis} - shift_{axis}({lon}, {lat}) "
                    f"else given_{axis} end"
                    for axis in (lon, lat)
                }
            )
    return layers


def _shift(lon: Degrees, lat: Degrees) -> tuple[np.ndarray, np.ndarray]:
    x, y, pi = lon - 105.0, lat - 35.0, math.pi
    both = 20.0 * np.sin(6.0 * x * pi) + 20.0 * np.sin(2.0 * x * pi)
    north = both + 20.0 * np.sin(y * pi) + 40.0 * np.sin(y / 3.0 * pi)
    north += 160.0 * np.sin(y / 12.0 * pi) + 320.0 * np.sin(y * pi / 30.0)
    east = both + 20.0 * np.sin(x * pi) + 40.0 * np.sin(x / 3.0 * pi)
    east += 150.0 * np.sin(x / 12.0 * pi) + 300.0 * np.sin(x / 30.0 * pi)
    root = 0.2 * np.sqrt(np.abs(x))
    metres_north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + root + north * 2.0 / 3.0
    metres_east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.5 * root + east * 2.0 / 3.0
    magic = 1 - ECCENTRICITY * np.sin(np.radians(lat)) ** 2
    degree_north = (AXIS * (1 - ECCENTRICITY)) / (magic * np.sqrt(magic)) * pi / 180.0
    degree_east = AXIS / np.sqrt(magic) * np.cos(np.radians(lat)) * pi / 180.0
    return metres_east / degree_east, metres_north / degree_north


def from_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Undo the GCJ-02 shift of degrees, single or in arrays; places outside China are not shifted."""
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    east, north = lon, lat
    for _ in range(ROUNDS):
        shift_east, shift_north = _shift(east, north)
        east, north = lon - shift_east, lat - shift_north
    return np.where(inside, east, lon)[()], np.where(inside, north, lat)[()]


def from_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Undo the BD-09 shift, then the GCJ-02 shift under it."""
    x, y = lon - 0.0065, lat - 0.006
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * math.pi * 3000.0 / 180.0)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * math.pi * 3000.0 / 180.0)
    return from_gcj02(radius * np.cos(angle), radius * np.sin(angle))


CONVERSIONS = {"gcj02": from_gcj02, "bd09": from_bd09}
