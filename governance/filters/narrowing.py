"""From a row of a table to the filter that gives that row alone, and from a filter to the address that opens it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from governance import codes
from governance.filters.filter import CHOICES, Filter, months_before

PLACES = ("place_code", "grid_id", "community_code", "town_code", "county_code", "region_code")


def params(filter: Filter) -> dict[str, list[str]]:
    """A filter as parameters of a URL; what is not chosen is left out."""
    return {
        name: [str(one) for one in value] if isinstance(value, tuple) else [str(value)]
        for name, value in asdict(filter).items()
        if value not in (None, (), "")
    }


def narrowed(filter: Filter, row: Mapping[str, Any]) -> Filter | None:
    """The filter of one row of a table by place, code, month or day; None where no filter says so (未落格, 未填)."""
    found = filter
    for name in PLACES:
        if name in row:
            if _is_empty(row[name]):
                return None
            found = replace(found, region=str(row[name]))
            break
    for name in CHOICES:
        if name in row:
            if _is_empty(row[name]):
                return None
            chosen: dict[str, Any] = {name: (str(row[name]),)}
            found = replace(found, **chosen)
    if "track" in row:
        if row["track"] not in codes.TRACK_CATEGORIES:
            return None
        found = replace(found, category=tuple(codes.TRACK_CATEGORIES[row["track"]]))
    return _in_time(found, row)


def _in_time(filter: Filter, row: Mapping[str, Any]) -> Filter | None:
    if "day" in row and not _is_empty(row["day"]):
        day = _day(row["day"])
        return replace(filter, start=day, stop=day + timedelta(days=1))
    if "month" in row and not _is_empty(row["month"]):
        first = _day(row["month"])
        start, stop = max(filter.start, first), min(filter.stop, months_before(first, -1))
        return replace(filter, start=start, stop=stop) if start < stop else None
    return filter


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value != value
