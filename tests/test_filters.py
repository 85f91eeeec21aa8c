"""The filter: whatever comes from outside is checked once, and refused in one Chinese sentence."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from governance import places
from governance.codes import LABELS
from governance.filters import CHOICES, Filter, FilterProblem, default, from_params, place_options
from governance.filters.sidebar import _PERIODS, _period_bounds
from governance.queries import answer
from governance.store import Store
from tests.factory import County

COUNTY = "140226000000"
TOWN = "140226100000"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(tmp_path_factory.mktemp("filters")))
        county = County()
        county.region(COUNTY, level="county", name="某县")
        county.region(TOWN, level="town", name="某镇", parent_code=COUNTY)
        county.grid("V1-1", region_code=TOWN)
        county.case(grid_id="V1-1")
        yield county.store("2026-07-01")


def test_nothing_asked_is_the_standard_view(store: Store) -> None:
    assert from_params({}, store) == default(store) == Filter(date(2026, 4, 1), date(2026, 7, 1))


def test_everything_asked(store: Store) -> None:
    asked = {
        "start": ["2026-01-15"], "stop": ["2026-02-01"], "region": [TOWN], "category": ["01", "02"], "channel": ["09"],
        "origin": ["appeal"], "urgency": ["urgent"],
    }  # fmt: skip
    expected = Filter(
        date(2026, 1, 15), date(2026, 2, 1), TOWN, ("01", "02"), ("09",), ("appeal",), ("urgent",), None
    )  # fmt: skip
    assert from_params(asked, store) == expected


def test_labels_are_as_good_as_codes(store: Store) -> None:
    for name in CHOICES:
        labels = list(LABELS[name].values())
        assert getattr(from_params({name: labels}, store), name) == tuple(LABELS[name])


def test_a_code_named_twice_counts_once(store: Store) -> None:
    assert from_params({"category": ["02", "矛盾纠纷", "01", "安全隐患"]}, store).category == ("02", "01")


def test_a_statistics_code_may_come_without_its_zeros(store: Store) -> None:
    assert from_params({"region": ["140226"]}, store).region == COUNTY
    assert from_params({"region": ["1402261"]}, store).region == TOWN


def test_empty_values_are_no_values(store: Store) -> None:
    assert from_params({"start": [""], "region": [""], "as_of": [""]}, store) == default(store)


def test_one_bound_alone(store: Store) -> None:
    assert from_params({"start": ["2026-06-15"]}, store).stop == date(2026, 7, 1)
    assert from_params({"stop": ["2026-06-15"]}, store).start == date(2026, 4, 1)
    early = from_params({"stop": ["2025-03-31"]}, store)  # before the standard start: three months back from it
    assert (early.start, early.stop) == (date(2024, 12, 31), date(2025, 3, 31))


def test_a_city_opens_the_counties_that_lie_in_it(county: County) -> None:
    county.region("150000000000", level="province", name="内蒙古自治区")
    for city, name in (("150100000000", "呼和浩特市"), ("150200000000", "包头市")):
        county.region(city, level="city", name=name, parent_code="150000000000")
    for code, city, people in (("150102", "150100", 100), ("150103", "150100", 200), ("150202", "150200", 400)):
        county.region(f"{code}000000", level="county", name=code, parent_code=f"{city}000000", population=people)
        county.region(f"{code}001000", level="town", name=f"{code}镇", parent_code=f"{code}000000")
        for number in range(int(code[-1])):
            county.case(f"{code}-{number}", region_code=f"{code}001000", kind="appeal")
    store = county.store("2026-07-01")
    june = {"start": ["2026-06-01"], "stop": ["2026-07-01"]}
    counts = {}
    for region in (None, "150100000000", "1501", "150200000000", "150000000000", "150103000000"):
        filter = from_params(june | ({"region": [region]} if region else {}), store)
        totals = answer(store, "indicator_totals", filter, only=["reported_count", "appeals_per_10k"])
        counts[region] = totals["value"].tolist()
    per_person = [
        10_000.0 * cases / people for cases, people in ((7, 700), (5, 300), (5, 300), (2, 400), (7, 700), (3, 200))
    ]
    assert list(counts.values()) == [
        [cases, pytest.approx(rate)] for cases, rate in zip((7, 5, 5, 2, 7, 3), per_person, strict=True)
    ]
    options = place_options(store)
    city = "150100000000"
    inside = {city, *(f"{code}{end}" for code in ("150102", "150103") for end in ("000000", "001000"))}
    assert set(places.within(options, city).index) == inside
    assert places.levels_below(options, city) == ["county", "town"]
    assert places.way_down(options, city) == [city]
    assert places.surroundings(options, city) == (city, None)
    with pytest.raises(FilterProblem, match="150300000000"):  # a city that nobody knows
        from_params({"region": ["150300000000"]}, store)


@pytest.mark.parametrize(
    "params",
    [
        {"strat": ["2026-01-01"]},
        {"start; drop table cases": ["x"]},
        {"start": ["昨天"]},
        {"start": ["2026-13-01"]},
        {"start": ["2026-02-30"]},
        {"start": ["2026-07-01T00:00"]},
        {"start": ["01/07/2026"]},
        {"start": ["0001-01-01"]},
        {"start": ["1969-12-31"]},
        {"start": ["9999-12-31"]},
        {"stop": ["2201-01-01"]},
        {"start": ["2026-01-01", "2026-02-01"]},
        {"start": ["x" * 100_000]},
        {"start": ["\x00\n\u202e"]},
        {"start": ["2026-07-01"]},  # the standard stop: nothing between
        {"start": ["2026-08-01"]},  # after the standard stop
        {"start": ["2026-06-01"], "stop": ["2026-06-01"]},
        {"start": ["2026-06-02"], "stop": ["2026-06-01"]},
        {"region": ["某镇"]},
        {"region": ["999999"]},
        {"region": ["１４０２２６"]},
        {"region": ["²"]},
        {"region": ["V1-1' or '1'='1"]},
        {"region": [TOWN, COUNTY]},
        {"region": ["\n\n<script>"]},
        *({name: ["no such code"]} for name in CHOICES),
        *({name: ["01", "\x00"]} for name in CHOICES),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(params: dict[str, list[str]], store: Store) -> None:
    with pytest.raises(FilterProblem) as caught:
        from_params(params, store)
    sentence = str(caught.value)
    assert re.search("[一-鿿]", sentence)
    assert sentence.isprintable()
    assert len(sentence) < 500
    assert not sentence.endswith("。")  # whoever shows it closes it


def filter_of(start: str, stop: str) -> Filter:
    return Filter(date.fromisoformat(start), date.fromisoformat(stop), "R1", ("01",))


@pytest.mark.parametrize(
    ("start", "stop", "before"),
    [
        ("2026-06-01", "2026-07-01", "2026-05-02"),  # 30 days, not "May"
        ("2024-02-01", "2024-03-01", "2024-01-03"),  # 29 of them
        ("2026-06-01", "2026-06-02", "2026-05-31"),
        ("2026-01-01", "2027-01-01", "2025-01-01"),
    ],
)
def test_the_previous_period_is_as_long_and_ends_here(start: str, stop: str, before: str) -> None:
    found = filter_of(start, stop).previous()
    assert found == filter_of(before, start)
    assert found.stop - found.start == date.fromisoformat(stop) - date.fromisoformat(start)


@pytest.mark.parametrize(
    ("start", "stop", "months", "first"),
    [
        ("2026-06-01", "2026-07-01", 1, "2026-06-01"),
        ("2026-06-01", "2026-07-01", 13, "2025-06-01"),
        ("2026-06-10", "2026-07-01", 2, "2026-05-01"),
        ("2026-06-30", "2026-07-02", 2, "2026-06-01"),  # July has begun
        ("2024-02-29", "2024-03-01", 13, "2023-02-01"),  # the last day is a leap day
        ("2024-02-29", "2024-03-31", 1, "2024-02-29"),  # March alone, but never less than what was asked
        ("2026-01-01", "2026-02-01", 24, "2024-02-01"),
        ("2020-01-15", "2026-07-01", 13, "2020-01-15"),  # longer already
        ("2025-12-31", "2026-01-01", 12, "2025-01-01"),
    ],
)
def test_trends_reach_back_whole_months(start: str, stop: str, months: int, first: str) -> None:
    assert filter_of(start, stop).months_back(months) == filter_of(first, stop)


@pytest.mark.parametrize(
    ("as_of", "start", "stop"),
    [
        ("2026-07-01T00:00:00", "2026-04-01", "2026-07-01"),  # the data end with June
        ("2026-07-01T00:00:01", "2026-04-02", "2026-07-02"),  # a second of July is there
        ("2026-05-30T12:00:00", "2026-02-28", "2026-05-31"),
        ("2024-05-29T00:00:00", "2024-02-29", "2024-05-29"),
        ("2024-02-29T23:59:59", "2023-12-01", "2024-03-01"),
        ("2026-01-01T00:00:00", "2025-10-01", "2026-01-01"),
    ],
)
def test_the_standard_period_ends_with_the_data(as_of: str, start: str, stop: str, county: County) -> None:
    county.case(reported_at="2020-01-01")
    found = default(county.store(as_of))
    assert (found.start, found.stop) == (date.fromisoformat(start), date.fromisoformat(stop))


def test_params_are_the_fields_by_name() -> None:
    found = filter_of("2026-06-01", "2026-07-01").params()
    assert found == {
        "start": date(2026, 6, 1), "stop": date(2026, 7, 1), "region": "R1", "category": ["01"], "channel": [],
        "origin": [], "urgency": [], "as_of": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", _PERIODS)
@pytest.mark.parametrize("stop", ["2024-03-01", "2026-07-02", "2026-01-01"])
def test_quick_periods_end_by_the_data_and_are_never_empty(name: str, stop: str) -> None:
    end = date.fromisoformat(stop)
    start, found = _period_bounds(name, end, date(2020, 5, 5))
    assert start < found <= end
    if name == "本月":
        assert (start.day, found) == (1, end)
    if name == "上年全年":
        assert found == date(start.year + 1, 1, 1) and start == date(start.year, 1, 1)
