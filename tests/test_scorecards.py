"""打分卡: shrunk means by hand, verdicts by rule, the next round with an interval worked out independently."""

import math
import random
from datetime import date
from pathlib import Path
from statistics import fmean, variance

import pandas as pd
import pytest
from streamlit.proto.Metric_pb2 import Metric

from governance import rules
from governance.components.scorecards import distinct
from governance.filters import Filter
from governance.findings import councils as findings
from governance.queries import QueryProblem, answer
from governance.rules import RULES, RuleError
from tests.conftest import Pages
from tests.factory import County
from tests.test_pages import words

ALL = Filter(date(2026, 1, 1), date(2026, 7, 1))
AS_OF = "2026-07-01"


def fill(county: County) -> None:
    """Two communities of one county with an estate each, and one estate of another county."""
    for number, name in enumerate(("甲县", "乙县"), start=1):
        county.region(f"C{number}", level="county", name=name)
    for community, parent in (("R1", "C1"), ("R2", "C1"), ("R3", "C2")):
        county.region(community, parent_code=parent, name=f"{community}社区")
        county.insert("estates", estate_id=f"E{community[1]}", region_code=community, name=f"{community[1]}号院")


def score(
    county: County, estate: str, scores: list[float], item: str = "保洁", round: str = "1", on: str = "2026-03-01"
) -> None:
    """One card for each score."""
    for number, value in enumerate(scores):
        county.insert(
            "score_cards", card_id=f"{round}-{estate}-{item}-{number}", round_id=round, estate_id=estate,
            submitted_on=on, item=item, score=value,
        )  # fmt: skip


def cells(county: County) -> pd.DataFrame:
    return answer(county.store(AS_OF), "scores_by_estate", ALL).set_index("estate_id")


def test_the_shrunk_mean_by_hand(county: County) -> None:
    fill(county)
    score(county, "E1", [70.0] * 10)
    score(county, "E2", [90.0] * 30)
    score(county, "E3", [10.0] * 50)  # another county: no part of the mean
    store = county.store(AS_OF)
    found = answer(store, "scores_by_estate", ALL).set_index("estate_id")
    # The item in this county: (10·70 + 30·90) / 40 = 85. Shrunk: (10·70 + 10·85) / 20 and (30·90 + 10·85) / 40.
    assert found.loc[["E1", "E2"], "item_mean"].tolist() == [85, 85]
    assert found.loc[["E1", "E2"], "shrunk_mean"].tolist() == pytest.approx([77.5, 88.75])
    assert found.loc[["E1", "E2"], "raw_mean"].tolist() == [70, 90]
    assert found.loc[["E1", "E2"], "n"].tolist() == [10, 30]
    assert found.loc[["E1", "E2", "E3"], "verdict"].tolist() == ["low", "good", "failing"]
    alone = answer(store, "scores_by_estate", Filter(ALL.start, ALL.stop, "R1"))
    assert alone["shrunk_mean"].tolist() == pytest.approx([77.5]), "the county's mean, whatever is looked at"


def test_failing_by_share_and_too_few_cards(county: County) -> None:
    fill(county)
    score(county, "E1", [50.0] * 3 + [100.0] * 7)  # mean 85, but 30 % fail
    score(county, "E2", [50.0] * 2 + [100.0] * 8)  # 20 % is not more than 20 %
    score(county, "E3", [0.0] * 9)  # nine cards are too few, whatever they say
    found = cells(county)
    assert found["verdict"].to_dict() == {"E1": "failing", "E2": "good", "E3": "few"}
    assert found["failing_share"].to_dict() == pytest.approx({"E1": 0.3, "E2": 0.2, "E3": 1.0})


def test_80_is_not_low_and_60_is_not_failing(county: County) -> None:
    fill(county)
    score(county, "E1", [80.0] * 12)
    score(county, "E2", [80.0] * 12)
    score(county, "E3", [60.0] * 12)
    assert cells(county)["verdict"].to_dict() == {"E1": "good", "E2": "good", "E3": "low"}


def test_the_latest_round_is_looked_at_unless_another_is_asked_for(county: County) -> None:
    fill(county)
    score(county, "E1", [80.0] * 12, round="春", on="2026-03-01")
    score(county, "E1", [90.0] * 12, round="夏", on="2026-06-30")
    score(county, "E1", [10.0] * 12, round="秋", on="2026-07-01")  # with the end of the period, and of the data
    store = county.store(AS_OF)
    assert answer(store, "scores_by_estate", ALL)["round_id"].tolist() == ["夏"]
    assert answer(store, "scores_by_estate", ALL, round="春")["round_id"].tolist() == ["春"]
    assert answer(store, "scores_by_estate", ALL, round="' or true --").empty
    assert answer(store, "scores_by_estate", Filter(ALL.start, date(2026, 6, 30)))["round_id"].tolist() == ["春"]
    assert answer(store, "score_rounds", ALL)["round_id"].tolist() == ["夏", "春"]
    with pytest.raises(QueryProblem, match="轮次"):
        answer(store, "scores_by_estate", ALL, round="x" * 201)


def student(freedom: float, share: float = 0.975) -> float:
    """The quantile of Student's t by summing its density: slow, and nothing to do with how the query does it."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    step, area, at = 1e-4, 0.5, 0.0
    while area < share:
        area += scale * (1 + (at + step / 2) ** 2 / freedom) ** (-(freedom + 1) / 2) * step
        at += step
    return at


@pytest.mark.parametrize("freedom", [8, 10, 14.5, 30, 200])
def test_the_factor_of_the_interval(freedom: float, county: County) -> None:
    found = county.ready().execute(f"select t_95({freedom})").fetchone()
    assert found is not None
    assert found[0] == pytest.approx(student(freedom), abs=0.002)


def test_the_change_to_the_next_round_against_an_independent_computation(county: County) -> None:
    chance = random.Random(7)
    before = [round(chance.gauss(68, 9), 1) for _ in range(16)]
    after = [min(100.0, round(chance.gauss(79, 14), 1)) for _ in range(25)]
    fill(county)
    score(county, "E1", before, round="1", on="2026-02-01")
    score(county, "E1", after, round="2", on="2026-05-01")
    score(county, "E2", before[:14], round="1", on="2026-02-01")  # one card too few for a claim
    score(county, "E2", after, round="2", on="2026-05-01")
    found = answer(county.store(AS_OF), "low_scores", ALL, round="1").set_index("estate_id")
    a, b = variance(before) / 16, variance(after) / 25
    freedom = (a + b) ** 2 / (a**2 / 15 + b**2 / 24)
    half = student(freedom) * math.sqrt(a + b)
    change = fmean(after) - fmean(before)
    row = found.loc["E1"]
    assert (row["change"], row["change_low"], row["change_high"]) == pytest.approx(
        (change, change - half, change + half), abs=0.01
    )
    assert (row["next_round"], row["next_n"], row["outcome"]) == ("2", 25, "better")
    few = found.loc["E2"]
    assert few["outcome"] == "few"
    assert math.isnan(few["change_low"])
    assert few["change"] == pytest.approx(fmean(after) - fmean(before[:14]))


def test_a_round_without_spread_and_a_round_without_a_next(county: County) -> None:
    fill(county)
    score(county, "E1", [70.0] * 20, round="1", on="2026-02-01")
    score(county, "E1", [60.0] * 20, round="2", on="2026-05-01")
    store = county.store(AS_OF)
    first = answer(store, "low_scores", ALL, round="1").iloc[0]
    assert (first["change"], first["change_low"], first["change_high"], first["outcome"]) == (-10, -10, -10, "worse")
    assert answer(store, "low_scores", ALL, round="2").iloc[0]["outcome"] == "none"


def act(county: County, number: int, estate: str, **columns: object) -> None:
    standard = {"round_id": "1", "item": "保洁", "action": "更换服务者", "decided_on": "2026-03-10"}
    county.insert("card_actions", **{"action_id": f"A{number}", "estate_id": estate, **standard, **columns})


def test_what_was_done_about_low_items(county: County) -> None:
    fill(county)
    score(county, "E1", [50.0] * 12)
    score(county, "E2", [95.0] * 12)
    score(county, "E3", [70.0] * 12)
    act(county, 1, "E1", done_on="2026-04-01")
    act(county, 2, "E1", action="更换服务形式", decided_on="2026-03-12")  # not done: the item is not done
    act(county, 3, "E2", done_on="2026-04-01")  # not low, acted on all the same
    act(county, 4, "E3", round_id="2")  # about another round
    act(county, 5, "E3", decided_on="2026-07-01")  # decided with the end of the data
    store = county.store(AS_OF)
    found = answer(store, "low_scores", ALL).set_index("estate_id")
    assert found["action_state"].to_dict() == {"E1": "open", "E2": "done", "E3": "none"}
    assert found.at["E1", "action"] == "更换服务形式、更换服务者"
    assert findings.actions(found) == "2 个低分项、不及格分项中，1 个决定了整改，1 个没有；已完成 0 个"
    rounds = answer(store, "score_rounds", ALL).set_index("round_id")
    counts = ["judged_count", "low_count", "failing_count", "action_count", "done_count", "card_count", "estate_count"]
    assert rounds.loc["1", counts].tolist() == [3, 1, 1, 3, 2, 36, 3]


def test_acted_unacted_and_the_others_side_by_side(county: County) -> None:
    fill(county)
    for estate, before, after in (("E1", 60.0, 75.0), ("E2", 90.0, 88.0), ("E3", 70.0, 74.0)):
        score(county, estate, [before] * 20, round="1", on="2026-02-01")
        score(county, estate, [after] * 20, round="2", on="2026-05-01")
    act(county, 1, "E1")
    found = answer(county.store(AS_OF), "score_changes", ALL, round="1").set_index("kind")
    assert found["mean_change"].to_dict() == {"acted": 15, "unacted": 4, "others": -2}
    assert found["better_count"].to_dict() == {"acted": 1, "unacted": 1, "others": 0}
    assert found["worse_count"].to_dict() == {"acted": 0, "unacted": 0, "others": 1}
    assert findings.compared_changes(found.reset_index()) == (
        "低分且整改的平均 +15.0 分（n=1）、低分未整改的平均 +4.0 分（n=1）、其余分项平均 -2.0 分（n=1）"
    )


def test_the_mailbox(county: County) -> None:
    mail = {"channel": "07", "category": "01"}
    county.case(**mail, reported_at="2026-06-01", closed_at="2026-06-03", outcome="solved")  # 2 days
    county.case(**mail, reported_at="2026-06-01", closed_at="2026-06-05", outcome="explained")  # 4 days
    settled = county.case(**mail, reported_at="2025-12-01", closed_at="2026-06-04")  # 185 days
    county.insert("disputes", source="test", case_id=settled, success="yes")
    county.case(**mail, reported_at="2026-06-01")  # open
    county.case(**mail, reported_at="2026-06-01", invalid_reason="test")
    county.case(channel="09", reported_at="2026-06-01", closed_at="2026-06-02", outcome="solved")
    found = answer(county.store(AS_OF), "cases_by_card_channel", ALL).set_index("channel")
    assert found.loc["07"].tolist() == [3, 3, 2, pytest.approx(2 / 3), 4, 1]
    assert found.loc["16", ["reported_count", "closed_count", "solved_count", "open_count"]].tolist() == [0] * 4
    assert findings.mailbox(found.loc[["07"]], "心愿邮箱") == "心愿邮箱收到 3 件，办结 3 件，其中化解 2 件"


# ---------------------------------------------------------------- words and rules


def test_titles_of_the_scores() -> None:
    def of(*rows: tuple[str, str]) -> str:
        return findings.low_items(pd.DataFrame(rows, columns=["item", "verdict"]))

    assert of(("保洁", "few")) == "各小区打分卡张数都不足，不评"
    assert of(("保洁", "good"), ("停车", "few")) == "1 个小区分项没有低分项"
    assert of(("保洁", "low"), ("保洁", "failing"), ("停车", "good")) == (
        "3 个小区分项中，低分项 1 个、不及格分项 1 个；保洁最多（2 个小区）"
    )
    assert of(("保洁", "low"), ("停车", "low")) == "2 个小区分项中，低分项 2 个、不及格分项 0 个"


def test_titles_of_the_next_round() -> None:
    def of(*outcomes: str) -> str:
        return findings.changes(pd.DataFrame({"verdict": "low", "outcome": outcomes}))

    assert of("none", "none") == "还没有下一轮可比"
    assert of("few", "none") == "两轮张数都够的低分项还没有，不说变好变差"
    assert of("better", "worse", "better", "few") == "3 个低分项或整改项，下一轮明显变好 2 个、变差 1 个"
    assert of("unclear") == "1 个低分项或整改项，下一轮明显变好 0 个、变差 0 个，1 个看不出变化"


def test_two_estates_of_one_name_stay_two() -> None:
    names, codes = pd.Series(["甲", "乙", "甲", "乙"]), pd.Series(["1", "2", "3", "2"])
    assert distinct(names, codes).tolist() == ["甲（1）", "乙", "甲（3）", "乙"]


def test_rules_are_checked(tmp_path: Path) -> None:
    assert RULES["low_score"].number == 80
    assert RULES["wish_lists"].words == ("微心愿",)
    with pytest.raises(RuleError, match="wish_lists"):
        _ = RULES["wish_lists"].number
    with pytest.raises(RuleError, match="low_score"):
        _ = RULES["low_score"].words
    for value in ("true", '"80"', "[1, 2]", "{}"):
        path = tmp_path / "rules.toml"
        path.write_text(f"[odd]\nvalue = {value}\n", encoding="utf-8")
        with pytest.raises(RuleError, match="odd"):
            rules.read(path)


# ---------------------------------------------------------------- the page


def test_the_page_keeps_the_round_in_the_link(county: County, pages: Pages) -> None:
    fill(county)
    score(county, "E1", [70.0] * 20, round="春", on="2026-02-01")
    score(county, "E1", [75.0] * 20, round="夏", on="2026-06-01")
    county.publish(AS_OF)
    latest = pages.open("scorecards")
    assert not latest.exception
    assert latest.selectbox(key="round").value == "夏"
    assert "夏 轮" in words(latest)
    (mean,) = [figure for figure in latest.metric if figure.delta.endswith(" 分")]
    assert (mean.delta, mean.proto.color) == ("+5.0 分", Metric.MetricColor.GRAY)  # a mean has no interval here
    earlier = pages.open("scorecards", round="春")
    assert earlier.selectbox(key="round").value == "春"
    assert "还没有下一轮" not in words(earlier)
    assert pages.open("scorecards", round="<script>").selectbox(key="round").value == "夏"


def test_the_page_without_cards_says_so_and_shows_the_rest(county: County, pages: Pages) -> None:
    county.case(channel="07")
    county.publish(AS_OF)
    said = words(pages.open("scorecards"))
    assert "还没有导入居民满意打分卡" in said
    assert "心愿邮箱收到 1 件" in said


# ---------------------------------------------------------------- 五色模范党员


def test_wishes_by_colour_by_hand(county: County) -> None:
    county.region("R1")
    rows = (
        ("微心愿", "红色党员", "2026-05-20", "2026-06-01", "2026-06-03", "陪诊"),
        ("微心愿", "红色党员", "2026-06-20", "2026-06-30", None, "维修"),
        ("微心愿", "红色党员", "2026-05-20", "2026-05-31", "2026-06-03", "陪诊"),  # taken before
        ("微心愿", "绿色党员", "2026-06-01", None, "2026-06-02", "陪诊"),  # done: somebody took it
        ("微心愿", "绿色党员", "2026-06-01", None, None, "陪诊"),  # not taken
        ("微心愿", None, "2026-06-01", "2026-06-02", None, "陪诊"),  # by nobody who is named
        ("需求", "红色党员", "2026-06-01", "2026-06-02", "2026-06-03", "停车"),  # another list
    )
    for number, (kind, team, created, claimed, done, topic) in enumerate(rows):
        county.insert("list_items", item_id=str(number), list_type=kind, region_code="R1", team=team, topic=topic,
                      created_on=created, claimed_on=claimed, done_on=done)  # fmt: skip
    for number, (kind, held) in enumerate((("掌上服务", "2026-06-02"), ("楼道党课", "2026-06-30"), ("楼道党课", None))):
        county.insert("activities", activity_id=str(number), activity_type=kind, region_code="R1", team="红色党员",
                      planned_on="2026-06-01", held_on=held)  # fmt: skip
    june = Filter(date(2026, 6, 1), date(2026, 7, 1))
    store = county.store("2026-07-10")
    frame = answer(store, "wishes_by_team", june)
    assert frame.fillna("").values.tolist() == [
        ["红色党员", 2, 1, 2, "掌上服务、楼道党课", "维修、陪诊"],
        ["绿色党员", 1, 1, 0, "", "陪诊"],
    ]
    assert findings.wish_teams(frame) == "五色模范党员等 2 支队伍认领微心愿 3 个，完成 2 个"
    assert findings.wish_teams(frame[:0]) == "五色模范党员：没有写明哪支队伍认领的微心愿"
