"""矛盾纠纷 counted by hand. A dispute accepted on 1 June has its seventh day on 8 June, over at 9 June 00:00."""

from tests.counted import BASE, HIT, NO, Case, Columns

DISPUTE: Columns = {"category": "01", "accepted_at": "2026-06-01 10:00"}
YES: Columns = {"success": "yes"}
CLOSED: Columns = {**DISPUTE, "closed_at": "2026-06-05 09:00"}


def dispute(success: object = "yes", agreement: object = None, **columns: object) -> Columns:
    """A dispute with its registration; accepted 1 June, closed 5 June, unless said otherwise."""
    return {**CLOSED, "_dispute": {"success": success, "agreement": agreement, "dispute_type": "邻里"}, **columns}


def invalid(**columns: object) -> list[Case]:
    """What is no case is no dispute either."""
    return [(NO, reason, dispute(invalid_reason=reason, **columns)) for reason in ("rejected", "test", "merged")] + [
        (NO, "withdrawn", dispute(invalid_reason="withdrawn", withdrawn_at="2026-06-02", **columns))
    ]


def relapsing(place: object, **columns: object) -> Columns:
    """A dispute closed on 20 March 09:00, so that its 90 days end on 18 June 09:00."""
    return {
        "category": "01",
        "reported_at": "2026-03-01",
        "closed_at": "2026-03-20 09:00",
        "place_id": place,
        **columns,
    }


FINISHED: list[Case] = [
    (NO, "still in mediation when closed", dispute("open")),
    (NO, "closed, its result not registered", dispute(None)),
    (NO, "settled says the register, but the case is open: no time to count it at", dispute(closed_at=None)),
    (NO, "no dispute registration at all", CLOSED),
    (NO, "a settled quarrel under another category", dispute(category="03")),
    (NO, "closed before the period", dispute(reported_at="2026-05-20", closed_at="2026-05-31 23:59:59")),
    (NO, "closed with its end", dispute(closed_at="2026-07-01 00:00:00")),
    *invalid(),
]

CASES: dict[str, list[Case]] = {
    "dispute_count": [
        (HIT, "reported in the first second", {"category": "01", "reported_at": "2026-06-01 00:00:00"}),
        (HIT, "reported in the last second", {"category": "01", "reported_at": "2026-06-30 23:59:59"}),
        (NO, "reported with the end of the period", {"category": "01", "reported_at": "2026-07-01 00:00:00"}),
        (HIT, "without a registration it is a dispute all the same", {"category": "01"}),
        (NO, "a hazard", {"category": "02"}),
        (NO, "a service", {"category": "03"}),
        *invalid(),
    ],
    "settled_count": [
        (HIT, "settled in the period", dispute()),
        (HIT, "settled in its last second", dispute(closed_at="2026-06-30 23:59:59")),
        (HIT, "reported long before", dispute(reported_at="2026-01-01", accepted_at="2026-01-01")),
        (NO, "failed", dispute("no")),
        (NO, "went to court", dispute("court")),
        *FINISHED,
    ],
    "unsettled_count": [
        (HIT, "open", {"category": "01"}),
        (HIT, "reported long ago, open, in mediation", dispute("open", reported_at="2025-01-01", closed_at=None)),
        (HIT, "closed since the period ended", dispute(closed_at="2026-07-05")),
        (NO, "closed in the period", dispute()),
        (NO, "an open service", {}),
        (NO, "reported with the end of the period", {"category": "01", "reported_at": "2026-07-01 00:00:00"}),
        *invalid(closed_at=None),
    ],
    "settlement_rate": [
        (HIT, "settled", dispute()),
        (BASE, "failed", dispute("no")),
        (BASE, "went to court", dispute("court")),
        (HIT, "reopened, settled in the end", dispute(reopen_count=1, first_closed_at="2026-06-02")),
        (HIT, "settled after a year", dispute(reported_at="2025-06-01", accepted_at="2025-06-01")),
        *FINISHED,
    ],
    "court_rate": [
        (HIT, "went to court", dispute("court")),
        (BASE, "settled", dispute()),
        (BASE, "failed", dispute("no")),
        (HIT, "went to court in the last second", dispute("court", closed_at="2026-06-30 23:59:59")),
        *FINISHED,
    ],
    "seven_day_rate": [
        (HIT, "settled on day 4", dispute()),
        (HIT, "accepted at 10:00, settled on day 7 at 23:59:59", dispute(closed_at="2026-06-08 23:59:59")),
        (BASE, "settled when day 7 was over", dispute(closed_at="2026-06-09 00:00:00")),
        (HIT, "accepted at 23:59: that day is day 0 all the same",
         dispute(accepted_at="2026-06-01 23:59", closed_at="2026-06-08 23:59")),
        (HIT, "settled on the day it was accepted", dispute(closed_at="2026-06-01 12:00")),
        (BASE, "failed on day 2: not settled", dispute("no", closed_at="2026-06-03")),
        (BASE, "went to court on day 2", dispute("court", closed_at="2026-06-03")),
        (BASE, "in mediation", dispute("open", closed_at=None)),
        (BASE, "open, the register has no result yet", dispute(None, closed_at=None)),
        (NO, "closed, no result registered: nobody knows", dispute(None)),
        (NO, "no registration at all", CLOSED),
        (HIT, "no time of acceptance: from the report, 1 June 09:00",
         dispute(accepted_at=None, closed_at="2026-06-08 23:00")),
        (BASE, "no time of acceptance, settled on day 8", dispute(accepted_at=None, closed_at="2026-06-09 08:00")),
        (HIT, "accepted 24 May: day 7 is 31 May; accepted 25 May: it is 1 June",
         dispute(reported_at="2026-05-25 08:00", accepted_at="2026-05-25 08:30", closed_at="2026-05-28")),
        (NO, "day 7 on 31 May: judged in May",
         dispute(reported_at="2026-05-24 08:00", accepted_at="2026-05-24 08:30", closed_at="2026-05-28")),
        (HIT, "accepted 23 June, day 7 on 30 June",
         dispute(reported_at="2026-06-23", accepted_at="2026-06-23 18:00", closed_at="2026-06-30 23:00")),
        (NO, "accepted 24 June: judged on 1 July",
         dispute(reported_at="2026-06-24", accepted_at="2026-06-24", closed_at="2026-06-25")),
        (NO, "closed before it was reported", dispute(reported_at="2026-06-06")),
        *invalid(),
    ],
    "settling_hours": [
        (HIT, "settled", dispute()),
        (BASE, "failed: not settled to the end of the data", dispute("no")),
        (BASE, "went to court", dispute("court")),
        (BASE, "in mediation", dispute("open", closed_at=None)),
        (HIT, "reported in the last second of the period, settled after it",
         dispute(reported_at="2026-06-30 23:59:59", accepted_at="2026-06-30 23:59:59", closed_at="2026-07-02")),
        (NO, "reported the month before", dispute(reported_at="2026-05-31 23:59:59")),
        (NO, "no registration", CLOSED),
        (NO, "closed before reported", dispute(reported_at="2026-06-06")),
        *invalid(),
    ],
    "agreement_rate": [
        (HIT, "in writing", dispute(agreement="书面")),
        (BASE, "by word of mouth", dispute(agreement="口头")),
        (BASE, "none", dispute(agreement="无")),
        (NO, "nobody registered it", dispute()),
        (NO, "in writing, but failed", dispute("no", "书面")),
        (NO, "in writing, still open", dispute("yes", "书面", closed_at=None)),
        (NO, "settled in May",
         dispute("yes", "书面", reported_at="2026-05-01", accepted_at=None, closed_at="2026-05-31")),
    ],
    # Judged 90 days after closing: closed 3 March 00:00, judged 1 June 00:00; closed 2 April, judged 1 July.
    "dispute_relapse_rate": [
        (HIT, "came again after 30 days", relapsing("a")),
        (NO, "the second report itself, open", {"category": "01", "reported_at": "2026-04-19", "place_id": "a"}),
        (BASE, "did not come again", relapsing("b")),
        (HIT, "came again in the last second of the 90 days", relapsing("c")),
        (NO, "that report", {"category": "01", "reported_at": "2026-06-18 09:00:00", "place_id": "c"}),
        (BASE, "came again a second later", relapsing("d")),
        (NO, "that report", {"category": "01", "reported_at": "2026-06-18 09:00:01", "place_id": "d"}),
        (BASE, "another matter at the same place", relapsing("e")),
        (NO, "that matter", {"category": "03", "reported_at": "2026-04-19", "place_id": "e"}),
        (HIT, "the same person elsewhere", relapsing(None, reporter_hash="P")),
        (NO, "that person", {"category": "01", "reported_at": "2026-04-19", "reporter_hash": "P"}),
        (BASE, "judged in the first second of the period", relapsing(None, closed_at="2026-03-03 00:00:00")),
        (NO, "judged in the last second of May", relapsing(None, closed_at="2026-03-02 23:59:59")),
        (NO, "judged with the end of the period", relapsing(None, closed_at="2026-04-02 00:00:00")),
        (NO, "closed in June: 90 days are not over", dispute()),
        (NO, "a service", {"reported_at": "2026-03-01", "closed_at": "2026-03-20 09:00"}),
        *invalid(),
    ],
}  # fmt: skip
