"""清单与项目, counted by hand. 居民信息 and 社区资源 only tell how things are; 微心愿 are wishes (rules.toml)."""

from tests.counted import BASE, HIT, NO, Case, Columns

JUNE: Columns = {"created_on": "2026-06-10"}
WISH: Columns = {"list_type": "微心愿", "created_on": "2026-06-01"}
LISTED: list[Case] = [
    (
        HIT,
        "listed on the first day, taken and done",
        {"created_on": "2026-06-01", "claimed_on": "2026-06-02", "done_on": "2026-06-20"},
    ),
    (
        HIT,
        "listed on the last day, taken and done since",
        {"created_on": "2026-06-30", "claimed_on": "2026-07-01", "done_on": "2026-07-09"},
    ),
    (HIT, "done, nobody wrote down who took it", {**JUNE, "done_on": "2026-06-20"}),
    (NO, "listed before, taken in the period", {"created_on": "2026-05-31", "claimed_on": "2026-06-02"}),
    (NO, "listed with the end of the period", {"created_on": "2026-07-01", "claimed_on": "2026-07-02"}),
]
STARTED: Columns = {"started_on": "2026-06-10"}
FINISHED: list[Case] = [
    (HIT, "finished on the first day", {"started_on": "2025-06-01", "done_on": "2026-06-01"}),
    (HIT, "finished on the last day", {**STARTED, "done_on": "2026-06-30"}),
    (HIT, "finished, nobody knows when it began", {"done_on": "2026-06-15"}),
    (NO, "not finished", STARTED),
    (NO, "finished before", {"started_on": "2026-05-01", "done_on": "2026-05-31"}),
    (NO, "finished after", {**STARTED, "done_on": "2026-07-01"}),
]
FINISHED_FOR_SOME: list[Case] = [
    (outcome, why, {**columns, "households_count": 30, "residents_count": 70}) for outcome, why, columns in FINISHED
]
FOR_NOBODY_COUNTED: Case = (NO, "nobody was counted", {"done_on": "2026-06-15"})

LEDGERS: dict[str, dict[str, list[Case]]] = {
    "list_items": {
        "list_count": [*LISTED, (HIT, "a list that only tells", {**JUNE, "list_type": "居民信息"})],
        "list_claim_rate": [
            *LISTED,
            (BASE, "not taken", JUNE),
            (BASE, "to be taken after the data end", {**JUNE, "claimed_on": "2026-07-10"}),
            (NO, "a list that only tells", {**JUNE, "list_type": "社区资源"}),
        ],
        "list_done_rate": [
            *LISTED,
            (BASE, "taken, not done", {**JUNE, "claimed_on": "2026-06-12"}),
            (BASE, "not taken", JUNE),
            (NO, "a list that only tells", {**JUNE, "list_type": "居民信息"}),
        ],
        "wish_claim_rate": [
            (HIT, "taken", {**WISH, "claimed_on": "2026-06-01"}),
            (HIT, "taken since the period ended", {**WISH, "claimed_on": "2026-07-01"}),
            (BASE, "not taken", WISH),
            (NO, "another list", {**JUNE, "claimed_on": "2026-06-12"}),
            (NO, "wished before", {"list_type": "微心愿", "created_on": "2026-05-31", "claimed_on": "2026-06-02"}),
        ],
        "wish_done_rate": [
            (HIT, "taken and done", {**WISH, "claimed_on": "2026-06-02", "done_on": "2026-06-03"}),
            (HIT, "done since the period ended", {**WISH, "claimed_on": "2026-06-30", "done_on": "2026-07-09"}),
            (HIT, "wished before, taken and done in the period",
             {**WISH, "created_on": "2026-05-01", "claimed_on": "2026-06-01", "done_on": "2026-06-02"}),
            (BASE, "taken, not done", {**WISH, "claimed_on": "2026-06-02"}),
            (NO, "not taken", WISH),
            (NO, "taken before, done in the period",
             {**WISH, "created_on": "2026-05-01", "claimed_on": "2026-05-31", "done_on": "2026-06-02"}),
            (NO, "another list", {**JUNE, "claimed_on": "2026-06-12", "done_on": "2026-06-13"}),
        ],
        "wish_done_count": [
            (HIT, "done on the last day", {**WISH, "done_on": "2026-06-30"}),
            (HIT, "wished and taken before", {**WISH, "created_on": "2026-01-01", "done_on": "2026-06-01"}),
            (NO, "not done", WISH),
            (NO, "done after", {**WISH, "done_on": "2026-07-01"}),
            (NO, "another list", {**JUNE, "done_on": "2026-06-13"}),
        ],
    },
    "projects": {
        "project_done_count": FINISHED,
        "project_done_rate": [
            (HIT, "begun and finished", {**STARTED, "done_on": "2026-06-30"}),
            (HIT, "finished since the period ended", {**STARTED, "done_on": "2026-07-09"}),
            (BASE, "begun on the first day, not finished", {"started_on": "2026-06-01"}),
            (BASE, "to be finished after the data end", {**STARTED, "done_on": "2026-09-01"}),
            (NO, "begun before, finished in the period", {"started_on": "2026-05-31", "done_on": "2026-06-20"}),
            (NO, "begun nobody knows when", {"done_on": "2026-06-20"}),
            (NO, "not begun", {}),
        ],
        "project_households": [*FINISHED_FOR_SOME, FOR_NOBODY_COUNTED],
        "project_residents": [*FINISHED_FOR_SOME, FOR_NOBODY_COUNTED],
    },
}  # fmt: skip
