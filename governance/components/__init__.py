"""Blocks that more than one page is made of; pages use them by these names."""

from governance.components.comparisons import (
    busy_grids,
    changed_places,
    legend,
    map_chart,
    overdue_places,
    ranked_places,
    rates_by_code,
    unlocated,
    vacant_grids,
)
from governance.components.figures import briefing, card, case_link, chart, dictionary_entry, key_figures, tracks
from governance.components.page import (
    breadcrumb,
    chosen_indicator,
    chosen_level,
    chosen_part,
    masthead,
    stop_if_empty,
    trouble,
)
from governance.components.tables import download, foot, readable, table
from governance.components.text import definition, escaped

__all__ = [
    "breadcrumb",
    "briefing",
    "busy_grids",
    "card",
    "case_link",
    "changed_places",
    "chart",
    "chosen_indicator",
    "chosen_level",
    "chosen_part",
    "definition",
    "dictionary_entry",
    "download",
    "escaped",
    "foot",
    "key_figures",
    "legend",
    "map_chart",
    "masthead",
    "overdue_places",
    "ranked_places",
    "rates_by_code",
    "readable",
    "stop_if_empty",
    "table",
    "tracks",
    "trouble",
    "unlocated",
    "vacant_grids",
]
