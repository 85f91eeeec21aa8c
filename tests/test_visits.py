"""走访与队伍, 积分与志愿: numbers of the queries against figures worked out by hand in the comments."""

import math
from datetime import date

import pandas as pd
import pytest

from governance import checks
from governance.filters import Filter
from governance.findings import visits as findings_visits
from governance.indicators import INDICATORS
from governance.queries import answer
from governance.store import Store
from tests.conftest import Pages
from tests.factory import County

JUNE = Filter(date(2026, 6, 1), date(2026, 7, 1))
SPRING = Filter(date(2026, 4, 1), date(2026, 7, 1))


def visit(county: County, number: int, grid: str | None, day: str, home: str | None, **columns: object) -> None:
    """One home visit."""
    row = {"visit_id": f"V{number:03d}", "grid_id": grid, "visited_at": day, "visit_type": "home"}
    county.insert("visits", **row | {"household_hash": home} | columns)


@pytest.fixture
def store(county: County) -> Store:
    """Two communities of ten households each that visit, one of eighty that does not."""
    county.region("C", level="county", name="某县")
    for code, households in (("R1", 10), ("R2", 10), ("R3", 80)):
        county.region(code, name=f"{code}社区", parent_code="C", households=households)
    for grid, region, households in (("G11", "R1", 6), ("G12", "R1", 4), ("G21", "R2", 10), ("G31", "R3", 80)):
        county.grid(grid, region_code=region, households=households)
    county.grid("G10", region_code="R1", households=50, valid_to="2026-03-31")  # ended before anybody went there
    visit(county, 1, "G11", "2026-04-02", "A")
    visit(county, 2, "G11", "2026-04-02 18:00", "A")  # twice in a day: one household
    visit(county, 3, "G11", "2026-04-20", "B")
    visit(county, 4, "G11", "2026-05-20", "A")
    visit(county, 5, "G12", "2026-05-31 23:59:59", "C")
    visit(county, 6, "G12", "2026-06-01", "C")
    visit(county, 7, "G21", "2026-06-10", "D")
    visit(county, 8, "G21", "2026-06-11", None)  # nobody wrote down which
    visit(county, 9, None, "2026-06-12", "E", region_code="R2", visit_type="knock")
    return county.store("2026-07-01")


MINE = [key for key, entry in INDICATORS.items() if entry.theme in ("走访与回头看", "网格队伍与点位", "积分与志愿服务")]


def totals(store: Store, filter: Filter) -> pd.DataFrame:
    return answer(store, "indicator_totals", filter, only=MINE).set_index("indicator")


def test_coverage_counts_households_not_visits(store: Store) -> None:
    found = totals(store, SPRING)
    assert found.at["visit_count", "value"] == 9
    # April A, B; May A, C; June C: five household-months of the ten households of R1 in three months. R2 begins its
    # register in June: nobody knows whom it visited in April and May, so its D and E do not count.
    assert found.at["visit_coverage", "base"] == 5
    assert found.at["visit_coverage", "value"] == pytest.approx(5 / 30)
    assert found.at["visit_coverage_all", "value"] == pytest.approx(7 / 300)  # of all hundred households
    assert found.at["visited_ever_rate", "value"] == pytest.approx(5 / 20)  # A, B, C, D, E


def test_a_community_without_a_register_is_not_zero(store: Store) -> None:
    found = totals(store, Filter(date(2026, 6, 1), date(2026, 7, 1), "R3"))
    assert pd.isna(found.at["visit_coverage", "value"])
    before = totals(store, Filter(date(2026, 2, 1), date(2026, 3, 1), "R1"))  # the register begins in April
    assert pd.isna(before.at["visit_coverage", "value"])


def test_only_whole_months_are_judged(store: Store) -> None:
    # 20 May to 20 June has no whole month: all of it counts, as two months: A and C; C; the ten homes of R1
    part = totals(store, Filter(date(2026, 5, 20), date(2026, 6, 20)))
    assert part.at["visit_coverage", "value"] == pytest.approx(3 / 20)
    # 31 March to 1 June has two: April A, B; May A, C; only R1 keeps its register by then
    whole = totals(store, Filter(date(2026, 3, 31), date(2026, 6, 1)))
    assert whole.at["visit_coverage", "value"] == pytest.approx(4 / 20)


def test_a_register_begun_within_last_year_is_no_comparison(county: County) -> None:
    county.region("R1", households=10)
    county.grid("G1")
    county.case(region_code="R1", grid_id="G1", reported_at="2024-01-01")  # the data reach back far enough
    visit(county, 1, "G1", "2025-05-02", "A")
    for month in ("2026-04", "2026-05", "2026-06"):
        visit(county, int(month[-1]), "G1", f"{month}-10", "A")
        visit(county, int(month[-1]) * 10, "G1", f"{month}-11", "B")
    for number, closed in enumerate(("2025-04-20", "2025-05-20", "2026-04-20", "2026-05-01")):
        county.case(f"L{number}", region_code="R1", grid_id="G1", reported_at="2025-01-01", closed_at=closed)
    visit(county, 901, None, "2025-05-25", None, region_code="R1", visit_type="lookback", case_id="L1")
    visit(county, 902, None, "2026-05-10", None, region_code="R1", visit_type="lookback", case_id="L3")
    store = county.store("2026-07-01")
    found = totals(store, SPRING)
    assert found.at["visit_coverage", "value"] == pytest.approx(6 / 30)
    assert pd.isna(found.at["visit_coverage", "last_year"])  # April 2025 has no register: not 1 of 30, but no number
    assert found.at["lookback_rate", "value"] == 0.5  # L2 and L3, of which L3 was looked back at
    assert pd.isna(found.at["lookback_rate", "last_year"])  # the register begins in May 2025, not 1 of 2
    june = totals(
        store, Filter(date(2026, 5, 15), date(2026, 7, 1))
    )  # a year before: from 15 May 2025, its first month
    assert june.at["lookback_rate", "last_year"] == 1  # L1; L0 was closed before the register began


def test_coverage_of_a_grid_is_of_its_own_households(store: Store) -> None:
    found = answer(store, "indicators_by_region", SPRING, level="grid_1", only=["visit_coverage"])
    rates = found[found["indicator"] == "visit_coverage"].set_index("place_code")["value"]
    assert rates["G11"] == pytest.approx(3 / 18)  # A, B, A; six households, three months
    assert rates["G12"] == pytest.approx(2 / 12)
    assert pd.isna(rates["G31"])
    inside = totals(store, Filter(date(2026, 4, 1), date(2026, 7, 1), "G12"))
    assert inside.at["visit_coverage", "value"] == pytest.approx(2 / 12)


def test_a_grid_nobody_went_to_stands_at_zero_where_its_community_keeps_a_register(county: County) -> None:
    county.region("R1", households=25)
    county.region("R3", households=80)
    county.grid("G11", households=6)
    county.grid("G12", households=4)
    county.grid("G13", households=5)
    county.grid("G14", households=10, valid_from="2026-06-01")
    county.grid("G31", region_code="R3", households=80)
    visit(county, 1, "G11", "2026-04-02", "A")
    visit(county, 2, "G11", "2026-04-20", "B")
    visit(county, 3, "G12", "2026-05-31", "C")
    store = county.store("2026-07-01")
    rates = {}
    keys = ["visit_coverage", "visit_coverage_all", "visited_ever_rate"]
    april = Filter(date(2026, 4, 1), date(2026, 5, 1))
    for month, period in (("April", april), ("June", JUNE)):
        found = answer(store, "indicators_by_region", period, level="grid_1", only=keys).set_index("place_code")
        for key in keys:
            rates[month, key] = found[found["indicator"] == key]["value"].fillna(-1).to_dict()
    # G12 was reached in May only, G13 never; G14 did not exist in April; of R3 nobody knows.
    assert rates["April", "visit_coverage"] == {"G11": 2 / 6, "G12": 0, "G13": 0, "G14": -1, "G31": -1}
    assert rates["April", "visited_ever_rate"] == {"G11": 2 / 6, "G12": 0, "G13": 0, "G14": -1, "G31": -1}
    assert rates["June", "visit_coverage"] == {"G11": 0, "G12": 0, "G13": 0, "G14": 0, "G31": -1}
    assert rates["June", "visited_ever_rate"] == {"G11": 2 / 6, "G12": 1 / 4, "G13": 0, "G14": 0, "G31": -1}
    assert rates["June", "visit_coverage_all"] == {"G11": 0, "G12": 0, "G13": 0, "G14": 0, "G31": -1}
    spring = Filter(date(2026, 4, 1), date(2026, 7, 1), "G13")
    inside = answer(store, "indicator_totals", spring, only=keys).set_index("indicator").loc["visit_coverage"]
    assert inside[["value", "base"]].tolist() == [0, 0]
    assert answer(store, "visits_by_month", spring)["visit_coverage"].tolist() == [0, 0, 0]
    heat = answer(store, "visits_by_region_month", SPRING, level="grid_1").set_index(["place_code", "month"])
    assert heat.loc[("G13", pd.Timestamp("2026-04-01")), "visit_coverage"] == 0
    whole = answer(store, "indicator_totals", april, only=[*keys, "visit_count"]).set_index("indicator")
    assert whole.loc["visit_coverage", ["value", "base"]].tolist() == [2 / 25, 2]
    assert whole.at["visit_count", "value"] == 2


def test_months_and_places(store: Store) -> None:
    months = answer(store, "visits_by_month", SPRING)
    assert months["household_count"].tolist() == [2, 2, 3]
    assert months["is_complete"].tolist() == [True] * 3  # June too, with whose last instant the data end
    assert not answer(store, "visits_by_month", Filter(date(2026, 6, 2), date(2026, 7, 1))).at[0, "is_complete"]
    assert months["visit_coverage"].tolist() == pytest.approx([2 / 10, 2 / 10, 3 / 20])  # R2 begins in June
    heat = answer(store, "visits_by_region_month", SPRING, level="community").set_index(["place_code", "month"])
    june = pd.Timestamp("2026-06-01")
    assert heat.loc[("R1", june), "visit_coverage"] == pytest.approx(1 / 10)
    assert heat.loc[("R2", june), "visit_coverage"] == pytest.approx(2 / 10)
    assert pd.isna(heat.loc[("R2", pd.Timestamp("2026-05-01")), "visit_coverage"])
    assert "R3" not in heat.index.get_level_values(0)


def test_grids_not_reached_are_counted(store: Store) -> None:
    may = answer(store, "visits_by_community", Filter(date(2026, 4, 1), date(2026, 5, 1))).set_index("community_code")
    assert list(may.index) == ["R1"]
    row = may.loc["R1"]
    # In April somebody went to G11; G12 (four households) was never reached by then.
    assert row[["grid_count", "reached_count", "unreached_count", "never_count"]].tolist() == [2, 1, 1, 1]
    assert row["unreached_households"] == 4
    june = answer(store, "visits_by_community", JUNE).set_index("community_code").loc["R1"]
    assert june[["reached_count", "unreached_count", "never_count", "unreached_households"]].tolist() == [1, 1, 0, 6]
    words = findings_visits.gaps(answer(store, "visits_by_community", JUNE))
    assert words == "2 个村社区有走访登记，3 个网格中 1 个期内没有走到（6 户）"


# ---------------------------------------------------------------- look-backs


def test_relapses_with_and_without_a_look_back(county: County) -> None:
    county.region("R1")
    closed = {"region_code": "R1", "subcategory": "漏水", "closed_at": "2026-03-10"}
    for number in range(3):
        county.case(f"A{number}", reported_at="2026-03-01", place_id=f"P{number}", **closed)
    county.case("B", reported_at="2026-03-01", place_id="Q", **closed)
    visit(county, 1, None, "2026-03-20", None, region_code="R1", visit_type="lookback", case_id="A0")
    visit(county, 2, None, "2026-03-21", None, region_code="R1", visit_type="lookback", case_id="A1")
    county.case("again", reported_at="2026-04-01", region_code="R1", subcategory="漏水", place_id="P1")
    county.case("and again", reported_at="2026-04-01", region_code="R1", subcategory="漏水", place_id="Q")
    store = county.store("2026-07-01")
    # 10 March + 90 days is 8 June. Looked back at: A0, A1 of which A1 came back; not: A2, B of which B came back.
    frame = answer(store, "relapses_by_lookback", JUNE)
    assert frame[["is_looked_back", "closed_count", "relapsed_count"]].values.tolist() == [[True, 2, 1], [False, 2, 1]]
    assert findings_visits.lookback(frame).endswith("样本不足，不下结论")
    months = answer(store, "lookbacks_by_month", SPRING)
    assert months["lookback_n"].tolist() == [4, 0, 0]  # 10 March + 30 days is 9 April
    assert months["lookback_rate"].iloc[0] == 0.5
    assert months["relapse_n"].tolist() == [0, 0, 4]


def test_partners_are_counted_where_no_register_of_liaisons_was_imported(county: County, pages: Pages) -> None:
    county.region("R1", level="community")
    county.case(region_code="R1")
    county.insert("partners", partner_id="P1", partner_type="社会组织", region_code="R1")
    county.publish()
    assert "共建组织与队伍" in [figure.label for figure in pages.open("visits").metric]


def test_a_look_back_before_the_rework_is_none_at_what_came_of_it(county: County) -> None:
    county.region("R1")
    again = {"region_code": "R1", "reported_at": "2026-04-01", "first_closed_at": "2026-04-10", "reopen_count": 1}
    for number in ("before", "both", "same day"):
        county.case(number, **again, closed_at="2026-05-10 15:00")
    days = {"before": ["2026-04-20"], "both": ["2026-04-20", "2026-05-20"], "same day": ["2026-05-10"]}
    looks = [(number, day) for number, dates in days.items() for day in dates]
    for visit_number, (number, day) in enumerate(looks):
        visit(county, visit_number, None, day, None, region_code="R1", visit_type="lookback", case_id=number)
    store = county.store("2026-07-01")
    found = store.query("select case_id, looked_back_at::date::varchar as day from cases order by case_id")
    assert found.fillna("").values.tolist() == [["before", ""], ["both", "2026-05-20"], ["same day", "2026-05-10"]]
    rate = totals(store, JUNE).loc["lookback_rate"]
    assert (rate["hit"], rate["base"]) == (2, 3)


def test_cases_closed_before_the_register_began_were_not_passed_over(county: County) -> None:
    county.region("R1")
    for number, closed in enumerate(("2026-03-20", "2026-04-01", "2026-04-02")):
        county.case(f"A{number}", region_code="R1", reported_at="2026-03-01", closed_at=closed)
    visit(county, 1, None, "2026-04-05", None, region_code="R1", visit_type="lookback", case_id="A2")
    frame = answer(county.store("2026-09-01"), "relapses_by_lookback", Filter(date(2026, 6, 1), date(2026, 8, 1)))
    assert frame[["is_looked_back", "closed_count"]].values.tolist() == [[True, 1], [False, 1]]


def test_a_look_back_at_a_case_of_another_community_is_not_ours(county: County) -> None:
    for region in ("R1", "R2"):
        county.region(region)
        county.insert("cases", source=region, case_id="1", category="03", region_code=region,
                      reported_at="2026-05-01", closed_at="2026-05-05")  # fmt: skip
    visit(county, 1, None, "2026-05-10", None, region_code="R1", visit_type="lookback", case_id="1")
    found = county.store("2026-07-01").query("select source from cases where looked_back_at is not null")
    assert found["source"].tolist() == ["R1"]


def test_a_look_back_that_names_the_source_of_its_case_means_that_case_wherever_it_was_made(county: County) -> None:
    for region in ("R1", "R2"):
        county.region(region)
    for source, region in (("a", "R1"), ("b", "R1"), ("a2", "R2")):
        county.insert("cases", source=source, case_id="1", category="03", region_code=region,
                      reported_at="2026-05-01", closed_at="2026-05-05")  # fmt: skip
    visit(county, 1, None, "2026-05-10", None, region_code="R1", visit_type="lookback", case_id="1", case_source="b")
    visit(county, 2, None, "2026-05-11", None, region_code="R1", visit_type="lookback", case_id="1", case_source="a2")
    store = county.store("2026-07-01")

    found = store.query("select source, day(looked_back_at) as day from cases where looked_back_at is not null")
    assert sorted(found.values.tolist()) == [["a2", 11], ["b", 10]]
    registers = store.query("select source from cases where has_lookback order by source")
    assert registers["source"].tolist() == ["a", "a2", "b"], "R1 looks back, and so does R2"


def test_a_visit_must_mean_one_case(county: County) -> None:
    county.region("R1")
    for source in ("a", "b"):
        county.insert("cases", source=source, case_id="1", category="03", region_code="R1", reported_at="2026-05-01")
    seen = {"region_code": "R1", "visit_type": "lookback"}
    visit(county, 1, None, "2026-05-10", None, **seen, case_id="1", case_source="b")
    visit(county, 2, None, "2026-05-10", None, **seen, case_id="1")
    visit(county, 3, None, "2026-05-10", None, **seen, case_id="1", case_source="c")
    visit(county, 4, None, "2026-05-10", None, **seen, case_id="2")
    visit(county, 5, None, "2026-05-10", None, **seen)

    found = county.store("2026-07-01").query(checks.read("visits_with_a_case").sql)
    assert found.to_dict("records") == [
        {"visit_type": "lookback", "row_count": 4, "orphan_count": 2, "double_count": 1, "is_broken": True}
    ]


# ---------------------------------------------------------------- crews


def test_sizes_of_grids_are_judged_by_the_rules(county: County) -> None:
    county.region("R1")
    for number, households in enumerate((199, 200, 299, 300, 500, 501, None)):
        county.grid(f"G{number}", households=households)
    county.grid("M", level=3, households=12)  # a micro grid is not judged
    county.grid("gone", households=10, valid_to="2026-06-01")
    store = county.store("2026-07-01")
    sizes = answer(store, "grid_sizes", JUNE).set_index("grid_id")["size"]
    assert sizes.to_dict() == {
        "G0": "偏小", "G1": "略小", "G2": "略小", "G3": "适当", "G4": "适当", "G5": "偏大",
        "G6": "没有户数", "M": "微网格",
    }  # fmt: skip
    found = totals(store, JUNE)
    assert found.at["standard_grid_share", "value"] == pytest.approx(2 / 6)
    assert found.at["small_grid_share", "value"] == pytest.approx(1 / 6)
    assert found.at["large_grid_share", "value"] == pytest.approx(1 / 6)
    assert found.at["grid_households", "value"] == pytest.approx((199 + 200 + 299 + 300 + 500 + 501 + 12) / 7)


def test_crews_are_counted_once_and_small_counts_are_not_shown(county: County) -> None:
    county.region("R1", households=600)
    for grid in ("G1", "G2", "G3"):
        county.grid(grid)
    for number in range(5):  # five people in two grids each
        county.staff("G1", staff_id=f"S{number}", role="part_time", fte=0.25)
        county.staff("G2", staff_id=f"S{number}", role="part_time", fte=0.25)
    county.staff("G1", staff_id="S0", role="party_home", fte=0)  # and one of them in another post: too few to be shown
    county.staff("G1", staff_id="A1", role="auxiliary", fte=0.1)
    county.staff("G1", staff_id="left", active_to="2026-05-01")
    store = county.store("2026-07-01")
    row = answer(store, "shared_posts", JUNE).iloc[0]
    assert row[["people_count", "post_count", "several_posts_count", "several_grids_count"]].tolist() == [6, 12, 5, 5]
    assert pd.isna(row["several_roles_count"])
    place = answer(store, "team_by_region", JUNE, level="community").iloc[0]
    assert place[["grid_count", "vacant_count", "people_count", "auxiliary_count"]].tolist() == [3, 1, 6, 1]
    assert place["fte"] == pytest.approx(10 * 0.25 + 0.1)
    assert place["households_per_fte"] == pytest.approx(600 / 2.6)
    assert place["households_per_auxiliary"] == 600
    assert totals(store, JUNE).at["staff_count", "value"] == 6


def test_few_members_are_not_shown(county: County) -> None:
    county.region("R1")
    for number, (kind, members) in enumerate(
        (("结对帮扶", 4), ("社会组织", 3), ("社会组织", 2), ("高校", 0), ("队伍", None))
    ):
        county.insert("partners", partner_id=f"P{number}", partner_type=kind, region_code="R1", member_count=members)
    store = county.store("2026-07-01")
    shown = answer(store, "partners_by_type", JUNE).set_index("partner_type")["member_count"]
    assert pd.isna(shown["结对帮扶"])
    assert shown["社会组织"] == 5
    assert shown["高校"] == 0
    rows = answer(store, "rows_of_partners", JUNE, indicator="partner_count", limit=100)
    assert rows["member_count"].dropna().tolist() == [0]


# ---------------------------------------------------------------- points and activities


def test_points_by_hand(county: County) -> None:
    county.region("R1", households=50)
    county.region("R2", households=900)
    entries = (
        ("A", "居民户", "2026-05-01", 20), ("A", "居民户", "2026-06-02", -15), ("B", None, "2026-06-03", 10),
        ("D", "司机", "2026-06-04", 40), ("D", "司机", "2026-06-05", -10),
    )  # fmt: skip
    for number, (account, kind, day, delta) in enumerate(entries):
        county.insert("points", txn_id=f"T{number}", account_hash=account, account_kind=kind, region_code="R1",
                      happened_at=day, reason="志愿服务" if delta > 0 else "兑换", delta=delta)  # fmt: skip
    store = county.store("2026-07-01")
    found = totals(store, JUNE)["value"]
    assert found["points_earned"] == 50
    assert found["points_redeemed"] == 25
    assert found["redemption_rate"] == 0.5
    assert found["points_balance"] == 45  # 20 − 15 + 10 + 40 − 10
    assert found["participating_accounts"] == 3
    # A and B are households, of the fifty of R1; R2 keeps no ledger and does not count.
    assert found["participating_household_rate"] == pytest.approx(2 / 50)
    months = answer(store, "points_by_month", Filter(date(2026, 5, 1), date(2026, 7, 1)))
    assert months[["earned", "redeemed", "points_balance", "new_accounts"]].values.tolist() == [
        [20, 0, 20, 1], [50, 25, 45, 2],
    ]  # fmt: skip
    ledgers = answer(store, "points_by_ledger", JUNE).set_index("account_kind")
    assert ledgers.at["居民户", "participating_household_rate"] == pytest.approx(2 / 50)
    assert pd.isna(ledgers.at["司机", "participating_household_rate"])
    assert ledgers["account_count"].isna().all()  # two and one: too few to be shown
    may = answer(store, "points_by_ledger", Filter(date(2026, 5, 1), date(2026, 6, 1))).set_index("account_kind")
    assert may.at["居民户", "redeeming_count"] == 0  # A redeems in June
    reasons = answer(store, "points_by_reason", JUNE)
    assert reasons.groupby("direction")["share"].sum().tolist() == pytest.approx([1, 1])


def test_the_market_of_the_twentieth(county: County) -> None:
    county.region("R1")
    for number, (planned, held) in enumerate((
        ("2026-04-20", "2026-04-20"), ("2026-05-20", "2026-05-21"), ("2026-06-20", None), (None, "2026-06-25"),
    )):  # fmt: skip
        county.insert("activities", activity_id=f"H{number}", activity_type="集市", region_code="R1",
                      planned_on=planned, held_on=held, attendance=10)  # fmt: skip
    store = county.store("2026-07-01")
    strip = answer(store, "activities_by_month", SPRING)
    assert strip[["planned_count", "kept_count", "missed_count", "unplanned_count"]].values.tolist() == [
        [1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 1],
    ]  # fmt: skip
    assert set(strip["usual_day"]) == {20}
    assert findings_visits.routine(strip) == "集市（每月 20 日） 3 次中 2 次如期"
    found = totals(store, SPRING)["value"]
    assert found["activity_count"] == 3
    assert found["activity_attendance"] == 30
    assert found["activity_kept_rate"] == pytest.approx(2 / 3)


# ---------------------------------------------------------------- 党组织 on 网格


def _party(county: County) -> None:
    """甲 keeps the register (a committee, a branch, two groups), 乙 does not."""
    county.region("C", level="county", name="甲县")
    county.region("T", level="town", parent_code="C", name="云兴镇")
    for code in ("R1", "R2"):
        county.region(code, parent_code="T", name={"R1": "甲社区", "R2": "乙社区"}[code])
    rows = (
        ("P1", "镇党委", 1, None, "T", None, None),
        ("P2", "社区党委", 2, "P1", "R1", None, None),
        ("P3", "小区党支部", 3, "P2", "R1", 31, None),
        ("P4", "党小组", 4, "P3", "R1", 2, None),  # too few to be shown
        ("P5", "党小组", 4, "P9", "R1", None, None),  # its branch is in no register
        ("P6", "党小组", 4, "P3", "R1", None, "2026-07-01"),  # founded as the period ends
        ("P7", "企事业单位党组织", None, None, "R1", 12, None),  # a partner, not on the tree
    )
    for partner, kind, level, parent, region, members, joined in rows:
        county.insert("partners", partner_id=partner, partner_type=kind, party_level=level, parent_id=parent,
                      region_code=region, member_count=members, joined_on=joined)  # fmt: skip
    county.grid("G1", party_id="P3")
    for number, party in ((10, "P4"), (2, "P6"), (3, "P7"), (4, "nobody"), (5, None)):
        county.grid(f"G1{number:02d}", level=2, parent_grid_id="G1", name=f"第{number}小网格", party_id=party)
    county.grid("G199", level=2, parent_grid_id="G1", party_id="P4", valid_to="2026-06-15")  # no longer there
    county.grid("G2", region_code="R2")
    for number, grid in enumerate(["G110"] * 6 + ["G2"]):
        county.staff(grid, staff_id=f"H{number}", role="party_home", fte=0)


def test_party_organisations_of_grids_by_hand(county: County) -> None:
    _party(county)
    store = county.store("2026-07-10")
    total = answer(store, "indicator_totals", JUNE, only=["party_grid_rate", "party_count"]).set_index("indicator")
    assert total.at["party_grid_rate", "hit"] == 1  # only the small grid of P4: the rest has none that is founded
    assert total.at["party_grid_rate", "base"] == 5  # the small grids of 甲社区; 乙社区 never writes it down
    assert total.at["party_count", "base"] == 5
    levels = answer(store, "party_by_level", JUNE).fillna(-1).set_index("party_level")
    columns = ["organisation_count", "member_count", "grid_count", "rootless_count"]
    assert levels[columns].values.tolist() == [
        [1, -1, 0, 0],  # the town: the top has nothing above it
        [1, -1, 0, 0],
        [1, 31, 1, 0],  # its large grid
        [2, -1, 1, 1],
        [6, -1, -1, -1],  # the homes of 甲社区; the one of 乙社区 is no part of a tree
    ]
    places = answer(store, "party_by_community", JUNE)
    assert places.iloc[:, 2:].values.tolist() == [[1, 2, 5, 1, "第2小网格、第3小网格、第4小网格、第5小网格"]]
    assert findings_visits.party(places) == "党组织建在网格上：5 个末级网格中 1 个有党组织对应（20.0%），4 个还没有"
    assert findings_visits.party(places[:0]) == "党组织与网格：没有登记哪个网格对应哪个党组织"
    rows = answer(store, "rows_of_grids", JUNE, indicator="party_grid_rate", part="hit", limit=100)
    assert rows["party"].tolist() == ["党小组 P4"]


def test_too_few_homes_of_members_are_not_counted_out(county: County) -> None:
    _party(county)
    county.con.execute("delete from staff where staff_id > 'H2'")
    levels = answer(county.store("2026-07-10"), "party_by_level", JUNE).set_index("party_level")
    assert math.isnan(levels.at[5, "organisation_count"])


# ---------------------------------------------------------------- 服务品牌


def test_named_services_by_hand(county: County) -> None:
    county.region("R1")
    rows = (
        ("五福", "敬老福", "2026-06-01", 2.0, 12),
        ("五福", "敬老福", "2026-06-30", 1.5, None),
        ("五福", "成长福", "2026-06-05", None, 7),
        ("五福", "成长福", None, 1.0, 9),  # planned, not held
        ("窗帘行动", None, "2026-06-07", 1.0, 3),
        (None, None, "2026-06-08", 1.0, 3),  # under no name
        ("五福", "成长福", "2026-07-01", 1.0, 3),  # after the period
    )
    for number, (brand, line, held, hours, served) in enumerate(rows):
        county.insert("activities", activity_id=str(number), activity_type="服务", region_code="R1", brand=brand,
                      brand_line=line, planned_on="2026-06-01", held_on=held, hours=hours,
                      beneficiary_count=served)  # fmt: skip
    store = county.store("2026-07-10")
    frame = answer(store, "activities_by_brand", JUNE)
    assert frame.drop(columns=["attendance", "last_on"]).fillna(-1).values.tolist() == [
        ["五福", "成长福", 1, -1, 7],
        ["五福", "敬老福", 2, 3.5, 12],
        ["窗帘行动", "不分项", 1, 1.0, 3],
    ]
    assert findings_visits.brands(frame) == "服务品牌：五福 3 场、窗帘行动 1 场"
    assert findings_visits.brands(frame[:0]) == "服务品牌：没有登记品牌的活动"
    rows_behind = answer(store, "rows_of_activities", JUNE, indicator="brand_activity_count", limit=10)
    assert sorted(rows_behind["activity_id"]) == ["0", "1", "2", "4"]


# ---------------------------------------------------------------- 多网合一


def test_grids_made_of_several_by_hand(county: County) -> None:
    county.region("R1")
    county.region("R2")
    for number, kinds in enumerate(("党建、社保、应急", "党建,党建", "党建 / 应急", "、", None)):
        county.grid(f"G{number}", merged_from=kinds)
    county.grid("G8", merged_from="党建、综治", valid_to="2026-06-15")  # no longer there
    county.grid("G9", region_code="R2")  # its community never writes it down
    store = county.store("2026-07-10")
    frame = answer(store, "grids_by_former_kind", JUNE)
    assert frame.values.tolist() == [["党建", 3, 2, 5], ["应急", 2, 2, 5], ["社保", 1, 2, 5]]
    assert findings_visits.former_kinds(frame) == (
        "多网合一：5 个末级网格中 2 个由两类以上原有网格合并；并入的有党建 3、应急 2、社保 1"
    )
    total = answer(store, "indicator_totals", JUNE, only=["merged_grid_rate"]).iloc[0]
    assert (total["hit"], total["base"]) == (2, 5)
    rows = answer(store, "rows_of_grids", JUNE, indicator="merged_grid_rate", part="hit", limit=9)
    assert sorted(rows["grid_id"]) == ["G0", "G2"]
