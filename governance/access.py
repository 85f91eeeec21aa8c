"""Who is asking and what they may see: the only place that decides rights.

A role names, table by table, the columns that exist for it. What is not named here reaches no store: a new column
is invisible until it is written down. A scope names the places whose rows exist.
"""

import os
from dataclasses import dataclass

ROLES = ("screen", "leader", "analyst", "importer", "auditor")
READERS = ("leader", "analyst")  # who read cases
DESK = ("imports", "intake", "snapshots")  # the pages of the importer, who reads none
ROLE = "GOVERNANCE_ROLE"


class AccessError(Exception):
    """Why someone may not see something, in one Chinese sentence."""


@dataclass(frozen=True)
class Principal:
    """Who is asking. A scope of None is everything; an empty scope is nothing."""

    uid: str
    role: str
    scope: frozenset[str] | None = frozenset()

    def __post_init__(self) -> None:
        """Refuse a role that is not known: nothing is decided for it."""
        if self.role not in ROLES:
            raise AccessError(f"没有“{self.role}”这种角色。")
        if self.scope is not None and not isinstance(self.scope, frozenset):
            raise AccessError("辖区范围须为代码的集合。")


def current() -> Principal:
    """Return who is asking: the person at this machine, in the role for which this process was started, all places."""
    return Principal("local", os.environ.get(ROLE, "analyst"), None)


def may_open(role: str, page: str) -> bool:
    """Say whether a page exists for a role: the import desk for the importer alone, the others for readers of cases."""
    return page in DESK if role == "importer" else role in READERS and page not in DESK


def require(page: str) -> None:
    """Refuse a page that does not exist for whoever is asking."""
    role = current().role
    if not may_open(role, page):
        raise AccessError(f"角色“{role}”不能打开这一页。")


def columns(role: str, table: str) -> tuple[str, ...]:
    """Return the columns of a table that exist for a role; none means that the table stays empty."""
    return COLUMNS.get(role, {}).get(table, ())


def empty_columns(role: str, table: str) -> tuple[str, ...]:
    """Return what other readers of cases see of a table and this role does not: it exists without a value for it.

    So a query need not know who is asking.
    """
    everything = COLUMNS["analyst"].get(table, ()) if role in READERS else ()
    return tuple(column for column in everything if column not in columns(role, table))


def may_read(role: str, table: str, column: str = "") -> bool:
    """Say whether a table, or one column of it, has values for a role: where not, its being empty means nothing."""
    return column in columns(role, table) if column else bool(columns(role, table))


def hidden_names(role: str) -> frozenset[str]:
    """Return the names of the columns that stand empty beside others for a role."""
    return frozenset(name for table in COLUMNS.get(role, ()) for name in empty_columns(role, table))


_PATH = "county_code town_code community_code grid_1 grid_2 grid_3"

_PLACES = {
    "regions": "region_code level name parent_code population households area_km2",
    "estates": "estate_id region_code name households built_year property_mode is_old",
    "grids": "grid_id level name grid_type parent_grid_id region_code estate_id party_id merged_from households "
    "residents valid_from valid_to",
    "places": "place_code parent_code level name full_name households residents valid_from valid_to is_registered "
    "anchor_lon anchor_lat "
    f"{_PATH}",
    "boundaries": "place_code geometry is_schematic approval_number",
    "units": "unit_id name unit_type",
    "calendar": "day is_workday note",
    "deadline_rules": "ordinal rule applies since response close is_own uses_calendar",
    "population": "region_code month residents households",
}

_LEADER = _PLACES | {
    "staff": "staff_id grid_id role fte active_from active_to",
    "cases": "source case_id kind category subcategory channel platform errand origin urgency region_code grid_id "
    "estate_id place_id title unit_id reported_at accepted_at dispatched_at first_response_at arrived_at "
    "first_closed_at reopened_at closed_at visited_at rated_at response_due_at "
    "original_due_at due_at need_whistle is_deferred is_confidential "
    "reopen_count escalation_level solved_level status outcome outcome_visit rating is_rating_default "
    "parent_case_id invalid_reason withdrawn_at place_code is_valid judged_due_at is_repeat paused_hours track "
    "is_judged judged_at is_time_ordered active_from active_until relapsed_at has_steps whistled_at reported_in_at "
    "consulted_at handled_at fed_back_at signed_at looked_up_at transfer_count return_count extension_count "
    "supervision_count dispute_type people_count mediation_level method success agreement hazard_type severity "
    "rectified_at rechecked_at is_recheck_passed deadline_origin deadline_rule promised_at response_rule "
    "promised_response_at is_promise_judged promise_judged_at is_order arrival_due_at sent_at taken_at assessed_at "
    "path needs_whistle "
    f"is_conforming is_conforming_to_feedback report_in_due_at looked_back_at has_lookback lookback_from "
    "has_rechecks has_default_ratings has_errands has_platforms "
    f"cell_lon cell_lat {_PATH}",
    "whistles": "source case_id cycle unit_id whistled_at reported_in_at report_in_due_at",
    "case_steps": "source case_id cycle seq step happened_at unit_id result",
    "disputes": "source case_id dispute_type people_count mediation_level method success agreement",
    "hazards": "source case_id hazard_type severity rectified_at rechecked_at is_recheck_passed",
    "inspections": "inspection_id estate_id inspected_on",
    "score_cards": "card_id round_id estate_id submitted_on item score",
    "card_actions": "action_id round_id estate_id item action meeting_id decided_on done_on",
    "visits": "visit_id grid_id region_code visited_at visit_type case_id case_source is_first_in_month "
    "is_first_ever register_households is_register_start register_from",
    "meetings": "meeting_id meeting_type region_code estate_id planned_on held_on attendance",
    "issues": "issue_id meeting_id region_code estate_id topic decided_on solved_on",
    "proposals": "proposal_id region_code meeting_type topic submitted_on screened_on adopted_on done_on rule_document",
    "list_items": "item_id list_type region_code topic handling unit_id team created_on claimed_on done_on",
    "plans": "plan_id region_code topic made_on planned_on done_on",
    "projects": "project_id project_type name region_code estate_id started_on done_on "
    "households_count residents_count",
    "points": "txn_id account_kind region_code happened_at reason delta is_first_earning is_first_redeeming "
    "register_households is_register_start",
    "activities": "activity_id activity_type region_code team brand brand_line planned_on held_on hours attendance "
    "beneficiary_count",
    "liaisons": "liaison_id region_code estate_id unit_id active_from active_to",
    "partners": "partner_id partner_type region_code team party_level parent_id member_count joined_on",
    "video_points": "point_id system region_code grid_id is_online checked_at",
    "facilities": "facility_id facility_type region_code estate_id name area_m2 service_count visits_per_day "
    "revenue_per_day investment opened_on",
}

_LOGS = {
    "rejects": "source table_name file sheet row_number column_name value reason",
    "intake": "source table_name file sheet month outcome reason row_count",
    "files_read": "source table_name file sheet row_count",
}

# An analyst also sees exact positions, and which row of which file everything came from.
_FED = set(_LEADER) - {"places", "whistles", "deadline_rules"}
_ANALYST = {
    table: names
    + (" lon lat" if table in ("cases", "video_points") else "")
    + (" source_file source_sheet source_row" if table in _FED else "")
    for table, names in _LEADER.items()
} | _LOGS

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    role: {table: tuple(names.split()) for table, names in tables.items()}
    for role, tables in {
        "screen": {},
        "leader": _LEADER,
        "analyst": _ANALYST,
        "importer": _LOGS,
        "auditor": {},
    }.items()
}

# Kept in snapshots to find repeats at publish; no role sees them.
WITHHELD = {"cases": {"reporter_hash"}, "visits": {"household_hash"}, "points": {"account_hash"}}
