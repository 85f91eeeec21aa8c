"""时限承诺 counted by hand, by tests/promises.toml. 2026-06-10 is a Wednesday; the rules go by natural time."""

from tests.counted import BASE, HIT, NO, Case, Columns

URGENT: Columns = {"urgency": "urgent", "reported_at": "2026-06-10 09:00"}  # until 11 June 09:00
SMALL: Columns = {"urgency": "small"}
HARD: Columns = {"urgency": "hard", "reported_at": "2026-06-01 09:00"}  # until 8 June 09:00
LATE: Columns = {"reported_at": "2026-06-01 09:00", "due_at": "2026-06-20 12:00"}
REOPENED: Columns = {"reopen_count": 1, "original_due_at": "2026-06-10 12:00", "due_at": "2026-06-20 12:00"}


def invalid(**columns: object) -> list[Case]:
    """What is no case was promised nothing."""
    return [(NO, reason, {**columns, "invalid_reason": reason}) for reason in ("rejected", "test", "merged")] + [
        (NO, "withdrawn in time", {**columns, "invalid_reason": "withdrawn", "withdrawn_at": "2026-06-02"})
    ]


def paused(since: str, until: str, **columns: object) -> Columns:
    """A hard case, deferred from one moment to another."""
    return {**HARD, "is_deferred": True, "_steps": [("defer", since), ("resume", until)], **columns}


CASES: dict[str, list[Case]] = {
    "promise_kept_rate": [
        (HIT, "急事, closed in its last second", {**URGENT, "closed_at": "2026-06-11 09:00:00"}),
        (BASE, "a second later", {**URGENT, "closed_at": "2026-06-11 09:00:01"}),
        (BASE, "still open", URGENT),
        (
            HIT,
            "the official deadline is another matter",
            {**URGENT, "due_at": "2026-06-10 10:00", "closed_at": "2026-06-11 08:00"},
        ),
        (NO, "nobody promised anything", {"urgency": "normal", "closed_at": "2026-06-11"}),
        (NO, "nobody knows how urgent", {"closed_at": "2026-06-11"}),
        (
            HIT,
            "小事 at 17:59:59 has until midnight",
            {**SMALL, "reported_at": "2026-06-10 17:59:59", "closed_at": "2026-06-11 00:00:00"},
        ),
        (
            BASE,
            "and not a second more",
            {**SMALL, "reported_at": "2026-06-10 17:59:59", "closed_at": "2026-06-11 00:00:01"},
        ),
        (
            HIT,
            "小事 at 18:00:00 has until noon of the next day",
            {**SMALL, "reported_at": "2026-06-10 18:00:00", "closed_at": "2026-06-11 12:00:00"},
        ),
        (
            BASE,
            "and not a second more",
            {**SMALL, "reported_at": "2026-06-10 18:00:00", "closed_at": "2026-06-11 12:00:01"},
        ),
        (
            HIT,
            "小事 at 23:59: noon of the next day",
            {**SMALL, "reported_at": "2026-06-10 23:59", "closed_at": "2026-06-11 12:00:00"},
        ),
        (NO, "小事 on the last evening: judged in July", {**SMALL, "reported_at": "2026-06-30 23:59"}),
        (
            BASE,
            "小事 of the last afternoon, judged with the end of the day before",
            {**SMALL, "reported_at": "2026-06-29 10:00"},
        ),
        (HIT, "难事, the seventh day to the second", {**HARD, "closed_at": "2026-06-08 09:00:00"}),
        (
            BASE,
            "closed on time, sent back, closed for good too late",
            {
                **HARD,
                "first_closed_at": "2026-06-05",
                "reopen_count": 1,
                "reopened_at": "2026-06-06",
                "closed_at": "2026-06-09",
            },
        ),
        (
            HIT,
            "sent back and closed for good in time",
            {**HARD, "first_closed_at": "2026-06-03", "reopen_count": 1, "closed_at": "2026-06-07"},
        ),
        (
            BASE,
            "withdrawn when the time was up",
            {**URGENT, "invalid_reason": "withdrawn", "withdrawn_at": "2026-06-11 09:00:01"},
        ),
        (
            NO,
            "withdrawn with its last second",
            {**URGENT, "invalid_reason": "withdrawn", "withdrawn_at": "2026-06-11 09:00:00"},
        ),
        (
            HIT,
            "paused from 5 to 12 June: seven days more",
            paused("2026-06-05 09:00", "2026-06-12 09:00", closed_at="2026-06-15 09:00:00"),
        ),
        (
            BASE,
            "and not a second more",
            paused("2026-06-05 09:00", "2026-06-12 09:00", closed_at="2026-06-15 09:00:01"),
        ),
        (
            BASE,
            "paused when the time was up: nothing more",
            paused("2026-06-08 09:00:00", "2026-06-12 09:00", closed_at="2026-06-10"),
        ),
        (NO, "deferred, nobody knows from when to when", {**HARD, "is_deferred": True, "closed_at": "2026-06-05"}),
        (NO, "still paused: the clock stands until the data end", paused("2026-06-05", "2026-07-10")),
        (
            HIT,
            "five days granted",
            {**HARD, "original_due_at": "2026-06-08", "due_at": "2026-06-13", "closed_at": "2026-06-13 09:00:00"},
        ),
        (
            BASE,
            "five days granted, then sent back: by the first promise",
            {
                **HARD,
                "original_due_at": "2026-06-08",
                "due_at": "2026-06-13",
                "reopen_count": 1,
                "closed_at": "2026-06-10",
            },
        ),
        (
            HIT,
            "纠纷 accepted on 1 June, settled on the seventh day at 23:59",
            {"category": "01", "accepted_at": "2026-06-01 10:00", "closed_at": "2026-06-08 23:59"},
        ),
        (
            BASE,
            "on the eighth",
            {"category": "01", "accepted_at": "2026-06-01 10:00", "closed_at": "2026-06-09 00:00:01"},
        ),
        (
            HIT,
            "纠纷 counts from the acceptance",
            {"category": "01", "accepted_at": "2026-06-02 00:00", "closed_at": "2026-06-09 20:00"},
        ),
        (
            BASE,
            "重大隐患: a day",
            {"category": "02", "_hazard": {"severity": "major"}, "closed_at": "2026-06-02 09:00:01"},
        ),
        (
            HIT,
            "一般隐患: a week",
            {"category": "02", "_hazard": {"severity": "general"}, "closed_at": "2026-06-08 09:00"},
        ),
        (HIT, "urgent 隐患 goes by the hazard's time", {**URGENT, "category": "02", "closed_at": "2026-06-17 09:00"}),
        *invalid(**URGENT),
    ],
    "promise_response_rate": [
        (HIT, "急事 answered within half an hour", {**URGENT, "first_response_at": "2026-06-10 09:30:00"}),
        (BASE, "a second later", {**URGENT, "first_response_at": "2026-06-10 09:30:01"}),
        (BASE, "never", URGENT),
        (NO, "no promise", {"urgency": "hard", "first_response_at": "2026-06-10 09:30:00"}),
        (NO, "the half hour ends in July", {**URGENT, "reported_at": "2026-06-30 23:30:00"}),
        (BASE, "the half hour ends in June", {**URGENT, "reported_at": "2026-06-30 23:29:59"}),
        *invalid(**URGENT),
    ],
    "promise_overdue_count": [
        (HIT, "past its promise", URGENT),
        (HIT, "past its promise, not past the official deadline", {**URGENT, "due_at": "2026-08-01"}),
        (NO, "past the official deadline, nothing promised", {"due_at": "2026-06-10"}),
        (NO, "promised until the end of the period", {**URGENT, "reported_at": "2026-06-30 00:00:00"}),
        (HIT, "a second earlier", {**URGENT, "reported_at": "2026-06-29 23:59:59"}),
        (HIT, "closed since", {**URGENT, "closed_at": "2026-07-02"}),
        (NO, "closed late is not open", {**URGENT, "closed_at": "2026-06-12"}),
        (NO, "paused beyond the end", paused("2026-06-05", "2026-07-09")),
        *invalid(**URGENT),
    ],
    "on_time_rate_by_due": [
        (HIT, "closed in time", {**LATE, "closed_at": "2026-06-05"}),
        (HIT, "closed in May, due in June", {**LATE, "reported_at": "2026-05-01", "closed_at": "2026-05-05"}),
        (NO, "closed in June, due in July: not yet 应结", {"due_at": "2026-07-02", "closed_at": "2026-06-05"}),
        (BASE, "closed late, in July", {**LATE, "closed_at": "2026-07-05"}),
        (BASE, "open", LATE),
        (NO, "缓办", {**LATE, "is_deferred": True}),
        (NO, "no deadline", {"closed_at": "2026-06-05"}),
        (BASE, "reopened: due with the original deadline", {**REOPENED, "closed_at": "2026-06-15"}),
        (HIT, "no official deadline: the promise stands in", {**URGENT, "closed_at": "2026-06-11 09:00:00"}),
        (BASE, "withdrawn when overdue", {**LATE, "invalid_reason": "withdrawn", "withdrawn_at": "2026-06-21"}),
        *invalid(**LATE),
    ],
    "on_time_rate_by_report": [
        (HIT, "reported in June, closed in time", {**LATE, "closed_at": "2026-06-05"}),
        (HIT, "reported in June, closed in time in July", {"due_at": "2026-07-08", "closed_at": "2026-07-05"}),
        (NO, "reported in May", {**LATE, "reported_at": "2026-05-31 23:59:59", "closed_at": "2026-06-05"}),
        (BASE, "reported in June, due in July and late", {"due_at": "2026-07-08"}),
        (NO, "open, due after the data end", {"due_at": "2026-07-20"}),
        (NO, "缓办", {**LATE, "is_deferred": True, "closed_at": "2026-06-05"}),
        (NO, "no deadline", {"closed_at": "2026-06-05"}),
        (BASE, "reopened: by the original deadline", {**REOPENED, "closed_at": "2026-06-15"}),
        *invalid(**LATE),
    ],
    "arrival_rate": [
        (HIT, "急事, there after ten minutes", {**URGENT, "arrived_at": "2026-06-10 09:10:00"}),
        (BASE, "a second later", {**URGENT, "arrived_at": "2026-06-10 09:10:01"}),
        (NO, "nobody went, or nobody wrote it down", URGENT),
        (NO, "not urgent", {"urgency": "small", "arrived_at": "2026-06-01 09:05"}),
        (NO, "there before the report: a fault of a time", {**URGENT, "arrived_at": "2026-06-10 08:59"}),
        (NO, "reported in July", {**URGENT, "reported_at": "2026-07-01", "arrived_at": "2026-07-01 00:05"}),
        *invalid(**URGENT, arrived_at="2026-06-10 09:10"),
    ],
    **{
        key: [
            (HIT, "somebody went", {"arrived_at": "2026-06-01 10:00"}),
            (HIT, "at once", {"arrived_at": "2026-06-01 09:00:00"}),
            (HIT, "there in July", {"arrived_at": "2026-07-02"}),
            (NO, "nobody went", {}),
            (NO, "there before the report", {"arrived_at": "2026-06-01 08:59:59"}),
            (NO, "reported in July", {"reported_at": "2026-07-01", "arrived_at": "2026-07-02"}),
            *invalid(arrived_at="2026-06-01 10:00"),
        ]
        for key in ("arrival_hours", "arrival_hours_p90")
    },
}
