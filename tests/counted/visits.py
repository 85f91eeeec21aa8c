"""走访与回头看: households once a month, look-backs by the case they belong to."""

from tests.counted import BASE, HIT, NO

HERE = {"region_code": "R1"}
# The thirtieth day after 5 May is 4 June, the ninetieth day after 20 March is 18 June.
CLOSED = {**HERE, "reported_at": "2026-05-01 08:00", "closed_at": "2026-05-05 12:00"}
EARLIER = {**HERE, "reported_at": "2026-03-01 08:00", "closed_at": "2026-03-20 12:00"}
LEAK = {"place_id": "P1", "subcategory": "漏水"}

CASES = {
    "lookback_rate": [
        (HIT, "looked back at ten days later", {**CLOSED, "_looked_back": ["2026-05-15 10:00"]}),
        (HIT, "looked back at twice: still one case", {**CLOSED, "_looked_back": ["2026-05-15", "2026-06-20"]}),
        (HIT, "looked back at in the last second", {**CLOSED, "_looked_back": ["2026-06-04 12:00"]}),
        (BASE, "looked back at too late", {**CLOSED, "_looked_back": ["2026-06-04 12:00:01"]}),
        (BASE, "never looked back at", CLOSED),
        (BASE, "the thirtieth day is the first of the period", {**CLOSED, "closed_at": "2026-05-02 00:00:00"}),
        (NO, "the thirtieth day is before the period", {**CLOSED, "closed_at": "2026-05-01 23:59:59"}),
        (NO, "the thirtieth day is after the period", {**CLOSED, "closed_at": "2026-06-01 00:00:00"}),
        (NO, "a category at which nobody looks back here", {**CLOSED, "category": "08"}),
        (NO, "a community that does not look back", {**CLOSED, "region_code": "R2"}),
        (NO, "invalid", {**CLOSED, "invalid_reason": "test"}),
        (NO, "still open", {**HERE, "reported_at": "2026-05-01 08:00"}),
    ],
    "relapse_rate": [
        (HIT, "the same matter at the same place after four days", {**EARLIER, **LEAK}),
        (NO, "what came back, still open", {**LEAK, **HERE, "reported_at": "2026-03-24"}),
        (BASE, "another matter at that place", {**EARLIER, "place_id": "P1", "subcategory": "噪音"}),
        (BASE, "the same matter elsewhere", {**EARLIER, "place_id": "P2", "subcategory": "漏水"}),
        (HIT, "the same person about the same matter", {**EARLIER, "reporter_hash": "A", "subcategory": "停车难"}),
        (NO, "what that person came back with on the ninetieth day",
         {**HERE, "reporter_hash": "A", "subcategory": "停车难", "reported_at": "2026-06-18 12:00"}),
        (BASE, "came back a second after the ninetieth day", {**EARLIER, "place_id": "P3"}),
        (NO, "that one", {**HERE, "place_id": "P3", "reported_at": "2026-06-18 12:00:01"}),
        (BASE, "the ninetieth day is the first of the period", {**EARLIER, "closed_at": "2026-03-03 00:00:00"}),
        (NO, "the ninetieth day is after the period", {**EARLIER, "closed_at": "2026-04-02 00:00:00"}),
        (NO, "invalid", {**EARLIER, "invalid_reason": "merged"}),
    ],
}  # fmt: skip

HOMES = [
    (HIT, "the first second of the period", {"household_hash": "A", "visited_at": "2026-06-01 00:00:00"}),
    (NO, "the same household twice in a day", {"household_hash": "A", "visited_at": "2026-06-01 09:00"}),
    (NO, "the same household again in the last second", {"household_hash": "A", "visited_at": "2026-06-30 23:59:59"}),
    (NO, "after the period", {"household_hash": "A", "visited_at": "2026-07-01 00:00:00"}),
    (NO, "before the period", {"household_hash": "B", "visited_at": "2026-05-31 23:59:59"}),
    (HIT, "visited in May already: June is another month", {"household_hash": "B", "visited_at": "2026-06-02"}),
    (HIT, "敲门行动 reaches a household too",
     {"household_hash": "C", "visit_type": "knock", "visited_at": "2026-06-03 10:00"}),
    (NO, "a home visit after the knock", {"household_hash": "C", "visited_at": "2026-06-03 11:00"}),
    (NO, "looked back at a case: not a visit of the household",
     {"household_hash": "D", "visit_type": "lookback", "visited_at": "2026-06-04 10:00"}),
    (HIT, "visited after a look-back", {"household_hash": "D", "visited_at": "2026-06-04 11:00"}),
    (NO, "nobody wrote down which household", {"visited_at": "2026-06-05"}),
]  # fmt: skip
NOWHERE = {"household_hash": "E", "grid_id": None, "region_code": "nowhere", "visited_at": "2026-06-06"}

LEDGERS = {
    "visits": {
        "visit_count": [
            (HIT, "the first second of the period", {"visited_at": "2026-06-01 00:00:00"}),
            (HIT, "the last second of the period", {"visited_at": "2026-06-30 23:59:59"}),
            (NO, "after the period", {"visited_at": "2026-07-01 00:00:00"}),
            (NO, "before the period", {"visited_at": "2026-05-31 23:59:59"}),
            (HIT, "敲门行动", {"visit_type": "knock", "visited_at": "2026-06-10"}),
            (HIT, "the same household again: a visit is a visit", {"household_hash": "A", "visited_at": "2026-06-10"}),
            (HIT, "and again", {"household_hash": "A", "visited_at": "2026-06-10"}),
            (NO, "a patrol", {"visit_type": "patrol", "visited_at": "2026-06-10"}),
            (NO, "a look-back", {"visit_type": "lookback", "visited_at": "2026-06-10"}),
            (NO, "a return visit", {"visit_type": "return", "visited_at": "2026-06-10"}),
        ],
        "visit_coverage": [*HOMES, (NO, "a place whose households nobody knows", NOWHERE)],
        "visit_coverage_all": [*HOMES, (HIT, "a place whose households nobody knows", NOWHERE)],
        "visited_ever_rate": [
            (HIT, "the first visit ever, long ago", {"household_hash": "A", "visited_at": "2024-02-01"}),
            (NO, "visited before", {"household_hash": "A", "visited_at": "2026-06-10"}),
            (
                HIT,
                "the first visit ever, in the last second",
                {"household_hash": "B", "visited_at": "2026-06-30 23:59:59"},
            ),
            (NO, "the first visit ever, after the period", {"household_hash": "C", "visited_at": "2026-07-01"}),
            (NO, "a look-back", {"household_hash": "D", "visit_type": "lookback", "visited_at": "2026-06-10"}),
            (NO, "nobody wrote down which household", {"visited_at": "2026-06-10"}),
            (NO, "a place whose households nobody knows", NOWHERE),
        ],
    },
}
