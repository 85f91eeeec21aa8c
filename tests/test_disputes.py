"""矛盾纠纷: the queries of the page against a recount in plain Python, and against a day worked out by hand."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from governance.filters import Filter
from governance.queries import answer
from governance.store import Store
from tests.conftest import Pages
from tests.factory import County
from tests.test_pages import words

AS_OF = datetime(2026, 7, 10, 15, 30)
PERIOD = Filter(date(2026, 4, 1), date(2026, 7, 1))
Row = dict[str, object]


def invented(seed: int, count: int) -> list[Row]:
    """Disputes with everything that occurs: no acceptance, no level, failures, midnights, several methods."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for _ in range(count):
        reported = datetime(2026, 3, 25) + timedelta(hours=chance.randint(0, 24 * 105))
        if reported > AS_OF:
            continue
        accepted = reported + timedelta(hours=chance.choice([0, 1, 5, 30])) if chance.random() < 0.8 else None
        closed: datetime | None = (accepted or reported) + timedelta(
            hours=chance.choice([2, 20, 50, 100, 168, 190, 400, 800])
        )
        if closed and chance.random() < 0.2:
            closed = closed.replace(hour=23, minute=59, second=59)
        closed = closed if closed and chance.random() < 0.9 and closed <= AS_OF else None
        accepted = accepted if accepted and accepted <= AS_OF else None
        rows.append(
            {
                "reported_at": reported, "accepted_at": accepted, "closed_at": closed,
                "success": chance.choice(["yes"] * 6 + ["no", "court", None] if closed else ["open", None]),
                "mediation_level": chance.choice([1, 2, 3, None]) if closed else None,
                "method": chance.choice(["情", "理", "情、理", "法，诉", " 情 / 法 ", None]),
                "agreement": chance.choice(["口头", "书面", "无", None]),
                "dispute_type": chance.choice(["邻里", "物业"]),
                "people_count": chance.choice([2, 3, None]),
            }
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return invented(3, 500)


@pytest.fixture(scope="module")
def store(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(tmp_path_factory.mktemp("disputes")))
        county = County()
        for number, row in enumerate(rows):
            own = {name: row[name] for name in ("reported_at", "accepted_at", "closed_at")}
            county.case(f"C{number}", category="01", **own)
            rest = {name: value for name, value in row.items() if name not in own}
            county.insert("disputes", source="test", case_id=f"C{number}", **rest)
        county.case("service", reported_at="2026-05-01", closed_at="2026-05-03")  # is on none of the lists
        yield county.store(AS_OF.isoformat())


def began(row: Row) -> datetime:
    moment = row["accepted_at"] or row["reported_at"]
    assert isinstance(moment, datetime)
    return moment


def reported_in_period(row: Row) -> bool:
    return datetime(2026, 4, 1) <= row["reported_at"] < datetime(2026, 7, 1)  # type: ignore[operator]


def settled(row: Row) -> datetime | None:
    closed = row["closed_at"]
    return closed if row["success"] == "yes" and isinstance(closed, datetime) else None


def settled_shares(rows: list[Row]) -> list[tuple[int, int, Fraction]]:
    """By day 0 … 30: still waiting, settled on the day, share settled so far; exact, from whole days that are over."""
    seen = []
    for row in rows:
        done, last = settled(row), (AS_OF.date() - began(row).date()).days - 1
        day = (done.date() - began(row).date()).days if done else None
        if last >= 0:
            seen.append((day, True) if day is not None and day <= last else (last, False))
    found, surviving = [], Fraction(1)
    for day in range(31):
        waiting = sum(until >= day for until, _ in seen)
        events = sum(until == day and is_event for until, is_event in seen)
        if waiting:
            surviving *= 1 - Fraction(events, waiting)
        found.append((waiting, events, 1 - surviving))
    return found


def test_the_curve_of_every_level_against_exact_fractions(store: Store, rows: list[Row]) -> None:
    frame = answer(store, "disputes_settled_by_day", PERIOD)
    cohort = [row for row in rows if reported_in_period(row)]
    for level, label in ((1, "1"), (2, "2"), (3, "3"), (None, None), ("all", "all")):
        mine = [row for row in cohort if level == "all" or row["mediation_level"] == level]
        found = frame[frame["mediation_level"].isna()] if label is None else frame[frame["mediation_level"] == label]
        expected = settled_shares(mine)
        assert found["day"].tolist() == list(range(31))
        assert list(zip(found["waiting_count"], found["settled_count"], strict=True)) == [e[:2] for e in expected]
        assert found["settled_share"].tolist() == pytest.approx([float(share) for _, _, share in expected])


def median_days(rows: list[Row]) -> float | None:
    """Kaplan–Meier by exact fractions over seconds."""
    seen = []
    for row in rows:
        done = settled(row)
        seen.append((((done or AS_OF) - began(row)).total_seconds(), done is not None))
    surviving = Fraction(1)
    for moment in sorted({seconds for seconds, _ in seen}):
        at_risk = sum(seconds >= moment for seconds, _ in seen)
        surviving *= 1 - Fraction(sum(seconds == moment and event for seconds, event in seen), at_risk)
        if surviving <= Fraction(1, 2):
            return moment / 86400
    return None


def test_levels_against_a_recount(store: Store, rows: list[Row]) -> None:
    frame = answer(store, "disputes_by_level", PERIOD).set_index("mediation_level", drop=False)
    assert list(frame["mediation_level"].dropna()) == ["1", "2", "3"]
    for level, found in frame.iterrows():
        mine = [row for row in rows if str(row["mediation_level"] or "") == (level if isinstance(level, str) else "")]
        ended = [
            row
            for row in mine
            if row["success"] in ("yes", "no", "court")
            and datetime(2026, 4, 1) <= (row["closed_at"] or AS_OF) < datetime(2026, 7, 1)  # type: ignore[operator]
        ]
        judged = []
        for row in mine:
            seventh = datetime.combine(began(row).date() + timedelta(days=7), datetime.min.time())
            known = row["success"] is not None or row["closed_at"] is None
            if known and datetime(2026, 4, 1) <= seventh < datetime(2026, 7, 1):
                judged.append((row, seventh + timedelta(days=1)))
        in_time = sum(1 for row, end in judged if (done := settled(row)) is not None and done < end)
        cohort = [row for row in mine if reported_in_period(row)]
        counts = [row["success"] for row in ended]
        assert [found["finished_count"], found["settled_count"], found["failed_count"], found["court_count"]] == [
            len(counts), counts.count("yes"), counts.count("no"), counts.count("court"),
        ]  # fmt: skip
        assert (found["judged_count"], found["seven_day_count"]) == (len(judged), in_time)
        assert found["reported_count"] == len(cohort)
        assert found["median_days"] == pytest.approx(median_days(cohort) or float("nan"), nan_ok=True)


def test_methods_are_taken_apart_and_agreements_are_not(store: Store, rows: list[Row]) -> None:
    frame = answer(store, "disputes_by_way", PERIOD)
    ended = [
        row
        for row in rows
        if row["success"] in ("yes", "no", "court") and datetime(2026, 4, 1) <= row["closed_at"] < datetime(2026, 7, 1)  # type: ignore[operator]
    ]
    by_way = {(row.kind, row.way): (row.finished_count, row.settled_count) for row in frame.itertuples()}

    def counted(method: str) -> tuple[int, int]:
        used = [row for row in ended if method in str(row["method"] or "")]
        return len(used), sum(row["success"] == "yes" for row in used)

    assert {way for kind, way in by_way if kind == "method" and isinstance(way, str)} == {"情", "理", "法", "诉"}
    for method in "情理法诉":
        assert by_way["method", method] == counted(method)
    agreements = frame[frame["kind"] == "agreement"]
    assert agreements["finished_count"].sum() == len(ended)
    blank = frame[(frame["kind"] == "method") & frame["way"].isna()]
    assert blank["finished_count"].tolist() == [sum(row["method"] is None for row in ended)]


def test_types_and_their_people_add_up(store: Store, rows: list[Row]) -> None:
    frame = answer(store, "disputes_by_type", PERIOD).set_index("dispute_type")
    for kind in ("邻里", "物业"):
        mine = [row for row in rows if row["dispute_type"] == kind and reported_in_period(row)]
        assert frame.at[kind, "dispute_count"] == len(mine)
        assert frame.at[kind, "people_count"] == sum(row["people_count"] or 0 for row in mine)  # type: ignore[misc]
        assert frame.at[kind, "people_known_count"] == sum(row["people_count"] is not None for row in mine)


def test_a_dispute_settled_on_day_7_at_2359_by_hand(county: County) -> None:
    # Accepted 1 June 10:00: day 7 is 8 June. One settled at 23:59 that day, one a minute later, on day 8.
    for name, closed in (("in time", "2026-06-08 23:59"), ("late", "2026-06-09 00:00")):
        county.case(name, category="01", accepted_at="2026-06-01 10:00", closed_at=closed)
        county.insert("disputes", source="test", case_id=name, success="yes", mediation_level=3)
    store, june = county.store("2026-07-01"), Filter(date(2026, 6, 1), date(2026, 7, 1))
    level = answer(store, "disputes_by_level", june).iloc[0]
    assert (level["judged_count"], level["seven_day_count"], level["seven_day_rate"]) == (2, 1, 0.5)
    days = answer(store, "disputes_settled_by_day", june)
    days = days[days["mediation_level"] == "3"].set_index("day")
    assert days.loc[[6, 7, 8], "settled_share"].tolist() == pytest.approx([0, 0.5, 1])
    assert days.loc[[6, 7, 8, 9], "waiting_count"].tolist() == [2, 2, 1, 0]


def test_levels_of_solving_keep_the_tracks_apart(county: County) -> None:
    for category, solved, escalated in (("01", 1, 1), ("01", 2, 3), ("01", 3, 3), ("02", 2, None), ("03", 5, 4)):
        county.case(category=category, solved_level=solved, escalation_level=escalated, closed_at="2026-06-05")
    county.case(category="01", closed_at="2026-06-05")  # nobody registered where
    county.case(category="01", solved_level=1)  # not closed
    frame = answer(county.store("2026-07-01"), "solved_levels", Filter(date(2026, 6, 1), date(2026, 7, 1)))
    dispute = frame[frame["track"] == "dispute"].set_index("solved_level")
    assert dispute["solved_count"].tolist() == [1, 1, 1, 0, 0]
    assert dispute["escalated_count"].tolist() == [1, 0, 2, 0, 0]
    assert dispute["solved_share"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0, 0])
    assert frame[frame["track"] == "hazard"]["solved_count"].tolist() == [0, 1, 0, 0, 0]
    assert frame[frame["track"] == "service"]["solved_count"].tolist() == [0, 0, 0, 0, 1]


def test_without_a_register_nothing_is_said_to_be_settled(county: County, pages: Pages) -> None:
    for category in ("01", "02"):
        county.case(category=category, reported_at="2026-06-01", closed_at="2026-06-05")
    county.publish("2026-07-01")
    for page, counted, unknown in (
        ("disputes", "纠纷受理量", {"化解纠纷"}),
        ("hazards", "排查发现", {"整改完成", "完成复查"}),
    ):
        app = pages.open(page, start="2026-06-01", stop="2026-07-01")
        shown = {metric.label: metric.value for metric in app.metric}
        assert shown[counted][0] == "1"
        assert {shown[label] for label in unknown} == {"—"}  # not "0": nobody wrote it down
        if page == "disputes":
            assert "对应到标准列 cases.solved_level" in words(app)
