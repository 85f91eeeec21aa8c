"""安全隐患 counted by hand: found, rectified and rechecked apart; estates by the days they were inspected on."""

from tests.counted import BASE, HIT, NO, Case, Columns


def hazard(
    rectified: object = "2026-06-05 09:00",
    rechecked: object = None,
    passed: object = None,
    **columns: object,
) -> Columns:
    """A hazard reported 1 June, due 20 June 12:00 and rectified 5 June unless said otherwise; not closed."""
    registered = {
        "hazard_type": "飞线充电", "severity": "general", "rectified_at": rectified, "rechecked_at": rechecked,
        "is_recheck_passed": passed,
    }  # fmt: skip
    return {"category": "02", "due_at": "2026-06-20 12:00", "_hazard": registered, **columns}


def invalid(**columns: object) -> list[Case]:
    """What is no case is no hazard either."""
    return [(NO, reason, hazard(invalid_reason=reason, **columns)) for reason in ("rejected", "test", "merged")]


WITHDRAWN: Columns = {"invalid_reason": "withdrawn"}

CASES: dict[str, list[Case]] = {
    "hazard_count": [
        (HIT, "found in the first second", {"category": "02", "reported_at": "2026-06-01 00:00:00"}),
        (HIT, "found in the last second", {"category": "02", "reported_at": "2026-06-30 23:59:59"}),
        (NO, "found with the end of the period", {"category": "02", "reported_at": "2026-07-01 00:00:00"}),
        (HIT, "rectified or not, it was found", hazard(None)),
        (NO, "a dispute", {"category": "01"}),
        (NO, "withdrawn", hazard(**WITHDRAWN, withdrawn_at="2026-06-02")),
        *invalid(),
    ],
    "rectified_count": [
        (HIT, "rectified", hazard()),
        (HIT, "rectified in the last second, found long ago",
         hazard("2026-06-30 23:59:59", reported_at="2025-01-01")),
        (NO, "rectified with the end of the period", hazard("2026-07-01 00:00:00")),
        (NO, "closed, but nobody registered that it was rectified", hazard(None, closed_at="2026-06-05")),
        (NO, "no registration at all", {"category": "02", "closed_at": "2026-06-05"}),
        (NO, "not rectified", hazard(None)),
        (NO, "a registration beside a service", hazard(category="03")),
        *invalid(),
    ],
    "rechecked_count": [
        (HIT, "rechecked", hazard(rechecked="2026-06-10")),
        (HIT, "rechecked and failed", hazard(rechecked="2026-06-10", passed=False)),
        (HIT, "rectified in May, rechecked in June",
         hazard("2026-05-20", "2026-06-01 00:00:00", reported_at="2026-05-01")),
        (NO, "rechecked in July", hazard(rechecked="2026-07-01 00:00:00")),
        (NO, "not rechecked", hazard()),
        *invalid(rechecked="2026-06-10"),
    ],
    "unrectified_count": [
        (HIT, "not rectified", hazard(None)),
        (HIT, "found long ago", hazard(None, reported_at="2025-01-01")),
        (HIT, "no registration, still open", {"category": "02"}),
        (HIT, "rectified with the end of the period: there until then", hazard("2026-07-01 00:00:00")),
        (NO, "rectified, its case still open", hazard()),
        (NO, "closed without being rectified: no longer open, named elsewhere", hazard(None, closed_at="2026-06-05")),
        (NO, "found with the end of the period", hazard(None, reported_at="2026-07-01 00:00:00")),
        (NO, "an open dispute", {"category": "01"}),
        *invalid(),
    ],
    "rectification_rate": [
        (HIT, "in time", hazard()),
        (HIT, "in the second it was due", hazard("2026-06-20 12:00:00")),
        (BASE, "a second late: judged when due", hazard("2026-06-20 12:00:01")),
        (BASE, "rectified in July, due in June: judged in June", hazard("2026-07-05")),
        (BASE, "never rectified", hazard(None)),
        (BASE, "closed in time, but not rectified: closing is not rectifying", hazard(None, closed_at="2026-06-05")),
        (NO, "due in July, not rectified: judged in July", hazard(None, due_at="2026-07-05")),
        (HIT, "due in July, rectified in June: judged in June", hazard(due_at="2026-07-05")),
        (NO, "due in August: nobody can say yet", hazard(None, due_at="2026-08-01")),
        (HIT, "no deadline of its own: seven days by deadlines.toml", hazard(due_at=None)),
        (BASE, "rectified after those", hazard("2026-06-15", due_at=None)),
        (NO, "deferred", hazard(is_deferred=True)),
        (NO, "rectified in May", hazard("2026-05-30", reported_at="2026-05-20")),
        (NO, "no registration", {"category": "02", "due_at": "2026-06-20"}),
        (BASE, "withdrawn after its deadline: stays, and is not in time",
         hazard(None, **WITHDRAWN, withdrawn_at="2026-06-21")),
        (NO, "withdrawn before", hazard(None, **WITHDRAWN, withdrawn_at="2026-06-19")),
        (BASE, "reopened: judged by the first deadline",
         hazard("2026-06-15", reopen_count=1, original_due_at="2026-06-10")),
        *invalid(),
    ],
    "recheck_rate": [
        (HIT, "rechecked", hazard(rechecked="2026-06-10")),
        (HIT, "rechecked after the period, as far as the data reach", hazard(rechecked="2026-07-05")),
        (HIT, "rechecked and failed: it was rechecked", hazard(rechecked="2026-06-10", passed=False)),
        (BASE, "not rechecked", hazard()),
        (NO, "not rectified", hazard(None)),
        (NO, "rectified in July", hazard("2026-07-02", "2026-07-03")),
        *invalid(rechecked="2026-06-10"),
    ],
    "recheck_pass_rate": [
        (HIT, "passed", hazard(rechecked="2026-06-10", passed=True)),
        (BASE, "failed", hazard(rechecked="2026-06-10", passed=False)),
        (NO, "no result registered", hazard(rechecked="2026-06-10")),
        (NO, "a result without a recheck has no time", hazard(passed=True)),
        (NO, "rechecked in July", hazard(rechecked="2026-07-01 00:00:00", passed=True)),
        *invalid(rechecked="2026-06-10", passed=True),
    ],
}  # fmt: skip

LEDGERS: dict[str, dict[str, list[Case]]] = {
    "inspections": {
        "inspection_count": [
            (HIT, "the first day", {"inspected_on": "2026-06-01"}),
            (HIT, "the last day", {"inspected_on": "2026-06-30"}),
            (HIT, "the same estate again on the same day is another round", {"inspected_on": "2026-06-30"}),
            (NO, "the day before", {"inspected_on": "2026-05-31"}),
            (NO, "the day after", {"inspected_on": "2026-07-01"}),
            (HIT, "an estate that no register knows", {"inspected_on": "2026-06-15", "estate_id": "unknown"}),
        ],
    },
    "estates": {
        "inspected_estates": [
            (HIT, "inspected once", {"_inspected": ["2026-06-15"]}),
            (HIT, "inspected on the first and on the last day: one estate",
             {"_inspected": ["2026-06-01", "2026-06-30"]}),
            (NO, "never inspected", {}),
            (NO, "inspected the day before and the day after", {"_inspected": ["2026-05-31", "2026-07-01"]}),
            (NO, "inspected last year", {"_inspected": ["2025-06-15"]}),
        ],
        "inspection_coverage": [
            (HIT, "inspected once", {"_inspected": ["2026-06-15"]}),
            (HIT, "inspected twice on one day", {"_inspected": ["2026-06-15", "2026-06-15"]}),
            (BASE, "never inspected, in a county that inspects", {}),
            (BASE, "inspected the day before and the day after", {"_inspected": ["2026-05-31", "2026-07-01"]}),
            (HIT, "households unknown: an estate all the same", {"households": None, "_inspected": ["2026-06-30"]}),
        ],
    },
}  # fmt: skip
