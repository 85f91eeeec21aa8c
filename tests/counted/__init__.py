"""Rows counted by hand, by indicator: each says whether it counts (and succeeds) and why: see test_indicators.py.

One module per theme. `CASES` holds cases by indicator; the columns may have `_steps`, (step, time) pairs of case_steps,
`_dispute` and `_hazard`, columns of the supplement, and `_looked_back`, the times of its 回头看. `LEDGERS` holds
rows of other tables: table → indicator → rows; an estate may have `_inspected`, the days it was inspected on, and
`_liaised`, the (first, end) of its 包联.
The period is June 2026; the data reach to 10 July.
"""

import importlib
import pkgutil

from tests.factory import County

START, STOP, AS_OF = "2026-06-01", "2026-07-01", "2026-07-10"
NO, BASE, HIT = "not counted", "counted", "counted and succeeds"

Columns = dict[str, object]
Case = tuple[str, str, Columns]

# The column that tells the rows of a ledger apart, and what a row must have at least.
IDENTITIES = {
    "activities": "activity_id",
    "card_actions": "action_id",
    "estates": "estate_id",
    "facilities": "facility_id",
    "inspections": "inspection_id",
    "issues": "issue_id",
    "list_items": "item_id",
    "meetings": "meeting_id",
    "partners": "partner_id",
    "plans": "plan_id",
    "points": "txn_id",
    "projects": "project_id",
    "proposals": "proposal_id",
    "score_cards": "card_id",
    "staff": "staff_id",
    "video_points": "point_id",
    "visits": "visit_id",
}
REQUIRED: dict[str, Columns] = {
    "activities": {"activity_type": "志愿服务", "region_code": "R1"},
    "card_actions": {"round_id": "1", "estate_id": "E1", "item": "保洁", "action": "更换服务方法"},
    "estates": {"region_code": "R1", "name": "一院"},
    "facilities": {"facility_type": "服务站", "region_code": "R1"},
    "inspections": {"estate_id": "E1"},
    "issues": {"region_code": "R1"},
    "list_items": {"list_type": "需求", "region_code": "R1"},
    "meetings": {"meeting_type": "居民议事会", "region_code": "R1"},
    "partners": {"partner_type": "社会组织", "region_code": "R1"},
    "plans": {"region_code": "R1"},
    "points": {"account_hash": "A1", "account_kind": "居民户", "region_code": "R1", "reason": "志愿服务", "delta": 5},
    "projects": {"project_type": "充电设施", "region_code": "R1"},
    "proposals": {"region_code": "R1"},
    "score_cards": {"round_id": "1", "estate_id": "E1", "item": "保洁"},
    "staff": {"grid_id": "G1", "role": "full_time", "fte": 1.0},
    "video_points": {"system": "雪亮工程", "region_code": "R1", "is_online": True},
    "visits": {"grid_id": "G1", "region_code": "R1", "visit_type": "home"},
}


def _modules() -> list:
    return [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]


def cases() -> dict[str, list[Case]]:
    """The cases of every theme, by indicator."""
    return {key: rows for module in _modules() for key, rows in getattr(module, "CASES", {}).items()}


def ledgers() -> dict[str, dict[str, list[Case]]]:
    """The ledger rows of every theme: table → indicator → rows."""
    found: dict[str, dict[str, list[Case]]] = {}
    for module in _modules():
        for table, rows in getattr(module, "LEDGERS", {}).items():
            found.setdefault(table, {}).update(rows)
    return found


def insert_case(county: County, case_id: str, columns: Columns) -> None:
    """One case with its steps and supplements."""
    own = {name: value for name, value in columns.items() if not name.startswith("_")}
    county.case(case_id, **own)
    for seq, (step, happened_at) in enumerate(columns.get("_steps", ()), start=1):  # type: ignore[arg-type,var-annotated]
        county.insert(
            "case_steps", source="test", case_id=case_id, cycle=1, seq=seq, step=step, happened_at=happened_at
        )
    for visited_at in columns.get("_looked_back", ()):  # type: ignore[attr-defined]
        insert_row(county, "visits", f"{case_id}@{visited_at}", {
            "grid_id": own.get("grid_id"), "region_code": own["region_code"], "visit_type": "lookback",
            "visited_at": visited_at, "case_id": case_id,
        })  # fmt: skip
    for supplement, table in (("_dispute", "disputes"), ("_hazard", "hazards")):
        if supplement in columns:
            county.insert(table, source="test", case_id=case_id, **columns[supplement])  # type: ignore[arg-type]


def insert_row(county: County, table: str, name: str, columns: Columns) -> None:
    """One row of a ledger, with what such a row must have."""
    row = {**REQUIRED[table], IDENTITIES[table]: name, **columns}
    for hashed in ("household_hash", "account_hash"):  # kept apart, so that indicators do not meet
        if row.get(hashed):
            row[hashed] = f"{name.split('/')[0]}-{row[hashed]}"
    for day in row.pop("_inspected", ()):  # type: ignore[attr-defined]
        inspected = county.con.execute("select count(*) from inspections").fetchone()
        county.insert("inspections", inspection_id=f"I{inspected}", estate_id=name, inspected_on=day)
    for number, (active_from, active_to) in enumerate(row.pop("_liaised", ())):  # type: ignore[arg-type,var-annotated]
        county.insert("liaisons", liaison_id=f"{name}/{number}", region_code=row["region_code"], estate_id=name,
                      unit_id="U1", active_from=active_from, active_to=active_to)  # fmt: skip
    county.insert(table, **row)
