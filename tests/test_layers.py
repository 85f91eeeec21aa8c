"""What lies around the map: layers, boundary states, lists and comparisons, each counted by hand."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
import shapely

from governance import surroundings
from governance.access import Principal
from governance.filters import Filter
from governance.indicators import INDICATORS
from governance.queries import answer
from governance.store import Store, open_store
from tests.factory import County

WHOLE = Filter(date(2026, 4, 1), date(2026, 7, 1))  # ends with the data: 2026-07-01 00:00
LATE = {"due_at": "2026-06-26"}  # five days overdue at the end


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """C – T1, T2; T1 – R1 (grids G1, G2), R2; T2 – R3 without a grid. Positions near 112.00, 37.00."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(tmp_path_factory.mktemp("layers")))
        county = County()
        county.region("C", level="county", name="某县")
        for town in ("T1", "T2"):
            county.region(town, level="town", parent_code="C", name=f"{town}镇")
        for code, town in (("R1", "T1"), ("R2", "T1"), ("R3", "T2")):
            county.region(code, parent_code=town, name=f"{code}社区")
        county.grid("G1", households=300)
        county.grid("G2", households=500)
        county.insert("estates", estate_id="E1", region_code="R2", name="和苑")
        _cases(county)
        _things(county)
        for code, shape in (
            ("T1", shapely.box(112, 37, 112.1, 37.1)),
            ("T2", shapely.box(112.1, 37, 112.2, 37.1)),
            ("X9", shapely.box(113, 37, 113.1, 37.1)),
        ):
            county.insert("boundaries", place_code=code, geometry=shapely.to_geojson(shape), approval_number="GS1")
        county.publish()
        yield county.store()


def _cases(county: County) -> None:
    # Overdue: three in the square from 112.000 to 112.002, two in the next one, two without a position, one nowhere.
    for lon in (112.0001, 112.0011, 112.0019, 112.0021, 112.0030):
        county.case(region_code="R1", grid_id="G1", lon=lon, lat=37.0001, subcategory="照明", **LATE)
    county.case(region_code="R1", grid_id="G2", due_at="2026-06-21")
    county.case(region_code="R3", **LATE)
    county.case(**LATE)
    # Not overdue: due later, closed, invalid.
    county.case(region_code="R1", grid_id="G1", due_at="2026-07-02", title="待修", unit_id="U1")
    county.case(region_code="R1", grid_id="G1", due_at="2026-06-20", closed_at="2026-06-25")
    county.case(region_code="R1", grid_id="G1", due_at="2026-06-20", invalid_reason="test")
    # The same matter at place P1, on the first instant of the 90 days (2026-04-02), just before it, and on two more
    # days; one is closed, one confidential, one of another matter.
    for day in ("2026-04-02", "2026-05-01", "2026-06-20"):
        closed = "2026-06-30" if day == "2026-05-01" else None
        county.case(
            region_code="R2", place_id="P1", category="04", subcategory="垃圾", reported_at=day, closed_at=closed
        )
    county.case(region_code="R2", place_id="P1", category="04", subcategory="垃圾", reported_at="2026-04-01 23:59")
    county.case(region_code="R2", place_id="P1", category="04", subcategory="垃圾", is_confidential=True)
    county.case(region_code="R2", place_id="P1", category="04", subcategory="异味")
    # Another community numbers a place P1 too: two cases there are no cluster, and are not added to the three.
    for _ in range(2):
        county.case(region_code="R3", place_id="P1", category="04", subcategory="垃圾")
    # In the estate E1, without a number of the place: three, and one of another category.
    for category in ("05", "05", "05", "06"):
        county.case(region_code="R2", estate_id="E1", category=category, subcategory="漏水", reported_at="2026-06-10")


def _things(county: County) -> None:
    for kind, region, opened in (
        ("食堂", "R1", None), ("食堂", "R1", "2026-06-30"), ("驿站", "R1", None), ("驿站", "R3", None),
        ("驿站", "R3", "2026-07-01"), ("中心", "T1", None),
    ):  # fmt: skip
        number = county.con.execute("select count(*) from facilities").fetchone()
        assert number
        county.insert("facilities", facility_id=f"F{number[0]}", facility_type=kind, region_code=region,
                      opened_on=opened, service_count=10)  # fmt: skip
    for point, grid, online in (("1", "G1", True), ("2", "G1", False), ("3", "G2", True), ("4", None, True)):
        county.insert("video_points", point_id=point, system="s", region_code="R1", grid_id=grid, is_online=online,
                      lon=112.0, lat=37.0)  # fmt: skip
    # Anna works in both grids; one leaves on the last day, one has left, one comes later.
    for staff_id, grid, role, fte, start, end in (
        ("anna", "G1", "full_time", 0.5, None, None), ("anna", "G2", "full_time", 0.5, None, None),
        ("bo", "G1", "full_time", 1, "2025-01-01", "2026-07-01"), ("cy", "G1", "auxiliary", 0.1, None, "2026-06-30"),
        ("di", "G1", "auxiliary", 0.1, "2026-07-01", None), ("ed", "G1", "auxiliary", 0.1, None, None),
    ):  # fmt: skip
        county.staff(grid, staff_id=staff_id, role=role, fte=fte, active_from=start, active_to=end)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    return [tuple(row) for row in frame[list(columns)].itertuples(index=False)]


# ---------------------------------------------------------------- overdue


def test_overdue_cases_are_squares_of_three_or_places(store: Store) -> None:
    found = answer(store, "overdue_by_cell", WHOLE, level="town")
    # T1 has an outline: 3 in one square; the rest of T1 is 2 in a square with too few and 1 without a position. R3 of
    # T2 adds 1. The case without a place stands nowhere: 3 + 3 + 1 = 7 of the 8 that are overdue.
    assert rows(found, "kind", "place_code", "overdue_count") == [
        ("地点", "T1", 3), ("方格", "G1", 3), ("地点", "T2", 1)]  # fmt: skip
    assert rows(found[found["kind"] == "方格"], "lon", "lat") == [(112.001, 37.001)]
    assert list(found["oldest_days"]) == [10, 5, 5]


def test_no_square_stands_on_an_outline_that_is_only_schematic(store: Store) -> None:
    found = answer(store, "overdue_by_cell", WHOLE, level="grid_1")
    assert rows(found, "kind", "place_code", "overdue_count") == [
        ("地点", "G1", 5), ("地点", "G2", 1), ("地点", "R3", 1)]  # fmt: skip
    inside = answer(store, "overdue_by_cell", Filter(WHOLE.start, WHOLE.stop, "G2"), level="grid_1")
    assert rows(inside, "kind", "place_code", "overdue_count") == [("地点", "G2", 1)]


@pytest.mark.parametrize("level", ["town", "grid_1"])
def test_no_position_of_a_case_leaves_the_layers(level: str, store: Store) -> None:
    exact = set(store.query("select lon from cases where lon is not null")["lon"])
    for name in surroundings.LAYER_QUERIES.values():
        assert not set(answer(store, name, WHOLE, level=level)["lon"]) & exact


def test_a_leader_gets_the_same_layers_without_exact_positions(store: Store) -> None:
    leader = open_store(Principal("someone", "leader", None), store.snapshot)
    for name in (*surroundings.LAYER_QUERIES.values(), "open_cases", "crew_by_role", "boundary_gaps"):
        pd.testing.assert_frame_equal(
            answer(leader, name, WHOLE, level="grid_1"), answer(store, name, WHOLE, level="grid_1")
        )


# ---------------------------------------------------------------- repeats


def test_repeats_are_one_matter_three_times_at_one_place_within_90_days(store: Store) -> None:
    found = answer(store, "repeat_clusters", WHOLE)
    # P1 of R2: three (the fourth is a minute too old, the fifth confidential, the sixth another matter), one closed;
    # the square: the three lamps of G1; the estate: three leaks, the one of another category apart.
    assert set(rows(found, "place", "basis", "subcategory", "case_count", "open_count")) == {
        ("某县 T1镇 R2社区", "地点", "垃圾", 3, 2),
        ("某县 T1镇 R1社区 G1", "方格", "照明", 3, 3),
        ("某县 T1镇 R2社区 和苑", "小区", "漏水", 3, 3),
    }
    waste = found[found["subcategory"] == "垃圾"].iloc[0]
    assert (waste["first_on"].date(), waste["last_on"].date()) == (date(2026, 4, 2), date(2026, 6, 20))
    assert list(found["number"]) == [1, 2, 3]


def test_repeats_end_with_the_period(store: Store) -> None:
    found = answer(store, "repeat_clusters", Filter(date(2026, 4, 1), date(2026, 6, 20)))
    # On 2026-06-20 the case of that day has not come; from 2026-03-22 on the old one counts: again three.
    assert rows(found[found["subcategory"] == "垃圾"], "case_count", "open_count") == [(3, 3)]
    inside = answer(store, "repeat_clusters", Filter(WHOLE.start, WHOLE.stop, "T2"))
    assert inside.empty
    assert len(answer(store, "repeat_clusters", Filter(WHOLE.start, WHOLE.stop, category=("05",)))) == 1


# ---------------------------------------------------------------- services and video points


def test_services_are_added_up_where_they_belong(store: Store) -> None:
    by_community = answer(store, "service_points", WHOLE, level="community")
    # R1 has two canteens and a station; R3 one station (the other opens after the period); the centre is the town's.
    assert rows(by_community, "place_code", "facility_count", "types", "service_count") == [
        ("R1", 3, "食堂 2、驿站 1", 30), ("R3", 1, "驿站 1", 10), ("T1", 1, "中心 1", 10)]  # fmt: skip
    by_town = answer(store, "service_points", WHOLE, level="town")
    assert rows(by_town, "place_code", "facility_count", "types") == [
        ("T1", 4, "食堂 2、中心 1、驿站 1"), ("T2", 1, "驿站 1")]  # fmt: skip


def test_video_points_are_counted_by_grid(store: Store) -> None:
    by_grid = answer(store, "video_points", WHOLE, level="grid_1")
    assert rows(by_grid, "place_code", "installed_count", "online_count", "online_share") == [
        ("G1", 2, 1, 0.5), ("G2", 1, 1, 1.0), ("R1", 1, 1, 1.0)]  # fmt: skip
    by_county = answer(store, "video_points", WHOLE, level="county")
    assert rows(by_county, "place_code", "installed_count", "online_share") == [("C", 4, 0.75)]


def test_every_symbol_of_a_place_stands_inside_it(store: Store) -> None:
    outlines = store.query("select place_code, geometry from boundaries").set_index("place_code")["geometry"]
    for name in ("service_points", "video_points"):
        for row in answer(store, name, WHOLE, level="grid_1").itertuples():
            assert shapely.from_geojson(outlines[row.place_code]).contains(shapely.Point(row.lon, row.lat))


@pytest.mark.parametrize("layer", surroundings.LAYERS)
def test_marks_are_sums_with_words(layer: str, store: Store) -> None:
    frame = answer(store, surroundings.LAYER_QUERIES[layer], WHOLE, level="town")
    found = surroundings.marks(layer, frame)
    assert list(found.columns) == ["lon", "lat", "count", "words"]
    counted = {"overdue": 7, "repeat": 9, "service": 5, "video": 4}[layer]
    assert found["count"].sum() == counted
    assert not found.duplicated(["lon", "lat"]).any()
    assert surroundings.marks(layer, frame.iloc[:0]).empty
    expected = {
        "overdue": "某县 T1镇 R1社区 G1附近：超期 3 件，最久 5.0 天",
        "repeat": "某县 T1镇 R1社区 G1：照明 3 件，06-01 至 06-01，在办 3 件",
        "service": "某县 T1镇：食堂 2、中心 1、驿站 1",
        "video": "某县 T1镇：安装 4 个，在线 3 个（75.0%）",
    }
    assert expected[layer] in list(found["words"])


# ---------------------------------------------------------------- boundaries


def test_outlines_and_data_are_held_against_each_other(store: Store) -> None:
    found = answer(store, "boundary_gaps", WHOLE).set_index("place_code")
    # Every case with a place lies in T1 but three (R3, in T2). Only T1 and T2 have outlines of their own; X9 is nobody.
    assert found["state"].to_dict() == {
        "C": "有数据没有边界（示意）", "T1": "有边界有数据", "T2": "有边界有数据", "R1": "有数据没有边界（示意）",
        "R2": "有数据没有边界（示意）", "R3": "有数据没有边界（示意）", "G1": "有数据没有边界（示意）",
        "G2": "有数据没有边界（示意）", "X9": "边界对不上地点",
    }  # fmt: skip
    assert found.at["T2", "case_count"] == 3
    assert set(found["approval_number"].dropna()) == {"GS1"}
    inside = answer(store, "boundary_gaps", Filter(WHOLE.start, WHOLE.stop, "T2"))
    assert set(inside["place_code"]) == {"T2", "R3"}
    sentence = surroundings.boundaries(found.reset_index())
    assert sentence == "2 个地点有自己的边界，6 个按示意图画出，对不上地点的边界 1 个，有数据没有边界的 6 个"


def test_the_report_of_an_import_says_the_same(county: County) -> None:
    from governance.boundaries import coverage

    county.region("C", level="county", name="某县")
    county.region("T1", level="town", parent_code="C")
    county.region("T2", level="town", parent_code="C")
    county.case(region_code="T1")
    for code in ("T2", "0C"):
        county.insert("boundaries", place_code=code, geometry=shapely.to_geojson(shapely.box(112, 37, 113, 38)))
    found = coverage(county.ready())
    assert (found.given, found.schematic, found.orphans) == (1, 2, ("0C",))
    assert (found.idle, found.bare) == (("某县 T2",), ("某县", "某县 T1"))


# ---------------------------------------------------------------- lists and crews


def test_open_cases_the_longest_overdue_first_without_what_is_secret(county: County) -> None:
    county.region("R1", level="community", name="东社区")
    county.case("late", region_code="R1", due_at="2026-06-21", title="路灯")
    county.case("very late", region_code="R1", due_at="2026-06-11", title="=1+1", is_confidential=True)
    county.case("soon", region_code="R1", due_at="2026-07-02", category="01", subcategory="邻里", title="甲与乙")
    county.case("later", region_code="R1", due_at="2026-07-03", category="01")
    county.case("never", region_code=None, title="无期限")
    county.case("closed", region_code="R1", due_at="2026-06-01", closed_at="2026-06-30")
    found = answer(county.store(), "open_cases", WHOLE)
    assert rows(found, "case_id", "state", "title", "place") == [
        ("very late", "已超期", "（保密工单）", "东社区"), ("late", "已超期", "路灯", "东社区"),
        ("soon", "48 小时内到期", "邻里", "东社区"), ("later", "未到期", "矛盾纠纷", "东社区"),
        ("never", "没有期限", "无期限", "未落格")]  # fmt: skip
    assert list(found["overdue_days"].dropna()) == [20, 10]


def test_crews_are_numbers(store: Store) -> None:
    # Full time: Anna once although in two grids, Bo until the end: fte 0.5 + 0.5 + 1. Auxiliary: Ed alone.
    found = answer(store, "crew_by_role", WHOLE)
    assert rows(found, "role", "people_count", "fte", "grid_count") == [
        ("full_time", 2, 2.0, 2), ("auxiliary", 1, pytest.approx(0.1), 1)]  # fmt: skip
    inside = answer(store, "crew_by_role", Filter(WHOLE.start, WHOLE.stop, "G2"))
    assert rows(inside, "role", "people_count", "fte") == [("full_time", 1, 0.5)]
    grids = answer(store, "workload_by_grid", WHOLE)
    assert surroundings.crew(found, grids) == "2 个末级网格，折算人力 2.1，都有在岗人员"
    assert surroundings.households(grids) == {
        "户数": "800 户", "每网格户数（中位）": "400 户", "每万户折算人力": "26.3",
        "没有在岗人员的网格": "0 个"}  # fmt: skip


def test_how_large_a_place_is(county: County) -> None:
    county.region("C", level="county", name="某县", area_km2=1200)
    county.region("D", level="county", name="邻县", households=90_000, population=200_000)
    for code, households, residents, area in (("R1", 800, 2000, 3.8), ("R2", 400, 1001, None)):
        county.region(code, parent_code="C", households=households, population=residents, area_km2=area)
    for grid, level, since, until in (
        ("G1", 1, None, None), ("G11", 2, None, None), ("G111", 3, None, "2026-07-01"),
        ("G112", 3, None, "2026-05-01"), ("G113", 3, "2026-07-01", None), ("G114", 3, "2026-06-30", None),
    ):  # fmt: skip
        county.grid(grid, level=level, region_code="R1", valid_from=since, valid_to=until, households=300)
    for estate, region in (("E1", "R1"), ("E2", "R1"), ("E3", "R2")):
        county.insert("estates", estate_id=estate, region_code=region, name=estate)
    store = county.store("2026-07-01")

    def profile(region: str | None) -> str:
        return surroundings.profile(answer(store, "place_profile", Filter(WHOLE.start, WHOLE.stop, region)).iloc[0])

    # G112 ended in May, G113 begins with the next period.
    assert profile("R1") == "1 个村社区、2 个小区、1 个大网格、1 个小网格、2 个微网格、800 户、2,000 人、3.8 平方公里"
    assert profile("C") == (
        "2 个村社区、3 个小区、1 个大网格、1 个小网格、2 个微网格、1,200 户、3,001 人、1,200 平方公里"
    )
    assert profile("G1") == "1 个大网格、300 户"
    assert profile(None).endswith("91,200 户、203,001 人")  # nobody registered the area of D
    assert profile("R9") == ""


# ---------------------------------------------------------------- standing


def siblings(*values: tuple[str, float | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["place_code", "value", "base"])
    return frame.assign(name=[f"{code}镇" for code in frame["place_code"]]).astype({"value": float})


def test_a_place_is_ranked_among_those_with_enough_cases() -> None:
    rate = INDICATORS["on_time_rate"]
    few = max(rate.minimum - 1, 1)
    frame = siblings(("A", 0.9, 100), ("B", 0.7, 100), ("C", 0.8, 100), ("D", 0.1, few), ("E", None, 0))
    found = surroundings.standing(frame, rate, "C", ("全县", 0.85), "town")
    assert found.sentence == "C镇按期办结率 80.0%，低于全县的 85.0%，3 个乡镇街道中由低到高第 2"
    assert rows(found.rows, "place_code", "look") == [("B", "other"), ("C", "chosen"), ("A", "other"), ("D", "few")]


def test_a_place_with_few_cases_is_shown_but_not_ranked() -> None:
    rate = INDICATORS["on_time_rate"]
    frame = siblings(("A", 0.9, 100), ("D", 0.1, 3))
    found = surroundings.standing(frame, rate, "D", ("全县", 0.85), "town")
    assert found.sentence == "D镇按期办结率 10.0%，样本不足（n=3），不参与比较"
    assert rows(found.rows, "place_code", "look") == [("A", "other"), ("D", "few")]
    nothing = surroundings.standing(siblings(("A", 0.9, 100), ("E", None, 0)), rate, "E", ("全县", None), "town")
    assert nothing.sentence == "E镇按期办结率 —，没有可比的数据"


def test_a_count_is_held_against_the_mean_of_its_like() -> None:
    count = INDICATORS["overdue_count"]
    found = surroundings.standing(siblings(("A", 9, 9), ("B", 3, 3), ("C", 0, 0)), count, "A", ("全县", 12), "town")
    assert (found.reference, found.reference_name) == (4.0, "同级平均")
    assert found.sentence.startswith("A镇超期在办 9 件，高于同级平均的 4 件，3 个乡镇街道中由高到低第 1")


def test_a_place_among_many_is_always_shown() -> None:
    frame = siblings(*((f"P{number:02}", number / 100, 1000) for number in range(60)))
    for region in ("P00", "P30", "P59"):
        found = surroundings.standing(frame, INDICATORS["on_time_rate"], region, ("全县", 0.5), "grid_1").rows
        assert len(found) == 12
        assert list(found.loc[found["look"] == "chosen", "place_code"]) == [region]


def test_titles_say_what_is_there() -> None:
    totals = pd.DataFrame({"indicator": ["backlog", "overdue_count"], "base": [1200, 3]})
    assert surroundings.waiting(totals) == "在办 1,200 件，超期 3 件"
    assert surroundings.waiting(totals.assign(base=[5, 0])) == "在办 5 件，没有超期"
    assert surroundings.waiting(totals.assign(base=[0, 0])) == "没有在办案件"
    clusters = pd.DataFrame({"case_count": [3, 4], "open_count": [0, 2]})
    assert surroundings.repeats(clusters) == "近 90 天 2 处重复诉求，1 处还有在办"
    assert surroundings.repeats(clusters.head(1)) == "近 90 天 1 处重复诉求，都已办结"
    assert surroundings.repeats(clusters.head(0)) == "近 90 天没有重复诉求"


# ---------------------------------------------------------------- names


def test_places_of_one_name_are_told_apart(county: County) -> None:
    county.region("C", level="county", name="某县")
    for town in ("T1", "T2"):
        county.region(town, level="town", parent_code="C", name=f"{town}镇")
    for code, town, name in (("R1", "T1", "上庄村"), ("R2", "T2", "上庄村"), ("R3", "T2", "北庄村")):
        county.region(code, parent_code=town, name=name)
    for grid, community in (("G1", "R1"), ("G2", "R2")):
        county.grid(grid, region_code=community, name="第1网格")
    here = county.store()

    def names(name: str, level: str, region: str | None = None) -> list[str]:
        return sorted(set(answer(here, name, Filter(WHOLE.start, WHOLE.stop, region), level=level)["name"]))

    both = ["T1镇 上庄村", "T2镇 上庄村", "北庄村"]
    assert names("indicators_by_region", "community") == both
    assert names("hazards_by_region", "community") == names("team_by_region", "community") == both
    assert names("team_by_region", "community", "T2") == ["上庄村", "北庄村"]  # within one town nothing is doubtful
    assert names("team_by_region", "grid_1") == ["T1镇 第1网格", "T2镇 第1网格"]
