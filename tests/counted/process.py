"""办理流程 counted by hand: what a log of steps says of a case. A whistle has 24 hours to be answered."""

from tests.counted import BASE, HIT, NO, Case, Columns

Steps = list[tuple[str, str]]


def log(*steps: str) -> Steps:
    """These steps, one on each hour of 2 June from 01:00."""
    return [(step, f"2026-06-02 {number:02d}:00") for number, step in enumerate(steps, 1)]


def closed(*steps: str, **columns: object) -> Columns:
    """A case closed on 5 June with these steps."""
    return {"closed_at": "2026-06-05", "_steps": log(*steps), **columns}


def invalid(**columns: object) -> list[Case]:
    """The cases that no rate may count."""
    return [(NO, reason, {**columns, "invalid_reason": reason}) for reason in ("rejected", "test", "merged")]


SIX = ("whistle", "report_in", "consult", "handle", "feedback")
CALLED: Columns = {"need_whistle": True}
ORDER: Columns = {"channel": "02"}
WHISTLE: Columns = {"_steps": [("whistle", "2026-06-02 09:00")]}


def whistled(at: str, came: str | None = None, **columns: object) -> Columns:
    """A whistle, and perhaps an arrival."""
    return {"_steps": [("whistle", at), *([("report_in", came)] if came else [])], **columns}


# Whoever is closed, has steps and is valid counts; `complete` says for which of the two readings.
def ways(rated: str, unrated: str) -> list[Case]:
    """Paths with what they are in a reading that wants the rating, and in one that does not."""
    return [
        (rated, "nobody was needed, and every step was taken", closed("handle", "feedback", "rate")),
        (rated, "all seven", closed(*SIX, "rate", **CALLED)),
        (rated, "发现 in the log as well", closed("find", *SIX, "rate", **CALLED)),
        (rated, "a whistle that nobody had planned makes it seven", closed(*SIX, "rate")),
        (rated, "one step written down twice in a row", closed("handle", "handle", "feedback", "rate")),
        (
            rated,
            "other steps of the log are no detour",
            closed("dispatch", "sign", "handle", "close", "feedback", "rate"),
        ),
        (unrated, "nobody rated it", closed("handle", "feedback")),
        (unrated, "nobody rated it, with whistle", closed(*SIX, **CALLED)),
        (BASE, "a whistle was needed and never blown", closed("handle", "feedback", "rate", **CALLED)),
        (BASE, "no 会商", closed("whistle", "report_in", "handle", "feedback", "rate", **CALLED)),
        (BASE, "no 办理", closed("feedback", "rate")),
        (BASE, "反馈 before 办理", closed("feedback", "handle", "rate")),
        (
            rated,
            "three steps of one minute stand in the order of the seven, whatever their rows",
            {
                "closed_at": "2026-06-05",
                "_steps": [(step, "2026-06-02 09:00") for step in ("rate", "feedback", "handle")],
            },
        ),
        (BASE, "发现 after 办理, by the log's own times", closed("handle", "find", "feedback", "rate")),
        (
            rated,
            "发现 written down last, and earlier by its time",
            {
                "closed_at": "2026-06-05",
                "_steps": [*log("dispatch", "handle", "feedback", "rate"), ("find", "2026-06-01 09:00")],
            },
        ),
        (
            unrated,
            "评价 before 反馈: turned about for the seven, no matter for the six",
            closed("handle", "rate", "feedback"),
        ),
        (unrated, "a rating between two feedbacks", closed("handle", "feedback", "rate", "feedback")),
        (BASE, "发现 twice, with 办理 between", closed("find", "handle", "find", "feedback", "rate")),
        (BASE, "sent back", closed("handle", "feedback", "reopen", "handle", "feedback", "rate")),
        (BASE, "passed on", closed("transfer", "handle", "feedback", "rate")),
        (BASE, "办理 again after 反馈", closed("handle", "feedback", "handle", "rate")),
        (BASE, "a log with nothing but 督办", closed("supervise")),
        (NO, "no log", {"closed_at": "2026-06-05"}),
        (NO, "open", {"_steps": log("handle", "feedback", "rate")}),
        (NO, "closed in May", closed("handle", reported_at="2026-05-01", closed_at="2026-05-31 23:59:59")),
        *invalid(**closed("handle", "feedback", "rate")),
    ]


CASES: dict[str, list[Case]] = {
    "step_record_rate": [
        (HIT, "a log", {"_steps": log("handle")}),
        (HIT, "a log of one step that is none of the seven", {"_steps": log("supervise")}),
        (BASE, "no log", {}),
        (NO, "reported in July", {"reported_at": "2026-07-01", "_steps": [("handle", "2026-07-02")]}),
        (BASE, "the last second", {"reported_at": "2026-06-30 23:59:59"}),
        *invalid(_steps=log("handle")),
    ],
    "seven_steps_rate": ways(HIT, BASE),
    "six_steps_rate": ways(HIT, HIT),
    "report_in_rate": [
        (HIT, "there with the last second", whistled("2026-06-02 09:00:00", "2026-06-03 09:00:00")),
        (BASE, "a second later", whistled("2026-06-02 09:00:00", "2026-06-03 09:00:01")),
        (BASE, "never", WHISTLE),
        (NO, "not whistled for", {"_steps": log("handle")}),
        (NO, "the day ends in July", whistled("2026-06-30 00:00:00", "2026-06-30 10:00")),
        (HIT, "the day ends in June", whistled("2026-06-29 23:59:59", "2026-06-30 10:00")),
        (NO, "the day has not ended when the data end", whistled("2026-07-09 10:00", reported_at="2026-06-30")),
        (HIT, "whistled in May", whistled("2026-05-31 10:00", "2026-05-31 12:00", reported_at="2026-05-30")),
        *invalid(**WHISTLE),
    ],
    "report_in_hours": [
        (HIT, "arrived", whistled("2026-06-02 09:00", "2026-06-02 11:00")),
        (BASE, "not yet", WHISTLE),
        (BASE, "closed without", {**WHISTLE, "closed_at": "2026-06-05"}),
        (NO, "not whistled for", {}),
        (NO, "whistled in July", whistled("2026-07-01 00:00:00", "2026-07-01 01:00")),
        *invalid(**WHISTLE),
    ],
    "consult_rate": [
        (HIT, "sat down together", closed("whistle", "consult", **CALLED)),
        (BASE, "needed and left out", closed("whistle", "report_in", **CALLED)),
        (HIT, "whistled for though nobody said so", closed("whistle", "consult")),
        (NO, "not needed", closed("handle")),
        (NO, "not needed, and yet they met", closed("consult", need_whistle=False)),
        (NO, "needed, no log", {**CALLED, "closed_at": "2026-06-05"}),
        (NO, "open", {**CALLED, "_steps": log("whistle", "consult")}),
        *invalid(**closed("whistle", "consult")),
    ],
    "feedback_rate": [
        (HIT, "told", closed("handle", "feedback")),
        (BASE, "not told", closed("handle")),
        (HIT, "told before it was done", closed("feedback", "handle")),
        (NO, "open", {"_steps": log("feedback")}),
        (NO, "no log", {"closed_at": "2026-06-05"}),
        *invalid(**closed("feedback")),
    ],
    "order_lookup_rate": [
        (HIT, "looked up", {**ORDER, "_steps": log("dispatch", "lookup")}),
        (HIT, "looked up twice is looked up", {**ORDER, "_steps": log("dispatch", "lookup", "lookup")}),
        (BASE, "not looked up", {**ORDER, "_steps": log("dispatch")}),
        (BASE, "dispatched by its register", {**ORDER, "dispatched_at": "2026-06-02", "_steps": log("handle")}),
        (NO, "not dispatched", {**ORDER, "_steps": log("lookup")}),
        (NO, "no log", {**ORDER, "dispatched_at": "2026-06-02"}),
        (NO, "by telephone: no order", {"channel": "09", "_steps": log("dispatch", "lookup")}),
        *invalid(**ORDER, _steps=log("dispatch", "lookup")),
    ],
    "order_rating_rate": [
        (HIT, "rated", closed("handle", **ORDER, rating=5)),
        (HIT, "rated badly is rated", closed("handle", **ORDER, rating=1)),
        (BASE, "not rated", closed("handle", **ORDER)),
        (BASE, "rated by default", closed("handle", **ORDER, rating=5, is_rating_default=True)),
        (NO, "open", {**ORDER, "rating": 5, "_steps": log("handle")}),
        (NO, "no order", closed("handle", channel="01", rating=5)),
        *invalid(**closed("handle", **ORDER, rating=5)),
    ],
    "first_unit_rate": [
        (HIT, "settled where it came first", closed("dispatch", "handle")),
        (BASE, "passed on", closed("dispatch", "transfer", "handle")),
        (BASE, "sent back", closed("dispatch", "return", "handle")),
        (NO, "not dispatched", closed("handle")),
        (HIT, "dispatched by its register", closed("handle", dispatched_at="2026-06-02")),
        (NO, "open", {"_steps": log("dispatch")}),
        *invalid(**closed("dispatch")),
    ],
    "return_rate": [
        (HIT, "sent back", {"_steps": log("dispatch", "return")}),
        (HIT, "passed on", {"_steps": log("dispatch", "transfer")}),
        (BASE, "neither", {"_steps": log("dispatch")}),
        (NO, "not dispatched", {"_steps": log("return")}),
        (NO, "dispatched in July", {"_steps": [("dispatch", "2026-07-01 00:00:00"), ("return", "2026-07-02")]}),
        (NO, "no log", {"dispatched_at": "2026-06-02"}),
        *invalid(_steps=log("dispatch", "return")),
    ],
}
