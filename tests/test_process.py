"""流程时效 and 时限承诺: queries against counts by hand and by a second, simple program; their sentences."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

import pandas as pd
import pytest

from governance.charts.process import spell
from governance.filters import Filter
from governance.findings import process as findings_process
from governance.queries import answer
from governance.store import Store
from tests.factory import County
from tests.promises import promise

AS_OF = datetime(2026, 7, 10)
JUNE = Filter(date(2026, 6, 1), date(2026, 7, 1))
SEVEN = ("find", "whistle", "report_in", "consult", "handle", "feedback", "rate")
DETOURS = ("transfer", "return", "reopen")
ORDER = ("find", "return", "transfer", *SEVEN[1:], "reopen")  # of one moment
Row = dict[str, object]


def log(county: County, case: str, *steps: tuple[str, str] | tuple[str, str, str | None], cycle: int = 1) -> None:
    """Write steps of a case: (step, time) or (step, time, unit)."""
    for seq, (step, happened_at, *unit) in enumerate(steps, 1):
        county.insert(
            "case_steps", source="test", case_id=case, cycle=cycle, seq=seq, step=step, happened_at=happened_at,
            unit_id=unit[0] if unit else None,
        )  # fmt: skip


# ---------------------------------------------------------------- by hand


def test_the_seven_steps_by_hand(county: County) -> None:
    at = "2026-06-02 {}:00".format
    closed = {"closed_at": "2026-06-05", "reported_at": "2026-06-02 08:00"}
    log(
        county,
        county.case("all", need_whistle=True, **closed),
        ("whistle", at("09")),
        ("report_in", at("11")),
        ("consult", at("15")),
        ("handle", at("23")),
        ("feedback", "2026-06-03"),
        ("rate", "2026-06-03 08:00"),
    )
    log(county, county.case("short", need_whistle=False, **closed), ("handle", at("12")), ("feedback", at("14")))
    log(county, county.case("gap", need_whistle=True, **closed), ("report_in", at("10")), ("handle", at("20")))
    log(county, county.case("open", need_whistle=True, reported_at=at("08")), ("whistle", at("10")))
    log(county, county.case("test", invalid_reason="test", **closed), ("handle", at("09")))
    county.case("no log", **closed)
    frame = answer(county.store(AS_OF.isoformat()), "process_by_step", JUNE).set_index("step")
    counts = ["case_count", "reached_count", "skipped_count", "missing_count", "pending_count"]
    assert {step: list(row) for step, row in frame[counts].iterrows()} == {
        "find": [4, 4, 0, 0, 0],
        "whistle": [4, 2, 1, 1, 0],  # all, open; short by rule; gap has come without
        "report_in": [4, 2, 1, 0, 1],  # all, gap; short by rule; open not yet
        "consult": [4, 1, 1, 1, 1],
        "handle": [4, 3, 0, 0, 1],
        "feedback": [4, 2, 0, 1, 1],
        "rate": [4, 1, 0, 2, 1],
    }
    # Into 吹哨: 1 h and 2 h. 报到: 2 h (gap has no 吹哨 to count from). 会商: 4. 办理: 8 from 会商, 4 from 发现.
    # 反馈: 1 h and 2 h. 评价: 8 h. All together 3 + 2 + 4 + 12 + 3 + 8 = 32 hours.
    assert frame["timed_count"].to_dict() == {
        "find": 0, "whistle": 2, "report_in": 1, "consult": 1, "handle": 2, "feedback": 2, "rate": 1,
    }  # fmt: skip
    assert frame["median_hours"].drop("find").tolist() == [1.5, 2, 4, 6, 1.5, 8]
    assert frame.at["handle", "p90_hours"] == pytest.approx(4 + 0.9 * 4)
    assert frame["time_share"].drop("find").tolist() == pytest.approx([3 / 32, 2 / 32, 4 / 32, 12 / 32, 3 / 32, 8 / 32])
    places = pd.DataFrame({"step": ["handle", "consult", "handle"], "timed_count": [10, 10, 9]})
    places["median_hours"], names = [5.0, 60.0, 99.0], pd.Series(["甲镇", "乙镇", "丙镇"])
    assert findings_process.longest(places, names, 10, "") == "乙镇的会商最久：中位 2.5 天"  # nine are too few
    assert findings_process.longest(places.head(1), names, 10, "各镇") == "各镇"
    assert findings_process.slowest(frame.reset_index()) == "时间主要花在办理：占总用时 37.5%，中位 6.0 小时"
    assert findings_process.reached(frame.reset_index()) == (
        "民事7步：吹哨缺得最多，该走的 3 件中 1 件（33.3%）没有记录"
    )


def test_whistles_by_hand(county: County, data: Path) -> None:
    promise(data)
    county.insert("units", unit_id="U1", name="住建局", unit_type="县直部门")
    county.case("two units", unit_id="U0")
    log(county, "two units", ("whistle", "2026-06-02 09:00", "U1"), ("whistle", "2026-06-02 09:00", "U2"),
        ("whistle", "2026-06-02 20:00", "U1"), ("report_in", "2026-06-03 09:00", "U1"),
        ("report_in", "2026-06-03 09:01", "U2"))  # fmt: skip
    county.case("its own unit", unit_id="U1")
    log(county, "its own unit", ("report_in", "2026-06-01 10:00"), ("whistle", "2026-06-02 09:00"))
    county.case("again", unit_id="U1", reopen_count=1)
    log(county, "again", ("whistle", "2026-06-05 09:00", "U1"), ("report_in", "2026-06-05 12:00"))
    log(county, "again", ("whistle", "2026-06-20 09:00", "U1"), cycle=2)
    county.case("in July", unit_id="U1")
    log(county, "in July", ("whistle", "2026-07-01 00:00"))
    county.case("invalid", unit_id="U1", invalid_reason="test")
    log(county, "invalid", ("whistle", "2026-06-02 09:00"))
    frame = answer(county.store("2026-07-10"), "whistles_by_unit", JUNE).set_index("unit_id")
    # U1: 24 h to the minute (in time, though called twice); never (its report came before the call); 3 h; never.
    wanted = ["whistle_count", "due_count", "in_time_count", "late_count", "absent_count"]
    assert frame.loc["U1", wanted].tolist() == [4, 4, 2, 0, 2]
    assert frame.at["U1", "report_in_rate"] == 0.5
    assert frame.at["U1", "median_hours"] == (24 + 3) / 2
    assert frame.loc["U2", wanted].tolist() == [1, 1, 0, 1, 0]
    assert frame["unit"].to_dict() == {"U1": "住建局", "U2": "U2"}
    assert list(frame.index) == ["U1", "U2"]


def test_the_five_orders_by_hand(county: County, data: Path) -> None:
    promise(data)
    order = {"channel": "02", "reported_at": "2026-06-02 08:00"}
    county.case("all", **order, closed_at="2026-06-03", rating=5, rated_at="2026-06-03 08:00")
    log(county, "all", ("dispatch", "2026-06-02 09:00"), ("sign", "2026-06-02 10:00"), ("lookup", "2026-06-02 12:00"))
    county.case("default", **order, closed_at="2026-06-03", rating=5, is_rating_default=True)
    log(county, "default", ("dispatch", "2026-06-02 11:00"), ("handle", "2026-06-02 20:00"))
    county.case("open", **order)
    log(county, "open", ("dispatch", "2026-06-02 09:00"))
    county.case("by telephone", channel="09")
    log(county, "by telephone", ("dispatch", "2026-06-02 09:00"))
    frame = answer(county.store("2026-07-10"), "orders_by_step", JUNE).set_index("stage")
    assert {stage: list(row) for stage, row in frame.drop(columns=["reached_share", "median_hours"]).iterrows()} == {
        "点单": [3, 3, 0, 0], "派单": [3, 3, 0, 0], "落单": [3, 2, 0, 1], "查单": [3, 1, 1, 1], "评单": [3, 1, 1, 1],
    }  # fmt: skip
    assert frame["median_hours"].drop("点单").tolist() == [1, 7, 4, 24]
    assert findings_process.orders(frame.reset_index()) == "五单：3 次点单，33.3% 查过单，33.3% 评过单"


def test_handovers_by_hand(county: County) -> None:
    for number, (steps, hours) in enumerate(
        ((("dispatch",), 10), (("dispatch",), 20), (("dispatch", "return", "transfer"), 50),
         (("dispatch", "transfer", "transfer", "transfer", "transfer"), 90))
    ):  # fmt: skip
        closed = datetime(2026, 6, 2) + timedelta(hours=hours)
        case = county.case(str(number), reported_at="2026-06-02", closed_at=closed, rating=4 if number else 2)
        log(county, case, *((step, f"2026-06-02 0{seq}:00") for seq, step in enumerate(steps)))
    frame = answer(county.store("2026-07-10"), "handovers_by_count", JUNE)
    assert frame.values.tolist() == [[0, 2, 0.5, 15, 2, 0.5], [2, 1, 0.25, 50, 1, 1], [3, 1, 0.25, 90, 1, 1]]


def test_paths_by_hand(county: County) -> None:
    ways = {
        "whole": ("handle", "feedback", "rate"),
        "whole too": ("handle", "feedback", "rate"),
        "round": ("handle", "feedback", "reopen", "handle", "feedback"),
        "turned": ("feedback", "handle", "rate"),
        "nothing": ("supervise",),
    }
    for name, steps in ways.items():
        log(county, county.case(name, closed_at="2026-06-05"), *(
            (step, f"2026-06-02 0{seq}:00") for seq, step in enumerate(steps)))  # fmt: skip
    log(county, county.case("called", closed_at="2026-06-05", need_whistle=True), ("handle", "2026-06-02"))
    frame = answer(county.store("2026-07-10"), "case_paths", JUNE)
    assert {row.path: row[3:9] for row in frame.itertuples()} == {  # case_count … is_disordered
        "find>handle>feedback>rate": (2, pytest.approx(1 / 3), True, "", "", False),
        "find>handle>feedback>reopen>handle>feedback": (
            1, pytest.approx(1 / 6), False, "rate", "reopen>handle>feedback", False,
        ),
        "find>feedback>handle>rate": (1, pytest.approx(1 / 6), False, "", "", True),
        "find": (1, pytest.approx(1 / 6), False, "handle>feedback>rate", "", False),
        "find>handle": (1, pytest.approx(1 / 6), False, "whistle>report_in>consult>feedback>rate", "", False),
    }  # fmt: skip
    assert findings_process.way("x", "rate", "reopen>handle", True) == "缺评价；绕回返工、办理；先后颠倒"
    assert findings_process.way("x", "", "", False) == "完整"


def test_the_board_of_promises_by_hand(county: County, data: Path) -> None:
    promise(data)

    # The data end on 10 July 00:00, and so does the period.
    def small(name: str, reported: str, **columns: object) -> None:
        county.case(name, urgency="hard", reported_at=reported, **columns)

    small("kept", "2026-06-20 09:00", closed_at="2026-06-25")
    small("late", "2026-06-20 09:00", closed_at="2026-06-28")
    small("past 8 days", "2026-06-25 00:00")
    small("past 7 days to the second", "2026-06-26 00:00:00")
    small("past 1 day to the second", "2026-07-02 00:00:00")
    small("past 1 day and a second", "2026-07-01 23:59:59")
    small("due this moment", "2026-07-03 00:00:00")
    small("due in 24 hours", "2026-07-04 00:00:00")
    small("due in 23:59:59", "2026-07-03 23:59:59")
    small("due in 48 hours", "2026-07-05 00:00:00")
    small("far", "2026-07-09 00:00:00")
    store = county.store("2026-07-10")
    filter = Filter(date(2026, 6, 1), date(2026, 7, 10))
    frame = answer(store, "promises_by_rule", filter)
    row = frame[(frame["rule"] == "难事不过周") & (frame["part"] == "办结")].iloc[0]
    assert row[["judged_count", "kept_count", "open_count"]].tolist() == [
        6,
        1,
        9,
    ]  # due at the end itself: in July's next
    assert row[["due_in_24_hours", "due_in_48_hours", "overdue_count"]].tolist() == [2, 1, 4]
    assert row[["overdue_in_1_day", "overdue_in_7_days", "overdue_longer"]].tolist() == [1, 2, 1]
    assert row["oldest_days"] == 8
    listed = answer(store, "promises_due", filter)
    assert listed["case_id"].tolist() == [
        "past 8 days", "past 7 days to the second", "past 1 day and a second", "past 1 day to the second",
        "due this moment", "due in 23:59:59", "due in 24 hours",
    ]  # fmt: skip
    assert listed["overdue_days"].notna().sum() == 4
    assert findings_process.open_promises(frame) == "4 件超过承诺还在办，最久 8 天；3 件将在 48 小时内到期"


# ---------------------------------------------------------------- by a second program


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Row]]]:
    """Cases with logs as they come: steps missing, turned about, gone round; and what is known of each."""
    chance = random.Random(8)
    county, rows = County(), []
    county.region("C", level="county", name="某县")
    for town in ("T1", "T2"):
        county.region(town, level="town", name=f"{town}镇", parent_code="C")
    for number in range(400):
        reported = datetime(2026, 5, 1) + timedelta(minutes=chance.randrange(90_000))
        row: Row = {
            "case_id": f"C{number}", "reported_at": reported, "region_code": chance.choice(["T1", "T2", "C"]),
            "category": chance.choice(["01", "03"]), "need_whistle": chance.choice([True, False, None]),
            "closed_at": reported + timedelta(hours=chance.randrange(1, 900)) if chance.random() < 0.8 else None,
            "invalid_reason": "test" if chance.random() < 0.05 else None,
        }  # fmt: skip
        county.case(**row)  # type: ignore[arg-type]
        steps, at = [], reported
        for step in (*SEVEN, *DETOURS, "handle", "supervise"):
            if chance.random() < 0.6:
                at += timedelta(minutes=chance.choice([0, 1, 50, 700, -20]))
                steps.append((step, at))
        if chance.random() < 0.85:
            log(county, f"C{number}", *((step, moment.isoformat()) for step, moment in steps))
        else:
            steps = []
        rows.append({**row, "steps": steps})
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("process")
        promise(folder)
        patch.setenv("GOVERNANCE_DATA", str(folder))
        yield county.store(AS_OF.isoformat()), rows


def firsts(row: Row) -> dict[str, datetime]:
    found: dict[str, datetime] = {"find": row["reported_at"]}  # type: ignore[dict-item]
    for step, moment in row["steps"]:  # type: ignore[attr-defined]
        if step in SEVEN[1:]:
            found[step] = min(moment, found.get(step, moment))
    return found


def is_called(row: Row) -> bool:
    return row["need_whistle"] is True or "whistle" in firsts(row)


def hops(row: Row) -> dict[str, float]:
    """Hours from the step before, where both were taken and in this order."""
    own = SEVEN if is_called(row) else ("find", "handle", "feedback", "rate")
    found, taken = {}, firsts(row)
    for step in SEVEN[1:]:
        before = own[own.index(step) - 1] if step in own else SEVEN[SEVEN.index(step) - 1]
        if step in taken and before in taken and taken[step] >= taken[before]:
            found[step] = (taken[step] - taken[before]).total_seconds() / 3600
    return found


def reported_in_june(rows: list[Row]) -> list[Row]:
    return [
        row for row in rows
        if row["steps"] and row["invalid_reason"] is None
        and datetime(2026, 6, 1) <= row["reported_at"] < datetime(2026, 7, 1)  # type: ignore[operator]
    ]  # fmt: skip


def test_the_seven_steps_against_a_recount(invented: tuple[Store, list[Row]]) -> None:
    store, rows = invented
    frame = answer(store, "process_by_step", JUNE).set_index("step")
    mine = reported_in_june(rows)
    assert len(mine) > 50
    total = sum(sum(hops(row).values()) for row in mine)
    for number, step in enumerate(SEVEN):
        states: Counter[str] = Counter()
        for row in mine:
            taken = firsts(row)
            if step in taken:
                states["reached"] += 1
            elif step in SEVEN[1:4] and not is_called(row):
                states["skipped"] += 1
            elif row["closed_at"] or any(later in taken for later in SEVEN[number + 1 :]):
                states["missing"] += 1
            else:
                states["pending"] += 1
        assert frame.loc[step, ["reached_count", "skipped_count", "missing_count", "pending_count"]].tolist() == [
            states[name] for name in ("reached", "skipped", "missing", "pending")
        ]
        hours = [hops(row)[step] for row in mine if step in hops(row)]
        assert frame.at[step, "timed_count"] == len(hours)
        if hours:
            assert frame.at[step, "median_hours"] == pytest.approx(median(hours))
            assert frame.at[step, "time_share"] == pytest.approx(sum(hours) / total)


@pytest.mark.parametrize(
    ("name", "column"), [("step_hours_by_region", "region_code"), ("step_hours_by_category", "category")]
)
def test_step_hours_against_a_recount(name: str, column: str, invented: tuple[Store, list[Row]]) -> None:
    store, rows = invented
    frame = answer(store, name, JUNE, level="town")
    expected = defaultdict(list)
    for row in reported_in_june(rows):
        key = row[column] if row[column] != "C" else None  # the county itself: not located in a town
        for step, hours in hops(row).items():
            expected[key, step].append(hours)
    key = "place_code" if column == "region_code" else "category"
    found = {
        (None if pd.isna(row[key]) else row[key], row["step"]): (row["timed_count"], row["median_hours"])
        for _, row in frame.iterrows()
    }
    assert found == {where: (len(hours), pytest.approx(median(hours))) for where, hours in expected.items()}


def test_paths_against_a_recount(invented: tuple[Store, list[Row]]) -> None:
    store, rows = invented
    expected: Counter[tuple[str, bool]] = Counter()
    conforming = 0
    for row in rows:
        closed = row["closed_at"]
        if not row["steps"] or row["invalid_reason"] or not isinstance(closed, datetime):
            continue
        if not datetime(2026, 6, 1) <= closed < datetime(2026, 7, 1):
            continue
        taken = [
            step
            for _, _, step in sorted(
                (moment, ORDER.index(step), step)
                for step, moment in row["steps"]  # type: ignore[attr-defined]
                if step in ORDER
            )
        ]
        path = [] if "find" in taken else ["find"]
        for position, step in enumerate(taken):
            if position == 0 or taken[position - 1] != step:
                path.append(step)
        expected[">".join(path), is_called(row)] += 1
        conforming += tuple(path) == (SEVEN if is_called(row) else ("find", "handle", "feedback", "rate"))
    frame = answer(store, "case_paths", JUNE, limit=100_000)
    assert {(row.path, row.needs_whistle): row.case_count for row in frame.itertuples()} == dict(expected)
    assert frame.loc[frame["is_conforming"], "case_count"].sum() == conforming
    assert frame["case_share"].sum() == pytest.approx(1)
    totals = answer(store, "indicator_totals", JUNE).set_index("indicator").loc["seven_steps_rate"]
    assert (totals["hit"], totals["base"]) == (conforming, expected.total())


def test_the_board_adds_up_to_the_indicators(invented: tuple[Store, list[Row]]) -> None:
    store, _ = invented
    rules = answer(store, "promises_by_rule", JUNE)
    totals = answer(store, "indicator_totals", JUNE).set_index("indicator")
    closing = rules[rules["part"] == "办结"]
    assert closing["judged_count"].sum() == totals.at["promise_kept_rate", "base"] > 0
    assert closing["kept_count"].sum() == totals.at["promise_kept_rate", "hit"]
    assert closing["overdue_count"].sum() == totals.at["promise_overdue_count", "base"]
    answering = rules[rules["part"] == "响应"]
    assert answering["judged_count"].sum() == totals.at["promise_response_rate", "base"]
    ages = closing[["overdue_in_1_day", "overdue_in_7_days", "overdue_longer"]].sum(axis=1)
    assert ages.tolist() == closing["overdue_count"].tolist()


# ---------------------------------------------------------------- words


def test_sentences_of_nothing(county: County) -> None:
    county.region("C", level="county", name="某县")
    store = county.store()
    assert findings_process.orders(answer(store, "orders_by_step", JUNE)).endswith("没有点单")
    assert findings_process.whistles(answer(store, "whistles_by_unit", JUNE)).endswith("没有吹哨")
    assert findings_process.handovers(answer(store, "handovers_by_count", JUNE)).endswith("没有派过单的办结案件")
    rules = answer(store, "promises_by_rule", JUNE)
    assert findings_process.promises(rules) == "各项承诺兑现了多少"
    assert findings_process.open_promises(rules) == "期末没有承诺了时限的在办案件"
    assert rules.empty
    assert answer(store, "deadline_rules", JUNE).empty


def test_rules_that_go_by_working_days_say_which_calendar() -> None:
    rules = pd.DataFrame({"uses_calendar": [True], "calendar_from": [pd.NaT], "calendar_to": [pd.NaT]})
    assert findings_process.calendar(rules) == "有规则按工作日计算；没有导入节假日历，工作日按周一至周五算。"
    rules[["calendar_from", "calendar_to"]] = pd.Timestamp("2026-01-01"), pd.Timestamp("2026-12-31")
    assert "2026-01-01 至 2026-12-31 按导入的节假日历" in findings_process.calendar(rules)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.4, "24 分钟"), (1, "1.0 小时"), (47.9, "47.9 小时"), (48, "2.0 天"), (1000, "41.7 天"), (None, "—")],
)  # fmt: skip
def test_hours_as_a_reader_says_them(hours: float | None, words: str) -> None:
    assert spell(hours) == words
