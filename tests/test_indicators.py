"""Every indicator of the dictionary, by cases counted by hand: the cases are the agreed reading of each rule.

The period is June 2026; the data reach to 10 July. Each case says why it counts (and succeeds), counts, or does not.
"""

import random
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from governance import indicators
from governance.indicators import DURATIONS, INDICATORS, DefinitionError, Direction, Indicator, Verdict
from tests import counted as by_hand
from tests.counted import AS_OF, BASE, HIT, NO, START, STOP, Case, Columns
from tests.factory import County
from tests.promises import promise

DUE: Columns = {"due_at": "2026-06-20 12:00"}
REOPENED: Columns = {"reopen_count": 1, "original_due_at": "2026-06-10 12:00", "due_at": "2026-06-20 12:00"}
CLOSED: Columns = {"closed_at": "2026-06-05 09:00"}
RATED: Columns = {"rated_at": "2026-06-06 09:00", **CLOSED}
VISITED: Columns = {"visited_at": "2026-06-06 09:00", **CLOSED}


def invalid(**columns: object) -> list[Case]:
    """The cases that no rate may count."""
    return [
        (NO, f"{reason} is not a case", {"invalid_reason": reason, **columns})
        for reason in ("rejected", "test", "merged")
    ] + [(NO, "withdrawn", {"invalid_reason": "withdrawn", "withdrawn_at": "2026-06-02 09:00", **columns})]


CASES: dict[str, list[Case]] = {
    "reported_count": [
        (HIT, "the first second of the period", {"reported_at": "2026-06-01 00:00:00"}),
        (HIT, "the last second of the period", {"reported_at": "2026-06-30 23:59:59"}),
        (NO, "a second before the period", {"reported_at": "2026-05-31 23:59:59"}),
        (NO, "the end of the period belongs to the next", {"reported_at": "2026-07-01 00:00:00"}),
        (HIT, "without a grid it is a case all the same", {"grid_id": None, "region_code": None}),
        (HIT, "closed before reported: a fault of a time, not of the count", {"closed_at": "2026-05-20 09:00"}),
        *invalid(),
    ],
    "closed_count": [
        (HIT, "closed in the first second", {"reported_at": "2026-05-01", "closed_at": "2026-06-01 00:00:00"}),
        (NO, "closed with the end of the period", {"closed_at": "2026-07-01 00:00:00"}),
        (NO, "still open", {}),
        (NO, "reopened and open again: the first closing is no closing", {"first_closed_at": "2026-06-03"}),
        (HIT, "closed before reported stays in the count", {"reported_at": "2026-06-09", "closed_at": "2026-06-08"}),
        *invalid(**CLOSED),
    ],
    "backlog": [
        (HIT, "open", {}),
        (HIT, "reported long ago and open", {"reported_at": "2024-06-01"}),
        (NO, "reported with the end of the period", {"reported_at": "2026-07-01 00:00:00"}),
        (HIT, "closed with the end of the period: open until then", {"closed_at": "2026-07-01 00:00:00"}),
        (HIT, "closed since the period ended", {"closed_at": "2026-07-05 00:00:00"}),
        (NO, "closed in its last second", {"closed_at": "2026-06-30 23:59:59"}),
        (HIT, "reopened and open again", {"first_closed_at": "2026-06-03", "reopen_count": 1}),
        *invalid(),
    ],
    "overdue_rate": [
        (HIT, "open and past due", DUE),
        (BASE, "open, due later", {"due_at": "2026-07-05"}),
        (BASE, "due with the end of the period: not yet past", {"due_at": "2026-07-01 00:00:00"}),
        (NO, "no deadline, nothing to be past", {}),
        (NO, "closed late is not open", {**DUE, "closed_at": "2026-06-25"}),
        *invalid(**DUE),
    ],
    "overdue_count": [
        (HIT, "open and past due", DUE),
        (NO, "open, due later", {"due_at": "2026-07-05"}),
        (NO, "due with the end of the period: not yet past", {"due_at": "2026-07-01 00:00:00"}),
        (NO, "no deadline", {}),
        (HIT, "overdue then, closed since", {**DUE, "closed_at": "2026-07-02"}),
        *invalid(**DUE),
    ],
    "proactive_rate": [
        (HIT, "found by the grid", {"origin": "proactive"}),
        (BASE, "reported by a resident", {"origin": "appeal"}),
        (BASE, "passed down", {"origin": "assigned"}),
        (NO, "nobody knows", {}),
        (NO, "next month", {"origin": "proactive", "reported_at": "2026-07-01"}),
        *invalid(origin="proactive"),
    ],
    "located_rate": [
        (HIT, "in a grid", {"grid_id": "G1"}),
        (HIT, "in a grid that no register knows: it has a code", {"grid_id": "G-unknown"}),
        (BASE, "in a community only", {"region_code": "R1"}),
        (BASE, "nowhere", {}),
        *invalid(grid_id="G1"),
    ],
    "excluded_rate": [
        (BASE, "valid", {}),
        (HIT, "rejected", {"invalid_reason": "rejected"}),
        (HIT, "a test", {"invalid_reason": "test"}),
        (HIT, "merged into another", {"invalid_reason": "merged"}),
        (HIT, "withdrawn", {"invalid_reason": "withdrawn"}),
        (NO, "rejected, but reported before the period", {"invalid_reason": "rejected", "reported_at": "2026-05-01"}),
    ],
    "repeat_rate": [
        (NO, "before the period: the earlier case of A", {"reporter_hash": "A", "reported_at": "2026-03-12 09:00"}),
        (HIT, "day 90 after it, the same second", {"reporter_hash": "A", "reported_at": "2026-06-10 09:00"}),
        (NO, "before the period: the earlier case of B", {"reporter_hash": "B", "reported_at": "2026-03-12 09:00"}),
        (BASE, "day 91 after it", {"reporter_hash": "B", "reported_at": "2026-06-11 09:00"}),
        (BASE, "the first of C", {"reporter_hash": "C", "subcategory": "漏水", "reported_at": "2026-06-02"}),
        (BASE, "C about something else", {"reporter_hash": "C", "subcategory": "噪音", "reported_at": "2026-06-03"}),
        (HIT, "C about the first again", {"reporter_hash": "C", "subcategory": "漏水", "reported_at": "2026-06-04"}),
        (BASE, "the first at place P, by D", {"reporter_hash": "D", "place_id": "P", "reported_at": "2026-06-02"}),
        (HIT, "the same place, another person", {"reporter_hash": "E", "place_id": "P", "reported_at": "2026-06-03"}),
        (BASE, "no reporter, no place", {"reported_at": "2026-06-02"}),
        (BASE, "and another: two unknowns are not the same", {"reported_at": "2026-06-03"}),
        (NO, "a test by F", {"reporter_hash": "F", "invalid_reason": "test", "reported_at": "2026-06-02"}),
        (BASE, "the first real one of F", {"reporter_hash": "F", "reported_at": "2026-06-03"}),
        (NO, "a repeat that is itself a merged child", {"reporter_hash": "F", "invalid_reason": "merged"}),
    ],
    "appeals_per_10k": [
        (HIT, "an appeal", {"kind": "appeal", "origin": "appeal"}),
        (HIT, "an appeal from nobody knows where", {"kind": "appeal"}),
        (HIT, "an appeal passed down", {"kind": "appeal", "origin": "assigned"}),
        (HIT, "passed down by a source that has no kind", {"origin": "assigned"}),
        (NO, "a question about policy, whatever its kind says", {"kind": "appeal", "category": "08"}),
        (NO, "an inquiry", {"kind": "inquiry", "origin": "appeal"}),
        (NO, "found, not appealed", {"kind": "proactive", "origin": "proactive"}),
        (NO, "found, though registered as an appeal", {"kind": "appeal", "origin": "proactive"}),
        *invalid(kind="appeal"),
    ],
    "response_hours": [
        (HIT, "answered", {"first_response_at": "2026-06-01 10:00"}),
        (BASE, "unanswered: waits at least until the data end", {}),
        (BASE, "closed without an answer: waited at least until then", CLOSED),
        (NO, "closed before reported: no duration", {"closed_at": "2026-05-31"}),
        (NO, "answered before reported", {"first_response_at": "2026-06-01 08:58:59"}),
        (HIT, "a minute before reported: clocks differ", {"first_response_at": "2026-06-01 08:59"}),
        (NO, "reported in July", {"reported_at": "2026-07-01", "first_response_at": "2026-07-01"}),
        *invalid(first_response_at="2026-06-01 10:00"),
    ],
    "response_rate": [
        (HIT, "on the second", {"response_due_at": "2026-06-02 09:00", "first_response_at": "2026-06-02 09:00:00"}),
        (BASE, "a second late", {"response_due_at": "2026-06-02 09:00", "first_response_at": "2026-06-02 09:00:01"}),
        (BASE, "never", {"response_due_at": "2026-06-02 09:00"}),
        (BASE, "closed without an answer", {"response_due_at": "2026-06-08", **CLOSED}),
        (NO, "no time limit", {"first_response_at": "2026-06-01 10:00"}),
        (NO, "due with the end of the period", {"response_due_at": "2026-07-01", "first_response_at": "2026-06-02"}),
        (HIT, "reported in May, due in June",
         {"reported_at": "2026-05-31", "response_due_at": "2026-06-01", "first_response_at": "2026-05-31 10:00"}),
        *invalid(response_due_at="2026-06-08"),
    ],
    "on_time_rate": [
        (HIT, "closed on the deadline second", {**DUE, "closed_at": "2026-06-20 12:00:00"}),
        (BASE, "closed a second late", {**DUE, "closed_at": "2026-06-20 12:00:01"}),
        (BASE, "due in June, closed in July: late, and judged in June", {**DUE, "closed_at": "2026-07-03"}),
        (HIT, "due in August, closed in June: judged when closed", {"due_at": "2026-08-01", **CLOSED}),
        (NO, "closed in May, due in June: judged in May",
         {"reported_at": "2026-05-01", "closed_at": "2026-05-31 23:59:59", **DUE}),
        (BASE, "open past due is late", DUE),
        (NO, "open and not yet due", {"due_at": "2026-07-20"}),
        (NO, "due with the end of the period: judged in July", {"due_at": "2026-07-01 00:00:00"}),
        (BASE, "due with the start of the period", {"reported_at": "2026-05-01", "due_at": "2026-06-01 00:00:00"}),
        (NO, "due the second before", {"reported_at": "2026-05-01", "due_at": "2026-05-31 23:59:59"}),
        (NO, "no deadline", CLOSED),
        (BASE, "closed on time, reopened, closed for good after the original deadline",
         {**REOPENED, "first_closed_at": "2026-06-05", "closed_at": "2026-06-15"}),
        (HIT, "reopened and closed for good within the original deadline",
         {**REOPENED, "first_closed_at": "2026-06-05", "closed_at": "2026-06-10 12:00"}),
        (BASE, "closed on time, reopened, open at the original deadline",
         {**REOPENED, "first_closed_at": "2026-06-05"}),
        (HIT, "granted more time, never reopened, closed within it",
         {**DUE, "original_due_at": "2026-06-10", "closed_at": "2026-06-15"}),
        (NO, "deferred", {**DUE, "is_deferred": True}),
        (NO, "deferred, though closed on time", {**DUE, **CLOSED, "is_deferred": True}),
        (NO, "withdrawn on the deadline second",
         {**DUE, "invalid_reason": "withdrawn", "withdrawn_at": "2026-06-20 12:00:00"}),
        (BASE, "withdrawn after the deadline: no way out of being late",
         {**DUE, "invalid_reason": "withdrawn", "withdrawn_at": "2026-06-20 12:00:01"}),
        (BASE, "withdrawn after the deadline, the withdrawal registered as its closing",
         {**DUE, "invalid_reason": "withdrawn", "withdrawn_at": "2026-06-25", "closed_at": "2026-06-25"}),
        (NO, "withdrawn, nobody knows when", {**DUE, "invalid_reason": "withdrawn"}),
        (HIT, "closed before reported is kept in the count",
         {"reported_at": "2026-06-09", "closed_at": "2026-06-08", **DUE}),
        *invalid(**DUE),
    ],
    "handling_hours": [
        (HIT, "closed", CLOSED),
        (BASE, "open: lasts at least until the data end", {}),
        (BASE, "reopened and open again", {"first_closed_at": "2026-06-03", "reopen_count": 1}),
        (HIT, "closed in July: reported in June", {"closed_at": "2026-07-03"}),
        (NO, "reported in May", {"reported_at": "2026-05-31", **CLOSED}),
        (NO, "closed before reported", {"closed_at": "2026-05-31"}),
        *invalid(**CLOSED),
    ],
    "closed_hours": [
        (HIT, "closed", CLOSED),
        (NO, "open", {}),
        (NO, "closed before reported", {"closed_at": "2026-05-31"}),
        *invalid(**CLOSED),
    ],
    "reopen_rate": [
        (BASE, "closed once; day 30 falls on the end of the data", {"first_closed_at": "2026-06-10 00:00:00"}),
        (NO, "day 30 is not over yet", {"first_closed_at": "2026-06-10 00:00:01", "reopen_count": 1}),
        (HIT, "reopened within 30 days",
         {"first_closed_at": "2026-06-02", "reopen_count": 1, "reopened_at": "2026-06-20"}),
        (BASE, "reopened with day 30",
         {"first_closed_at": "2026-06-02", "reopen_count": 1, "reopened_at": "2026-07-02"}),
        (BASE, "reopened later", {"first_closed_at": "2026-06-02", "reopen_count": 1, "reopened_at": "2026-07-08"}),
        (HIT, "reopened, nobody knows when", {"first_closed_at": "2026-06-02", "reopen_count": 2}),
        (BASE, "never reopened", {"first_closed_at": "2026-06-02", "reopen_count": 0}),
        (NO, "never closed", {}),
        *invalid(first_closed_at="2026-06-02", reopen_count=1),
    ],
    "solved_in_grid_rate": [
        (HIT, "solved by neighbours", {"solved_level": 1, **CLOSED}),
        (HIT, "solved in the grid", {"solved_level": 2, **CLOSED}),
        (BASE, "solved in the community", {"solved_level": 3, **CLOSED}),
        (NO, "solved nobody knows where", CLOSED),
        (NO, "not solved yet", {"solved_level": 2}),
        *invalid(solved_level=1, **CLOSED),
    ],
    "solved_locally_rate": [
        (HIT, "solved in the grid", {"solved_level": 2, **CLOSED}),
        (HIT, "solved in the community", {"solved_level": 3, **CLOSED}),
        (BASE, "solved in the town", {"solved_level": 4, **CLOSED}),
        (NO, "solved nobody knows where", CLOSED),
        *invalid(solved_level=1, **CLOSED),
    ],
    "satisfaction_rate": [
        (HIT, "very satisfied", {"rating": 5, **RATED}),
        (HIT, "satisfied", {"rating": 4, **RATED}),
        (BASE, "fairly satisfied is not satisfied", {"rating": 3, **RATED}),
        (BASE, "not satisfied", {"rating": 1, **RATED}),
        (NO, "good by default", {"rating": 5, "is_rating_default": True, **RATED}),
        (NO, "closed, not rated", CLOSED),
        (NO, "rated with the end of the period", {"rating": 5, "rated_at": "2026-07-01", **CLOSED}),
        (HIT, "closed in May, rated in June",
         {"rating": 5, "reported_at": "2026-05-01", "closed_at": "2026-05-02", "rated_at": "2026-06-01"}),
        (HIT, "rated nobody knows when: as of the closing", {"rating": 5, **CLOSED}),
        *invalid(rating=5, **RATED),
    ],
    "satisfaction_rate_inclusive": [
        (HIT, "fairly satisfied counts here", {"rating": 3, **RATED}),
        (BASE, "not satisfied", {"rating": 2, **RATED}),
        (NO, "good by default", {"rating": 5, "is_rating_default": True, **RATED}),
        *invalid(rating=5, **RATED),
    ],
    "rating_share": [
        (HIT, "closed and rated", {"rating": 1, **RATED}),
        (HIT, "closed in June, rated in July", {"rating": 4, "rated_at": "2026-07-04", **CLOSED}),
        (BASE, "closed, not rated", CLOSED),
        (BASE, "good by default is no rating", {"rating": 5, "is_rating_default": True, **RATED}),
        (NO, "open", {}),
        *invalid(rating=5, **RATED),
    ],
    "default_rating_share": [
        (HIT, "good by default", {"rating": 5, "is_rating_default": True, **RATED}),
        (BASE, "really rated", {"rating": 5, "is_rating_default": False, **RATED}),
        (BASE, "really rated, as far as known", {"rating": 2, **RATED}),
        (NO, "not rated", CLOSED),
        *invalid(rating=5, is_rating_default=True, **RATED),
    ],
    "solved_rate": [
        (HIT, "solved", {"outcome_visit": "solved", **VISITED}),
        (BASE, "partly solved is not solved", {"outcome_visit": "partly", **VISITED}),
        (BASE, "not solved", {"outcome_visit": "unsolved", **VISITED}),
        (NO, "could not be reached", {"outcome_visit": "unreachable", **VISITED}),
        (NO, "never asked", CLOSED),
        (NO, "asked with the end of the period", {"outcome_visit": "solved", "visited_at": "2026-07-01"}),
        *invalid(outcome_visit="solved", **VISITED),
    ],
    "visit_success_rate": [
        (HIT, "solved", {"outcome_visit": "solved", **VISITED}),
        (HIT, "not solved: reached all the same", {"outcome_visit": "unsolved", **VISITED}),
        (BASE, "could not be reached", {"outcome_visit": "unreachable", **VISITED}),
        (NO, "never asked", CLOSED),
        *invalid(outcome_visit="solved", **VISITED),
    ],
}  # fmt: skip
CASES["response_hours_p90"] = CASES["response_hours"]
CASES["handling_hours_p90"] = CASES["handling_hours"]
CASES |= by_hand.cases()
LEDGERS = by_hand.ledgers()
GRID_KEYS = {indicator.key for indicator in indicators.of_table("grids")}
BY_GRID = {"workload", "workload_p90", "workload_balance", "workload_gini", "staffed_rate"}
BY_PARTY = {"party_grid_rate", "merged_grid_rate"}
BY_SIZE = {"grid_households", "standard_grid_share", "small_grid_share", "large_grid_share"}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """All cases of all indicators in one county; the subcategory keeps the indicators apart where they could meet."""
    folder = tmp_path_factory.mktemp("counted")
    promise(folder)
    county = County()
    county.region("R1")
    county.grid("G1")
    for key, cases in CASES.items():
        for number, (_, _, columns) in enumerate(cases):
            columns = {
                **columns,
                **{name: f"{key}-{columns[name]}" for name in ("reporter_hash", "place_id") if name in columns},
            }
            by_hand.insert_case(county, f"{key}/{number}", columns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(folder))
        con = county.ready(AS_OF)
    yield con
    con.close()


def test_every_indicator_has_cases_counted_by_hand() -> None:
    assert set(CASES) == {indicator.key for indicator in indicators.of_table("cases")}
    assert BY_GRID | BY_SIZE | BY_PARTY == GRID_KEYS
    by_ledger = {key for rows in LEDGERS.values() for key in rows}
    assert by_ledger == {indicator.key for table in indicators.ledgers() for indicator in indicators.of_table(table)}


@pytest.mark.parametrize("table", indicators.ledgers())
def test_who_counts_and_who_succeeds_in_a_ledger(table: str, county: County) -> None:
    identity = by_hand.IDENTITIES[table]
    county.region("R1", level="community", households=1000)
    county.grid("G1")
    for key, rows in LEDGERS[table].items():
        for number, (_, _, columns) in enumerate(rows):
            by_hand.insert_row(county, table, f"{key}/{number}", columns)
    con = county.ready(AS_OF)
    wrong = {}
    for key, rows in LEDGERS[table].items():
        period = f"c, timestamp '{START}', timestamp '{STOP}'"
        found = con.execute(
            f"select {identity}, {key}_base({period}), {key}_hit({period}) from located_{table} as c "
            f"where starts_with({identity}, '{key}/')"
        ).fetchall()
        outcomes = {name: HIT if hit else BASE if base else NO for name, base, hit in found}
        for number, (outcome, why, _) in enumerate(rows):
            if outcomes[f"{key}/{number}"] != outcome:
                wrong[f"{key}: {why}"] = (outcomes[f"{key}/{number}"], outcome)
    assert not wrong, "reason: (found, expected)"


@pytest.mark.parametrize("key", CASES)
def test_who_counts_and_who_succeeds(key: str, counted: duckdb.DuckDBPyConnection) -> None:
    rows = counted.execute(
        f"select case_id, {key}_base(c, timestamp '{START}', timestamp '{STOP}'), "
        f"{key}_hit(c, timestamp '{START}', timestamp '{STOP}') from cases as c where starts_with(case_id, '{key}/')"
    ).fetchall()
    found = {case_id: HIT if hit else BASE if base else NO for case_id, base, hit in rows}
    expected = {f"{key}/{number}": outcome for number, (outcome, _, _) in enumerate(CASES[key])}
    reasons = {f"{key}/{number}": why for number, (_, why, _) in enumerate(CASES[key])}
    wrong = {
        reasons[case_id]: (found[case_id], outcome)
        for case_id, outcome in expected.items()
        if found[case_id] != outcome
    }
    assert not wrong, "reason: (found, expected)"


@pytest.mark.parametrize("key", [key for key in CASES if INDICATORS[key].is_rate])
def test_a_rate_is_hits_by_base(key: str, counted: duckdb.DuckDBPyConnection) -> None:
    row = counted.execute(
        f"select {key}(c, timestamp '{START}', timestamp '{STOP}') from cases as c where starts_with(case_id, '{key}/')"
    ).fetchone()
    outcomes = [outcome for outcome, _, _ in CASES[key]]
    hits, base = outcomes.count(HIT), len(outcomes) - outcomes.count(NO)
    assert row == (pytest.approx(hits / base),)


@pytest.mark.parametrize("key", CASES)
def test_nothing_counted_gives_no_number_and_counts_give_zero(key: str, counted: duckdb.DuckDBPyConnection) -> None:
    indicator = INDICATORS[key]
    if indicator.duration:
        pytest.skip("a duration is estimated by survival(), tested below")
    arguments = "c, timestamp '1990-01-01', timestamp '1990-02-01'" + (", 20000" if indicator.per else "")
    row = counted.execute(f"select {key}({arguments}) from cases as c").fetchone()
    assert row == ((0,) if indicator.is_count or indicator.per else (None,))


def test_the_end_of_the_data_ends_the_period(county: County) -> None:
    county.case(due_at="2026-06-05")  # past due when the data end
    county.case(due_at="2026-06-20")  # due after the data end: neither overdue nor judged, whatever the period
    county.case(due_at="2026-06-10 12:00:00")  # due with the end of the data: judged, as nobody can be in time any more
    con = county.ready("2026-06-10 12:00")
    period = "c, timestamp '2026-06-01', timestamp '2026-07-01'"
    row = con.execute(
        f"select backlog({period}), overdue_count({period}), on_time_rate({period}), "
        f"count_if(on_time_rate_base({period})) from cases as c"
    ).fetchone()
    assert row == (3, 1, 0, 2)


def test_per_10k_without_population_is_no_number(county: County) -> None:
    county.case(kind="appeal")
    county.case(kind="appeal")
    county.case(kind="inquiry")
    con = county.ready(AS_OF)
    period = f"c, timestamp '{START}', timestamp '{STOP}'"
    row = con.execute(
        f"select appeals_per_10k({period}, 8000), appeals_per_10k({period}, null::integer), "
        f"appeals_per_10k({period}, 0) from cases as c"
    ).fetchone()
    assert row == (2.5, None, None)


# ---------------------------------------------------------------- durations


def kaplan_meier(observations: Iterable[tuple[float, bool]], quantile: float) -> float | None:
    """The first time by which the share `quantile` has happened, with exact fractions and no cleverness."""
    rows = list(observations)
    limit, surviving = 1 - Fraction(str(quantile)), Fraction(1)
    for time in sorted({hours for hours, _ in rows}):
        at_risk = sum(hours >= time for hours, _ in rows)
        events = sum(hours == time and happened for hours, happened in rows)
        surviving *= 1 - Fraction(events, at_risk)
        if surviving <= limit:
            return time
    return None


def survival(rows: list[tuple[float, bool]]) -> dict[str, tuple[float | None, int, int]]:
    """What the store says of these observations: value, hit, base by indicator."""
    con = County().ready()
    con.execute("create table seen (key varchar, duration varchar, hours double, is_event boolean)")
    con.executemany("insert into seen values ('all', 'handling', ?, ?)", [list(row) for row in rows])
    found = con.execute("select indicator, value, hit, base from survival('seen')").fetchall()
    return {name: (value, hit, base) for name, value, hit, base in found}


def test_durations_by_hand() -> None:
    # closed after 2, 4 and 6 hours; open for 3 and 10 hours.
    # 2 h: 5 at risk, 4/5 remain; 4 h: 3 at risk (3 h has left), 4/5 × 2/3 = 8/15; 6 h: 2 at risk, 4/15.
    found = survival([(2, True), (3, False), (4, True), (6, True), (10, False)])
    assert found["handling_hours"] == (6, 3, 5)  # 4/15 is the first below a half
    assert found["handling_hours_p90"] == (None, 3, 5)  # nine tenths never close: no number


def test_a_case_closed_when_another_leaves_still_counts_it_at_risk() -> None:
    # 5 h: 4 at risk, 2 closed, 1 leaves: 2/4 remain, which is a half.
    found = survival([(5, True), (5, True), (5, False), (9, True)])
    assert found["handling_hours"] == (5, 3, 4)
    assert found["handling_hours_p90"] == (9, 3, 4)


def test_nothing_closed_gives_no_duration() -> None:
    assert survival([(1, False), (2, False)])["handling_hours"] == (None, 0, 2)


@pytest.mark.parametrize("seed", range(12))
def test_durations_against_an_independent_estimate(seed: int) -> None:
    chance = random.Random(seed)
    rows = [  # whole hours, so that there are many ties; a third censored
        (float(chance.randint(0, 30 if seed % 2 else 400)), chance.random() > seed / 20)
        for _ in range(chance.choice([1, 2, 3, 10, 100, 400]))
    ]
    found = survival(rows)
    assert found["handling_hours"][0] == kaplan_meier(rows, 0.5)
    assert found["handling_hours_p90"][0] == kaplan_meier(rows, 0.9)
    assert found["handling_hours"][1:] == (sum(happened for _, happened in rows), len(rows))


def hours_of(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[float, bool]]:
    sql = f"""
        with seen as (
            select case_id, unnest(observations(c, timestamp '{START}', timestamp '{STOP}'), recursive := true)
            from cases as c
        )
        select case_id || ' ' || duration, hours, is_event from seen
    """
    return {key: (hours, is_event) for key, hours, is_event in con.execute(sql).fetchall()}


def test_hours_without_the_pauses(county: County) -> None:
    def steps(case_id: str, *steps: tuple[str, str]) -> None:
        for seq, (step, moment) in enumerate(steps, 1):
            county.insert("case_steps", source="test", case_id=case_id, cycle=1, seq=seq, step=step, happened_at=moment)

    county.case("plain", reported_at="2026-06-01 09:00", closed_at="2026-06-02 09:00")
    county.case("paused", reported_at="2026-06-01 09:00", closed_at="2026-06-05 09:00")
    steps("paused", ("defer", "2026-06-02 09:00"), ("resume", "2026-06-03 21:00"))
    county.case("twice", reported_at="2026-06-01 09:00", closed_at="2026-06-05 09:00")
    steps("twice", ("defer", "2026-06-02"), ("resume", "2026-06-03"), ("defer", "2026-06-04"), ("resume", "2026-06-05"))
    county.case("open", reported_at="2026-06-30 09:00")
    steps("open", ("defer", "2026-07-01 09:00"))  # until the data end
    county.case("never-resumed", reported_at="2026-06-01 09:00", closed_at="2026-06-05 09:00")
    steps("never-resumed", ("defer", "2026-06-02 09:00"))  # paused until it was closed, not until the data end
    found = hours_of(county.ready("2026-07-02 09:00"))
    assert found["plain handling"] == (24, True)
    assert found["paused handling"] == (96 - 36, True)
    assert found["twice handling"] == (96 - 48, True)
    assert found["open handling"] == (24, False)
    assert found["never-resumed handling"] == (24, True)


def test_hours_to_the_first_response(county: County) -> None:
    county.case("answered", first_response_at="2026-06-01 09:30")
    county.case("closed", closed_at="2026-06-01 12:00")
    county.case("waiting")
    found = hours_of(county.ready("2026-06-01 19:00"))
    assert found["answered response"] == (0.5, True)
    assert found["closed response"] == (3, False)
    assert found["waiting response"] == (10, False)


def test_the_median_of_the_closed_alone_is_faster(county: County) -> None:
    for hours in (2, 4, 10):
        county.case(closed_at=str(datetime(2026, 6, 1, 9) + timedelta(hours=hours)))
    for _ in range(3):
        county.case()  # open
    con = county.ready(AS_OF)
    row = con.execute(f"select closed_hours(c, timestamp '{START}', timestamp '{STOP}') from cases as c").fetchone()
    assert row == (4,)


# ---------------------------------------------------------------- grids


def loads(con: duckdb.DuckDBPyConnection, moment: str) -> dict[str, tuple[float, float | None]]:
    sql = f"select place_code, open_weight, load from grid_loads(timestamp '{moment}') where is_leaf"
    return {grid: (weight, load) for grid, weight, load in con.execute(sql).fetchall()}


def grid_values(con: duckdb.DuckDBPyConnection, moment: str) -> dict[str, float | None]:
    sql = f"""
        with measured as (
            select unnest(grid_indicators(c, null, null), recursive := true)
            from (select * from grid_loads(timestamp '{moment}') where is_leaf) as c
        )
        select indicator, value from measured
    """
    return dict(con.execute(sql).fetchall())


def test_loads_of_grids_by_hand(county: County) -> None:
    county.region("R1")
    county.grid("G0")
    county.staff("G0", role="leader")  # coordinates; its grid carries no load of its own
    for number in (1, 2, 3, 6):
        county.grid(f"G{number}", level=2, parent_grid_id="G0")
    county.grid("G4", level=2, parent_grid_id="G0", valid_to="2026-06-15")  # no longer there
    county.grid("G5", level=2, parent_grid_id="G0", valid_from="2026-07-05")  # not yet there
    county.staff("G1")
    county.staff("G1", active_to="2026-06-15")  # has left
    county.staff("G1", active_from="2026-07-05")  # not yet there
    county.staff("G2", role="part_time", fte=0.5)
    county.staff("G6", role="auxiliary", fte=0.1)  # helps, but is no grid worker
    county.case(grid_id="G1", urgency="urgent", category="01")  # 3: urgent, whatever it is about
    county.case(grid_id="G1", category="01")  # 2: a dispute
    county.case(grid_id="G1", category="02", urgency="small")  # 1
    county.case(grid_id="G1", closed_at="2026-06-02")  # closed: nothing
    county.case(grid_id="G1", invalid_reason="test")  # not a case
    county.case(grid_id="G2")
    county.case(grid_id="G3")  # a vacant grid: its load is not a number
    county.case(grid_id="G4")
    county.case(grid_id="G0")
    con = county.ready(AS_OF)
    assert loads(con, STOP) == {"G1": (6, 6), "G2": (1, 2), "G3": (1, None), "G6": (0, 0)}
    assert grid_values(con, STOP) == {
        "workload": pytest.approx((6 + 1 + 0) / 1.6),
        "workload_p90": pytest.approx(5.2),  # 0, 2, 6: four fifths of the way from 2 to 6
        "workload_balance": pytest.approx(5.2 / 2),
        "workload_gini": pytest.approx(0.5),  # mean difference 2·(2+6+4)/9 = 8/3, by twice the mean, 16/3
        "staffed_rate": 0.5,  # G1 and G2 of four
        **dict.fromkeys(BY_SIZE),  # no grid has its households written down
        **dict.fromkeys(BY_PARTY),  # and none its party organisation or what it was made of
    }


def test_a_grid_ends_and_its_successor_begins_with_the_period(county: County) -> None:
    # Split on 1 July: at the end of June, when a case closed on 1 July was still open, the old grid carries the load.
    county.grid("G1", valid_to="2026-07-01")
    county.grid("G2", valid_from="2026-07-01")
    county.staff("G1", active_to="2026-07-01")
    county.staff("G2", active_from="2026-07-01")
    county.case(grid_id="G1", closed_at="2026-07-01 00:00:00")
    assert loads(county.ready(AS_OF), STOP) == {"G1": (1, 1)}


def test_loads_without_staff_or_without_cases_are_no_numbers(county: County) -> None:
    county.grid("G1")
    con = county.ready(AS_OF)
    values = grid_values(con, STOP)
    assert values.pop("staffed_rate") == 0
    assert set(values.values()) == {None}
    county.staff("G1")
    values = grid_values(con, STOP)
    assert (values["workload"], values["workload_p90"]) == (0, 0)
    assert values["workload_balance"] is None
    assert values["workload_gini"] is None


def test_gini(county: County) -> None:
    con = county.ready()
    row = con.execute(
        "select gini([5, 5, 5, 5]::double[]), gini([0, 0, 0, 8]::double[]), gini([]::double[])"
    ).fetchone()
    assert row == (0, 0.75, None)


# ---------------------------------------------------------------- judging and writing


def made(**fields: object) -> Indicator:
    standard: dict[str, object] = {
        "key": "x", "theme": "", "label": "甲", "unit": "%", "direction": Direction.HIGHER, "minimum": 30, "why": "",
        "definition": "", "hit": "true", "base": "true", "target": 0.9, "warning": 0.8,
    }  # fmt: skip
    return Indicator(**{**standard, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "value", "base", "expected"),
    [
        ({}, 0.9, 30, Verdict.GOOD),  # on the target
        ({}, 0.8999, 30, Verdict.WATCH),
        ({}, 0.8, 30, Verdict.WATCH),  # on the warning
        ({}, 0.7999, 30, Verdict.BAD),
        ({}, 0.99, 29, Verdict.FEW),  # too few cases to praise anybody
        ({}, 0.1, 29, Verdict.FEW),  # or to blame
        ({}, None, 100, Verdict.FEW),
        ({}, float("nan"), 100, Verdict.FEW),
        ({}, 0.5, None, Verdict.FEW),
        ({"warning": None}, 0.8999, 30, Verdict.BAD),
        ({"target": None, "warning": None}, 0.1, 30, Verdict.UNJUDGED),
        ({"direction": Direction.NEUTRAL}, 0.1, 30, Verdict.UNJUDGED),
        ({"direction": Direction.LOWER, "target": 24, "warning": 48}, 24, 30, Verdict.GOOD),
        ({"direction": Direction.LOWER, "target": 24, "warning": 48}, 48, 30, Verdict.WATCH),
        ({"direction": Direction.LOWER, "target": 24, "warning": 48}, 48.1, 30, Verdict.BAD),
        ({"minimum": 0}, 0.95, 0, Verdict.GOOD),
    ],
)
def test_verdict(fields: dict[str, object], value: float | None, base: float | None, expected: Verdict) -> None:
    assert made(**fields).verdict(value, base) is expected


@pytest.mark.parametrize(
    ("fields", "value", "expected"),
    [
        ({}, 0.8346, "83.5%"),
        ({}, 0.0, "0.0%"),
        ({}, 1.0, "100.0%"),
        ({}, 0.99949, "99.9%"),
        ({}, None, "—"),
        ({}, float("nan"), "—"),
        ({}, float("inf"), "—"),
        ({"hit": "", "unit": "件"}, 1234, "1,234 件"),
        ({"hit": "", "unit": "件"}, 0, "0 件"),
        ({"hit": "", "value": "x", "unit": "小时"}, 0.5, "30 分钟"),
        ({"hit": "", "value": "x", "unit": "小时"}, 1.25, "1.3 小时"),
        ({"hit": "", "value": "x", "unit": "小时"}, 1234.25, "1,234.3 小时"),
        ({"hit": "", "value": "x", "unit": "倍"}, 1.005, "1.01 倍"),
        ({"hit": "", "value": "x", "unit": ""}, 0.445, "0.45"),
        ({"hit": "", "per": "residents", "unit": "件/万人"}, 12.34, "12.3 件/万人"),
    ],
)
def test_format(fields: dict[str, object], value: float | None, expected: str) -> None:
    assert made(**fields).format(value) == expected


def test_format_of_pandas_missing_values() -> None:
    assert made().format(pd.NA) == "—"
    assert made().format(np.float64("nan")) == "—"


def test_a_number_without_its_unit() -> None:
    hours = made(hit="", value="x", unit="小时")
    assert hours.format(0.5, unit=False) == "0.5"
    assert made(hit="", unit="件").format(1234, unit=False) == "1,234"


@pytest.mark.parametrize("base", [80, 400, 2000])
def test_rates_are_rounded_half_up_as_on_paper(base: int) -> None:
    wrong = []
    for hit in range(base + 1):
        tenths = (Fraction(hit, base) * 1000 + Fraction(1, 2)).__floor__()
        expected = f"{tenths // 10}.{tenths % 10}%"
        if made().format(hit / base) != expected:
            wrong.append((hit, made().format(hit / base), expected))
    assert not wrong


@pytest.mark.parametrize(
    ("fields", "value", "before", "expected"),
    [
        ({}, 0.52, 0.5, "+2.0 个百分点"),
        ({}, 0.5, 0.52, "-2.0 个百分点"),
        ({}, 0.5, 0.5, "持平"),
        ({}, 0.5004, 0.5, "持平"),  # rounds to nothing
        ({}, 0.4996, 0.5, "持平"),
        ({}, None, 0.5, ""),
        ({}, 0.5, None, ""),
        ({}, 0.5, float("nan"), ""),
        ({"hit": "", "unit": "件"}, 150, 100, "+50.0%"),
        ({"hit": "", "unit": "件"}, 1500, 100, "+1,400.0%"),
        ({"hit": "", "unit": "件"}, 100, 100, "持平"),
        ({"hit": "", "unit": "件"}, 5, 0, ""),  # no per cent of nothing
        ({"hit": "", "unit": "件"}, 0, 5, "-100.0%"),
    ],
)
def test_format_change(fields: dict[str, object], value: float | None, before: float | None, expected: str) -> None:
    assert made(**fields).format_change(value, before) == expected


# ---------------------------------------------------------------- definitions

GOOD_BLOCK = {
    "label": '"甲"', "unit": '"%"', "direction": '"higher"', "minimum": "30", "at": '"c.reported_at"',
    "base": '"c.is_valid"', "hit": '"c.rating >= 4"', "why": '"。"', "definition": '"一句话。"',
}  # fmt: skip


def dictionary_with(folder: Path, block: dict[str, str], head: str = "[extra_rate]") -> dict[str, Indicator]:
    shutil.copytree(indicators.FOLDER, folder, dirs_exist_ok=True)
    lines = "\n".join(f"{key} = {value}" for key, value in block.items())
    (folder / "zz_extra.toml").write_text(f'theme = "另加"\n{head}\n{lines}\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indicators, "FOLDER", folder)
        return indicators._read()[0]


def test_a_new_file_adds_an_indicator(tmp_path: Path) -> None:
    found = dictionary_with(tmp_path, GOOD_BLOCK)
    assert list(found)[-1] == "extra_rate"
    assert found["extra_rate"].theme == "另加"


@pytest.mark.parametrize(
    "change",
    [
        {"directon": '"higher"'},  # a misspelt field
        {"direction": '"up"'},  # a direction that does not exist
        {"direction": None},
        {"label": None},
        {"base": None},  # nobody says who counts
        {"definition": '"没有句号"'},
        {"duration": '"handlin"', "quantile": "0.5"},  # a duration that is not defined
        {"target": "0.9", "warning": "0.95"},  # the warning on the better side
        {"direction": '"lower"', "target": "0.1", "warning": "0.05"},
    ],
)
def test_an_impossible_definition_is_refused_by_name(change: dict[str, str | None], tmp_path: Path) -> None:
    block = {key: value for key, value in {**GOOD_BLOCK, **change}.items() if value is not None}
    with pytest.raises(DefinitionError, match="extra_rate"):
        dictionary_with(tmp_path, block)


def test_a_misspelt_duration_is_refused_by_name(tmp_path: Path) -> None:
    block = {"at": '"c.reported_at"', "base": '"true"', "hour": '"1"', "event": '"true"'}
    with pytest.raises(DefinitionError, match="extra"):
        dictionary_with(tmp_path, block, head="[durations.extra]")


def test_a_warning_equal_to_the_target_is_allowed(tmp_path: Path) -> None:
    assert "extra_rate" in dictionary_with(tmp_path, {**GOOD_BLOCK, "target": "0.9", "warning": "0.9"})


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_every_definition_reads_well(indicator: Indicator) -> None:
    assert indicator.label
    assert indicator.why.endswith("。")
    if indicator.is_rate:
        assert indicator.numerator
        assert indicator.denominator
    assert not indicator.beside or indicator.beside in INDICATORS
    assert indicator.key in indicators.conditions(indicator)
    assert not indicator.duration or (indicator.duration in DURATIONS and 0 < indicator.quantile < 1)
