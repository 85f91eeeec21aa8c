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
from governance.components.missing import missing_export
from governance.components.page import (
    breadcrumb,
    chosen_indicator,
    chosen_level,
    chosen_option,
    chosen_part,
    masthead,
    stop_if_empty,
    trouble,
)
from governance.components.practice import practice_documents, practice_totals
from governance.components.tables import download, foot, readable, table
from governance.components.text import definition, escaped
from governance.components.versions import changed_rows, chosen_earlier, late_effect, title_of_changes

__all__ = [
    "breadcrumb",
    "briefing",
    "busy_grids",
    "card",
    "case_link",
    "changed_places",
    "changed_rows",
    "chart",
    "chosen_earlier",
    "chosen_indicator",
    "chosen_level",
    "chosen_option",
    "chosen_part",
    "definition",
    "dictionary_entry",
    "download",
    "escaped",
    "foot",
    "key_figures",
    "late_effect",
    "legend",
    "map_chart",
    "masthead",
    "missing_export",
    "overdue_places",
    "practice_documents",
    "practice_totals",
    "ranked_places",
    "rates_by_code",
    "readable",
    "stop_if_empty",
    "table",
    "title_of_changes",
    "tracks",
    "trouble",
    "unlocated",
    "vacant_grids",
]
