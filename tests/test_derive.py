"""What a publish adds to the data: places with their paths, and the columns the indicators are written in."""

from datetime import datetime

import duckdb
import pytest

from governance.snapshots.schema import derive
from tests.factory import County

AS_OF = "2026-07-10"
PATH = ("county_code", "town_code", "community_code", "grid_1", "grid_2", "grid_3")


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return con.execute(sql).fetchall()


def places(con: duckdb.DuckDBPyConnection) -> dict[str, tuple]:
    sql = f"select place_code, level, parent_code, full_name, is_registered, {', '.join(PATH)} from places"
    return {row[0]: row[1:] for row in rows(con, sql)}


def cases(con: duckdb.DuckDBPyConnection, *columns: str) -> dict[str, tuple]:
    return {row[0]: row[1:] for row in rows(con, f"select case_id, {', '.join(columns)} from cases")}


def column(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, object]:
    return {case_id: values[0] for case_id, values in cases(con, name).items()}


@pytest.fixture
def whole(county: County) -> County:
    """One place of every level: city, county, town, community, and three levels of grids."""
    county.region("14", level="city", name="某市")
    county.region("C", level="county", name="某县", parent_code="14")
    county.region("T", level="town", name="某镇", parent_code="C")
    county.region("V", name="某村", parent_code="T")
    county.grid("V1", name="大网格", region_code="V", households=300, residents=900)
    county.grid("V11", name="小网格", level=2, region_code="V", parent_grid_id="V1")
    county.grid("V111", name="微网格", level=3, region_code="V", parent_grid_id="V11")
    return county


def test_a_place_knows_its_whole_path(whole: County) -> None:
    found = places(whole.ready(AS_OF))
    assert found["V111"] == (
        "grid_3", "V11", "某县 某镇 某村 大网格 小网格 微网格", True, "C", "T", "V", "V1", "V11", "V111",
    )  # fmt: skip
    assert found["T"] == ("town", "C", "某县 某镇", True, "C", "T", None, None, None, None)
    assert found["C"] == ("county", None, "某县", True, "C", None, None, None, None, None)  # the city is above the data
    assert "14" not in found


def test_codes_that_no_register_knows_stay_visible(whole: County) -> None:
    whole.case("known", grid_id="V11")
    whole.case("grid", region_code="V", grid_id="V9")  # a new grid of a known community
    whole.case("region", region_code="X")
    whole.case("both", region_code="X", grid_id="X1")
    whole.case("nowhere")
    con = whole.ready(AS_OF)
    found = places(con)
    assert found["V9"] == ("grid_1", "V", "某县 某镇 某村 V9", False, "C", "T", "V", "V9", None, None)
    assert found["X"] == ("community", None, "X", False, None, None, "X", None, None, None)
    assert found["X1"] == ("grid_1", "X", "X X1", False, None, None, "X", "X1", None, None)
    assert cases(con, "place_code", *PATH) == {
        "known": ("V11", "C", "T", "V", "V1", "V11", None),
        "grid": ("V9", "C", "T", "V", "V9", None, None),
        "region": ("X", None, None, "X", None, None, None),
        "both": ("X1", None, None, "X", "X1", None, None),
        "nowhere": (None, None, None, None, None, None, None),
    }


def test_a_case_at_a_level_above_the_data_is_not_lost(whole: County) -> None:
    whole.case("city", region_code="14")
    whole.case("town", region_code="T")
    assert cases(whole.ready(AS_OF), "place_code", "county_code", "town_code", "community_code") == {
        "city": ("14", None, None, None),
        "town": ("T", "C", "T", None),
    }


def test_the_grid_decides_where_a_case_lies(whole: County) -> None:
    whole.region("W", name="另一村", parent_code="T")
    whole.case("moved", region_code="W", grid_id="V1")
    assert column(whole.ready(AS_OF), "community_code") == {"moved": "V"}


def test_no_case_is_dropped_or_doubled(whole: County) -> None:
    # The same number in two sources, with steps and repeats for both.
    for source in ("甲", "乙"):
        for number in ("1", "2"):
            whole.case(number, source=source, grid_id="V111", reporter_hash="A", place_id="P")
            for seq, step in enumerate(("defer", "resume", "defer", "resume"), 1):
                whole.insert(
                    "case_steps", source=source, case_id=number, cycle=1, seq=seq, step=step,
                    happened_at=f"2026-06-0{seq} 12:00",
                )  # fmt: skip
    con = whole.ready(AS_OF)
    assert rows(con, "select count(*), count(distinct (source, case_id)) from cases") == [(4, 4)]
    assert rows(con, "select count(*), count(distinct place_code) from places") == [(6, 6)]
    assert rows(con, "select distinct paused_hours from cases") == [(48,)]


def test_deriving_twice_changes_nothing(whole: County) -> None:
    whole.case("a", grid_id="V11", reporter_hash="A", closed_at="2026-06-02", rating=5)
    whole.case("b", reporter_hash="A", reported_at="2026-06-03", invalid_reason="withdrawn")
    con = whole.ready(AS_OF)
    first = rows(con, "select * from cases order by all"), rows(con, "select * from places order by all")
    derive(con, datetime.fromisoformat(AS_OF))
    assert (rows(con, "select * from cases order by all"), rows(con, "select * from places order by all")) == first


def test_an_empty_county_derives(county: County) -> None:
    con = county.ready(AS_OF)
    assert rows(con, "select count(*) from cases") == rows(con, "select count(*) from places") == [(0,)]


def test_tracks_are_three_and_every_case_has_one(county: County) -> None:
    for category in ("01", "02", "03", "99"):
        county.case(category, category=category)
    assert column(county.ready(AS_OF), "track") == {"01": "dispute", "02": "hazard", "03": "service", "99": "service"}


def test_the_deadline_that_judges(county: County) -> None:
    due = {"original_due_at": "2026-06-10", "due_at": "2026-06-20"}
    county.case("extended", **due)  # granted more time
    county.case("reopened", **due, reopen_count=1)  # the original one
    county.case("reopened, no original", due_at="2026-06-20", reopen_count=1)
    county.case("reopened never", **due, reopen_count=0)
    county.case("none")
    found = {name: value and str(value)[:10] for name, value in column(county.ready(AS_OF), "judged_due_at").items()}
    assert found == {
        "extended": "2026-06-20",
        "reopened": "2026-06-10",
        "reopened, no original": "2026-06-20",
        "reopened never": "2026-06-20",
        "none": None,
    }


def test_a_case_is_judged_once_when_it_is_settled(county: County) -> None:
    county.case("in time", due_at="2026-06-20", closed_at="2026-06-05")
    county.case("late", due_at="2026-06-20", closed_at="2026-06-25")
    county.case("open, due", due_at="2026-06-20")
    county.case("open, due with the data end", due_at="2026-07-10 00:00:00")
    county.case("open, not due", due_at="2026-07-10 00:00:01")
    county.case("no deadline", closed_at="2026-06-05")
    found = {name: value and str(value)[:10] for name, value in column(county.ready(AS_OF), "judged_at").items()}
    assert found == {
        "in time": "2026-06-05",
        "late": "2026-06-20",
        "open, due": "2026-06-20",
        "open, due with the data end": "2026-07-10",
        "open, not due": None,
        "no deadline": "2026-06-05",
    }


def test_a_rating_or_an_answer_without_its_time_takes_the_nearest(county: County) -> None:
    closed = {"closed_at": "2026-06-05"}
    county.case("rated", rating=5, rated_at="2026-06-08", visited_at="2026-06-07", **closed)
    county.case("rated when visited", rating=5, visited_at="2026-06-07", **closed)
    county.case("rated when closed", rating=5, **closed)
    county.case("not rated", **closed)
    county.case("answered when closed", outcome_visit="solved", **closed)
    found = {
        name: tuple(value and str(value)[8:10] for value in values)
        for name, values in cases(county.ready(AS_OF), "rated_at", "visited_at").items()
    }
    assert found == {
        "rated": ("08", "07"),
        "rated when visited": ("07", "07"),
        "rated when closed": ("05", None),
        "not rated": (None, None),
        "answered when closed": (None, "05"),
    }


def test_times_in_the_wrong_order_are_marked(county: County) -> None:
    county.case("fine", first_response_at="2026-06-01 10:00", closed_at="2026-06-02")
    county.case("closed in the same second", closed_at="2026-06-01 09:00:00")
    county.case("closed before", closed_at="2026-06-01 08:59:59")
    county.case("first closed before", first_closed_at="2026-05-31", closed_at="2026-06-02")
    county.case("answered a minute before", first_response_at="2026-06-01 08:59:00")
    county.case("answered long before", first_response_at="2026-06-01 08:58:59")
    county.case("accepted long before", accepted_at="2026-05-31")
    found = column(county.ready(AS_OF), "is_time_ordered")
    assert {name for name, is_ordered in found.items() if is_ordered} == {
        "fine", "closed in the same second", "answered a minute before",
    }  # fmt: skip


def pause(county: County, case_id: str, *steps: tuple[str, str]) -> None:
    for seq, (step, moment) in enumerate(steps, 1):
        county.insert("case_steps", source="test", case_id=case_id, cycle=1, seq=seq, step=step, happened_at=moment)


def test_pauses_add_up(county: County) -> None:
    for name in ("none", "one", "two", "still", "said twice", "resumed only"):
        county.case(name)
    pause(county, "one", ("defer", "2026-06-02"), ("handle", "2026-06-03"), ("resume", "2026-06-04"))
    pause(county, "two", ("defer", "2026-06-02"), ("resume", "2026-06-03"), ("defer", "2026-06-05"),
          ("resume", "2026-06-06"))  # fmt: skip
    pause(county, "still", ("defer", "2026-07-09"))
    pause(county, "said twice", ("defer", "2026-06-02"), ("defer", "2026-06-03"), ("resume", "2026-06-04"))
    pause(county, "resumed only", ("resume", "2026-06-02"))
    assert column(county.ready(AS_OF), "paused_hours") == {
        "none": 0, "one": 48, "two": 48, "still": 24, "said twice": 48, "resumed only": 0,
    }  # fmt: skip


def test_a_pause_ends_when_the_case_is_closed(county: County) -> None:
    # Nobody registers 缓办结束 for a case that is simply closed; the data end must not shorten what it took.
    county.case("closed while paused", closed_at="2026-06-04")
    pause(county, "closed while paused", ("defer", "2026-06-02"))
    assert column(county.ready(AS_OF), "paused_hours") == {"closed while paused": 48}


def test_repeats_look_back_over_everything_that_was_imported(county: County) -> None:
    county.case("first", reporter_hash="A", reported_at="2026-01-01", grid_id="G1")
    county.case("other grid", reporter_hash="A", reported_at="2026-02-01", grid_id="G2", source="another")
    county.case("chain", reporter_hash="A", reported_at="2026-05-02")  # 90 days after the second
    county.case("late", reporter_hash="A", reported_at="2026-08-01 00:00")  # 91 days after the third
    assert column(county.ready("2026-09-01"), "is_repeat") == {
        "first": False, "other grid": True, "chain": True, "late": False,
    }  # fmt: skip


def test_of_simultaneous_cases_exactly_one_is_the_first(county: County) -> None:
    # Two systems, one person, one moment, one matter: 乙 sorts before 甲, and within a system the smaller number.
    for source, case_id in (("乙", "1"), ("甲", "3"), ("甲", "2")):
        county.case(case_id, source=source, reporter_hash="A", place_id="P", reported_at="2026-06-01 09:00")
    county.case("4", source="甲", reporter_hash="B", place_id="P", reported_at="2026-06-01 09:00")  # of the same place
    county.case("5", source="甲", reporter_hash="C", place_id="Q", reported_at="2026-06-01 09:00")  # nothing in common
    assert rows(county.ready(AS_OF), "select source, case_id from cases where not is_repeat order by all") == [
        ("乙", "1"), ("甲", "5"),
    ]  # fmt: skip


def test_an_invalid_case_between_hides_no_repeat(county: County) -> None:
    county.case("first", reporter_hash="A", reported_at="2026-06-01")
    county.case("test", reporter_hash="A", reported_at="2026-06-02", invalid_reason="test")
    county.case("again", reporter_hash="A", reported_at="2026-06-03")
    assert column(county.ready(AS_OF), "is_repeat") == {"first": False, "test": False, "again": True}


def test_a_number_of_a_place_means_nothing_to_another_source(county: County) -> None:
    county.case("first", source="甲", place_id="1号楼", reported_at="2026-06-01", closed_at="2026-06-02")
    county.case("elsewhere", source="乙", place_id="1号楼", reported_at="2026-06-10", closed_at="2026-06-11")
    county.case("again", source="甲", place_id="1号楼", reported_at="2026-06-20")
    con = county.ready(AS_OF)
    assert column(con, "is_repeat") == {"first": False, "elsewhere": False, "again": True}
    assert column(con, "relapsed_at") == {"first": datetime(2026, 6, 20), "elsewhere": None, "again": None}


def test_people_counted_by_month_stand_above_a_register_without_a_date(whole: County) -> None:
    whole.region("W", name="另一村", parent_code="T", population=700, households=200)
    for code, month, residents, households in (
        ("V", "2026-05-01", 4000, 1500),
        ("V", "2026-07-01", 4200, None),  # the month of the cut-off; its households are those of May
        ("V", "2026-08-01", 9999, 9999),  # has not come yet
        ("V1", "2026-06-01", 880, 310),
        ("elsewhere", "2026-06-01", 5, 5),
    ):
        whole.insert("population", region_code=code, month=month, residents=residents, households=households)
    con = whole.ready(AS_OF)
    assert rows(con, "select place_code, residents, households from places order by place_code") == [
        ("C", 4900, 1700),  # of its communities, where neither a count nor a register says
        ("T", 4900, 1700),
        ("V", 4200, 1500),
        ("V1", 880, 310),
        ("V11", None, None),
        ("V111", None, None),
        ("W", 700, 200),
    ]
    derive(con, datetime(2026, 5, 1))  # the data end before May has begun: nobody has counted
    assert rows(con, "select residents, households from places where place_code = 'V'") == [(None, None)]


def test_an_unknown_grid_moves_no_case_to_another_community(county: County) -> None:
    county.region("X", level="county", name="县")
    county.region("A", level="community", name="甲村", parent_code="X")
    county.region("B", level="community", name="乙村", parent_code="X")
    county.case("1", region_code="A", grid_id="G9")
    county.case("2", region_code="B", grid_id="G9")
    county.case("3", region_code="B", grid_id="G8")

    con = county.ready()

    found = con.execute("select case_id, community_code, grid_1 from cases order by case_id").fetchall()
    assert found == [("1", "A", None), ("2", "B", None), ("3", "B", "G8")]
    assert con.execute("select place_code from places where not is_registered").fetchall() == [("G8",)]


def test_a_case_closed_before_it_was_reported_does_not_follow_itself(county: County) -> None:
    county.case("reversed", reported_at="2026-05-02 09:00", closed_at="2026-05-02 08:00", reporter_hash="a")
    county.case("first", reported_at="2026-05-02 09:00", closed_at="2026-05-03 08:00", reporter_hash="b")
    county.case("again", reported_at="2026-05-04 09:00", reporter_hash="b")
    con = county.ready("2026-07-01")
    found = con.execute("select case_id from cases where relapsed_at is not null").fetchall()
    assert found == [("first",)]


def test_a_household_number_is_one_household_within_its_community_only(county: County) -> None:
    for community in ("R1", "R2"):
        county.region(community, households=10)
        county.insert(
            "visits", visit_id=f"V{community}", region_code=community, visited_at="2026-05-02 09:00",
            visit_type="home", household_hash="H1",
        )  # fmt: skip
    con = county.ready("2026-07-01")
    assert con.execute("select count(*) from visits where is_first_ever and is_first_in_month").fetchone() == (2,)


def test_a_case_deferred_by_its_status_is_deferred(county: County) -> None:
    county.case("status", status="deferred")
    county.case("flag", status="processing", is_deferred=True)
    county.case("said no", status="deferred", is_deferred=False)
    county.case("neither", status="processing")
    con = county.ready("2026-07-01")
    found = con.execute("select case_id from cases where is_deferred order by all").fetchall()
    assert found == [("flag",), ("status",)]


def test_names_stand_in_the_order_of_their_numbers(county: County) -> None:
    con = county.ready("2026-07-01")
    names = ["第10单元", "第2单元", "甲10号院2区", "甲10号院10区", "甲9号院", "第2单元", None]
    assert con.execute("select in_natural_order(?::varchar[])", [names]).fetchone() == (
        "甲9号院、甲10号院2区、甲10号院10区、第2单元、第10单元",
    )
    long = "9" * 30
    assert con.execute("select by_number(?) < by_number(?)", ["1" + long, "2" + long]).fetchone() == (True,)
