"""One indicator period by period: counted by hand, and the same as the whole-period figures of the other queries."""

from datetime import date

import pandas as pd
import pytest

from governance import queries
from governance.filters import Filter
from governance.store import Store
from tests.factory import County

PERIOD = Filter(start=date(2026, 5, 11), stop=date(2026, 7, 1))


@pytest.fixture
def store(county: County) -> Store:
    """Two communities. V1: two cases in May (one before the 11th), one in June, closed late; V2: nothing at all."""
    county.region("C", level="county")
    county.region("T", level="town", parent_code="C")
    county.region("V1", parent_code="T")
    county.region("V2", parent_code="T")
    county.case(region_code="V1", reported_at="2026-05-02 09:00", closed_at="2026-05-03 09:00")
    county.case(region_code="V1", reported_at="2026-05-20 09:00", closed_at="2026-05-21 09:00", due_at="2026-05-30")
    county.case(region_code="V1", reported_at="2026-06-10 09:00", closed_at="2026-06-20 09:00", due_at="2026-06-15")
    return county.store("2026-07-01")


def asked(store: Store, indicator: str, step: str) -> pd.DataFrame:
    found = queries.answer(store, "indicator_frames", PERIOD, level="community", indicator=indicator, step=step)
    return found.set_index(["place_code", found["frame"].dt.strftime("%m-%d")])


def test_months_cut_at_the_ends(store: Store) -> None:
    # The period starts on 11 May: the case of 2 May is not in it, and May is not whole.
    found = asked(store, "reported_count", "month")
    assert found["value"].to_dict() == {
        ("V1", "05-01"): 1, ("V1", "06-01"): 1, ("V2", "05-01"): 0, ("V2", "06-01"): 0,
    }  # fmt: skip
    assert found["is_complete"].to_dict() == {
        ("V1", "05-01"): False, ("V1", "06-01"): True, ("V2", "05-01"): False, ("V2", "06-01"): True,
    }  # fmt: skip


def test_weeks_begin_on_monday(store: Store) -> None:
    # 11 May 2026 is a Monday; eight Mondays up to 29 June, whose week the period cuts off.
    found = asked(store, "reported_count", "week")
    mondays = found.loc["V1"]
    assert list(mondays.index) == ["05-11", "05-18", "05-25", "06-01", "06-08", "06-15", "06-22", "06-29"]
    assert list(mondays["value"]) == [0, 1, 0, 0, 1, 0, 0, 0]
    assert list(mondays["is_complete"]) == [True] * 7 + [False]


def test_a_rate_has_its_parts_and_nothing_is_no_number(store: Store) -> None:
    # May: closed before it was due, 1 of 1. June: five days late, 0 of 1. V2: no case, so no rate.
    found = asked(store, "on_time_rate", "month")
    assert list(found.loc["V1", "value"]) == [1.0, 0.0]
    assert list(found.loc["V1", "base"]) == [1, 1]
    assert found.loc["V2", "value"].isna().all()
    assert list(found.loc["V2", "base"]) == [0, 0]


def test_the_state_at_the_end_of_each_week(store: Store) -> None:
    # Open at a week's end: the case of 10 June, which is closed on the 20th, on the night of the 14th to the 15th.
    assert list(asked(store, "backlog", "week").loc["V1", "value"]) == [0, 0, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("indicator", ["reported_count", "on_time_rate", "handling_hours", "backlog", "workload_gini"])
def test_the_whole_period_is_what_the_other_query_says(store: Store, indicator: str) -> None:
    frames = asked(store, indicator, "whole").reset_index(level=1, drop=True)
    regions = queries.answer(store, "indicators_by_region", PERIOD, level="community", only=[indicator])
    regions = regions[regions["place_code"].notna()].set_index("place_code")
    assert frames["value"].fillna(-1).to_dict() == regions["value"].fillna(-1).to_dict()
    assert frames["base"].to_dict() == regions["base"].to_dict()


def test_an_unknown_step_is_named(store: Store) -> None:
    with pytest.raises(queries.QueryProblem, match="不是期的长短"):
        asked(store, "backlog", "year'; drop table cases; --")


def test_a_place_without_anything_below_lies_among_its_siblings(store: Store) -> None:
    from governance import filters, places

    options = filters.place_options(store)
    assert places.surroundings(options, None) == (None, None)
    assert places.surroundings(options, "T") == ("T", None)
    assert places.surroundings(options, "V1") == ("T", "V1")


def test_last_year_is_a_year_before() -> None:
    assert PERIOD.last_year() == Filter(start=date(2025, 5, 11), stop=date(2025, 7, 1))
    leap = Filter(start=date(2024, 2, 29), stop=date(2024, 3, 31)).last_year()
    assert (leap.start, leap.stop) == (date(2023, 2, 28), date(2023, 3, 31))
