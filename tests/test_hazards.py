"""安全隐患: coverage, density, places that return, projects before and after, each worked out by hand."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from governance.filters import Filter
from governance.findings import tracks as findings_tracks
from governance.queries import answer
from tests.factory import County

JUNE = Filter(date(2026, 6, 1), date(2026, 7, 1))


def estate(county: County, name: str, region: str) -> None:
    county.insert("estates", estate_id=name, region_code=region, name=name)


def inspect(county: County, estate_id: str, *days: str) -> None:
    for day in days:
        county.insert("inspections", inspection_id=f"{estate_id} {day}", estate_id=estate_id, inspected_on=day)


def hazard(county: County, reported: str | datetime, **columns: object) -> None:
    county.case(**{"category": "02", "reported_at": reported, **columns})  # type: ignore[arg-type]


def test_titles_of_hazards() -> None:
    types = pd.DataFrame({"hazard_type": ["危墙", "飞线充电", None], "hazard_count": [1, 6, 3]})
    assert findings_tracks.hazard_types(types) == "飞线充电查出最多：6 处，占 60%"
    assert findings_tracks.hazard_types(types.head(0)) == "各类隐患"
    places = pd.DataFrame({"name": ["甲镇", "乙镇"], "per_1000_households": [1.25, 43.64]})
    assert findings_tracks.hazard_places(places, "乡镇街道") == "每千户隐患乙镇最多：43.6 处"
    assert findings_tracks.hazard_places(places.head(1), "乡镇街道") == "各乡镇街道隐患密度与小区排查覆盖"


def test_coverage_asks_only_counties_that_keep_a_register(county: County) -> None:
    for code in ("C1", "C2"):
        county.region(code, level="county")
        county.region(f"{code}-V", parent_code=code, households=500)
    for name, region in (("A", "C1-V"), ("B", "C1-V"), ("C", "C1-V"), ("D", "C2-V")):
        estate(county, name, region)
    inspect(county, "A", "2026-06-01", "2026-06-30")
    inspect(county, "B", "2026-05-31")  # the day before the period
    hazard(county, "2026-06-10", region_code="C1-V", estate_id="A")
    hazard(county, "2026-06-10", region_code="C1-V", estate_id="A")
    hazard(county, "2026-06-10", region_code="C1-V")
    hazard(county, "2026-06-10", region_code="C2-V", invalid_reason="test")
    store = county.store("2026-07-01")
    keys = ["inspection_coverage", "inspected_estates", "inspection_count"]
    totals = answer(store, "indicator_totals", JUNE, only=keys).set_index("indicator")
    assert totals.loc["inspection_coverage", ["hit", "base"]].tolist() == [1, 3]  # D lies where nobody keeps a register
    assert totals.at["inspected_estates", "value"] == 1
    assert totals.at["inspection_count", "value"] == 2
    rows = answer(store, "hazards_by_region", JUNE, level="county").set_index("place_code")
    first = rows.loc["C1"]
    assert (first["hazard_count"], first["households"], first["in_estate_count"]) == (3, 500, 2)  # of its communities
    assert first["per_1000_households"] == 6
    assert first["per_estate"] == pytest.approx(2 / 3)
    assert first["coverage_rate"] == pytest.approx(1 / 3)
    second = rows.loc["C2"]
    assert (second["hazard_count"], second["per_1000_households"]) == (0, 0)
    assert second.isna()["coverage_rate"]
    missed = answer(store, "rows_of_estates", JUNE, indicator="inspection_coverage", part="miss")
    assert missed[["estate_id", "inspection_count"]].values.tolist() == [["B", 0], ["C", 0]]
    rounds = answer(store, "rows_of_inspections", JUNE, indicator="inspection_count")
    assert rounds["estate"].tolist() == ["A", "A"]


def test_a_spot_returns_within_90_days_with_the_same_hazard(county: County) -> None:
    county.region("R1", name="甲社区")
    estate(county, "A", "R1")
    at = {"region_code": "R1", "estate_id": "A"}
    # Numbers of cases go the other way: what counts is when they were found.
    hazard(county, "2026-03-12 10:00", subcategory="飞线充电", place_id="P1", case_id="z", **at)  # before the period
    hazard(county, "2026-06-10 10:00", subcategory="飞线充电", place_id="P1", case_id="y", **at)  # 90 days later
    hazard(county, "2026-06-20 10:00", subcategory="飞线充电", place_id="P1", case_id="x", **at)  # and again
    hazard(county, "2026-03-12 10:00", subcategory="飞线充电", place_id="P2", **at)
    hazard(county, "2026-06-10 10:01", subcategory="飞线充电", place_id="P2", **at)  # a minute too late
    hazard(county, "2026-06-11 10:00", subcategory="楼道堆物", place_id="P1", **at)  # another matter
    hazard(county, "2026-06-12 10:00", subcategory="飞线充电", **at)  # nobody knows where: never a return
    hazard(county, "2026-06-13 10:00", subcategory="飞线充电", **at)
    hazard(county, "2026-06-14 10:00", subcategory="飞线充电", place_id="P3", invalid_reason="test", **at)
    hazard(county, "2026-06-15 10:00", subcategory="飞线充电", place_id="P3", **at)  # after what was none
    hazard(county, "2026-06-16 10:00", subcategory="飞线充电", place_id="P1", source="other", **at)  # a P1 of its own
    frame = answer(county.store("2026-07-01"), "hazards_returning", JUNE)
    counts = ["hazard_count", "returned_count", "spot_count", "most_at_one_spot"]
    assert frame[["estate", "hazard_type", *counts]].values.tolist() == [["A", "飞线充电", 7, 2, 1, 3]]


def test_what_returns_most_comes_first(county: County) -> None:
    county.region("R1", name="甲社区")
    estate(county, "A", "R1")
    estate(county, "B", "R1")
    for day, spot, more in (
        ("2026-06-01", "P1", {"closed_at": "2026-06-02"}),
        ("2026-06-10", "P1", {}),
        ("2026-06-20", "P1", {"closed_at": "2026-07-01"}),  # still open at the end of June
    ):
        hazard(county, day, subcategory="飞线充电", place_id=spot, region_code="R1", estate_id="A", **more)
    spots = {"05-31": "Q1", "06-12": "Q1", "06-13": "Q2", "06-14": "Q3", "06-15": "Q4", "06-16": "Q5"}
    for day, spot in spots.items():
        at = {"region_code": "R1", "estate_id": "B", "place_id": spot}
        hazard(county, f"2026-{day}", subcategory="杂物", case_id=day, **at)
        rectified = "2026-06-13" if day == "06-12" else None
        if day != "06-16":  # its kind by the register of hazards
            county.insert("hazards", source="test", case_id=day, hazard_type="楼道堆物", rectified_at=rectified)
    frame = answer(county.store("2026-07-01"), "hazards_returning", JUNE)
    counts = ["hazard_count", "returned_count", "spot_count", "open_count"]
    assert frame[["estate", "hazard_type", *counts]].values.tolist() == [
        ["A", "飞线充电", 3, 2, 1, 2],
        ["B", "楼道堆物", 4, 1, 1, 3],  # 12 June rectified; 16 June has no register: another kind
    ]
    assert frame["last_on"].dt.strftime("%m-%d").tolist() == ["06-20", "06-15"]


def test_found_rectified_and_rechecked_stand_apart(county: County) -> None:
    for name, reported, rectified, rechecked in (
        ("a", "2026-06-05", "2026-06-06", "2026-06-07"),
        ("b", "2026-05-05", "2026-06-06", None),  # found in May, rectified in June
        ("c", "2026-05-05", "2026-05-06", "2026-06-07"),  # rechecked in June
        ("d", "2026-06-05", None, None),
    ):
        hazard(county, reported, case_id=name, due_at="2026-06-20", closed_at=rectified)
        county.insert(
            "hazards", source="test", case_id=name, hazard_type="危墙", severity="major", rectified_at=rectified,
            rechecked_at=rechecked, is_recheck_passed=None if rechecked is None else name == "a",
        )  # fmt: skip
    hazard(county, "2026-06-05", subcategory="危墙", closed_at="2026-06-06")  # closed, nobody says whether rectified
    store = county.store("2026-07-01")
    row = answer(store, "hazards_by_type", JUNE).set_index("hazard_type").loc["危墙"]
    assert row[["hazard_count", "rectified_count", "rechecked_count"]].tolist() == [3, 2, 2]
    assert row[["judged_count", "on_time_count"]].tolist() == [3, 2]  # a and b in time; d due and not rectified
    assert row[["concluded_count", "passed_count", "open_count", "closed_only_count"]].tolist() == [2, 1, 1, 1]
    ages = answer(store, "hazards_open_by_age", JUNE)
    assert ages[ages["open_count"] > 0][["severity", "age", "open_count", "overdue_count"]].values.tolist() == [
        ["major", "8–30 天", 1, 1]
    ]


def project(county: County, name: str, **columns: object) -> None:
    standard = {"project_type": "充电设施", "region_code": "R1", "started_on": "2026-01-01", "done_on": "2026-01-31"}
    county.insert("projects", project_id=name, name=name, **standard | columns)


def test_before_and_after_a_project_by_hand(county: County) -> None:
    county.region("R1", name="甲社区")
    county.region("R2", name="乙社区")
    estate(county, "A", "R1")
    project(county, "shed")
    project(county, "shed of A", estate_id="A")
    project(county, "early", started_on="2026-05-01", done_on="2026-06-01")
    project(county, "unknown kind", project_type="文化活动")
    project(county, "not done", done_on=None)
    first, last = datetime(2026, 1, 1), datetime(2026, 1, 31)
    quarter, second = timedelta(days=90), timedelta(seconds=1)
    year = timedelta(days=365)
    for moment in (
        first - quarter, first - second,  # before: both ends of the 90 days
        first - quarter - second, first, last - second,  # too early; while it was built
        last, last + quarter - second,  # after
        last + quarter,  # too late
        first - quarter - year, last - year,  # last year
    ):  # fmt: skip
        hazard(county, moment, subcategory="飞线充电", region_code="R1")
    hazard(county, last, subcategory="电动车充电", region_code="R1", estate_id="A")
    hazard(county, last, subcategory="楼道堆物", region_code="R1", estate_id="A")  # another matter
    hazard(county, last, subcategory="飞线充电", region_code="R2")  # elsewhere
    hazard(county, last, subcategory="飞线充电", region_code="R1", invalid_reason="merged")
    hazard(county, "2024-01-01", region_code="R2")  # so that last year is covered
    frame = answer(county.store("2026-07-01"), "projects_before_after", JUNE).set_index("project_id")
    counts = ["before_count", "after_count", "control_before_count", "control_after_count"]
    assert set(frame.index) == {"shed", "shed of A", "early"}
    assert frame.loc["shed", counts].tolist() == [2, 3, 1, 1]
    assert frame.loc["shed of A", counts].tolist() == [0, 1, 0, 0]
    assert frame["is_over"].to_dict() == {"early": False, "shed": True, "shed of A": True}
    assert frame["is_controlled"].all()
    assert findings_tracks.effect(frame.loc["early"]).kind == findings_tracks.EARLY
    assert findings_tracks.effect(frame.loc["shed"]).kind == findings_tracks.FEW


@pytest.mark.parametrize(
    ("counts", "kind", "words"),
    [
        ((50, 9, 40, 98), findings_tracks.CLEAR, "减少 93%"),  # (9/50)/(98/40) = 0.0735
        ((10, 30, 20, 20), findings_tracks.CLEAR, "增加 200%"),
        ((10, 10, 10, 10), findings_tracks.UNCLEAR, "看不出变化"),
        ((10, 9, 40, 40), findings_tracks.FEW, "样本不足"),  # 19 in all
        ((50, 9, 10, 9), findings_tracks.FEW, "样本不足"),  # 19 for the control
        ((20, 0, 30, 30), findings_tracks.CLEAR, "减少 100%"),
    ],
)
def test_no_claim_on_few_cases(counts: tuple[int, ...], kind: str, words: str, county: County) -> None:
    names = ("before_count", "after_count", "control_before_count", "control_after_count")
    row = dict(zip(names, counts, strict=True)) | {"is_over": True, "is_controlled": True}
    found = findings_tracks.effect(pd.Series(row))
    assert found.kind == kind
    assert words in found.sentence
    alone = findings_tracks.effect(pd.Series(row | {"is_controlled": False}))
    assert alone.contrast is None
    assert "不下结论" in alone.sentence
