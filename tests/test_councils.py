"""议事协商, 清单与项目: every query by rows counted by hand, every list behind a number, every title."""

from datetime import date

import pandas as pd
import pytest

from governance import indicators, queries
from governance.filters import Filter
from governance.findings import councils as findings
from governance.indicators import INDICATORS
from governance.queries import answer
from governance.store import Store
from tests import counted as by_hand
from tests.conftest import Pages
from tests.factory import County
from tests.test_pages import words

JUNE = Filter(date(2026, 6, 1), date(2026, 7, 1))
HALF = Filter(date(2026, 1, 1), date(2026, 7, 1))
AS_OF = "2026-07-01"
TABLES = ("score_cards", "card_actions", "meetings", "issues", "proposals", "list_items", "projects")
OURS = [indicator.key for table in TABLES for indicator in indicators.of_table(table)]


def fill(county: County) -> None:
    county.region("C", level="county", name="某县")
    for community in ("R1", "R2"):
        county.region(community, name=f"{community}社区", parent_code="C")


def add(county: County, table: str, name: str, **columns: object) -> None:
    by_hand.insert_row(county, table, name, columns)


def meet(county: County, name: str, planned: str | None, held: str | None, **columns: object) -> None:
    add(county, "meetings", name, planned_on=planned, held_on=held, **columns)


# ---------------------------------------------------------------- meetings


@pytest.fixture
def met(county: County) -> Store:
    """三方协同 on every 5th and 25th of the half-year, and some others."""
    fill(county)
    kind = {"meeting_type": "三方协同"}
    for month in range(1, 7):
        for day in (5, 25):
            planned = f"2026-{month:02d}-{day:02d}"
            held = {"2026-02-05": None, "2026-03-25": "2026-03-28", "2026-04-05": "2026-04-04"}.get(planned, planned)
            meet(county, f"T{planned}", planned, held, attendance=10 if held else None, **kind)
    meet(county, "extra", None, "2026-06-11", attendance=None, **kind)
    meet(county, "soon", "2026-06-30", None, meeting_type="下午茶")  # its day of grace is not over
    meet(county, "other", "2026-05-10", "2026-05-11", meeting_type="下午茶", region_code="R2", attendance=30)
    meet(county, "later", "2026-07-15", None, meeting_type="五方会谈")  # planned for the future
    return county.store(AS_OF)


def test_meetings_by_type_by_hand(met: Store) -> None:
    found = answer(met, "meetings_by_type", HALF).set_index("meeting_type")
    three = found.loc["三方协同"]
    assert three["usual_days"] == "每月5日、25日"
    counts = ["judged_count", "kept_count", "moved_count", "missed_count", "held_count", "attendance", "place_count"]
    # Of 12 planned: 5 February not held, 25 March three days late, 5 April a day early, which is kept.
    assert three[counts].tolist() == [12, 10, 1, 1, 12, 110, 1]
    assert three["kept_rate"] == pytest.approx(10 / 12)
    assert three["attendance_per"] == 10
    tea = found.loc["下午茶"]
    assert tea[["judged_count", "kept_count", "held_count"]].tolist() == [1, 1, 1]
    assert "五方会谈" not in found.index
    assert answer(met, "meetings_by_type", Filter(HALF.start, HALF.stop, "R2"))["meeting_type"].tolist() == ["下午茶"]


def test_meetings_by_month_by_hand(met: Store) -> None:
    found = answer(met, "meetings_by_month", Filter(HALF.start, date(2026, 8, 1))).set_index(["meeting_type", "month"])
    assert len(found) == 3 * 7, "every type, every month"

    def of(kind: str, month: int) -> list[int]:
        row = found.loc[(kind, pd.Timestamp(2026, month, 1))]
        return row[[name for name in found.columns if name.endswith("_count")]].astype(int).tolist()

    # planned, kept, moved, missed, pending, unplanned
    assert of("三方协同", 1) == [2, 2, 0, 0, 0, 0]
    assert of("三方协同", 2) == [2, 1, 0, 1, 0, 0]
    assert of("三方协同", 3) == [2, 1, 1, 0, 0, 0]
    assert of("三方协同", 4) == [2, 2, 0, 0, 0, 0]
    assert of("三方协同", 6) == [2, 2, 0, 0, 0, 1]
    assert of("下午茶", 6) == [1, 0, 0, 0, 1, 0]
    assert of("下午茶", 7) == [0] * 6
    assert of("五方会谈", 7) == [1, 0, 0, 0, 1, 0]


def test_meetings_of_no_fixed_day_have_none(county: County) -> None:
    fill(county)
    for month, day in enumerate((3, 9, 14, 20, 27), start=1):
        meet(county, f"M{month}", f"2026-{month:02d}-{day:02d}", None)
    found = answer(county.store(AS_OF), "meetings_by_type", HALF).iloc[0]
    assert pd.isna(found["usual_days"])
    assert found["missed_count"] == 5


def test_titles_of_the_meetings(met: Store) -> None:
    types = answer(met, "meetings_by_type", HALF)
    assert findings.meetings(types) == "应开 13 场，如期 11 场（84.6%）"  # 下午茶 has one: nobody is called the worst
    many = types.assign(judged_count=[20, 20], kept_count=[10, 19], kept_rate=[0.5, 0.95])
    assert findings.meetings(many) == "应开 40 场，如期 29 场（72.5%）；三方协同最不守时（50.0%）"
    none = types.assign(judged_count=0, kept_count=0)
    assert findings.meetings(none) == "召开 13 场，都没有登记计划日期，看不出是否如期"
    assert findings.meetings(types.head(0)) == "统计期内没有到日子的会议"


# ---------------------------------------------------------------- issues


def test_issues_by_topic_by_hand(county: County) -> None:
    fill(county)
    add(county, "meetings", "M1", meeting_type="六方联席会议", held_on="2026-03-10")
    for number, (topic, decided, solved) in enumerate(
        [
            ("停车", "2026-03-10", "2026-03-20"),  # 10 days
            ("停车", "2026-03-10", "2026-04-09"),  # 30 days
            ("停车", "2026-03-10", None),  # waits 113 days until 1 July
            ("停车", "2026-06-20", None),  # not 30 days old: not judged
            ("停车", "2025-12-20", "2026-05-20"),  # solved in the period, decided before it: 151 days
            (" ", "2025-06-01", None),  # waits 395 days, was decided long ago
        ]
    ):
        add(county, "issues", f"I{number}", topic=topic, decided_on=decided, solved_on=solved, meeting_id="M1")
    store = county.store(AS_OF)
    found = answer(store, "issues_by_topic", HALF).set_index("topic")
    assert found.loc["停车"].tolist() == [4, 3, 2, pytest.approx(2 / 3), 30, 2, 113]
    assert found.loc["未分类", ["issue_count", "open_count", "oldest_days"]].tolist() == [0, 1, 395]
    by_type = answer(store, "meetings_by_type", HALF).set_index("meeting_type").loc["六方联席会议"]
    assert by_type[["issue_count", "settled_count", "solved_count"]].tolist() == [4, 3, 2]
    wanted = ["issue_solved_rate", "issue_open_count", "issue_days"]
    totals = answer(store, "indicator_totals", HALF, only=wanted).set_index("indicator")
    assert findings.issues(totals) == "议定满消化期的 3 件中解决 2 件（66.7%），期末还有 3 件没解决"
    assert totals.at["issue_days", "value"] == 30  # the median of 10, 30 and 151


# ---------------------------------------------------------------- proposals


def test_the_funnel_of_proposals_by_hand(county: County) -> None:
    fill(county)
    rows = [
        ("2026-01-01", "2026-01-03", "2026-01-10", "2026-02-09"),  # 2, 7 and 30 days
        ("2026-01-01", None, "2026-01-21", None),  # adopted without a screening
        ("2026-01-01", "2026-01-05", None, None),  # 4 days, not adopted
        ("2026-01-01", None, None, "2026-03-01"),  # done: it was screened and adopted, nobody wrote when
        ("2026-01-01", None, None, None),
        ("2026-01-01", "2026-07-01", None, None),  # to be screened with the end of the data
        ("2025-12-31", "2026-01-02", "2026-01-03", "2026-01-04"),  # collected before the period
    ]
    for number, (submitted, screened, adopted, done) in enumerate(rows):
        add(
            county, "proposals", f"P{number}", submitted_on=submitted, screened_on=screened, adopted_on=adopted,
            done_on=done, meeting_type="下午茶",
        )  # fmt: skip
    store = county.store(AS_OF)
    found = answer(store, "proposal_funnel", HALF).set_index("step")
    assert found["passed_count"].to_dict() == {"征集": 6, "筛选": 4, "采纳": 3, "落地": 2}
    assert found["unrecorded_count"].to_dict() == {"征集": 0, "筛选": 2, "采纳": 1, "落地": 0}
    assert found["days"].tolist()[1:] == [3, 7, 30]  # the median of 2 and 4; of 7; of 30
    assert found["previous_share"].tolist()[1:] == pytest.approx([4 / 6, 3 / 4, 2 / 3])
    assert found["total_share"].tolist() == pytest.approx([1, 4 / 6, 3 / 6, 2 / 6])
    assert findings.proposals(found) == "征集 6 条，采纳 3 条（50.0%），落地 2 条"
    occasion = answer(store, "proposals_by_occasion", HALF).iloc[0]
    assert occasion[["proposal_count", "screened_count", "adopted_count", "done_count"]].tolist() == [6, 4, 3, 2]
    assert occasion["proposal_adoption_rate"] == pytest.approx(2 / 6)  # with a date of adoption
    assert answer(store, "proposal_funnel", Filter(date(2024, 1, 1), date(2024, 2, 1))).empty


def test_the_published_shares_of_the_tea_table_need_their_n(county: County) -> None:
    """76 proposals of which 23 were adopted: 23 / 76 = 30.263 %."""
    fill(county)
    for number in range(76):
        adopted = "2026-02-01" if number < 23 else None
        add(county, "proposals", f"P{number}", submitted_on="2026-01-05", adopted_on=adopted)
    totals = answer(county.store(AS_OF), "indicator_totals", HALF, only=["proposal_adoption_rate"])
    row = totals.set_index("indicator").loc["proposal_adoption_rate"]
    assert (row["hit"], row["base"]) == (23, 76)
    assert INDICATORS["proposal_adoption_rate"].format(row["value"]) == "30.3%"


def test_rule_documents_by_hand(county: County) -> None:
    fill(county)
    tidy = "《楼道清洁轮值办法》"
    common = {"submitted_on": "2025-01-01", "meeting_type": "下午茶"}
    add(county, "proposals", "A", **common, adopted_on="2025-02-01", rule_document=tidy)
    add(county, "proposals", "B", **common, adopted_on="2025-01-20", rule_document=f" {tidy}")
    add(county, "proposals", "C", **common, adopted_on="2025-03-01", rule_document=tidy, region_code="R2")
    add(county, "proposals", "D", **common, adopted_on="2026-07-01", rule_document="《停车公约》")
    store = county.store(AS_OF)
    found = answer(store, "rule_documents", JUNE)
    assert found[["place", "proposal_count"]].values.tolist() == [["R2社区", 1], ["R1社区", 2]]
    assert found["adopted_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-01", "2025-01-20"]
    year = Filter(date(2025, 1, 1), date(2026, 1, 1))
    assert answer(store, "indicator_totals", year, only=["rule_document_count"])["value"].tolist() == [2]


# ---------------------------------------------------------------- lists and projects


@pytest.fixture
def listed(county: County) -> Store:
    fill(county)
    county.insert("units", unit_id="U1", name="某局", unit_type="县直部门")
    rows = [
        ("需求", "停车", "U1", "2026-06-01", "2026-06-04", "2026-06-11"),  # 3 days to be taken, 10 to be done
        ("需求", "停车", "U1", "2026-06-01", "2026-06-06", None),  # 5 days
        ("需求", "绿化", None, "2026-06-01", None, None),  # waits 30 days
        ("需求", None, None, "2026-06-10", None, "2026-06-12"),  # done, nobody wrote down by whom: 2 days
        ("微心愿", "陪诊", None, "2026-06-01", "2026-06-02", "2026-06-03"),
        ("居民信息", "楼道", None, "2026-06-01", None, None),
        ("需求", "停车", "U1", "2026-05-01", "2026-06-01", "2026-06-02"),  # listed before, taken in June
    ]
    for number, (kind, topic, unit, created, claimed, done) in enumerate(rows):
        add(
            county, "list_items", f"L{number}", list_type=kind, topic=topic, unit_id=unit, created_on=created,
            claimed_on=claimed, done_on=done,
        )  # fmt: skip
    return county.store(AS_OF)


def test_lists_by_type_by_hand(listed: Store) -> None:
    found = answer(listed, "lists_by_type", JUNE).set_index("list_type")
    need = found.loc["需求"]
    assert need[["item_count", "claimed_count", "done_count", "waiting_count", "oldest_days"]].tolist() == [
        4,
        3,
        2,
        1,
        30,
    ]
    assert need[["claim_rate", "done_rate", "claim_days", "done_days", "topic_count"]].tolist() == [0.75, 0.5, 4, 6, 2]
    plain = found.loc["居民信息"]
    assert not plain["is_task"]
    assert pd.isna(plain["claim_rate"])
    assert plain[["claimed_count", "waiting_count"]].tolist() == [0, 0]
    assert findings.lists(found) == "要办的 5 项，认领 4 项（80.0%），完成 3 项；1 项无人认领，最久 30 天"
    assert findings.wishes(found[found["is_wish"]]) == "微心愿提出 1 个，认领 1 个（100.0%），完成 1 个"
    assert findings.wishes(found.head(0)) == "统计期内没有提出微心愿"
    topics = answer(listed, "lists_by_topic", JUNE)
    assert topics["item_count"].sum() == found["item_count"].sum()
    assert "未分类" in topics["topic"].tolist()


def test_lists_by_unit_by_hand(listed: Store) -> None:
    found = answer(listed, "lists_by_unit", JUNE).set_index("unit")
    assert found.loc["某局", ["claimed_count", "done_count", "done_days"]].tolist() == [3, 2, 4]  # 7 and 1 days
    assert found.index.tolist() == ["某局", "没有登记单位"]
    assert found.at["没有登记单位", "claimed_count"] == 2


def test_projects_by_hand(county: County) -> None:
    fill(county)
    rows = [
        ("充电设施", "2026-05-01", "2026-06-10", 100, None),  # finished in June after 40 days
        ("充电设施", "2026-06-10", None, 50, None),  # being built
        ("集中供暖", "2025-05-01", "2025-10-01", 628, 1336),  # finished long ago
        ("集中供暖", None, "2026-06-20", 10, 20),  # nobody knows when it began
        ("管网", None, None, None, None),  # not begun
    ]
    for number, (kind, started, done, homes, people) in enumerate(rows):
        add(
            county, "projects", f"J{number}", project_type=kind, started_on=started, done_on=done,
            households_count=homes, residents_count=people,
        )  # fmt: skip
    store = county.store(AS_OF)
    found = answer(store, "projects_by_type", JUNE).set_index("project_type")
    counts = ["started_count", "done_count", "running_count", "unstarted_count"]
    assert found.loc["充电设施", counts].tolist() == [1, 1, 1, 0]
    assert found.loc["充电设施", ["households", "days"]].tolist() == [100, 40]
    assert found.loc["集中供暖", [*counts, "households", "residents"]].tolist() == [0, 1, 0, 0, 10, 20]
    assert found.loc["管网", counts].tolist() == [0, 0, 0, 1]
    assert findings.projects(found) == "完工 2 个，受益 110 户；在建 1 个"
    assert answer(store, "projects", JUNE)["project_id"].tolist() == ["J0", "J1", "J3", "J4"]


# ---------------------------------------------------------------- by place, and the rows behind a number


@pytest.fixture
def everything(county: County) -> Store:
    """The rows counted by hand of all these ledgers together, half of them in the other community."""
    fill(county)
    county.insert("estates", estate_id="E1", region_code="R1", name="一院")
    ledgers = by_hand.ledgers()
    for table in TABLES:
        for key, rows in ledgers[table].items():
            for number, (_, _, columns) in enumerate(rows):
                place = {} if table in ("score_cards", "card_actions") else {"region_code": f"R{number % 2 + 1}"}
                by_hand.insert_row(county, table, f"{key}/{number}", {**place, **columns})
    return county.store(by_hand.AS_OF)


def test_the_rows_behind_a_number_are_those_that_were_counted(everything: Store) -> None:
    for region in (None, "R1"):
        filter = Filter(JUNE.start, JUNE.stop, region)
        totals = answer(everything, "indicator_totals", filter, only=OURS).set_index("indicator")
        for table in TABLES:
            identity = by_hand.IDENTITIES[table]
            for indicator in indicators.of_table(table):
                row = totals.loc[indicator.key]
                name = queries.rows_of(indicator.key)
                assert name
                listed = {
                    part: answer(everything, name, filter, indicator=indicator.key, part=part, limit=100_000)
                    for part in ("base", "hit", "miss")
                }
                assert len(listed["base"]) == row["base"], (indicator.key, region)
                if indicator.is_rate:
                    assert len(listed["hit"]) == row["hit"]
                assert len(listed["hit"]) + len(listed["miss"]) == len(listed["base"])
                assert not set(listed["hit"][identity]) & set(listed["miss"][identity])


def test_communities_add_up_to_the_county(everything: Store) -> None:
    total = answer(everything, "indicator_totals", JUNE, only=OURS).set_index("indicator")["base"]
    by_place = answer(everything, "indicators_by_region", JUNE, level="community", only=OURS)
    by_month = answer(everything, "indicators_by_month", JUNE, only=OURS).set_index("indicator")["base"]
    summed = by_place.groupby("indicator")["base"].sum()
    for key in OURS:
        assert summed[key] == total[key] == by_month[key] > 0, key


def test_places_with_few_are_not_compared() -> None:
    rate = INDICATORS["meeting_kept_rate"]
    frame = pd.DataFrame({"name": ["甲", "乙", "丙"], "value": [0.9, 0.8, 0.1], "base": [20, 12, 3]})
    assert findings.places(frame, rate) == "样本足够的 2 个社区，会议履约率在 80.0% 到 90.0% 之间"
    assert findings.places(frame.tail(2), rate) == "各社区会议履约率"


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("scorecards", ["打分卡", "低分项", "心愿邮箱", "微心愿"]),
        ("councils", ["三方协同", "征集", "筛选", "采纳", "落地", "制度成果", "会议履约率", "议定"]),
        ("lists", ["三张清单", "认领", "民生项目"]),
    ],
)
def test_a_page_with_everything(page: str, said: list[str], everything: Store, pages: Pages) -> None:
    app = pages.open(page, start="2026-06-01", stop="2026-07-01")
    assert [error.value for error in app.exception] == []
    # Some of the counted rows lie after the cut-off on purpose: the page says so, and nothing else is wrong.
    assert [error.value[:18] for error in app.error] == ["对账不符：“没有数据截至之后发生的事"]
    shown = words(app) + "\n".join(frame.value.to_string() for frame in app.dataframe)
    shown += "\n".join(metric.label for metric in app.metric)
    missing = [word for word in said if word not in shown]
    assert missing == (["三方协同"] if page == "councils" else [])


@pytest.mark.parametrize(
    ("page", "tables"),
    [("councils", ("议事会议", "议题", "建议")), ("lists", ("清单事项", "民生项目"))],
)
def test_a_page_without_its_exports_says_which(
    page: str, tables: tuple[str, ...], county: County, pages: Pages
) -> None:
    county.case()
    county.publish(AS_OF)
    app = pages.open(page)
    shown = words(app)
    for label in tables:
        assert f"还没有导入{label}" in shown
    assert {metric.value for metric in app.metric} == {"—"}  # no register is not "0 场"
