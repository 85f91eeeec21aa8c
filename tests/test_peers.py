"""同类比较: the case mix taken out, against exact fractions; groups and neighbours counted by hand."""

import random
from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from governance.filters import Filter
from governance.queries import answer
from tests.factory import County

JUNE = Filter(date(2026, 6, 1), date(2026, 7, 1))


def estate(county: County, name: str, mode: str | None, households: int | None = 300, built: int | None = 2005) -> None:
    county.insert(
        "estates", estate_id=name, region_code="R1", name=name, property_mode=mode, households=households,
        built_year=built,
    )  # fmt: skip


def judged(county: County, where: str, category: str, urgency: str, hits: int, misses: int) -> None:
    for is_hit in [True] * hits + [False] * misses:
        closed = "2026-06-05" if is_hit else "2026-06-25"
        county.case(estate_id=where, category=category, urgency=urgency, due_at="2026-06-20", closed_at=closed)


def test_the_standardised_rate_by_hand(county: County) -> None:
    county.region("R1")
    estate(county, "A", "none")
    estate(county, "B", "professional")
    judged(county, "A", "03", "small", 9, 1)  # easy: 9 of 10
    judged(county, "A", "05", "hard", 1, 1)  # hard: 1 of 2
    judged(county, "B", "03", "small", 4, 1)
    judged(county, "B", "05", "hard", 3, 5)
    frame = answer(county.store(), "peers_compared", JUNE)
    found = frame[frame["kind"] == "no_property"].set_index("peer")
    # Easy 13/15, hard 4/10, all 17/25. A expects 10·13/15 + 2·4/10 = 142/15 and has 10.
    none, other = found.loc["none"], found.loc["other"]
    assert none["expected_count"] == pytest.approx(142 / 15)
    assert none["on_time_rate"] == pytest.approx(10 / 12)
    assert none["expected_rate"] == pytest.approx(142 / 15 / 12)
    assert none["standardised_rate"] == pytest.approx(10 / (142 / 15) * 17 / 25)
    assert other["expected_count"] == pytest.approx(5 * 13 / 15 + 8 * 4 / 10)
    assert found["expected_count"].sum() == pytest.approx(17)  # together they expect what they have
    assert none["per_1000_households"] == pytest.approx(12 / 300 * 1000)


def test_no_standardised_rate_is_above_all_in_time(county: County) -> None:
    county.region("R1")
    estate(county, "A", "none")
    estate(county, "B", "professional")
    judged(county, "A", "05", "hard", 2, 0)
    judged(county, "B", "05", "hard", 0, 4)
    judged(county, "B", "03", "small", 10, 0)
    frame = answer(county.store(), "peers_compared", JUNE)
    none = frame[frame["kind"] == "no_property"].set_index("peer").loc["none"]
    assert none["expected_count"] == pytest.approx(2 * 2 / 6)
    assert none["standardised_rate"] == 1  # 2 ÷ (2/3) · 12/16 is 225 %


@pytest.mark.parametrize("seed", range(3))
def test_the_standardised_rate_against_exact_fractions(seed: int, county: County) -> None:
    chance = random.Random(seed)
    county.region("R1")
    modes = {"A": "none", "B": "professional", "C": "red", "D": "professional", "E": None}
    for name, mode in modes.items():
        estate(county, name, mode, households=chance.choice([100, 300, 700]))
    hits: Counter = Counter()
    counts: Counter = Counter()
    for name in modes:
        for category in ("03", "05"):
            for urgency in ("small", "hard", "urgent"):
                good, bad = chance.randint(0, 4), chance.randint(0, 3)
                judged(county, name, category, urgency, good, bad)
                hits[name, category, urgency] += good
                counts[name, category, urgency] += good + bad
    frame = answer(county.store(), "peers_compared", JUNE)
    found = frame[frame["kind"] == "property_mode"].fillna({"peer": ""}).set_index("peer")
    strata = {(c, u) for _, c, u in counts}
    rate = {
        s: Fraction(sum(hits[(n, *s)] for n in modes), sum(counts[(n, *s)] for n in modes))
        for s in strata
        if sum(counts[(n, *s)] for n in modes)
    }
    whole = Fraction(hits.total(), counts.total())
    for mode in ("none", "professional", "red", ""):
        mine = [name for name, one in modes.items() if (one or "") == mode]
        expected = sum((rate[s] * counts[(n, *s)] for n in mine for s in rate), Fraction(0))
        actual = sum(hits[(n, *s)] for n in mine for s in strata)
        assert found.at[mode, "member_count"] == len(mine)
        assert found.at[mode, "on_time_count"] == actual
        assert found.at[mode, "expected_count"] == pytest.approx(float(expected))
        assert found.at[mode, "standardised_rate"] == pytest.approx(float(min(Fraction(1), actual / expected * whole)))


def test_the_numbers_of_a_group_by_hand(county: County) -> None:
    county.region("R1")
    county.region("R2")
    estate(county, "A", "professional")
    estate(county, "B", "professional", households=None)
    county.insert("estates", estate_id="C", region_code="R2", name="C", property_mode="professional", households=900)
    for where, responded, closed, rating in (
        ("A", "10:00", "13:00", 5),  # after 1 and 4 hours
        ("A", "12:00", "19:00", 2),  # 3 and 10
        ("B", "11:00", "15:00", 4),  # 2 and 6
        ("C", "09:00", "09:00", 1),
    ):
        county.case(
            estate_id=where, region_code="R2" if where == "C" else "R1", rating=rating,
            first_response_at=f"2026-06-01 {responded}", closed_at=f"2026-06-01 {closed}",
        )  # fmt: skip
    county.grid("G1", region_code="R1", households=100)
    county.grid("G2", region_code="R2", households=100)
    frame = answer(county.store(), "peers_compared", Filter(JUNE.start, JUNE.stop, "R1")).set_index(["kind", "peer"])
    found = frame.loc[("property_mode", "professional")]
    counts = ["member_count", "households", "reported_count", "rated_count", "satisfied_count"]
    assert found[counts].tolist() == [2, 300, 3, 3, 2]
    assert found["per_1000_households"] == pytest.approx(
        2 / 300 * 1000
    )  # B's case has no households to be held against
    assert found["satisfaction_rate"] == pytest.approx(2 / 3)
    assert found[["response_hours", "handling_hours"]].tolist() == [2, 6]
    assert frame.at[("grid_size", "200 户以下"), "member_count"] == 1  # G2 lies elsewhere


def test_groups_hold_who_their_bounds_say(county: County) -> None:
    county.region("R1")
    estate(county, "small", "red", 199, 1999)
    estate(county, "middle", "red", 200, 2000)
    estate(county, "large", "none", 500, 2010)
    estate(county, "unknown", None, None, None)
    county.grid("G1", households=100)
    county.grid("G2", households=501)
    county.grid("G11", level=2, parent_grid_id="G2", households=300)  # G2 is above it: no leaf
    county.grid("G111", level=3, parent_grid_id="G11", households=20)  # a micro grid: its cases are those of G11
    county.case(grid_id="G111", reported_at="2026-06-10")
    county.case(grid_id="G1", reported_at="2026-06-10")
    frame = answer(county.store(), "peers_compared", JUNE)
    members = {(row.kind, row.peer): row.member_count for row in frame.itertuples() if isinstance(row.peer, str)}
    assert members == {
        ("property_mode", "red"): 2, ("property_mode", "none"): 1,
        ("no_property", "none"): 1, ("no_property", "other"): 2,
        ("estate_size", "200 户以下"): 1, ("estate_size", "200–499 户"): 1, ("estate_size", "500 户及以上"): 1,
        ("estate_age", "2000 年以前"): 1, ("estate_age", "2000–2009 年"): 1, ("estate_age", "2010 年以后"): 1,
        ("grid_size", "200 户以下"): 1, ("grid_size", "200–500 户"): 1,
    }  # fmt: skip
    grids = frame[frame["kind"] == "grid_size"].set_index("peer")
    assert grids["reported_count"].to_dict() == {"200 户以下": 1, "200–500 户": 1}
    assert grids["per_1000_households"].to_dict() == pytest.approx({"200 户以下": 10, "200–500 户": 1000 / 300})
    blank = frame[frame["peer"].isna()].set_index("kind")
    assert blank.loc[["property_mode", "estate_size", "estate_age"], "member_count"].tolist() == [1, 1, 1]


def test_an_estate_is_compared_with_those_like_it(county: County) -> None:
    county.region("R1", name="甲社区")
    for name, mode, households in (("A", "red", 300), ("B", "red", 400), ("C", "none", 300), ("D", None, 300)):
        estate(county, name, mode, households)
    judged(county, "A", "03", "small", 3, 1)
    judged(county, "B", "03", "small", 1, 3)
    judged(county, "B", "05", "small", 2, 0)
    judged(county, "C", "03", "small", 0, 4)
    judged(county, "D", "03", "small", 1, 0)
    frame = answer(county.store(), "estates_against_peers", JUNE).set_index("estate_id")
    assert frame["peer_count"].fillna(0).to_dict() == {"A": 2, "B": 2, "C": 1, "D": 0}
    # 红色物业 of 200–499 households: matter 03 in time 4 of 8, matter 05 2 of 2.
    assert frame.at["A", "expected_rate"] == pytest.approx(0.5)
    assert frame.at["B", "expected_rate"] == pytest.approx((4 * 0.5 + 2 * 1) / 6)
    assert frame.at["C", "expected_rate"] == 0
    assert frame.loc["D", ["expected_rate", "peer_per_1000", "peer_satisfaction_rate"]].isna().all()
    assert frame.at["A", "peer_per_1000"] == pytest.approx(10 / 700 * 1000)
