"""时限规则: promised times against a clock that is counted minute by minute, and rules files, good and bad."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from governance import deadlines
from governance.deadlines import DeadlineProblem
from tests.factory import County
from tests.promises import promise

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
AS_OF = "2026-07-10"
OFFICE = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))
HOLIDAYS = {date(2026, 6, 19), date(2026, 6, 22), date(2026, 6, 23)}  # a Friday, then Monday and Tuesday
MAKE_UP = {date(2026, 6, 20), date(2026, 6, 28)}  # a Saturday and a Sunday on which people work (调休)
RULES = {
    "hours": "{ hours = 30 }",
    "days": "{ days = 7 }",
    "one day": "{ working_days = 1 }",
    "five days": "{ working_days = 5 }",
    "four hours": "{ working_hours = 4 }",
    "three office days": "{ working_hours = 20 }",
    "tonight": '{ by = "24:00", cutoff = "18:00", after = "12:00" }',
    "next working day": '{ by = "24:00", cutoff = "18:00", after = "12:00", working = true }',
    "third working day": '{ by = "17:00", days = 3, working = true }',
    "seventh day": '{ by = "24:00", days = 7 }',
}


def write(data: Path, text: str) -> None:
    data.mkdir(parents=True, exist_ok=True)
    (data / "deadlines.toml").write_text(text, encoding="utf-8")


def rules_file() -> str:
    """One rule for each way of saying how long, told apart by the subcategory."""
    head = 'only = true\noffice_hours = [["09:00", "12:00"], ["13:30", "17:00"]]\n'
    return head + "".join(
        f'[[rules]]\nname = "{name}"\nsubcategory = ["{name}"]\nclose = {term}\n' for name, term in RULES.items()
    )


def is_working(day: date) -> bool:
    """The calendar as imported: it covers June 2026; before and after, Monday to Friday."""
    return day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


def calendar(county: County) -> None:
    for number in range(30):
        day = date(2026, 6, 1) + number * DAY
        county.insert("calendar", day=day, is_workday=is_working(day))


def in_office(moment: datetime) -> bool:
    minute = moment.hour * 60 + moment.minute
    return is_working(moment.date()) and any(opens <= minute < closes for opens, closes in OFFICE)


CLOCKS: dict[str, Callable[[datetime], bool]] = {
    "natural": lambda moment: True,
    "working_days": lambda moment: is_working(moment.date()),
    "working_hours": in_office,
}


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def on_the_clock(name: str, start: datetime) -> tuple[str, int]:
    """The clock of a rule and the minutes it allows from a start, worked out day by day."""
    plain = {
        "hours": ("natural", 30 * 60), "days": ("natural", 7 * 1440), "one day": ("working_days", 1440),
        "five days": ("working_days", 5 * 1440), "four hours": ("working_hours", 240),
        "three office days": ("working_hours", 1200),
    }  # fmt: skip
    if name in plain:
        return plain[name]
    clock = "working_days" if "working" in name else "natural"
    day, moment = start.date(), start
    while not CLOCKS[clock](midnight(day)):
        day += DAY
        moment = midnight(day)
    late = name in ("tonight", "next working day") and moment.hour >= 18
    for _ in range({"third working day": 3, "seventh day": 7}.get(name, 0) + late):
        day += DAY
        while not CLOCKS[clock](midnight(day)):
            day += DAY
    end = midnight(day) + timedelta(hours=12 if late else 17 if name == "third working day" else 24)
    count, at = 0, start
    while at < end:
        count += CLOCKS[clock](at)
        at += MINUTE
    return clock, count


def counted(name: str, start: datetime, pauses: list[tuple[datetime, datetime]]) -> datetime:
    """The end of the last minute allowed: minutes that the clock does not count, or that are paused, cost nothing."""
    clock, left = on_the_clock(name, start)
    at = start
    while left:
        if CLOCKS[clock](at) and not any(since <= at < until for since, until in pauses):
            left -= 1
        at += MINUTE
    return at


def promised(county: County, as_of: str = AS_OF) -> dict[str, datetime]:
    con = county.ready(as_of)
    return dict(con.execute("select case_id, promised_at from cases").fetchall())


@pytest.mark.parametrize("seed", [1, 2])
def test_promised_times_against_a_clock_counted_minute_by_minute(seed: int, county: County, data: Path) -> None:
    write(data, rules_file())
    calendar(county)
    chance = random.Random(seed)
    expected = {}
    for number in range(120):
        name = chance.choice(list(RULES))
        start = datetime(2026, 6, 8) + chance.randrange(16 * 1440) * MINUTE
        if chance.random() < 0.2:
            start = start.replace(hour=chance.choice([0, 18, 9, 12]), minute=0)
        pauses, at = [], start
        for _ in range(chance.choice([0, 0, 1, 2])):
            since = at + chance.randrange(3 * 1440) * MINUTE
            at = since + chance.randrange(1, 4 * 1440) * MINUTE
            pauses.append((since, at))
        case = county.case(f"{number} {name}", subcategory=name, reported_at=start)
        for seq, (step, moment) in enumerate(
            ((step, moment) for pause in pauses for step, moment in zip(("defer", "resume"), pause, strict=True)), 1
        ):
            county.insert("case_steps", source="test", case_id=case, cycle=1, seq=seq, step=step, happened_at=moment)
        expected[case] = counted(name, start, pauses)
    found = promised(county, "2026-08-01")
    wrong = {case: (found[case], due) for case, due in expected.items() if found[case] != due}
    assert not wrong


def test_working_days_by_hand(county: County, data: Path) -> None:
    # June 2026: 19 Friday off, 20 Saturday worked, 21 Sunday, 22 and 23 off, 24 Wednesday.
    write(data, rules_file())
    calendar(county)
    starts = {
        "before the holidays": ("one day", "2026-06-18 10:00", "2026-06-20 10:00"),  # Saturday is a working day
        "on the Saturday": ("one day", "2026-06-20 10:00", "2026-06-24 10:00"),
        "on a holiday": ("one day", "2026-06-19 10:00", "2026-06-21 00:00"),  # all of the Saturday
        "friday evening": ("next working day", "2026-06-12 18:00", "2026-06-15 12:00"),
        "friday 17:59": ("next working day", "2026-06-12 17:59", "2026-06-13 00:00"),
        "on a holiday, today is Saturday": ("next working day", "2026-06-19 23:59", "2026-06-21 00:00"),
        "five minutes before closing": ("four hours", "2026-06-18 16:55", "2026-06-20 14:25"),  # 5 + 180 + 55 minutes
        "beyond the calendar": ("one day", "2026-07-03 10:00", "2026-07-06 10:00"),  # a Friday
    }
    for case, (name, start, _) in starts.items():
        county.case(case, subcategory=name, reported_at=start)
    expected = {case: datetime.fromisoformat(due) for case, (_, _, due) in starts.items()}
    assert promised(county) == expected


def test_a_pause_across_the_holidays_costs_working_time_only(county: County, data: Path) -> None:
    # Paused from Thursday 18 June 10:00 to Wednesday 24 June 10:00: of it Thursday 14 h, Saturday 24 h, Wednesday 10 h
    # are working time. A working day from Thursday 09:00: an hour used, 23 left from Wednesday 10:00 to Thursday 09:00.
    write(data, rules_file())
    calendar(county)
    county.case("a", subcategory="one day", reported_at="2026-06-18 09:00")
    for seq, (step, moment) in enumerate((("defer", "2026-06-18 10:00"), ("resume", "2026-06-24 10:00")), 1):
        county.insert("case_steps", source="test", case_id="a", cycle=1, seq=seq, step=step, happened_at=moment)
    assert promised(county) == {"a": datetime(2026, 6, 25, 9)}


def test_where_the_source_has_no_deadline_the_promise_stands_in(county: County, data: Path) -> None:
    promise(data)
    urgent = {"urgency": "urgent", "reported_at": "2026-06-10 09:00"}
    county.case("both", **urgent, due_at="2026-06-10 12:00", closed_at="2026-06-11")
    county.case("rule", **urgent, closed_at="2026-06-11")
    county.case("neither", urgency="normal", closed_at="2026-06-11")
    county.case("original only", **urgent, original_due_at="2026-06-10 12:00", closed_at="2026-06-11")
    county.case("reopened", **urgent, original_due_at="2026-06-10 12:00", reopen_count=1, closed_at="2026-06-11")
    con = county.ready(AS_OF)
    found = con.execute("select case_id, deadline_origin, judged_due_at, due_at from cases").fetchall()
    assert {row[0]: row[1:] for row in found} == {
        "both": ("source", datetime(2026, 6, 10, 12), datetime(2026, 6, 10, 12)),
        "rule": ("rule", datetime(2026, 6, 11, 9), None),  # due_at stays what the source said
        "neither": (None, None, None),
        "original only": ("rule", datetime(2026, 6, 11, 9), None),
        "reopened": ("source", datetime(2026, 6, 10, 12), None),
    }
    assert con.execute(
        "select case_id from cases as c where on_time_rate_base(c, timestamp '2026-06-01', timestamp '2026-07-01') "
        "and not on_time_rate_hit(c, timestamp '2026-06-01', timestamp '2026-07-01') order by all"
    ).fetchall() == [("both",), ("reopened",)]


def test_a_case_judged_late_and_open_is_also_overdue(county: County, data: Path) -> None:
    promise(data)
    county.case("rule", urgency="urgent", reported_at="2026-06-10 09:00")
    row = (
        county.ready(AS_OF)
        .execute(
            "select overdue_count(c, timestamp '2026-06-01', timestamp '2026-07-01'), "
            "on_time_rate(c, timestamp '2026-06-01', timestamp '2026-07-01') from cases as c"
        )
        .fetchone()
    )
    assert row == (1, 0)


def test_a_rules_file_may_leave_missing_deadlines_missing(county: County, data: Path) -> None:
    promise(data)
    write(data, "fills_missing = false\n" + (data / "deadlines.toml").read_text("utf-8"))
    county.case("a", urgency="urgent", reported_at="2026-06-10 09:00", closed_at="2026-06-11")
    row = county.ready(AS_OF).execute("select deadline_origin, judged_due_at, promised_at from cases").fetchone()
    assert row == (None, None, datetime(2026, 6, 11, 9))


def test_the_first_rule_that_fits_counts_and_a_region_may_have_its_own(county: County, data: Path) -> None:
    write(
        data,
        """
        [[rules]]
        name = "本县急事"
        region = ["140226"]
        urgency = ["急事"]
        close = { hours = 12 }

        [[rules]]
        name = "难事不过周"
        urgency = ["hard"]
        close = { days = 5 }
        """,
    )
    county.region("140226000000", level="county", name="左云县")
    county.region("140226100000", level="town", name="云兴镇", parent_code="140226000000")
    county.region("R2", level="county", name="别县")
    for name, columns in {
        "here": {"region_code": "140226100000", "urgency": "urgent"},
        "there": {"region_code": "R2", "urgency": "urgent"},
        "nowhere": {"urgency": "urgent"},
        "hard": {"region_code": "R2", "urgency": "hard"},
        "small": {"region_code": "140226100000", "urgency": "small"},
    }.items():
        county.case(name, **columns)
    con = county.ready(AS_OF)
    assert dict(con.execute("select case_id, deadline_rule from cases").fetchall()) == {
        "here": "本县急事", "there": None, "nowhere": None, "hard": "难事不过周", "small": None,
    }  # fmt: skip
    # 左云县 is here, so its packaged rule is too; 孝义市 and 交口县 are not, so theirs are not listed.
    assert con.execute("select rule, applies, close, is_own from deadline_rules order by ordinal").fetchall() == [
        ("本县急事", "范围 左云县；缓急 急事", "12 小时内", True),
        ("难事不过周", "缓急 难事", "5 天内", True),
        ("三级七天调解法", "范围 左云县；类别 矛盾纠纷", "第 7 天 24:00 前（起算当日不计）", False),
    ]


def test_a_promise_judges_only_those_who_gave_it(county: County) -> None:
    places = {  # of the packaged rules: who promised what
        "140226000000": ("county", {"category": "01"}, "三级七天调解法"),
        "141181005001": ("community", {"urgency": "hard"}, "难事不过周"),
        "150102005001": ("community", {}, None),
        "999999999999": ("county", {"category": "01", "urgency": "urgent"}, None),
    }
    reported = {"reported_at": "2026-06-10 09:00", "arrived_at": "2026-06-10 09:05", "channel": "02"}
    for code, (level, columns, _) in places.items():
        county.region(code, level=level)
        county.case(code, region_code=code, **{"category": "03", "urgency": "urgent", **reported, **columns})
        county.insert(
            "case_steps", source="test", case_id=code, cycle=1, seq=1, step="whistle", happened_at="2026-06-10 10:00"
        )
    con = county.ready(AS_OF)
    found = con.execute(
        "select case_id, deadline_rule, arrival_due_at is not null, report_in_due_at is not null, is_order from cases"
    ).fetchall()
    assert {row[0]: row[1:] for row in found} == {
        "140226000000": ("三级七天调解法", False, True, True),
        "141181005001": ("难事不过周", False, False, False),
        "150102005001": (None, True, False, False),
        "999999999999": (None, False, False, False),
    }
    assert con.execute("select case_id from whistles where report_in_due_at is not null").fetchall() == [
        ("140226000000",)
    ]
    assert con.execute("select count(*) from cases where judged_due_at is not null").fetchone() == (2,)


def test_an_own_rule_for_a_place_that_is_not_there_says_so(county: County, data: Path) -> None:
    write(data, '[[rules]]\nname = "甲"\nregion = ["1402"]\nclose = { days = 1 }\n')
    county.region("R1")
    assert county.ready(AS_OF).execute("select applies from deadline_rules").fetchall() == [
        ("范围 1402（数据里没有这个地方）",)
    ]


def test_red_property_answers_within_a_day_and_urgent_matters_within_half_an_hour(county: County, data: Path) -> None:
    promise(data)
    county.insert("estates", estate_id="E1", region_code="R1", name="云梦小区", property_mode="red")
    county.insert("estates", estate_id="E2", region_code="R1", name="别院", property_mode="none")
    county.case("red", estate_id="E1", reported_at="2026-06-10 23:00")
    county.case("urgent", estate_id="E1", urgency="urgent", reported_at="2026-06-10 23:00")
    county.case("other", estate_id="E2", reported_at="2026-06-10 23:00")
    con = county.ready(AS_OF)
    found = con.execute("select case_id, response_rule, promised_response_at from cases").fetchall()
    assert {row[0]: row[1:] for row in found} == {
        "red": ("24小时有人回应", datetime(2026, 6, 11, 23)),
        "urgent": ("急事马上办", datetime(2026, 6, 10, 23, 30)),
        "other": (None, None),
    }


def test_an_extension_without_a_date_adds_what_the_rule_says(county: County, data: Path) -> None:
    write(data, '[[rules]]\nname = "急"\nurgency = ["urgent"]\nclose = { days = 1 }\nextension = { days = 3 }\n')
    county.case("a", urgency="urgent", reported_at="2026-06-10 09:00")
    county.insert(
        "case_steps", source="test", case_id="a", cycle=1, seq=1, step="extend", happened_at="2026-06-10 12:00"
    )
    assert promised(county) == {"a": datetime(2026, 6, 14, 9)}


def test_an_extension_does_not_count_for_a_reopened_case(county: County, data: Path) -> None:
    promise(data)
    extended = {
        "urgency": "urgent", "reported_at": "2026-06-10 09:00", "original_due_at": "2026-06-11", "due_at": "2026-06-13",
    }  # fmt: skip
    county.case("extended", **extended)
    county.case("reopened", **extended, reopen_count=1)  # judged by what was promised at first
    assert promised(county) == {"extended": datetime(2026, 6, 13, 9), "reopened": datetime(2026, 6, 11, 9)}


def test_a_value_of_a_rule_is_a_value_and_nothing_else(county: County, data: Path) -> None:
    write(
        data,
        """[[rules]]\nname = "甲'); drop table cases; --"\nsubcategory = ["x' or '1'='1"]\nclose = { days = 1 }\n""",
    )
    county.case("a")
    con = county.ready(AS_OF)
    assert con.execute("select count(*), count(promised_at) from cases").fetchone() == (1, 0)
    assert con.execute("select rule from deadline_rules where is_own").fetchone() == ("甲'); drop table cases; --",)


def test_new_rules_make_an_import_of_the_same_files_a_new_snapshot(data: Path) -> None:
    before = deadlines.digest()
    write(data, "fills_missing = false\n")
    assert deadlines.digest() != before


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rules = 3", "[[rules]]"),
        ("fills_missing = 1", "fills_missing"),
        ("fill_missing = true", "fill_missing"),
        ("[whistle]\nwithin = { working_days = 1 }", "[whistle]"),
        ("[whistle]\nlimit = 3", "limit"),
        ('[whistle]\nwithin = { hours = 1 }\nregion = "R1"', "region"),
        ("whistle = 3", "whistle"),
        ("[arrival]\nwithin = { minutes = 0 }", "minutes"),
        ("[orders]\nchannel = 2", "channel"),
        ('[orders]\nchannel = ["小红书"]', "小红书"),
        ('office_hours = [["12:00", "09:00"]]', "office_hours"),
        ('office_hours = [["9:00", "12:00"]]', "office_hours"),
        ("[[rules]]\nclose = { days = 1 }", "name"),
        ('[[rules]]\nname = "甲"', "什么都没有承诺"),
        ('[[rules]]\nname = "甲"\nclose = { days = 1 }\n[[rules]]\nname = "甲"\nclose = { days = 2 }', "写了两遍"),
        ('[[rules]]\nname = "甲"\nurgent = true\nclose = { days = 1 }', "urgent"),
        ('[[rules]]\nname = "甲"\nurgency = ["马上"]\nclose = { days = 1 }', "马上"),
        ('[[rules]]\nname = "甲"\nurgency = []\nclose = { days = 1 }', "urgency"),
        ('[[rules]]\nname = "甲"\nsince = "closed_at"\nclose = { days = 1 }', "since"),
        ('[[rules]]\nname = "甲"\nclose = 7', "hours = 24"),
        ('[[rules]]\nname = "甲"\nclose = { days = 1, hours = 2 }', "有且只有"),
        ('[[rules]]\nname = "甲"\nclose = { days = 4000 }', "3650"),
        ('[[rules]]\nname = "甲"\nclose = { days = 1.5 }', "days"),
        ('[[rules]]\nname = "甲"\nclose = { by = "25:00" }', "24:00"),
        ('[[rules]]\nname = "甲"\nclose = { by = "24:00", cutoff = "18:00" }', "after"),
        ('[[rules]]\nname = "甲"\nclose = { by = "12:00" }', "已经过期"),
        ('[[rules]]\nname = "甲"\nclose = { by = "24:00", days = -1 }', "days"),
        ('[[rules]]\nname = "甲"\nclose = { days = 1 }\nextension = { working_days = 1 }', "extension"),
        ("这不是 TOML", "TOML"),
    ],
)
def test_a_mistake_in_a_rules_file_is_named_in_one_sentence(text: str, named: str, data: Path) -> None:
    write(data, text)
    with pytest.raises(DeadlineProblem) as caught:
        deadlines.current()
    sentence = str(caught.value)
    assert named in sentence
    assert "\n" not in sentence
    assert sentence.endswith("。")


def test_a_file_that_is_not_text_is_named(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "deadlines.toml").write_bytes("name = “甲”".encode("gb18030"))
    with pytest.raises(DeadlineProblem, match="UTF-8"):
        deadlines.current()


def test_rules_as_a_reader_says_them() -> None:
    rules = {rule.name: rule for rule in deadlines.packaged().rules}
    small, dispute, urgent = rules["小事不过夜"].close, rules["三级七天调解法"].close, rules["急事马上办"]
    assert small
    assert small.words() == "当日 24:00 前（18:00 起报的到次日 12:00）"
    assert dispute
    assert dispute.words() == "第 7 天 24:00 前（起算当日不计）"
    assert urgent.response
    assert urgent.close
    assert (urgent.applies(), urgent.response.words(), urgent.close.words()) == ("缓急 急事", "30 分钟内", "24 小时内")
