"""议事协商, counted by hand. A meeting within a day of its plan is kept; an issue is judged when it is 30 days old."""

from tests.counted import BASE, HIT, NO, Case

HELD: list[Case] = [
    (HIT, "held on the first day", {"planned_on": "2026-06-01", "held_on": "2026-06-01", "attendance": 12}),
    (HIT, "held on the last day, never planned", {"held_on": "2026-06-30", "attendance": 0}),
    (HIT, "planned for May, held in June", {"planned_on": "2026-05-25", "held_on": "2026-06-03", "attendance": 9}),
    (NO, "planned for June, held in July", {"planned_on": "2026-06-30", "held_on": "2026-07-01", "attendance": 9}),
    (NO, "planned and not held", {"planned_on": "2026-06-05", "attendance": 9}),
    (NO, "held the day before the period", {"held_on": "2026-05-31", "attendance": 9}),
]

LEDGERS: dict[str, dict[str, list[Case]]] = {
    "meetings": {
        "meeting_count": [*HELD, (HIT, "nobody was counted", {"held_on": "2026-06-15"})],
        "meeting_attendance": [*HELD, (NO, "nobody was counted", {"held_on": "2026-06-15"})],
        "meeting_kept_rate": [
            (HIT, "held on the planned day", {"planned_on": "2026-06-05", "held_on": "2026-06-05"}),
            (HIT, "held the day before", {"planned_on": "2026-06-05", "held_on": "2026-06-04"}),
            (HIT, "held the day after", {"planned_on": "2026-06-25", "held_on": "2026-06-26"}),
            (BASE, "held two days after", {"planned_on": "2026-06-25", "held_on": "2026-06-27"}),
            (BASE, "held two days before", {"planned_on": "2026-06-25", "held_on": "2026-06-23"}),
            (BASE, "cancelled", {"planned_on": "2026-06-05"}),
            (HIT, "planned for the first day, held the day before the period",
             {"planned_on": "2026-06-01", "held_on": "2026-05-31"}),
            (HIT, "planned for the last day, held after the period",
             {"planned_on": "2026-06-30", "held_on": "2026-07-01"}),
            (NO, "planned for the day before the period", {"planned_on": "2026-05-31", "held_on": "2026-06-01"}),
            (NO, "planned with the end of the period", {"planned_on": "2026-07-01", "held_on": "2026-07-01"}),
            (NO, "held without a plan: no promise to keep", {"held_on": "2026-06-05"}),
            (BASE, "to be held after the data end: not held", {"planned_on": "2026-06-30", "held_on": "2026-07-20"}),
        ],
    },
    "issues": {
        "issue_count": [
            (HIT, "decided on the first day", {"decided_on": "2026-06-01"}),
            (HIT, "decided on the last day", {"decided_on": "2026-06-30", "solved_on": "2026-06-30"}),
            (HIT, "without a meeting that is known", {"decided_on": "2026-06-15", "meeting_id": "unknown"}),
            (NO, "decided before", {"decided_on": "2026-05-31", "solved_on": "2026-06-15"}),
            (NO, "decided after", {"decided_on": "2026-07-01"}),
        ],
        "issue_open_count": [
            (HIT, "decided in the period, not solved", {"decided_on": "2026-06-10"}),
            (HIT, "decided long ago, not solved", {"decided_on": "2024-06-10"}),
            (HIT, "solved since the period ended", {"decided_on": "2026-06-10", "solved_on": "2026-07-01"}),
            (NO, "solved on its last day", {"decided_on": "2026-06-10", "solved_on": "2026-06-30"}),
            (NO, "decided with the end of the period", {"decided_on": "2026-07-01"}),
        ],
        "issue_solved_rate": [
            (HIT, "solved at once", {"decided_on": "2026-06-01", "solved_on": "2026-06-01"}),
            (HIT, "solved since the period ended", {"decided_on": "2026-06-09", "solved_on": "2026-07-09"}),
            (BASE, "not solved", {"decided_on": "2026-06-09"}),
            (BASE, "day 30 is the end of the data", {"decided_on": "2026-06-10"}),
            (NO, "day 30 is not reached", {"decided_on": "2026-06-11"}),
            (NO, "solved, but day 30 is not reached: quick ones alone would flatter",
             {"decided_on": "2026-06-11", "solved_on": "2026-06-12"}),
            (NO, "solved in the period, decided before it", {"decided_on": "2026-05-31", "solved_on": "2026-06-15"}),
            (BASE, "to be solved after the data end", {"decided_on": "2026-06-01", "solved_on": "2026-07-10"}),
        ],
        "issue_days": [
            (HIT, "solved in the period", {"decided_on": "2026-06-10", "solved_on": "2026-06-12"}),
            (HIT, "solved on the first day, decided long ago", {"decided_on": "2025-06-10", "solved_on": "2026-06-01"}),
            (NO, "not solved", {"decided_on": "2026-06-10"}),
            (NO, "solved before", {"decided_on": "2026-05-10", "solved_on": "2026-05-31"}),
            (NO, "solved after", {"decided_on": "2026-06-10", "solved_on": "2026-07-01"}),
        ],
    },
    "proposals": {
        "proposal_count": [
            (HIT, "submitted on the first day", {"submitted_on": "2026-06-01"}),
            (HIT, "submitted on the last day", {"submitted_on": "2026-06-30"}),
            (HIT, "nobody said where", {"submitted_on": "2026-06-15", "meeting_type": None}),
            (NO, "submitted before, adopted in the period", {"submitted_on": "2026-05-31", "adopted_on": "2026-06-10"}),
            (NO, "submitted after", {"submitted_on": "2026-07-01"}),
        ],
        "proposal_adoption_rate": [
            (HIT, "screened and adopted",
             {"submitted_on": "2026-06-01", "screened_on": "2026-06-03", "adopted_on": "2026-06-10"}),
            (HIT, "adopted without a screening", {"submitted_on": "2026-06-01", "adopted_on": "2026-06-01"}),
            (HIT, "adopted since the period ended", {"submitted_on": "2026-06-30", "adopted_on": "2026-07-09"}),
            (BASE, "screened, not adopted", {"submitted_on": "2026-06-01", "screened_on": "2026-06-03"}),
            (BASE, "to be adopted after the data end", {"submitted_on": "2026-06-01", "adopted_on": "2026-07-10"}),
            (NO, "submitted before", {"submitted_on": "2026-05-31", "adopted_on": "2026-06-10"}),
        ],
        "proposal_done_rate": [
            (HIT, "adopted and done",
             {"submitted_on": "2026-06-01", "adopted_on": "2026-06-10", "done_on": "2026-06-20"}),
            (HIT, "done since the period ended",
             {"submitted_on": "2026-06-30", "adopted_on": "2026-07-01", "done_on": "2026-07-05"}),
            (BASE, "adopted, not done", {"submitted_on": "2026-06-01", "adopted_on": "2026-06-10"}),
            (NO, "not adopted", {"submitted_on": "2026-06-01", "screened_on": "2026-06-03"}),
            (NO, "submitted before",
             {"submitted_on": "2026-05-31", "adopted_on": "2026-06-10", "done_on": "2026-06-20"}),
        ],
        "rule_document_count": [
            (HIT, "adopted in the period",
             {"submitted_on": "2026-05-01", "adopted_on": "2026-06-10", "rule_document": "《楼道公约》"}),
            (HIT, "adopted nobody knows when", {"submitted_on": "2026-06-10", "rule_document": "《楼道公约》"}),
            (NO, "no rule came of it", {"submitted_on": "2026-06-01", "adopted_on": "2026-06-10"}),
            (NO, "a blank is no rule",
             {"submitted_on": "2026-06-01", "adopted_on": "2026-06-10", "rule_document": "  "}),
            (NO, "adopted after",
             {"submitted_on": "2026-06-01", "adopted_on": "2026-07-01", "rule_document": "《停车办法》"}),
        ],
    },
}  # fmt: skip
