"""The filter every page shares: one frozen Filter, its sidebar, and its place in the URL.

A field keeps one name from widget to SQL: field of Filter = widget key = URL parameter = option of the command line =
`$name` in queries/. Whatever comes from outside (URL, command line) passes `from_params`, the one place that checks.
"""

from governance.filters.filter import (
    CHOICES,
    EARLIEST,
    EVERYWHERE,
    LATEST,
    Filter,
    FilterProblem,
    default,
    from_params,
    place_options,
)
from governance.filters.narrowing import narrowed, params
from governance.filters.sidebar import choose_region, current, link, sidebar

__all__ = [
    "CHOICES",
    "EARLIEST",
    "EVERYWHERE",
    "LATEST",
    "Filter",
    "FilterProblem",
    "choose_region",
    "current",
    "default",
    "from_params",
    "link",
    "narrowed",
    "params",
    "place_options",
    "sidebar",
]
