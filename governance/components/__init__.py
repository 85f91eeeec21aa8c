"""Blocks that more than one page is made of; pages use them by these names."""

from governance.components.around import boundary_notes, crew, map_layers, neighbours, open_cases, repeats
from governance.components.checks import check_card, check_list, marked, summary
from governance.components.comparisons import (
    busy_grids,
    changed_places,
    moved_places,
    overdue_places,
    ranked_places,
    rates_by_code,
    vacant_grids,
)
from governance.components.figures import briefing, card, case_link, chart, dictionary_entry, key_figures, tracks
from governance.components.maps import map_looks, on_the_map, place_map
from governance.components.menu import menu, searched
from governance.components.missing import missing_export
from governance.components.page import (
    breadcrumb,
    chosen_indicator,
    chosen_level,
    chosen_option,
    chosen_part,
    chosen_theme,
    masthead,
    stop_if_empty,
    trouble,
)
from governance.components.quality import files, files_read, freshness, intake_title, may_read, outcomes, rejected
from governance.components.snapshots import snapshot_check, snapshot_list, snapshot_rollback
from governance.components.tables import download, foot, table
from governance.components.text import escaped, order_of
from governance.components.versions import (
    changed_rows,
    chosen_earlier,
    last_month,
    reported_then,
    title_of_changes,
)

__all__ = [
    "boundary_notes",
    "breadcrumb",
    "briefing",
    "busy_grids",
    "card",
    "case_link",
    "changed_places",
    "changed_rows",
    "chart",
    "check_card",
    "check_list",
    "chosen_earlier",
    "chosen_indicator",
    "chosen_level",
    "chosen_option",
    "chosen_part",
    "chosen_theme",
    "crew",
    "dictionary_entry",
    "download",
    "escaped",
    "files",
    "files_read",
    "foot",
    "freshness",
    "intake_title",
    "key_figures",
    "last_month",
    "map_layers",
    "map_looks",
    "marked",
    "masthead",
    "may_read",
    "menu",
    "missing_export",
    "moved_places",
    "neighbours",
    "on_the_map",
    "open_cases",
    "order_of",
    "outcomes",
    "overdue_places",
    "place_map",
    "ranked_places",
    "rates_by_code",
    "rejected",
    "repeats",
    "reported_then",
    "searched",
    "snapshot_check",
    "snapshot_list",
    "snapshot_rollback",
    "stop_if_empty",
    "summary",
    "table",
    "title_of_changes",
    "tracks",
    "trouble",
    "vacant_grids",
]
