"""研判: the same figures always give the same words, and the words are true."""

import re
from datetime import date

import pandas as pd
import pytest

from governance import findings
from governance.estimates import classes, wilson
from governance.indicators import INDICATORS

NAN = float("nan")


def totals(**values: tuple[float, float, float, float]) -> pd.DataFrame:
    """Rows of indicator_totals: value, hit, base, previous."""
    return pd.DataFrame(
        [
            {"indicator": key, **dict(zip(("value", "hit", "base", "previous"), row, strict=True))}
            for key, row in values.items()
        ]
    )


def by_place(*rows: tuple[str | None, str, float], indicator: str = "overdue_count") -> pd.DataFrame:
    return pd.DataFrame(
        [{"place_code": code, "name": name, "indicator": indicator, "base": base} for code, name, base in rows]
    )


NO_PLACES = by_place((None, "", 0))


def test_stuck() -> None:
    figures = totals(
        backlog=(1234, NAN, 1234, NAN), overdue_count=(56, NAN, 56, NAN), overdue_rate=(0.0455, 56, 1230, NAN)
    )
    places = by_place(("A", "甲镇", 30), ("B", "乙镇", 4), ("C", "丙镇", 0), ("D", "丁镇", 21), ("E", "戊镇", 1))
    assert findings.stuck(figures, places) == (
        "期末在办 1,234 件，其中超期 56 件（4.6%）。超期最多：甲镇 30 件、丁镇 21 件、乙镇 4 件。"
    )


def test_stuck_without_anything_open_or_overdue() -> None:
    none = totals(backlog=(0, NAN, 0, NAN), overdue_count=(0, NAN, 0, NAN), overdue_rate=(NAN, 0, 0, NAN))
    assert findings.stuck(none, NO_PLACES) == "期末没有在办案件。"
    in_time = totals(backlog=(3, NAN, 3, NAN), overdue_count=(0, NAN, 0, NAN), overdue_rate=(0, 0, 2, NAN))
    assert findings.stuck(in_time, NO_PLACES) == "期末在办 3 件，其中超期 0 件（0.0%）。"


def test_stuck_does_not_take_cases_without_deadline_for_cases_in_time() -> None:
    no_deadlines = totals(backlog=(3, NAN, 3, NAN), overdue_count=(0, NAN, 0, NAN), overdue_rate=(NAN, 0, 0, NAN))
    found = findings.stuck(no_deadlines, NO_PLACES)
    assert "3 件" in found
    assert "超期 0 件" not in found


def by_category(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "category": code,
                "indicator": "on_time_rate",
                "hit": hit,
                "base": base,
                "value": hit / base if base else NAN,
            }
            for code, hit, base in rows
        ]
    )


def test_why_names_the_category_with_most_late_cases() -> None:
    figures = totals(on_time_rate=(0.8, 80, 100, 0.75))
    found = findings.why(figures, by_category(("01", 30, 40), ("03", 20, 30), ("05", 30, 30)))
    # 10 of 20 late cases each: the first; a category with fewer than 30 judged cases would not be named.
    assert (
        found
        == "按期办结率 80.0%，较上期上升 5.0 个百分点。未按期的案件中 50% 是矛盾纠纷（该类按期办结率 75.0%，n=40）。"
    )


def test_why_names_no_category_with_too_few_cases() -> None:
    figures = totals(on_time_rate=(0.8, 80, 100, NAN))
    found = findings.why(figures, by_category(("01", 29, 29), ("03", 70, 71)))
    assert found.endswith("5% 是民生服务（该类按期办结率 98.6%，n=71）。")


def test_the_share_in_why_is_of_all_late_cases() -> None:
    # 29 of the 30 late cases lie in a small category that may not be judged: it must not be said that the rest are all.
    figures = totals(on_time_rate=(0.7, 70, 100, NAN))
    assert "100%" not in findings.why(figures, by_category(("01", 0, 29), ("03", 70, 71)))


def test_why_rounds_half_up() -> None:
    late = by_category(("01", 39, 40), *((code, 33, 40) for code in ("03",)))  # 1 and 7 of 8 late
    figures = totals(on_time_rate=(0.9, 72, 80, 0.9))
    assert "88% 是民生服务" in findings.why(figures, late)
    eighth = by_category(("01", 35, 40), ("03", 39, 40), ("04", 39, 40), ("05", 39, 40))  # 5 of 8: 62.5 %
    assert "63% 是矛盾纠纷" in findings.why(figures, eighth)


def test_why_without_judged_or_late_cases() -> None:
    assert (
        findings.why(totals(on_time_rate=(NAN, 0, 0, NAN)), by_category())
        == "统计期内没有到期应判的案件，谈不上按期与否。"
    )
    all_in_time = findings.why(totals(on_time_rate=(1.0, 40, 40, 1.0)), by_category(("01", 40, 40)))
    assert all_in_time == "按期办结率 100.0%，与上期持平。"


def units(*rows: tuple[str, str, int, int, int, int, float]) -> pd.DataFrame:
    names = ["unit_id", "unit", "open_count", "due_count", "overdue_count", "due_in_48_hours", "oldest_days"]
    return pd.DataFrame(rows, columns=names)


def test_who() -> None:
    found = units(
        ("U1", "住建局", 20, 20, 12, 3, 40.4),
        ("", "未填承办单位", 15, 10, 9, 1, 3),
        ("U2", "城管局", 8, 8, 5, 0, 2.6),
        ("U3", "物业", 4, 4, 0, 2, NAN),
    )
    assert findings.who(found) == (
        "超期案件较多的承办单位：住建局 12 件（最久超期 40 天）、未填承办单位 9 件（最久超期 3 天）、"
        "城管局 5 件（最久超期 3 天）。"
        "另有 6 件将在 48 小时内到期。"
    )
    assert findings.who(units(("U1", "住建局", 2, 2, 0, 0, NAN))) == "没有超期案件，48 小时内也没有到期的。"
    assert findings.who(units()) == "期末没有在办案件。"
    assert findings.who(units(("U1", "住建局", 2, 2, 0, 1, NAN))) == "另有 1 件将在 48 小时内到期。"


def test_who_does_not_take_cases_without_deadline_for_cases_in_time() -> None:
    found = findings.who(units(("U1", "住建局", 1200, 0, 0, 0, NAN), ("U2", "城管局", 3, 0, 0, 0, NAN)))
    assert found == "在办较多的承办单位：住建局 1,200 件、城管局 3 件。"


def test_who_never_denies_overdue_cases_without_a_unit() -> None:
    found = findings.who(units(("", "未填承办单位", 9, 9, 9, 0, 3)))
    assert "没有超期案件" not in found
    assert "9 件" in found


@pytest.mark.parametrize(
    ("value", "before", "words"),
    [
        (0.52, 0.5, "，较上期上升 2.0 个百分点"),
        (0.5, 0.52, "，较上期下降 2.0 个百分点"),
        (0.5, 0.5, "，与上期持平"),
        (0.5004, 0.5, "，与上期持平"),
        (0.5, NAN, ""),
    ],
)
def test_moved(value: float, before: float, words: str) -> None:
    assert findings.moved(value, before) == words


def test_moved_says_what_the_key_figure_says() -> None:
    indicator = INDICATORS["on_time_rate"]
    differing = []
    for hit in range(801):
        words, figure = findings.moved(hit / 800, 0.5), indicator.format_change(hit / 800, 0.5)
        if re.sub("，|较上期(上升|下降) |与上期", "", words) != figure.lstrip("+-"):
            differing.append((hit, words, figure))
    assert not differing


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "满意率"),
        ([0.9], "满意率"),
        ([NAN, 0.9], "满意率"),
        ([0.9, 0.8], "满意率较上月下降"),
        ([0.8, 0.9], "满意率较上月上升"),
        ([0.9, 0.8, 0.7], "满意率连续 2 个月下降"),
        ([0.5, 0.9, 0.8, 0.7, 0.6], "满意率连续 3 个月下降"),
        ([0.9, 0.8, 0.7, 0.7], "满意率与上月持平"),
        ([0.9, 0.9001], "满意率与上月持平"),
        ([0.9, 0.9, 0.9, 0.95], "满意率较上月上升"),
    ],
)
def test_run_of_months(values: list[float], words: str) -> None:
    assert findings.run_of_months(values, "满意率") == words


def test_a_month_without_a_rate_ends_a_run() -> None:
    # August to October, nothing in September: October is not 上月 of August.
    assert "连续" not in findings.run_of_months([0.9, 0.8, NAN, 0.7], "满意率")


def test_a_trend_looks_at_whole_months_with_enough_cases() -> None:
    monthly = pd.DataFrame(
        [
            (0.9, 40, True),
            (0.8, 40, True),
            (0.7, 40, True),
            (0.99, 40, False),  # the month is not over
        ],
        columns=["value", "base", "is_complete"],
    )
    assert findings.trend(monthly, INDICATORS["satisfaction_rate"]) == "满意率连续 2 个月下降"
    few = monthly.assign(base=[40, 40, 29, 40])
    assert "连续" not in findings.trend(few, INDICATORS["satisfaction_rate"])
    assert findings.trend(monthly.head(0), INDICATORS["satisfaction_rate"]) == "满意率"


def test_balance() -> None:
    grids = pd.DataFrame({"is_over_p90": [True, False, False], "open_weight": [30, 40, 30], "open_count": [9, 9, 9]})
    assert findings.balance(grids) == "1 个网格负荷高于 P90，压着全部在办权重的 30%"
    assert findings.balance(grids.assign(is_over_p90=False)) == "各网格负荷分布"
    assert findings.balance(grids.assign(open_weight=0)) == "各网格负荷分布"
    assert findings.balance(grids.head(0)) == "各网格负荷分布"
    idle = pd.DataFrame({"is_over_p90": [False] * 20, "open_weight": [2] + [0] * 19, "open_count": [2] + [0] * 19})
    assert findings.balance(idle) == "在办只有 2 件，多数网格没有在办，看不出忙闲"


def test_wilson_against_the_textbook() -> None:
    low, high = wilson(8, 10) or (0, 0)  # Newcombe 1998
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert wilson(0, 10) == (pytest.approx(0, abs=1e-12), pytest.approx(0.2775, abs=1e-4))
    assert wilson(10, 10) == (pytest.approx(0.7225, abs=1e-4), pytest.approx(1))
    assert wilson(0, 0) is None
    assert wilson(NAN, NAN) is None


def test_classes_are_of_like_size() -> None:
    assert classes([]) == []
    assert classes([3.0]) == []
    assert classes([3, 3, 3]) == []
    assert classes(list(range(1, 11))) == [3, 5, 7, 9]
    assert classes([0.0] * 90 + [float(number) for number in range(1, 11)]) == []  # nine of ten are alike
    assert classes([1.0, 2.0], most=5) == [2]


def test_the_ends_of_a_rate_are_named_the_one_to_look_at_first() -> None:
    rate = INDICATORS["satisfaction_rate"]
    rows = [("A", "甲镇", 0.8, 40), ("B", "乙镇", 0.95, 30), ("C", "丙镇", 0.1, 29), (None, "未落格", 0.2, 99)]
    frame = pd.DataFrame(rows, columns=["place_code", "name", "value", "base"]).assign(indicator=rate.key)
    assert findings.extremes(frame, rate) == "满意率：甲镇最低 80.0%，乙镇最高 95.0%"
    assert findings.extremes(frame.head(1), rate, otherwise="各镇") == "各镇"
    assert findings.extremes(frame.assign(value=0.9), rate) == "满意率"
    equal = pd.concat([frame, frame.head(2).assign(place_code=["D", "E"], name=["丁镇", "戊镇"])], ignore_index=True)
    assert findings.extremes(equal, rate) == "满意率：甲镇等\u00a02\u00a0地最低 80.0%，乙镇等\u00a02\u00a0地最高 95.0%"
    coded = frame.assign(category=["01", "02", "99", None])
    assert findings.extremes(coded, rate, "category") == "满意率：矛盾纠纷最低 80.0%，安全隐患最高 95.0%"


def test_the_most_of_a_count_has_its_share_of_everything() -> None:
    count = INDICATORS["reported_count"]
    rows = [("甲镇", 30, 30), ("乙镇", 10, 10), ("未落格", 20, 20)]
    frame = pd.DataFrame(rows, columns=["name", "value", "base"]).assign(indicator=count.key)
    assert findings.extremes(frame, count) == "甲镇受理量最多：30 件，占 50%"  # of 60
    kinds = pd.DataFrame({"category": ["01", "02"], "reported_count": [1, 2]})
    even = pd.concat([frame.assign(value=20), frame.assign(value=5)], ignore_index=True)  # one of two is not the most
    assert findings.extremes(even, count) == "甲镇等\u00a02\u00a0地受理量最多：各 20 件，占 53%"  # 40 of 75
    assert findings.most_frequent(kinds) == "安全隐患受理最多：2 件，占 67%"
    assert findings.most_frequent(kinds.assign(reported_count=2)) == "矛盾纠纷、安全隐患受理最多：各 2 件，占 100%"
    assert findings.most_frequent(kinds.assign(reported_count=0)) == "各类别受理量"


def test_what_waits_is_that_of_the_last_day() -> None:
    columns = ["within_2_days", "within_8_days", "within_31_days", "older"]
    ages = pd.DataFrame([(9, 9, 9, 9), (1, 2, 3, 1200)], columns=columns)
    assert findings.waiting(ages) == "期末 1,206 件在办，其中 1,200 件等了 30 天以上"
    assert findings.waiting(ages * 0) == "期末没有在办案件"
    assert findings.waiting(ages.head(0)) == "在办案件等了多久"


def test_the_busiest_hour_and_the_idle_grids() -> None:
    hours = pd.DataFrame({"weekday": [1, 7], "hour": [8, 22], "reported_count": [3, 5]})
    assert findings.rush(hours) == "星期日 22 时报得最多：5 件"
    assert findings.rush(hours.assign(reported_count=0)) == "什么时候报得多"
    grids = pd.DataFrame({"open_count": [0, 2, 0]})
    assert findings.idle(grids) == "3 个末级网格，2 个期末没有在办"
    assert findings.vacant(grids) == "3 个网格没有在岗人员，其中 1 个有在办案件"
    assert findings.vacant(grids.head(0)) == "末级网格都有在岗人员"


def test_the_unit_with_most_overdue() -> None:
    units = pd.DataFrame({"unit": ["甲局", "乙局", "丙局"], "overdue_count": [6, 2, 0]})
    assert findings.latest(units) == "甲局超期最多：6 件，占 75%"
    assert findings.latest(units.assign(overdue_count=[2, 2, 1])) == "甲局等 2 个单位超期最多：各 2 件，占 80%"
    assert findings.latest(units.assign(overdue_count=0)) == "没有超期的承办单位"
    assert findings.latest(units.head(0)) == "没有超期的承办单位"


def test_the_flow_of_the_last_whole_month() -> None:
    columns = ["month", "reported_count", "closed_count", "open_count"]
    rows = [("2026-05-01", 1200, 1000, 300), ("2026-06-01", 5, 9, 296)]
    months = pd.DataFrame(rows, columns=columns).assign(month=lambda frame: pd.to_datetime(frame["month"]))
    assert findings.flow(months, date(2026, 7, 1)) == "6 月受理 5 件、办结 9 件，多办结 4 件；月末在办 296 件"
    may = "5 月受理 1,200 件、办结 1,000 件，多受理 200 件；月末在办 300 件"
    assert findings.flow(months, date(2026, 6, 30)) == may  # June is not over
    assert findings.flow(months.head(0), date(2026, 7, 1)) == "受理、办结与期末在办"


def test_places_that_moved_by_more_than_chance() -> None:
    rate = INDICATORS["satisfaction_rate"]
    pairs = pd.DataFrame(
        {"name": ["甲镇", "乙镇", "丙镇"], "change": [-0.081, 0.05, 0.01], "is_clear": [True, True, False]}
    )
    assert findings.moved_places(pairs, rate) == "满意率：甲镇下降 8.1 个百分点等 2 地有变化，其余 1 地看不出变化"
    assert findings.moved_places(pairs.tail(2), rate) == "满意率：乙镇上升 5.0 个百分点，其余 1 地看不出变化"
    assert findings.moved_places(pairs.tail(1), rate) == "1 地满意率都看不出变化"
    assert findings.moved_places(pairs.head(0), rate) == "两期满意率可比的地方还没有"
