"""积分与志愿服务: what is earned and spent, and what is held on its day."""

from tests.counted import BASE, HIT, NO

EARNED = [
    (HIT, "the first second of the period", {"happened_at": "2026-06-01 00:00:00"}),
    (HIT, "the last second of the period", {"happened_at": "2026-06-30 23:59:59"}),
    (NO, "after the period", {"happened_at": "2026-07-01 00:00:00"}),
    (NO, "before the period", {"happened_at": "2026-05-31 23:59:59"}),
]
HELD = [
    (
        HIT,
        "the first day of the period",
        {"held_on": "2026-06-01", "hours": 2, "attendance": 5, "beneficiary_count": 9},
    ),
    (HIT, "the last day of the period", {"held_on": "2026-06-30", "hours": 0, "attendance": 0, "beneficiary_count": 0}),
    (NO, "after the period", {"held_on": "2026-07-01", "hours": 2, "attendance": 5, "beneficiary_count": 9}),
    (NO, "before the period", {"held_on": "2026-05-31", "hours": 2, "attendance": 5, "beneficiary_count": 9}),
    (NO, "planned and not held", {"planned_on": "2026-06-20", "hours": 2, "attendance": 5, "beneficiary_count": 9}),
]
BARE = {"held_on": "2026-06-20"}

LEDGERS = {
    "points": {
        "points_earned": [*EARNED, (NO, "spent", {"happened_at": "2026-06-10", "delta": -5})],
        "points_redeemed": [
            (NO, "earned", {"happened_at": "2026-06-10"}),
            (HIT, "spent in the first second", {"happened_at": "2026-06-01 00:00:00", "delta": -5}),
            (HIT, "spent in the last second", {"happened_at": "2026-06-30 23:59:59", "delta": -5}),
            (NO, "spent after the period", {"happened_at": "2026-07-01", "delta": -5}),
            (NO, "spent before the period", {"happened_at": "2026-05-31 23:59:59", "delta": -5}),
        ],
        "redemption_rate": [*EARNED, (HIT, "spent", {"happened_at": "2026-06-10", "delta": -5})],
        "points_balance": [
            (HIT, "earned long ago: still there", {"happened_at": "2024-01-01"}),
            (HIT, "spent long ago", {"happened_at": "2024-02-01", "delta": -5}),
            (HIT, "in the last second", {"happened_at": "2026-06-30 23:59:59"}),
            (NO, "after the period", {"happened_at": "2026-07-01 00:00:00"}),
            (NO, "spent after the period", {"happened_at": "2026-07-05", "delta": -5}),
        ],
        "participating_accounts": [
            (HIT, "earns for the first time, long ago", {"account_hash": "A", "happened_at": "2024-01-01"}),
            (NO, "earns again", {"account_hash": "A", "happened_at": "2026-06-10"}),
            (NO, "spends", {"account_hash": "A", "happened_at": "2026-06-11", "delta": -5}),
            (HIT, "a driver earns for the first time",
             {"account_hash": "B", "account_kind": "司机", "happened_at": "2026-06-30 23:59:59"}),
            (NO, "earns for the first time after the period", {"account_hash": "C", "happened_at": "2026-07-01"}),
            (NO, "spends first (an opening balance was not exported)",
             {"account_hash": "D", "happened_at": "2026-06-01", "delta": -5}),
            (HIT, "and then earns for the first time", {"account_hash": "D", "happened_at": "2026-06-02"}),
        ],
        "participating_household_rate": [
            (HIT, "a household earns for the first time", {"account_hash": "A", "happened_at": "2026-06-10"}),
            (NO, "earns again", {"account_hash": "A", "happened_at": "2026-06-11"}),
            (NO, "a driver is none", {"account_hash": "B", "account_kind": "司机", "happened_at": "2026-06-10"}),
            (HIT, "no kind: a household", {"account_hash": "C", "account_kind": None, "happened_at": "2026-06-10"}),
            (NO, "after the period", {"account_hash": "D", "happened_at": "2026-07-01"}),
            (NO, "where nobody knows the households",
             {"account_hash": "E", "region_code": "nowhere", "happened_at": "2026-06-10"}),
        ],
    },
    "activities": {
        "activity_count": [*HELD, (HIT, "held, nobody counted", BARE)],
        "brand_activity_count": [
            *[(outcome, why, {**columns, "brand": "五福"}) for outcome, why, columns in HELD],
            (HIT, "of a brand without lines", {**BARE, "brand": "窗帘行动"}),
            (NO, "of no brand", BARE),
        ],
        "activity_hours": [*HELD, (NO, "held, hours not written down", BARE)],
        "activity_attendance": [*HELD, (NO, "held, nobody counted", BARE)],
        "activity_beneficiaries": [*HELD, (NO, "held, nobody counted", BARE)],
        "activity_kept_rate": [
            (HIT, "the market of the 20th, held on the 20th", {"planned_on": "2026-06-20", "held_on": "2026-06-20"}),
            (HIT, "held the day before", {"planned_on": "2026-06-20", "held_on": "2026-06-19"}),
            (HIT, "held the day after", {"planned_on": "2026-06-20", "held_on": "2026-06-21"}),
            (BASE, "held two days after", {"planned_on": "2026-06-20", "held_on": "2026-06-22"}),
            (BASE, "not held", {"planned_on": "2026-06-20"}),
            (HIT, "planned for the last day, held in July", {"planned_on": "2026-06-30", "held_on": "2026-07-01"}),
            (NO, "planned for July", {"planned_on": "2026-07-01", "held_on": "2026-06-30"}),
            (NO, "no plan", {"held_on": "2026-06-20"}),
        ],
    },
}  # fmt: skip
