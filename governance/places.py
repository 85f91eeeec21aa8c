"""Places as a tree: which levels there are below a place, and the way down to it. Pure functions on `place_options`."""

import pandas as pd

LEVELS = {
    "county": "county_code",
    "town": "town_code",
    "community": "community_code",
    "grid_1": "grid_1",
    "grid_2": "grid_2",
    "grid_3": "grid_3",
}
"""Level → the column of a place's path that holds its code at that level, from the county down."""


def is_upper(places: pd.DataFrame, region: str | None) -> bool:
    """Whether a region is a city or province, which holds counties and is no level of the data."""
    return region is not None and places.at[region, "level"] not in LEVELS


def within(places: pd.DataFrame, region: str | None) -> pd.DataFrame:
    """The places in a region, itself included; all for None."""
    if region is None:
        return places
    if is_upper(places, region):
        return places[[region == code or region in uppers.split() for code, uppers in _uppers(places)]]
    return places[(places[list(LEVELS.values())] == region).any(axis=1)]


def _uppers(places: pd.DataFrame) -> list[tuple[str, str]]:
    """Each place with the codes of the cities and provinces that it lies in."""
    return list(zip(places["place_code"], places["upper_codes"].fillna(""), strict=True))


def levels_below(places: pd.DataFrame, region: str | None) -> list[str]:
    """Levels that have places inside a region, finer than the region itself; its own level when there is none."""
    inside = within(places, region)
    if region is not None:
        inside = inside[inside["place_code"] != region]
    found = set(inside["level"])
    own = [places.at[region, "level"]] if region is not None and not is_upper(places, region) else []
    return [level for level in LEVELS if level in found] or own


def surroundings(places: pd.DataFrame, region: str | None) -> tuple[str | None, str | None]:
    """What a map of a region shows, and the place marked on it: a place with nothing below lies among its siblings."""
    if region is None or levels_below(places, region) != [places.at[region, "level"]]:
        return region, None
    return next((code for code in reversed(way_down(places, region)) if code != region), region), region


def next_level(places: pd.DataFrame, region: str | None) -> str:
    """The first level below a region that has something to compare: two places at least, where there is one."""
    inside = within(places, region)
    counts = inside[inside["place_code"] != region]["level"].value_counts()
    found = levels_below(places, region)
    return next((level for level in found if counts.get(level, 0) > 1), found[0] if found else "county")


def way_down(places: pd.DataFrame, region: str | None) -> list[str]:
    """The codes from the county down to a place, for a breadcrumb; empty for everywhere."""
    if region is None:
        return []
    if is_upper(places, region):
        return [region]
    codes = [places.at[region, column] for column in LEVELS.values()]
    return list(dict.fromkeys(code for code in codes if isinstance(code, str)))
