"""Two versions of the data: every kind of change by a case made for it, and what was reported then, exactly again."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from governance import checks, navigation, queries, snapshots, store
from governance.codes import LABELS
from governance.components.versions import last_month, late_effect
from governance.filters import Filter
from governance.store import Store, open_store
from tests.conftest import Pages
from tests.factory import ANALYST, County

THEN, NOW = "2026-06-10", "2026-06-20"
JUNE = Filter(date(2026, 6, 1), date(2026, 7, 1))

# case: (as it stood on 10 June or None, as it stands on 20 June or None, the kinds of change)
Row = dict[str, object]
CASES: dict[str, tuple[Row | None, Row | None, set[str]]] = {
    "same": ({"closed_at": "2026-06-05"}, {"closed_at": "2026-06-05"}, set()),
    "new": (None, {"reported_at": "2026-06-10 00:00"}, {"new"}),
    "late": (None, {"reported_at": "2026-06-09 23:59"}, {"late"}),
    "closed": ({}, {"closed_at": "2026-06-12"}, {"closed"}),
    "closed the second the older data end": ({}, {"closed_at": "2026-06-10 00:00"}, {"closed"}),
    "closed earlier but told later": ({}, {"closed_at": "2026-06-08"}, {"closed_late"}),
    "reopened, open again": ({"closed_at": "2026-06-05"}, {"reopen_count": 1}, {"reopened"}),
    "reopened and closed again": (
        {"closed_at": "2026-06-05"},
        {"closed_at": "2026-06-15", "reopen_count": 1},
        {"reopened", "time_changed"},
    ),
    "reclassified": ({}, {"category": "05"}, {"reclassified"}),
    "urgency": ({"urgency": "small"}, {"urgency": "hard"}, {"reclassified"}),
    "moved": ({"grid_id": "G1"}, {"grid_id": "G2"}, {"moved"}),
    "located at last": ({}, {"grid_id": "G2"}, {"moved"}),
    "handed over": ({"unit_id": "U1"}, {"unit_id": "U2"}, {"handed_over"}),
    "prolonged": ({"due_at": "2026-06-09"}, {"due_at": "2026-06-30"}, {"due_changed"}),
    "corrected": ({"reported_at": "2026-06-01"}, {"reported_at": "2026-06-02"}, {"time_changed"}),
    "rated": ({"closed_at": "2026-06-05"}, {"closed_at": "2026-06-05", "rating": 5}, {"rated"}),
    "voided": ({}, {"invalid_reason": "merged"}, {"voided"}),
    "restored": ({"invalid_reason": "test"}, {}, {"restored"}),
    "gone": ({}, None, {"removed"}),
    "two at once": ({"unit_id": "U1"}, {"unit_id": "U2", "category": "02"}, {"reclassified", "handed_over"}),
}


def county(version: int) -> County:
    made = County()
    made.region("R1")
    made.grid("G1")
    made.grid("G2")
    for case_id, states in CASES.items():
        if states[version] is not None:
            made.case(case_id, **{"reported_at": "2026-06-01 09:00", **states[version]})  # type: ignore[dict-item]
    return made


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Equal content has equal ids in every test's folder: a store kept from another test must not stand in."""
    store.clear()
    snapshots.reading._verdicts.clear()


@pytest.fixture
def pair(data: Path) -> Iterator[Store]:
    earlier, later = county(0).publish(THEN), county(1).publish(NOW)
    yield open_store(ANALYST, later, earlier)


def test_every_kind_of_change(pair: Store) -> None:
    found = pair.query("select case_id, change from case_changes()")
    changes = {case_id: set(found.loc[found["case_id"] == case_id, "change"]) for case_id in CASES}
    assert changes == {case_id: expected for case_id, (_, _, expected) in CASES.items()}
    assert set(found["change"]) == set(LABELS["change"])


def test_the_counts_are_those_of_the_lists(pair: Store) -> None:
    kinds = queries.answer(pair, "changes_by_kind", JUNE).set_index("change")["case_count"]
    assert dict(kinds) == {
        kind: sum(kind in expected for _, _, expected in CASES.values()) for kind in LABELS["change"]
    }
    for kind in LABELS["change"]:
        listed = queries.answer(pair, "changed_cases", JUNE, change=kind)
        assert set(listed["case_id"]) == {case_id for case_id, (_, _, kinds_) in CASES.items() if kind in kinds_}


def test_before_and_after_are_written_out(pair: Store) -> None:
    def both(kind: str) -> dict[str, tuple[str, str]]:
        listed = queries.answer(pair, "changed_cases", JUNE, change=kind)
        return {row.case_id: (row.before, row.after) for row in listed.itertuples()}

    assert both("due_changed")["prolonged"] == ("2026-06-09 00:00", "2026-06-30 00:00")
    assert both("handed_over")["handed over"] == ("U1", "U2")
    assert both("removed")["gone"] == ("在办", "没有")
    assert both("late")["late"] == ("没有", "在办")
    assert both("closed")["closed"] == ("在办", "2026-06-12 00:00")
    assert both("moved")["located at last"] == ("未落格", "G2")


def test_without_an_earlier_version_nothing_has_changed(data: Path) -> None:
    store = county(1).store(NOW)
    assert queries.answer(store, "changes_by_kind", JUNE).empty


def test_what_was_reported_then_is_reproduced_and_late_data_show(data: Path) -> None:
    earlier = county(0).publish(THEN)
    asked = Filter(date(2026, 6, 1), date(2026, 6, 10))
    then = queries.answer(open_store(ANALYST, earlier), "indicator_totals", asked)
    later = county(1).publish(NOW)
    again = queries.answer(open_store(ANALYST, snapshots.at(THEN)), "indicator_totals", asked)
    assert then.equals(again)
    effect = late_effect(then, queries.answer(open_store(ANALYST, later), "indicator_totals", asked)).set_index("指标")
    # The older version has 18 cases, one of them a test: 17. Since then one came late, one was restored, one was voided
    # and one has gone: 17 again, but not the same 17.
    assert effect.loc["受理量", "当时报的"] == "17 件"
    assert effect.loc["受理量", "现在重算"] == "17 件"
    assert effect.loc["受理量", "变化"] == "持平"


def test_every_query_gives_again_what_was_reported_then(data: Path) -> None:
    """Publish, look, import late data, look back: the very same frames, from a store opened anew."""
    earlier = county(0).publish(THEN)
    asked = Filter(date(2026, 5, 1), date(2026, 6, 10))
    some = ["reported_count", "on_time_rate", "response_hours", "backlog", "workload"]  # the test above has all
    then = {name: queries.answer(open_store(ANALYST, earlier), name, asked, some) for name in queries.NAMES}
    county(1).publish(NOW)
    store.clear()
    looked_at = open_store(ANALYST, snapshots.at(THEN))
    assert looked_at.snapshot.id == earlier.id
    for name in queries.NAMES:
        pd.testing.assert_frame_equal(queries.answer(looked_at, name, asked, some), then[name])
    newest = open_store(ANALYST, snapshots.latest())
    assert not queries.answer(newest, "case_list", asked, some).equals(then["case_list"])


def test_before_and_after_are_reconciled(pair: Store) -> None:
    """Independently: every case number counted in the lists above, by what became of it."""
    check = checks.read(checks.VERSIONS)
    result = checks.run(pair, check)
    assert result.group_count and not result.is_red
    found = pair.query(f"select * from ({check.sql})")
    before = sum(then is not None for then, _, _ in CASES.values())
    now = sum(later is not None for _, later, _ in CASES.values())
    assert (int(found["before"].sum()), int(found["later"].sum())) == (before, now)
    for kind in ("new", "late", "removed"):
        assert int(found[kind].sum()) == sum(kind in kinds for _, _, kinds in CASES.values())
    assert int(found["moved_in"].sum()) == int(found["moved_out"].sum()) == 2  # reclassified, and two at once


def test_last_month_is_that_of_the_earlier_version(data: Path) -> None:
    earlier = county(0).publish(THEN)
    assert last_month(JUNE, earlier) == Filter(date(2026, 5, 1), date(2026, 6, 1))


def test_the_page_lists_the_changes(data: Path, pages: Pages) -> None:
    county(0).publish(THEN)
    county(1).publish(NOW)
    app = pages.open("changes", change="late")
    assert not app.exception and not app.error, [entry.value for entry in app.error]
    assert any("迟到" in entry.value for entry in app.markdown)
    assert any("当时报的上月数" in entry.value for entry in app.markdown)
    assert any("较早版本 + 新增" in entry.value.replace("\\", "") and "相符" in entry.value for entry in app.markdown)


def test_the_page_says_that_there_is_nothing_to_compare(data: Path, pages: Pages) -> None:
    county(0).publish(THEN)
    app = pages.open("changes")
    assert any("只有一个数据版本" in entry.value for entry in app.info)


def test_every_page_can_be_seen_as_it_was(data: Path, pages: Pages) -> None:
    county(0).publish(THEN)
    newest = county(1).publish(NOW)
    for name in (name for entries in navigation.MENU.values() for name, _ in entries):
        app = pages.open(name, as_of=THEN)
        assert not app.exception and not app.error, (name, [entry.value for entry in app.error])
        assert any("较早的数据版本" in entry.value for entry in app.info)
        assert any("数据截至 2026-06-10" in entry.value.replace("\\", "") for entry in app.caption)
    assert newest.as_of == datetime(2026, 6, 20)
