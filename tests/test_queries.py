"""Every file of queries/: its header is true, its numbers are those of an independent count, nothing is left out."""

import gc
import random
import re
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pandas as pd
import pytest

from governance import codes, indicators, queries
from governance.filters import Filter
from governance.indicators import DURATIONS, INDICATORS
from governance.queries import EXTRAS, NAMES, QueryProblem, answer, read
from governance.store import Store, clear
from tests.factory import County
from tests.promises import promise

AS_OF = datetime(2026, 7, 10, 15, 30)
START, STOP = date(2026, 3, 10), date(2026, 7, 11)  # neither begins nor ends with a month; the last day is not over
WHOLE = Filter(START, STOP)
COMMUNITIES = ("V1", "V2", "V3")
GRIDS = ("V1-1", "V1-11", "V1-12", "V2-1", "V2-2", "V3-1", "silent")  # V1-1 is the parent of the next two
LEVELS = ("county", "town", "community", "grid_1", "grid_2", "grid_3")
BY_CASE = [indicator.key for indicator in indicators.of_table("cases")]
COUNTS = [key for key in BY_CASE if INDICATORS[key].is_count]
BY_TIME = [
    key for key in BY_CASE if (DURATIONS[INDICATORS[key].duration] if INDICATORS[key].duration else INDICATORS[key]).at
]
Row = dict[str, object]


def invented_rows(seed: int, count: int = 700, is_ordered: bool = False) -> list[Row]:
    """Cases with everything that occurs: nulls, invalid ones, unknown codes, midnights and, unless ordered, faults."""
    chance = random.Random(seed)

    def later(moment: datetime, days: float) -> datetime:
        """A time after `moment`, on the hour or at midnight often enough to meet the bounds."""
        found = moment + timedelta(days=chance.random() ** 3 * days)
        if chance.random() < 0.2:
            found = datetime(found.year, found.month, found.day) + timedelta(days=1)
        return (
            found.replace(minute=0, second=0, microsecond=0) if chance.random() < 0.3 else found.replace(microsecond=0)
        )

    def sometimes(share: float, value: object) -> object:
        return value if chance.random() < share else None

    rows = []
    for number in range(count):
        reported = later(datetime(2025, 2, 1) + timedelta(days=chance.random() * 524), 1)
        if reported > AS_OF:
            continue
        closed = later(max(reported, reported + timedelta(hours=1)), 90)
        first_closed = closed
        reopened = chance.random() < 0.15
        if reopened:
            closed = later(first_closed, 60)
        if not is_ordered and chance.random() < 0.04:
            closed = reported - timedelta(days=chance.random() * 60)
        due = later(reported, 30)
        row: Row = {
            "source": chance.choice(["甲", "乙"]),
            "case_id": f"C{number}",
            "kind": chance.choice(["appeal", "appeal", "proactive", "inquiry", None]),
            "category": chance.choice(["01", "01", "02", "03", "04", "05"]),
            "subcategory": chance.choice(["漏水", "噪音", None]),
            "channel": chance.choice(["09", "10", "08", None]),
            "origin": chance.choice(["appeal", "appeal", "proactive", "assigned", None]),
            "urgency": chance.choice(["urgent", "small", "hard", "normal", None]),
            "region_code": chance.choice([*COMMUNITIES, "T1", "C", "unknown", None]),
            "grid_id": chance.choice([*GRIDS[:-1], "unknown grid", None, None]),
            "unit_id": chance.choice(["U1", "U2", "U-unknown", None]),
            "title": chance.choice(["=1+1", "楼道堆物", None]),
            "reported_at": reported,
            "first_response_at": sometimes(0.8, later(reported, 5)),
            "response_due_at": sometimes(0.7, later(reported, 2)),
            "first_closed_at": first_closed,
            "closed_at": sometimes(0.8, closed),
            "due_at": sometimes(0.9, due),
            "original_due_at": sometimes(0.3, due - timedelta(days=1)),
            "is_deferred": sometimes(0.1, True),
            "is_confidential": sometimes(0.1, True),
            "reopen_count": 1 if reopened else chance.choice([0, None]),
            "reopened_at": sometimes(0.8, later(first_closed, 40)) if reopened else None,
            "solved_level": sometimes(0.8, chance.randint(1, 5)),
            "outcome_visit": sometimes(0.6, chance.choice(["solved", "partly", "unsolved", "unreachable"])),
            "visited_at": sometimes(0.5, later(closed, 10)),
            "rating": sometimes(0.5, chance.randint(1, 5)),
            "rated_at": sometimes(0.4, later(closed, 10)),
            "is_rating_default": sometimes(0.2, True),
            "reporter_hash": sometimes(0.6, f"R{chance.randint(1, 60)}"),
            "place_id": sometimes(0.4, f"P{chance.randint(1, 40)}"),
            "invalid_reason": sometimes(0.1, chance.choice(["rejected", "test", "merged", "withdrawn"])),
            "withdrawn_at": sometimes(0.1, later(reported, 40)),
        }
        for name, value in row.items():  # what lies after the data end has not happened yet
            if isinstance(value, datetime) and value > AS_OF and not name.endswith("due_at"):
                row[name] = None
        rows.append(row)
    return rows


def invented_county(rows: list[Row]) -> County:
    """A county around these cases: two towns, three communities, grids of two levels, one silent, one ended."""
    county = County()
    county.region("C", level="county", name="某县", population=20000)
    county.region("T1", level="town", name="甲镇", parent_code="C", population=12000)
    county.region("T2", level="town", name="乙镇", parent_code="C")
    for code, town in zip(COMMUNITIES, ("T1", "T1", "T2"), strict=True):
        county.region(code, name=f"{code}村", parent_code=town, population=4000)
    for grid in GRIDS:
        parent = "V1-1" if grid in ("V1-11", "V1-12") else None
        region = grid[:2] if grid != "silent" else "V3"
        county.grid(grid, region_code=region, parent_grid_id=parent, level=2 if parent else 1, households=300)
    county.grid("ended", region_code="V2", valid_to="2026-05-01")
    for grid in GRIDS[:-2]:
        county.staff(grid, role="full_time" if grid < "V2" else "part_time", fte=1 if grid < "V2" else 0.5)
    for unit in ("U1", "U2"):
        county.insert("units", unit_id=unit, name=f"{unit}局")
    county.con.register("invented", pd.DataFrame(rows, dtype="object"))
    county.con.execute("insert into cases by name from invented")
    return county


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return invented_rows(1)


@pytest.fixture(scope="module")
def store(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("invented")
        promise(folder)
        patch.setenv("GOVERNANCE_DATA", str(folder))
        yield invented_county(rows).store(AS_OF.isoformat())


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store without a case, a grid or a place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(tmp_path_factory.mktemp("nothing")))
        county = County()
        county.insert("units", unit_id="U1", name="某局")
        yield county.store(AS_OF.isoformat())


# ---------------------------------------------------------------- headers


@pytest.mark.parametrize("name", NAMES)
def test_the_header_is_true(name: str, store: Store) -> None:
    query = read(name)
    assert query.title
    with duckdb.connect() as con:
        (statement,) = con.extract_statements(query.sql)
    assert statement.type == duckdb.StatementType.SELECT
    assert statement.named_parameters == set(query.params)
    assert set(query.params) <= {field.name for field in fields(Filter)} | set(EXTRAS)
    frame = answer(store, name, WHOLE, level="community", limit=100_000)
    assert list(frame.columns) == list(query.columns)
    assert set(query.grain) <= set(query.columns)
    assert len(set(query.columns.values())) == len(query.columns), "two columns of a download have one heading"
    lines = query.sql.splitlines()
    head = next(number for number, line in enumerate(lines) if not line.startswith("-- "))
    known = re.compile(r"-- (title|grain|params|column|note): ?|-- (grain|params):$")
    assert all(known.match(line) for line in lines[:head])
    assert not any(known.match(line) for line in lines[head:])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("region", [None, "V1-1"])
def test_the_grain_identifies_a_row(name: str, region: str | None, store: Store) -> None:
    query = read(name)
    for level in ("county", "community", "grid_2") if "level" in query.params else ("county",):
        frame = answer(store, name, Filter(START, STOP, region), level=level, limit=100_000)
        if query.grain:
            assert not frame.duplicated(list(query.grain)).any()
        else:
            assert len(frame) == 1


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_on_an_empty_store(name: str, nothing: Store) -> None:
    assert list(answer(nothing, name, WHOLE).columns) == list(read(name).columns)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "filter",
    [
        Filter(date(1990, 1, 1), date(1990, 1, 2)),
        Filter(date(2027, 1, 1), date(2027, 2, 1), "silent", ("99",), ("17",), ("assigned",), ("urgent",)),
    ],
    ids=["before the data", "after the data and nobody"],
)
def test_it_runs_whatever_is_asked(name: str, filter: Filter, store: Store) -> None:
    assert list(answer(store, name, filter).columns) == list(read(name).columns)


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_depends_on_the_clock(name: str) -> None:
    code = re.sub(r"--.*", "", read(name).sql)
    assert not re.search(r"\b(now|today|current_\w+|get_current_\w+|random|uuid)\b", code, re.IGNORECASE)


# ---------------------------------------------------------------- nothing is left out


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("region", [None, "T1"])
def test_every_place_of_a_level_appears(level: str, region: str | None, store: Store) -> None:
    frame = answer(store, "indicators_by_region", Filter(START, STOP, region), level=level)
    tree = answer(store, "place_tree", Filter(START, STOP, region), level=level)
    assert set(frame["place_code"].dropna()) == set(tree["place_code"])
    assert (frame.groupby("place_code", dropna=False)["indicator"].nunique() == len(INDICATORS)).all()


def test_a_place_without_cases_counts_zero_and_rates_nothing(store: Store) -> None:
    frame = answer(store, "indicators_by_region", WHOLE, level="grid_1")
    silent = frame[frame["place_code"] == "silent"].set_index("indicator")
    assert (silent["base"][BY_CASE] == 0).all()
    assert (silent.loc[COUNTS, "value"] == 0).all(), "no case is a count of zero, not 没有数据"
    others = [key for key in BY_CASE if key not in COUNTS and not INDICATORS[key].per]
    assert silent.loc[others, "value"].isna().all()


def test_a_month_without_cases_counts_zero_and_rates_nothing(store: Store) -> None:
    frame = answer(store, "indicators_by_month", Filter(date(2024, 1, 1), date(2024, 4, 1)))
    assert frame["month"].nunique() == 3
    shown = frame[frame["indicator"].isin(COUNTS)]
    assert (shown["base"] == 0).all()
    assert (shown["value"] == 0).all()
    assert frame[frame["indicator"].isin([key for key in BY_CASE if INDICATORS[key].is_rate])]["value"].isna().all()


def test_every_active_leaf_grid_has_a_load(store: Store) -> None:
    frame = answer(store, "workload_by_grid", WHOLE)
    assert set(frame["grid_id"]) == {"V1-11", "V1-12", "V2-1", "V2-2", "V3-1", "silent"}
    before = answer(store, "workload_by_grid", Filter(START, date(2026, 4, 1)))
    assert "ended" in set(before["grid_id"])
    silent = frame.set_index("grid_id").loc["silent"]
    assert silent[["open_count", "open_weight", "overdue_count", "older_than_7_days", "older_than_30_days"]].eq(0).all()
    assert silent.isna()["load"], "nobody is on duty there"


def days(first: date, stop: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((stop - first).days)]


def test_every_day_every_month_every_hour_appears(store: Store) -> None:
    found = answer(store, "backlog_by_day", WHOLE)["day"]
    assert [day.date() for day in found] == days(START, STOP)
    months = [date(2026, month, 1) for month in range(3, 8)]
    for name in ("cases_by_month", "satisfaction_by_month"):
        assert [month.date() for month in answer(store, name, WHOLE)["month"]] == months
    by_month = answer(store, "indicators_by_month", WHOLE)
    assert [month.date() for month in by_month["month"].unique()] == months
    complete = by_month.groupby("month")["is_complete"].first()
    assert list(complete) == [False, True, True, True, False]
    assert len(answer(store, "cases_by_hour", WHOLE)) == 7 * 24
    assert len(answer(store, "backlog_by_age", WHOLE)) == 3 * 4


def test_days_end_with_the_data(store: Store) -> None:
    found = answer(store, "backlog_by_day", Filter(date(2026, 7, 1), date(2026, 8, 1)))["day"]
    assert [day.date() for day in found] == days(date(2026, 7, 1), date(2026, 7, 11))


# ---------------------------------------------------------------- independent counts


def is_valid(row: Row) -> bool:
    return row["invalid_reason"] is None


def in_period(moment: object, start: datetime, stop: datetime) -> bool:
    return isinstance(moment, datetime) and start <= moment < stop


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def is_open(row: Row, moment: datetime) -> bool:
    reported, closed = row["reported_at"], row["closed_at"]
    assert isinstance(reported, datetime)
    return is_valid(row) and reported < moment and (not isinstance(closed, datetime) or closed >= moment)


def deadline(row: Row) -> datetime | None:
    """The official deadline; of a reopened case without one the original; else the promise of tests/promises.toml."""
    due, original, reported = row["due_at"], row["original_due_at"], row["reported_at"]
    assert isinstance(reported, datetime)
    if isinstance(due, datetime):
        return due
    if row["reopen_count"] and isinstance(original, datetime):
        return original
    midnight = datetime(reported.year, reported.month, reported.day) + timedelta(days=1)
    if row["category"] == "01":
        return midnight + timedelta(days=7)
    if row["category"] == "02" or row["urgency"] == "hard":
        return reported + timedelta(days=7)
    if row["urgency"] == "small":
        return midnight if reported.hour < 18 else midnight + timedelta(hours=12)
    return reported + timedelta(days=1) if row["urgency"] == "urgent" else None


def age_band(row: Row, moment: datetime) -> int:
    reported = row["reported_at"]
    assert isinstance(reported, datetime)
    waited = moment - reported
    return sum(waited >= timedelta(days=limit) for limit in (2, 8, 31))


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (START, STOP),
        (date(2025, 1, 1), date(2025, 3, 1)),
        (date(2026, 7, 9), date(2026, 12, 1)),
        (date(2026, 2, 1), date(2026, 2, 2)),
    ],
)
def test_backlog_by_day_against_a_recount(start: date, stop: date, store: Store, rows: list[Row]) -> None:
    frame = answer(store, "backlog_by_day", Filter(start, stop))
    expected = []
    for day in days(start, stop):
        if midnight(day) >= AS_OF:
            break
        moment = min(midnight(day) + timedelta(days=1), AS_OF)
        bands = Counter(age_band(row, moment) for row in rows if is_open(row, moment))
        expected.append((day, bands.total(), *(bands[number] for number in range(4))))
    found = [(row.day.date(), *map(int, list(row)[1:])) for row in frame.itertuples(index=False)]
    assert found == expected


def test_backlog_by_age_is_the_last_day_of_backlog_by_day(store: Store, rows: list[Row]) -> None:
    by_age = answer(store, "backlog_by_age", WHOLE).groupby("age", sort=False)["open_count"].sum()
    last = answer(store, "backlog_by_day", WHOLE).iloc[-1]
    assert list(by_age) == list(last[["within_2_days", "within_8_days", "within_31_days", "older"]])
    tracks = Counter(
        {"01": "dispute", "02": "hazard"}.get(str(row["category"]), "service") for row in rows if is_open(row, AS_OF)
    )
    found = answer(store, "backlog_by_age", WHOLE).groupby("track")["open_count"].sum()
    assert found.to_dict() == dict(tracks)


@pytest.mark.parametrize(
    ("start", "stop"), [(START, STOP), (date(2025, 1, 1), date(2026, 1, 1)), (date(2026, 6, 5), date(2026, 6, 20))]
)
def test_cases_by_month_against_a_recount(start: date, stop: date, store: Store, rows: list[Row]) -> None:
    frame = answer(store, "cases_by_month", Filter(start, stop))
    expected = []
    month = start.replace(day=1)
    while month < stop:
        following = (month + timedelta(days=32)).replace(day=1)
        first, last = midnight(max(month, start)), midnight(min(following, stop))
        reported = [row for row in rows if is_valid(row) and in_period(row["reported_at"], first, last)]
        expected.append(
            (
                month,
                len(reported),
                sum(row["origin"] == "appeal" for row in reported),
                sum(row["origin"] == "proactive" for row in reported),
                sum(is_valid(row) and in_period(row["closed_at"], first, last) for row in rows),
                sum(is_open(row, min(last, AS_OF)) for row in rows),
            )
        )
        month = following
    found = [(row.month.date(), *map(int, list(row)[1:])) for row in frame.itertuples(index=False)]
    assert found == expected


def test_cases_by_category_against_a_recount(store: Store, rows: list[Row]) -> None:
    start, stop = midnight(START), midnight(STOP)
    length = stop - start
    frame = answer(store, "cases_by_category", WHOLE).set_index("category")
    expected = {}
    for category in {str(row["category"]) for row in rows if is_valid(row)}:
        mine = [row for row in rows if is_valid(row) and row["category"] == category]
        now = [row for row in mine if in_period(row["reported_at"], start, stop)]
        expected[category] = [
            len(now),
            sum(in_period(row["reported_at"], start - length, start) for row in mine),
            sum(in_period(row["reported_at"], start.replace(year=2025), stop.replace(year=2025)) for row in mine),
            sum(in_period(row["closed_at"], start, stop) for row in mine),
            sum(is_open(row, AS_OF) for row in mine),
            sum(is_open(row, AS_OF) and (deadline(row) or AS_OF) < AS_OF for row in mine),
            sum(row["origin"] == "appeal" for row in now),
            sum(row["origin"] == "proactive" for row in now),
        ]
    assert {str(category): list(values) for category, values in frame.iterrows()} == expected


def test_a_category_of_which_nothing_is_closed_still_counts(county: County) -> None:
    county.case(category="04")
    frame = answer(county.store(), "cases_by_category", Filter(date(2026, 6, 1), date(2026, 7, 1)))
    assert frame.to_dict("records") == [
        {
            "category": "04", "reported_count": 1, "previous_count": 0, "last_year_count": 0, "closed_count": 0,
            "open_count": 1, "overdue_count": 0, "appeal_count": 0, "proactive_count": 0,
        }
    ]  # fmt: skip


def test_a_unit_without_deadlines_has_nothing_due(county: County) -> None:
    county.case()
    frame = answer(county.store(), "overdue_by_unit", Filter(date(2026, 6, 1), date(2026, 7, 1)))
    assert frame[["open_count", "overdue_count", "due_in_48_hours"]].values.tolist() == [[1, 0, 0]]


def test_overdue_by_unit_against_a_recount(store: Store, rows: list[Row]) -> None:
    frame = answer(store, "overdue_by_unit", WHOLE).set_index("unit_id")
    waiting = [row for row in rows if is_open(row, AS_OF)]
    for unit, values in frame.iterrows():
        mine = [row for row in waiting if (row["unit_id"] or "") == unit]
        due = [moment for row in mine if (moment := deadline(row))]
        late = [AS_OF - moment for moment in due if moment < AS_OF]
        soon = sum(AS_OF <= moment < AS_OF + timedelta(hours=48) for moment in due)
        assert list(values[["open_count", "overdue_count", "due_in_48_hours"]]) == [len(mine), len(late), soon]
        assert values["oldest_days"] == pytest.approx(max(late).total_seconds() / 86400)
    assert frame["open_count"].sum() == len(waiting)


def test_cases_by_hour_add_up(store: Store, rows: list[Row]) -> None:
    frame = answer(store, "cases_by_hour", WHOLE)
    start, stop = midnight(START), midnight(STOP)
    expected = Counter(
        (row["reported_at"].isoweekday(), row["reported_at"].hour)  # type: ignore[attr-defined]
        for row in rows
        if is_valid(row) and in_period(row["reported_at"], start, stop)
    )
    assert {(row.weekday, row.hour): row.reported_count for row in frame.itertuples() if row.reported_count} == expected


# ---------------------------------------------------------------- sums and identities


@pytest.mark.parametrize("seed", [11])
def test_open_at_the_start_plus_reported_less_closed_is_open_at_the_end(
    seed: int, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVERNANCE_DATA", str(tmp_path_factory.mktemp("flow")))
    store = invented_county(invented_rows(seed, 400, is_ordered=True)).store(AS_OF.isoformat())
    chance = random.Random(seed)
    for _ in range(3):
        start = date(2025, 3, 1) + timedelta(days=chance.randint(0, 300))
        stop = start + timedelta(days=chance.randint(1, 400))
        choice = {"region": chance.choice([None, "T1", "V2"]), "category": chance.choice([(), ("01", "03")])}

        def counted(first: date, last: date, choice: dict = choice) -> pd.Series:
            return answer(store, "indicator_totals", Filter(first, last, **choice)).set_index("indicator")["base"]

        before, within = counted(start - timedelta(days=30), start), counted(start, stop)
        assert before["backlog"] + within["reported_count"] - within["closed_count"] == within["backlog"]
    months = answer(store, "cases_by_month", Filter(date(2025, 6, 1), date(2026, 7, 1)))
    flow = months["open_count"].shift() + months["reported_count"] - months["closed_count"]
    assert (flow[1:] == months["open_count"][1:]).all()


def totals(store: Store, filter: Filter) -> pd.DataFrame:
    return answer(store, "indicator_totals", filter).set_index("indicator")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("region", [None, "T1"])
def test_places_and_the_unlocated_add_up_to_the_total(level: str, region: str | None, store: Store) -> None:
    if region and level == "county":
        pytest.skip("a level above the region")
    filter = Filter(START, STOP, region)
    total = totals(store, filter)
    summed = answer(store, "indicators_by_region", filter, level=level).groupby("indicator")[["hit", "base"]].sum()
    assert summed.loc[BY_CASE, "base"].astype(int).to_dict() == total.loc[BY_CASE, "base"].astype(int).to_dict()
    with_hits = total["hit"].dropna().index.intersection(BY_CASE)
    assert summed.loc[with_hits, "hit"].astype(int).to_dict() == total.loc[with_hits, "hit"].astype(int).to_dict()


@pytest.mark.parametrize("name", ["indicators_by_category", "indicators_by_channel", "indicators_by_track"])
def test_codes_add_up_to_the_total(name: str, store: Store) -> None:
    summed = answer(store, name, WHOLE).groupby("indicator")["base"].sum()
    found = summed.reindex(BY_CASE, fill_value=0).astype(int).to_dict()
    assert found == totals(store, WHOLE).loc[BY_CASE, "base"].astype(int).to_dict()


def test_months_add_up_to_the_total(store: Store) -> None:
    summed = answer(store, "indicators_by_month", WHOLE).groupby("indicator")[["hit", "base"]].sum()
    total = totals(store, WHOLE)
    found = summed["base"].reindex(BY_TIME, fill_value=0).astype(int).to_dict()
    assert found == total.loc[BY_TIME, "base"].astype(int).to_dict()


def test_the_last_month_stands_where_the_total_stands(store: Store) -> None:
    monthly = answer(store, "indicators_by_month", WHOLE)
    last = monthly[monthly["month"] == monthly["month"].max()].set_index("indicator")
    total = totals(store, WHOLE)
    for key in ("backlog", "overdue_count", "overdue_rate", "workload", "workload_gini", "staffed_rate"):
        assert last.at[key, "value"] == pytest.approx(total.at[key, "value"])


def test_satisfaction_by_month_is_indicators_by_month(store: Store) -> None:
    wide = answer(store, "satisfaction_by_month", WHOLE).set_index("month")
    long = answer(store, "indicators_by_month", WHOLE).set_index(["month", "indicator"])
    for rate, n in [("satisfaction_rate", "satisfaction_n"), ("solved_rate", "solved_n"),
                    ("response_rate", "response_n"), ("rating_share", "closed_n")]:  # fmt: skip
        for month in wide.index:
            assert wide.at[month, n] == long.at[(month, rate), "base"]
            assert wide.at[month, rate] == pytest.approx(long.at[(month, rate), "value"], nan_ok=True)


def test_last_period_and_last_year_are_those_periods(store: Store) -> None:
    filter = Filter(date(2026, 4, 1), date(2026, 7, 1))
    now = totals(store, filter)
    before = totals(store, filter.previous())
    year = totals(store, Filter(date(2025, 4, 1), date(2025, 7, 1)))
    assert now["previous_base"].fillna(0).tolist() == before["base"].tolist()
    assert now["last_year_base"].fillna(0).tolist() == year["base"].tolist()
    assert now["previous"].tolist() == pytest.approx(before["value"].tolist(), nan_ok=True)
    assert now["last_year"].tolist() == pytest.approx(year["value"].tolist(), nan_ok=True)


def test_a_period_the_data_do_not_cover_is_not_compared_with(store: Store) -> None:
    now = totals(store, Filter(date(2025, 6, 1), date(2025, 12, 1)))
    assert now["previous"].isna().all()
    assert now["last_year"].isna().all()


@pytest.mark.parametrize("key", BY_CASE)
def test_the_list_of_cases_is_what_was_counted(key: str, store: Store) -> None:
    everywhere = BY_CASE.index(key) % 2
    filter = WHOLE if everywhere else Filter(START, date(2026, 6, 1), "C", channel=("09", "10"))
    total = totals(store, filter).loc[key]
    listed = {
        part: set(answer(store, "case_list", filter, indicator=key, part=part, limit=100_000)["case_id"])
        for part in ("base", "hit", "miss")
    }
    assert len(listed["base"]) == total["base"]
    if not pd.isna(total["hit"]):
        assert len(listed["hit"]) == total["hit"]
    assert listed["hit"] | listed["miss"] == listed["base"]
    assert not listed["hit"] & listed["miss"]


@pytest.mark.parametrize("key", BY_CASE)
def test_no_case_counts_where_the_quick_look_skips_it(key: str, store: Store) -> None:
    skipped = store.query(
        f"""
        with months as (
            select unnest(generate_series(timestamp '2025-01-01', timestamp '2026-07-01', interval 1 month)) as month
        )
        select c.case_id, m.month
        from cases as c
        cross join months as m
        where {key}_base(c, m.month, m.month + interval 1 month) and not touches(c, m.month, m.month + interval 1 month)
        """
    )
    assert skipped["case_id"].tolist() == []


def test_a_confidential_case_is_listed_without_its_title(store: Store, rows: list[Row]) -> None:
    listed = answer(store, "case_list", Filter(date(2025, 1, 1), STOP), limit=100_000).set_index("case_id")["title"]
    hidden = {str(row["case_id"]) for row in rows if row["is_confidential"]} & set(listed.index)
    assert hidden
    assert set(listed[sorted(hidden)]) == {"（保密工单）"}
    assert not listed.drop(sorted(hidden)).eq("（保密工单）").any()


def test_the_longest_overdue_come_first(store: Store) -> None:
    overdue = answer(store, "case_list", WHOLE, indicator="backlog")["overdue_days"]
    assert overdue.dropna().is_monotonic_decreasing
    assert overdue.first_valid_index() == 0
    assert (overdue.dropna() > 0).all()


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("no_such_query", {}),
        ("../governance/schema", {}),
        ("", {}),
        ("case_list", {"indicator": "no_such_indicator"}),
        ("case_list", {"indicator": "'; drop table cases; --"}),
        ("case_list", {"part": "rest"}),
        ("case_list", {"limit": 0}),
        ("case_list", {"limit": -1}),
        ("case_list", {"limit": 100_001}),
        ("case_list", {"limit": "many"}),
        ("case_list", {"limit": "1e3"}),
        ("case_list", {"limit": 2.5}),
        ("indicators_by_region", {"level": "street"}),
        ("indicators_by_region", {"levle": "county"}),
        ("indicator_frames", {"step": "year"}),
        ("changed_cases", {"change": "all"}),
        ("low_scores", {"round": "一" * 201}),
    ],
)
def test_a_question_that_makes_no_sense_gets_one_sentence(name: str, extra: dict[str, Any], store: Store) -> None:
    with pytest.raises(QueryProblem) as caught:
        answer(store, name, WHOLE, **extra)
    sentence = str(caught.value)
    assert re.search("[一-鿿]", sentence)
    assert "\n" not in sentence
    assert not sentence.endswith("。")  # whoever shows it closes it


def test_text_limits_are_as_good_as_numbers(store: Store) -> None:
    assert len(answer(store, "case_list", WHOLE, limit="5")) == 5
    assert len(answer(store, "case_list", WHOLE, limit=queries.MOST_ROWS)) > 5


def test_an_answer_is_given_again_from_memory_and_cannot_be_spoiled(store: Store) -> None:
    first = answer(store, "data_span", WHOLE)
    first["case_count"] = -1
    again = answer(store, "data_span", WHOLE)
    assert again.at[0, "case_count"] > 0
    again["case_count"] = -1
    assert answer(store, "data_span", WHOLE).at[0, "case_count"] > 0


def test_an_answer_about_some_indicators_is_none_about_others(store: Store) -> None:
    for key in ("reported_count", "closed_count"):
        assert answer(store, "indicator_totals", WHOLE, only=[key])["indicator"].tolist() == [key]


def test_few_answers_are_kept_and_each_of_its_own_store(store: Store, nothing: Store) -> None:
    answers = queries._Answers(2)

    def count(of: Store, key: str) -> int:
        return int(answers.get((key,), of, "select count(*) as n from cases", {}, ()).at[0, "n"])

    assert count(store, "a") == count(store, "b") == count(store, "a") > 0
    assert count(nothing, "a") == 0  # a later store may get the number that one before it had
    count(store, "c")
    assert list(answers.kept) == [("a",), ("c",)]  # b was asked for longest ago


def test_answers_do_not_mix_stores(store: Store, nothing: Store) -> None:
    assert answer(store, "data_span", WHOLE).at[0, "case_count"] > 0
    assert answer(nothing, "data_span", WHOLE).at[0, "case_count"] == 0


def test_answers_keep_no_store_alive() -> None:
    """A store is the whole of the data: hundreds of answers must not hold on to those of snapshots long replaced."""
    county = County()
    county.region("R1")
    county.case(region_code="R1")
    held = county.store()
    assert answer(held, "cases_by_month", WHOLE).reported_count.sum() == 1
    gone = weakref.ref(held)
    clear()
    del held
    gc.collect()
    assert gone() is None


def test_a_page_shows_one_snapshot_whatever_is_published_meanwhile() -> None:
    county = County()
    county.region("R1")
    county.case(region_code="R1")
    first = county.publish()
    with queries.one_snapshot():
        store = queries.current_store()
        county.case(region_code="R1")
        second = county.publish("2026-07-02")
        assert queries.run("cases_by_month", WHOLE).reported_count.sum() == 1
        assert store.snapshot == queries.current_store().snapshot == first
        assert queries.current_store(second.id).snapshot == second
    assert queries.run("cases_by_month", WHOLE).reported_count.sum() == 2


def test_a_hostile_value_is_only_a_value(store: Store) -> None:
    filter = Filter(START, STOP, "T1' or '1'='1", category=("01') or true --",))
    assert len(answer(store, "case_list", filter)) == 0


def test_every_level_has_a_label() -> None:
    assert set(LEVELS) <= set(codes.LABELS["level"])
    assert queries.EXTRAS["level"] in LEVELS
