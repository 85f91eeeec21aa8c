"""打分卡, counted by hand: one row is one score on one card, or one change decided on. Failing is below 60."""

from tests.counted import BASE, HIT, NO, Case

SCORED = {"submitted_on": "2026-06-10"}
SUBMITTED: list[Case] = [
    (HIT, "the first day of the period", {"submitted_on": "2026-06-01", "score": 40.0}),
    (HIT, "the last day of the period", {"submitted_on": "2026-06-30", "score": 59.9}),
    (NO, "the day before the period", {"submitted_on": "2026-05-31", "score": 40.0}),
    (NO, "the end of the period belongs to the next", {"submitted_on": "2026-07-01", "score": 40.0}),
    (HIT, "nothing at all is a score", {**SCORED, "score": 0.0}),
    (HIT, "an estate that no register knows", {**SCORED, "score": 12.0, "estate_id": "E-unknown"}),
]

LEDGERS: dict[str, dict[str, list[Case]]] = {
    "score_cards": {
        "score_card_count": SUBMITTED,
        "score_mean": SUBMITTED,
        "score_failing_rate": [
            *SUBMITTED,
            (BASE, "60 is a pass", {**SCORED, "score": 60.0}),
            (BASE, "full marks", {**SCORED, "score": 100.0}),
            (HIT, "a hair below 60", {**SCORED, "score": 59.999}),
        ],
    },
    "card_actions": {
        "score_action_rate": [
            (HIT, "decided and done in the period", {"decided_on": "2026-06-02", "done_on": "2026-06-20"}),
            (HIT, "done on the day it was decided", {"decided_on": "2026-06-30", "done_on": "2026-06-30"}),
            (HIT, "done since the period ended", {"decided_on": "2026-06-30", "done_on": "2026-07-05"}),
            (BASE, "not done", {"decided_on": "2026-06-01"}),
            (BASE, "to be done after the data end: not done", {"decided_on": "2026-06-01", "done_on": "2026-08-01"}),
            (BASE, "done with the end of the data: that day is not in them",
             {"decided_on": "2026-06-01", "done_on": "2026-07-10"}),
            (NO, "decided before the period, done in it", {"decided_on": "2026-05-31", "done_on": "2026-06-20"}),
            (NO, "decided with the end of the period", {"decided_on": "2026-07-01", "done_on": "2026-07-02"}),
        ],
    },
}  # fmt: skip
