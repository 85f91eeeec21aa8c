"""代办与平台, 五办, 包联 and the effect of councils: queries against counts by hand; their sentences."""

import math
import random
from datetime import date, datetime, timedelta
from statistics import median

import pandas as pd
import pytest

from governance import contrasts
from governance.filters import Filter
from governance.findings import services as findings
from governance.queries import answer
from tests.factory import County

JUNE = Filter(date(2026, 6, 1), date(2026, 7, 1))


def test_errands_by_hand(county: County) -> None:
    county.case(errand="home", closed_at="2026-06-01 11:00", rating=5)
    county.case(errand="home", closed_at="2026-06-01 13:00", rating=2)
    county.case(errand="home")  # not done yet
    county.case(
        errand="insurance", reported_at="2026-05-10 09:00", closed_at="2026-05-10 10:00"
    )  # in the period before
    county.case(errand="home", closed_at="2026-06-02", invalid_reason="test")
    county.case(closed_at="2026-06-02")
    frame = answer(county.store(), "errands_by_type", JUNE)
    assert frame.iloc[0].tolist() == ["home", 3, 2, 0, 3.0, 2, 0.5]
    assert frame.iloc[1, :4].tolist() == ["insurance", 0, 0, 1]
    assert findings.errands(frame) == "代办 2 件，上门代办最多：2 件"
    assert findings.errands(frame[1:]) == findings.errands(frame[:0]) == "没有办结的代办"


def test_platforms_by_hand(county: County) -> None:
    for number in range(3):
        county.case(platform="请您反映", response_due_at="2026-06-01 10:00",
                    first_response_at="2026-06-01 09:30" if number else "2026-06-01 11:00")  # fmt: skip
    county.case(platform="一米阳光", source="another")
    county.case(platform="一米阳光", source="another", reported_at="2026-05-20")
    county.case(channel="09")
    frame = answer(county.store(), "cases_by_platform", JUNE).set_index("platform")
    assert frame[["case_count", "case_share", "previous_count"]].values.tolist() == [[3, 0.75, 0], [1, 0.25, 1]]
    assert frame.at["请您反映", "response_rate"] == pytest.approx(2 / 3)
    assert findings.platforms(frame.reset_index()) == "2 个平台，请您反映受理 3 件，占 75.0%"
    assert findings.platforms(frame[:0]) == "没有来自有名称的平台的案件"


def test_a_source_without_the_column_has_no_number(county: County) -> None:
    county.case("a", category="02", closed_at="2026-06-05", rating=5, rated_at="2026-06-06")
    county.insert("hazards", source="test", case_id="a", hazard_type="飞线充电", rectified_at="2026-06-05")
    keys = ["recheck_rate", "default_rating_share", "errand_share", "platform_share"]
    silent = answer(county.store(), "indicator_totals", JUNE, only=keys).set_index("indicator")
    assert silent["value"].isna().all()
    assert (silent["base"] == 0).all()
    # Another source writes all of it down: it has numbers, and the first one still counts for nothing.
    county.case("b", source="other", category="02", closed_at="2026-06-05", rating=5, rated_at="2026-06-06",
                is_rating_default=False, platform="一米阳光")  # fmt: skip
    county.case("c", source="other", category="03", closed_at="2026-06-05", errand="home")
    for case, rechecked in (("b", None), ("d", "2026-06-08")):
        county.insert("hazards", source="other", case_id=case, hazard_type="飞线充电", rectified_at="2026-06-05",
                      rechecked_at=rechecked)  # fmt: skip
    county.case("d", source="other", category="02", closed_at="2026-06-05")
    told = answer(county.store("2026-07-02"), "indicator_totals", JUNE, only=keys).set_index("indicator")
    assert told.loc[keys, ["value", "base"]].values.tolist() == [[0.5, 2], [0, 1], [1, 1], [pytest.approx(1 / 3), 3]]


def test_five_ways_by_hand(county: County) -> None:
    county.region("R1")
    for number, (handling, done) in enumerate(
        (("help", "2026-06-11"), ("lead", "2026-06-05"), ("lead", "2026-06-15"), ("lead", None), (None, "2026-06-05"))
    ):
        county.insert("list_items", item_id=str(number), list_type="需求", region_code="R1", topic=f"题{number}",
                      handling=handling, created_on="2026-06-01", done_on=done)  # fmt: skip
    frame = answer(county.store(), "lists_by_handling", JUNE)
    assert frame.iloc[0].tolist() == ["lead", 3, 2, pytest.approx(2 / 3), 9.0, "题1、题2、题3"]
    assert frame.iloc[1].tolist() == ["help", 1, 1, 1.0, 10.0, "题0"]
    assert findings.handlings(frame) == "五办：4 项明确了怎么办，办成 3 项"


def test_liaisons_by_hand(county: County) -> None:
    county.region("C", level="county", name="甲县")
    county.region("D", level="county", name="乙县")  # keeps no such register
    for code, parent in (("R1", "C"), ("R2", "C"), ("R3", "C"), ("R4", "D")):
        county.region(code, parent_code=parent, name=code)
        for name in ("10号院", "2号院"):
            county.insert("estates", estate_id=f"{code}{name}", region_code=code, name=name)
    county.insert("units", unit_id="U1", name="住建局")
    rows = (
        ("R1", None, "U1", None), ("R1", "R12号院", "U10", None), ("R2", "R22号院", "U2", None),
        ("R2", "R210号院", "U2", "2026-06-30"), ("R1", None, "U9", "2026-01-01"),
    )  # fmt: skip
    for number, (region, estate, unit, ends) in enumerate(rows):
        county.insert("liaisons", liaison_id=str(number), region_code=region, estate_id=estate, unit_id=unit,
                      active_to=ends)  # fmt: skip
    store = county.store()
    frame = answer(store, "liaisons_by_community", JUNE)
    assert frame.fillna("").iloc[:, 2:].values.tolist() == [
        [2, 2, 2, "", "U10、住建局"],  # the whole community
        [1, 2, 1, "10号院", "U2"],
        [0, 2, 0, "2号院、10号院", ""],
    ]
    assert findings.liaisons(frame) == "包联：3 个村社区中 1 个还没有包联单位，6 个小区中 3 个没有"
    total = answer(store, "indicator_totals", JUNE, only=["liaison_rate"]).iloc[0]
    assert (total["hit"], total["base"]) == (3, 6)
    assert answer(store, "liaisons_by_community", Filter(JUNE.start, JUNE.stop, "D")).empty


def test_before_a_register_begins_nobody_knows(county: County) -> None:
    county.region("C", level="county")
    county.region("R1", parent_code="C")
    for number in "12":
        county.insert("estates", estate_id=f"E{number}", region_code="R1", name=f"{number}号院")
    county.insert("liaisons", liaison_id="1", region_code="R1", estate_id="E1", unit_id="U1", active_from="2026-06-10")
    county.insert("inspections", inspection_id="1", estate_id="E2", inspected_on="2026-06-11")
    store = county.store()
    for filter, expected in ((JUNE, (1, 2)), (Filter(date(2026, 5, 1), date(2026, 6, 1)), (0, 0))):
        found = answer(store, "indicator_totals", filter, only=["liaison_rate", "inspection_coverage"])
        assert found[["hit", "base"]].apply(tuple, axis=1).tolist() == [expected] * 2
        assert len(answer(store, "liaisons_by_community", filter)) == bool(expected[1])


# ---------------------------------------------------------------- before and after


def test_before_and_after_a_council_by_hand(county: County) -> None:
    county.region("R1", name="和济社区")
    meeting = {"meeting_type": "五方会谈", "region_code": "R1"}
    county.insert("meetings", meeting_id="1", planned_on="2025-07-19", **meeting)  # began in July 2025
    county.insert("meetings", meeting_id="2", held_on="2025-08-01", **meeting)

    def case(reported: str, hours: float | None, **columns: object) -> None:
        began = datetime.fromisoformat(reported)
        closed = began + timedelta(hours=hours) if hours is not None else None
        row = {"region_code": "R1", "channel": "15", "reported_at": began, "closed_at": closed, **columns}
        county.case(None, **row)

    for number in range(24):
        case(f"2024-{7 + number % 6:02d}-10", 10 + number)  # median 21.5
        case(f"2025-{7 + number % 6:02d}-10", 1 + number)  # median 12.5
    case("2024-06-30 23:59", 500)  # more than a year before
    case("2024-07-01", 22)  # and one of the first day: the median of 25 is 22
    case("2026-07-01", 500)  # more than a year after
    case("2026-06-30", None)  # still open
    case("2025-08-01", 500, channel="09")  # not through a council
    case("2025-08-01", 500, invalid_reason="test")
    case("2025-08-01", -3)  # a fault of a time
    frame = answer(county.store("2026-07-10"), "councils_before_after", Filter(date(2026, 6, 1), date(2026, 7, 10)))
    row = frame.iloc[0]
    assert len(frame) == 1
    assert row[["before_count", "before_median", "after_count", "after_median", "after_open"]].tolist() == [
        25, 22.0, 24, 12.5, 1,
    ]  # fmt: skip
    assert row["began_on"] == pd.Timestamp("2025-07-01")
    found = contrasts.improvement(row["after_hours"], row["before_hours"])
    assert found is not None
    assert found.value == pytest.approx(1 - 12.5 / 22)
    # Six of 25 values or fewer lie below the median with 0.73 %, seven with 2.2 %: the bounds are the seventh from
    # each end, 16 and 27 hours; of 24 likewise the seventh: 7 and 18.
    assert (found.low, found.high) == (pytest.approx(1 - 18 / 16), pytest.approx(1 - 7 / 27))
    assert findings.effect(next(frame.itertuples()))[0] is False  # the interval holds 0
    before = answer(county.store("2026-07-11"), "councils_before_after", Filter(date(2024, 6, 1), date(2025, 7, 1)))
    assert before.empty  # not begun yet


def test_the_interval_of_a_median_holds_as_often_as_it_says() -> None:
    chance = random.Random(5)
    held = 0
    for _ in range(400):
        before = sorted(chance.expovariate(1) for _ in range(40))
        after = sorted(chance.expovariate(2.5) for _ in range(35))
        found = contrasts.improvement(after, before)
        assert found is not None
        held += found.low <= 0.6 <= found.high
        assert found.value == pytest.approx(1 - median(after) / median(before))
    assert held >= 0.95 * 400


def test_few_values_bound_no_median() -> None:
    assert contrasts.improvement([], [1.0]) is None
    assert contrasts.improvement([1.0], [0.0]) is None
    few = contrasts.improvement([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    assert few is not None
    assert (few.value, few.low, few.high) == (0.5, -math.inf, 1.0)
    # All of six lie on one side of their median with (1/2)**6 = 1.6 %, more than 1.25 %; of seven with 0.8 %.
    six = contrasts.improvement([1, 2, 3, 4, 5, 6], [2, 4, 6, 8, 10, 12])
    seven = contrasts.improvement([1, 2, 3, 4, 5, 6, 7], [2, 4, 6, 8, 10, 12, 14])
    assert six is not None and seven is not None
    assert (six.value, six.low, six.high) == (0.5, -math.inf, 1.0)
    assert (seven.value, seven.low, seven.high) == (0.5, 1 - 7 / 2, 1 - 1 / 14)
    many = contrasts.improvement([1.0] * 5000, [2.0] * 5000)
    assert many is not None
    assert (many.low, many.high) == (0.5, 0.5)


# ---------------------------------------------------------------- 次日计划


def test_plans_by_hand(county: County) -> None:
    county.region("R1")
    rows = (
        ("走访", "2026-06-10", "2026-06-11", "2026-06-11"),
        ("走访", "2026-06-11", "2026-06-11", "2026-06-11"),  # written down on the day itself
        ("走访", "2026-06-10", "2026-06-11", "2026-06-15"),  # four days late
        ("走访", "2026-06-10", "2026-06-11", "2026-06-13"),  # two days late
        (" ", "2026-06-29", "2026-06-30", None),
        ("走访", "2026-06-30", "2026-07-01", "2026-07-01"),  # the next period
    )
    for number, (topic, made, planned, done) in enumerate(rows):
        county.insert("plans", plan_id=str(number), region_code="R1", topic=topic, made_on=made, planned_on=planned,
                      done_on=done)  # fmt: skip
    store = county.store("2026-07-10")
    frame = answer(store, "plans_by_topic", JUNE)
    assert frame.fillna(-1).values.tolist() == [["走访", 4, 3, 2, 2, 0, 3.0], ["未分类", 1, 1, 0, 0, 1, -1]]
    totals = answer(store, "indicator_totals", JUNE, only=["plan_kept_rate", "plan_ahead_rate", "plan_open_count"])
    assert totals.set_index("indicator").loc[["plan_kept_rate", "plan_ahead_rate"], "value"].tolist() == [0.4, 0.8]
    assert findings.plans(frame, totals) == (
        "次日计划 5 件，当天办成 2 件（40.0%）、过后办成 2 件；期末还有 1 件没有办成"
    )
    assert findings.plans(frame[:0], totals) == "次日计划：没有到日子的事项"
    missed = answer(store, "rows_of_plans", JUNE, indicator="plan_kept_rate", part="miss", limit=10)
    assert missed["plan_id"].tolist() == ["4", "2", "3"]


def test_a_plan_for_the_day_the_data_end_is_not_judged_yet(county: County) -> None:
    county.region("R1")
    county.insert("plans", plan_id="1", region_code="R1", made_on="2026-06-29", planned_on="2026-06-30")
    assert answer(county.store("2026-06-30 18:00"), "plans_by_topic", JUNE).empty
    assert len(answer(county.store("2026-07-01"), "plans_by_topic", JUNE)) == 1
