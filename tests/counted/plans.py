"""次日计划, counted by hand: the period is June, the data reach to 10 July 00:00."""

from tests.counted import BASE, HIT, NO, Case, Columns

JUNE: Columns = {"made_on": "2026-06-10", "planned_on": "2026-06-11"}
OUTSIDE: list[Case] = [
    (NO, "planned for May", {"made_on": "2026-05-30", "planned_on": "2026-05-31", "done_on": "2026-05-31"}),
    (NO, "planned for July", {"made_on": "2026-06-30", "planned_on": "2026-07-01", "done_on": "2026-07-01"}),
]

LEDGERS: dict[str, dict[str, list[Case]]] = {
    "plans": {
        "plan_kept_rate": [
            (HIT, "done on the day", {**JUNE, "done_on": "2026-06-11"}),
            (HIT, "done before the day", {**JUNE, "done_on": "2026-06-10"}),
            (HIT, "made and done on the last day",
             {"made_on": "2026-06-30", "planned_on": "2026-06-30", "done_on": "2026-06-30"}),
            (BASE, "done the day after", {**JUNE, "done_on": "2026-06-12"}),
            (BASE, "never done", JUNE),
            *OUTSIDE,
        ],
        "plan_ahead_rate": [
            (HIT, "made the day before, never done", JUNE),
            (HIT, "made in May for the first of June", {"made_on": "2026-05-31", "planned_on": "2026-06-01"}),
            (BASE, "written down on the day itself", {**JUNE, "made_on": "2026-06-11", "done_on": "2026-06-11"}),
            *OUTSIDE,
        ],
        "plan_open_count": [
            (HIT, "never done", JUNE),
            (HIT, "still open from May", {"made_on": "2026-05-30", "planned_on": "2026-05-31"}),
            (HIT, "planned for the last day, done in July",
             {"made_on": "2026-06-29", "planned_on": "2026-06-30", "done_on": "2026-07-01"}),
            (NO, "done late, on the last day", {**JUNE, "done_on": "2026-06-30"}),
            (NO, "planned for July", {"made_on": "2026-06-30", "planned_on": "2026-07-01"}),
        ],
    },
}  # fmt: skip
