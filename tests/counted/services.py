"""代办, platforms, 五办 and 包联 counted by hand."""

from tests.counted import BASE, HIT, NO, Case, Columns

CLOSED: Columns = {"closed_at": "2026-06-05 09:00"}
ERRAND: Columns = {"errand": "elderly", **CLOSED}
SILENT: Columns = {"source": "a system that never writes it down"}
JUNE: Columns = {"created_on": "2026-06-10"}


def invalid(**columns: object) -> list[Case]:
    """What no indicator may count."""
    return [(NO, reason, {**columns, "invalid_reason": reason}) for reason in ("rejected", "test", "merged")]


DONE: list[Case] = [
    (HIT, "closed in the first second", {**ERRAND, "reported_at": "2026-05-01", "closed_at": "2026-06-01 00:00:00"}),
    (HIT, "another kind of errand", {**ERRAND, "errand": "insurance"}),
    (HIT, "whatever it is about", {**ERRAND, "category": "05"}),
    (NO, "closed with the end of the period", {**ERRAND, "closed_at": "2026-07-01 00:00:00"}),
    (NO, "open", {"errand": "elderly"}),
    (NO, "no errand", CLOSED),
    *invalid(**ERRAND),
]

CASES: dict[str, list[Case]] = {
    "errand_count": DONE,
    "errand_hours": [*DONE, (NO, "closed before it was reported", {**ERRAND, "closed_at": "2026-06-01 08:00"})],
    "errand_share": [
        (HIT, "an errand", ERRAND),
        (BASE, "a service, no errand", CLOSED),
        (NO, "an errand that is no 民生服务", {**ERRAND, "category": "05"}),
        (NO, "a service of a system without errands", {**CLOSED, **SILENT}),
        (NO, "open", {"errand": "home"}),
        *invalid(**ERRAND),
    ],
    "platform_share": [
        (HIT, "through a platform", {"platform": "一米阳光"}),
        (BASE, "through none that has a name", {"channel": "09"}),
        (NO, "of a system that names none", SILENT),
        (NO, "reported in July", {"platform": "一米阳光", "reported_at": "2026-07-01"}),
        *invalid(platform="一米阳光"),
    ],
}
LEDGERS: dict[str, dict[str, list[Case]]] = {
    "list_items": {
        "handling_rate": [
            (HIT, "somebody leads", {**JUNE, "handling": "lead"}),
            (HIT, "listed on the last day", {"created_on": "2026-06-30", "handling": "help"}),
            (BASE, "nobody said how", JUNE),
            (NO, "listed before", {"created_on": "2026-05-31", "handling": "lead"}),
            (NO, "a list that only tells", {**JUNE, "list_type": "居民信息", "handling": "lead"}),
            (NO, "a community that never says how", {**JUNE, "region_code": "R2"}),
        ],
    },
    "estates": {
        "liaison_rate": [
            (HIT, "since always", {"_liaised": [(None, None)]}),
            (HIT, "ends as the period ends", {"_liaised": [(None, "2026-07-01")]}),
            (HIT, "from one hand to the next", {"_liaised": [(None, "2026-06-10"), ("2026-06-10", None)]}),
            (BASE, "ended the day before", {"_liaised": [("2025-01-01", "2026-06-30")]}),
            (HIT, "begun on the last day", {"_liaised": [("2026-06-30", None)]}),
            (BASE, "begins as the period ends", {"_liaised": [("2026-07-01", None)]}),
            (BASE, "none", {}),
        ],
    },
}
