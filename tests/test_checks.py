"""Reconciliations (queries/checks): green on what is right, red on what was broken on purpose."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from governance import checks, components, queries, snapshots, store
from governance.checks import Check
from governance.importing import catalogue
from governance.indicators import INDICATORS
from governance.public.settings import SCENES
from governance.snapshots.logs import FILES, LOGS, layout
from governance.store import CHANGES
from tests.conftest import Pages
from tests.factory import County
from tests.test_pages import words

CHECKS = {check.name: check for check in checks.read_all()}


def with_logs(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """What a store lays beside the data: the account of the import, and an earlier version."""
    for name, logs in (("intake", LOGS), ("files_read", FILES)):
        con.execute(f"create table {name} ({layout(name, logs)})")
    con.execute("create table earlier_cases as from cases where reported_at < timestamp '2026-05-15'")
    con.execute("create macro earlier_as_of() as timestamp '2026-05-15'")
    con.execute(CHANGES.read_text("utf-8"))
    return con


def groups(con: duckdb.DuckDBPyConnection, check: Check, condition: str = "true") -> pd.DataFrame:
    return con.execute(f"select * from ({check.sql}) where {condition}").df()


def hand_county() -> County:
    """One county, two towns, three grids; cases open, closed, reopened, withdrawn, nowhere, of three categories."""
    county = County()
    county.region("C", level="county")
    for town in ("T1", "T2"):
        county.region(town, level="town", parent_code="C")
    county.region("V1", parent_code="T1", households=10)
    county.region("V2", parent_code="T2")
    for grid, community in {"G1": "V1", "G2": "V1", "G3": "V2"}.items():
        county.grid(grid, region_code=community)
        county.staff(grid)
    county.case("open", grid_id="G1", region_code="V1", category="01")
    county.case("closed", grid_id="G2", region_code="V1", closed_at="2026-06-03 09:00", due_at="2026-06-05")
    county.case("late", grid_id="G3", region_code="V2", closed_at="2026-06-20 09:00", due_at="2026-06-05")
    county.case("earlier", region_code="T2", reported_at="2026-04-02", closed_at="2026-06-01 00:00:00")
    county.case("reopened", grid_id="G1", region_code="V1", first_closed_at="2026-06-02 09:00", reopen_count=1)
    county.case(
        "withdrawn", grid_id="G1", region_code="V1", invalid_reason="withdrawn", withdrawn_at="2026-06-02 09:00"
    )
    county.case("nowhere")
    county.case("disordered", region_code="V2", closed_at="2026-05-01 09:00")
    county.case("at once", region_code="V2", reported_at="2026-06-07 09:00", closed_at="2026-06-07 09:00")
    county.case("reworked", region_code="V2", first_closed_at="2026-06-02", closed_at="2026-06-09", reopen_count=1)
    step = {"source": "test", "case_id": "closed", "cycle": 1}
    county.insert("case_steps", **step, seq=1, step="whistle", happened_at="2026-06-01 10:00", unit_id="U1")
    county.insert("case_steps", **step, seq=2, step="handle", happened_at="2026-06-02 10:00")
    visit = {"grid_id": "G1", "visit_type": "home", "household_hash": "a", "case_id": "open"}
    county.insert("visits", visit_id="W1", visited_at="2026-06-03 10:00", **visit)
    for txn, day, delta in (("P1", "2026-05-02", 30), ("P2", "2026-06-02", 10), ("P3", "2026-06-09", -25)):
        point = {"account_hash": "a", "region_code": "V1", "reason": "志愿服务"}
        county.insert("points", txn_id=txn, happened_at=day, delta=delta, **point)
    county.insert("issues", issue_id="I1", region_code="V1", decided_on="2026-05-20", solved_on="2026-06-10")
    county.insert("issues", issue_id="I2", region_code="V1", decided_on="2026-06-20")
    county.insert("issues", issue_id="I3", region_code="V1", decided_on="2026-05-20", solved_on="2026-06-01")
    county.insert("list_items", item_id="L1", list_type="问题清单", region_code="V2", created_on="2026-06-03")
    county.insert(
        "list_items", item_id="L2", list_type="居民信息", region_code="V2", created_on="2026-06-03"
    )  # no task
    done = {"created_on": "2026-05-03", "done_on": "2026-06-01"}
    county.insert("list_items", item_id="L3", list_type="问题清单", region_code="V2", **done)
    return county


BREAK = {
    # The stretch of time in which a case counts ends too early: it is gone in May without having been settled.
    "flow_identity": "update cases set active_until = timestamp '2026-04-30' where case_id = 'earlier'",
    # Settled cases that are never counted as settled.
    "flow_by_day": "create or replace macro closed_count_base(c, start, stop) as (c.case_id = 'late' and false)",
    # A case whose path says T2 though its community lies in T1.
    "parts_of_regions": "update cases set town_code = 'T2' where case_id = 'open'",
    # The same case twice.
    "parts_of_codes": "insert into cases select * from cases where case_id = 'closed'",
    # A grid twice in the tree of places: its open cases count twice.
    "parts_of_grids": "insert into places select * from places where place_code = 'G1'",
    # Successes that are no cases of the base.
    "hits_within_base": "create or replace macro located_rate_hit(c, start, stop) as true",
    # Closed a day after the data end.
    "nothing_after_cut_off": "update cases set closed_at = timestamp '2026-07-02' where case_id = 'open'",
    # The case of a step is gone.
    "rows_with_a_case": "delete from cases where case_id = 'closed'",
    # A visit in a community that no register has.
    "rows_with_a_place": "update visits set grid_id = null, region_code = 'nowhere'",
    # A look back at a case that is none.
    "visits_with_a_case": "update visits set case_id = 'gone'",
    # Two households where the register has one.
    "households_within_register": "update visits set register_households = 0",
    # Redeemed points that are not counted.
    "ledger_flows": "create or replace macro points_redeemed(c, start, stop) as 0",
    # The steps of a case come after its flag was set.
    "derived_from_rows": "delete from case_steps where case_id = 'closed'",
    # A rejected row that nobody counted.
    "rows_read": "delete from intake where outcome = 'rejected'",
    # A case of the earlier version that the comparison does not see.
    "versions_identity": "create or replace macro case_changes() as table (from seen where change <> 'new')",
}


ALSO_BROKEN = [
    # Gone in April and there again in May: more in hand than came.
    ("flow_identity", "update cases set active_from = timestamp '2026-05-02' where case_id = 'earlier'"),
    # Counted as uploaded on a day on which it was not reported.
    ("flow_by_day", "create or replace macro reported_count_base(c, start, stop) as (c.is_valid)"),
    # One success more than cases.
    (
        "hits_within_base",
        "create or replace macro located_rate_hit(c, start, stop) as "
        "(located_rate_base(c, start, stop) or c.case_id = 'withdrawn')",
    ),
    # A grid twice in the tree of places: the parts are more than the whole.
    ("parts_of_regions", "insert into places select * from places where place_code = 'G1'"),
    ("rows_with_a_case", "insert into disputes (source, case_id) values ('test', 'gone')"),
    ("rows_with_a_case", "insert into hazards (source, case_id) values ('test', 'gone')"),
    ("rows_with_a_case", "update whistles set case_id = 'gone'"),
    # A case of that number, of another source.
    ("rows_with_a_case", "update case_steps set source = 'other'"),
    ("households_within_register", "update points set register_households = 0"),
    # A number that means two cases of the community, and a case of the source that is not there.
    ("visits_with_a_case", "insert into cases select * replace ('other' as source) from cases where case_id = 'open'"),
    ("visits_with_a_case", "update visits set case_source = 'other'"),
    # A case of another community without a word on its source.
    ("visits_with_a_case", "update visits set case_id = 'late'"),
    ("derived_from_rows", "update cases set has_steps = false where case_id = 'closed'"),
    ("derived_from_rows", "update cases set whistled_at = null where case_id = 'closed'"),
]

NOT_BROKEN = [
    # As many households as the register has.
    ("households_within_register", "update visits set register_households = 1"),
    ("households_within_register", "update points set register_households = 1"),
    # With the very moment of the cut-off.
    ("nothing_after_cut_off", "update cases set closed_at = timestamp '2026-07-01' where case_id = 'open'"),
    # A grid that ended with an open case in it: the case is 未落格.
    ("parts_of_grids", "update places set valid_to = date '2026-06-15' where place_code = 'G1'"),
    *(
        ("rows_read", f"update intake set outcome = '{one}' where outcome = '{other}'")
        for one, other in {"not_for": "excluded", "superseded": "duplicate", "merged": "duplicate"}.items()
    ),
    # Two sheets of one file, each with an account of its own.
    (
        "rows_read",
        "insert into files_read values ('test', 'cases', 'b.xlsx', '一', 5), ('test', 'cases', 'b.xlsx', '二', 3); "
        "insert into intake values ('test', 'cases', 'b.xlsx', '一', null, 'accepted', null, 5), "
        "('test', 'cases', 'b.xlsx', '二', null, 'accepted', null, 3)",
    ),
    # A visit is where its grid is, whatever else is written.
    ("rows_with_a_place", "update visits set region_code = 'nowhere'"),
    # A case that was told of another category, one of another month, and one that is gone.
    ("versions_identity", "update earlier_cases set category = '05'"),
    ("versions_identity", "update earlier_cases set reported_at = timestamp '2026-03-31 23:59:59'"),
    ("versions_identity", "insert into earlier_cases select * replace ('gone' as case_id) from earlier_cases"),
    # A case of the source it names, made elsewhere.
    ("visits_with_a_case", "update visits set case_id = 'late', case_source = 'test'"),
]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """The county at the start of July, with itself in the middle of June as the earlier version."""
    con = with_logs(hand_county().ready())
    con.execute("create table seen as from case_changes()")
    con.execute("insert into files_read values ('test', 'cases', 'a.csv', null, 10)")
    for outcome, rows in {"accepted": 6, "rejected": 1, "excluded": 2, "duplicate": 1, "corrected": 4}.items():
        con.execute(f"insert into intake values ('test', 'cases', 'a.csv', null, null, '{outcome}', null, {rows})")
    return con


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_green_by_hand_red_when_broken(check: Check, con: duckdb.DuckDBPyConnection) -> None:
    found = groups(con, check)
    assert len(found) and not found["is_broken"].any(), found[found["is_broken"]]
    con.execute("begin")
    try:
        con.execute(BREAK[check.name])
        assert len(groups(con, check, "is_broken"))
    finally:
        con.execute("rollback")


def is_red(con: duckdb.DuckDBPyConnection, name: str, change: str) -> bool:
    """Whether a change of the county breaks a check; the change is taken back."""
    con.execute("begin")
    try:
        con.execute(change)
        return not groups(con, CHECKS[name], "is_broken").empty
    finally:
        con.execute("rollback")


@pytest.mark.parametrize(("name", "change"), ALSO_BROKEN)
def test_red_for_other_reasons_too(name: str, change: str, con: duckdb.DuckDBPyConnection) -> None:
    assert is_red(con, name, change)


@pytest.mark.parametrize(("name", "change"), NOT_BROKEN)
def test_what_is_right_though_unusual_is_green(name: str, change: str, con: duckdb.DuckDBPyConnection) -> None:
    assert not is_red(con, name, change)


def test_every_time_of_every_table_is_held_against_the_cut_off(con: duckdb.DuckDBPyConnection) -> None:
    events = {
        (table.name, column.name, column.type)
        for table in catalogue.tables().values()
        for column in table.columns.values()
        if column.is_event and table.name != "hazards"  # whose times stand on their cases
    }
    for table, column, kind in events:
        columns = [name for (name,) in con.execute(f"select column_name from (describe {table})").fetchall()]
        one = ", ".join(
            f"{kind.lower()} '2026-07-02' as {name}" if name == column else f"null as {name}" for name in columns
        )
        con.execute("begin")
        con.execute(f"create or replace table {table} as select {one}")
        late = groups(con, CHECKS["nothing_after_cut_off"], "is_broken")
        con.execute("rollback")
        assert late[["table_name", "column_name", "late_count"]].values.tolist() == [[table, column, 1]]


def test_every_table_with_places_is_held_against_the_tree(con: duckdb.DuckDBPyConnection) -> None:
    for table in catalogue.tables().values():
        place = next((name for name in ("region_code", "grid_id") if name in table.columns), None)
        if place is None or table.name in ("regions", "grids", "population", "liaisons"):  # the tree, and what only
            continue  # counts where its place is known
        con.execute("begin")
        names = [name for (name,) in con.execute(f"select column_name from (describe {table.name})").fetchall()]
        at = "place_code" if table.name == "cases" else place
        one = ", ".join(f"'nowhere' as {name}" if name == at else f"null::varchar as {name}" for name in names)
        con.execute(f"create or replace table {table.name} as select {one}")
        found = groups(con, CHECKS["rows_with_a_place"], "is_broken")
        con.execute("rollback")
        assert found[["table_name", "example"]].values.tolist() == [[table.name, "nowhere"]]


def test_every_check_can_be_broken() -> None:
    assert set(BREAK) == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_a_header_says_what_it_is_and_what_rests_on_it(check: Check, con: duckdb.DuckDBPyConnection) -> None:
    assert check.title and not check.title.endswith("。")
    assert set(check.scenes) <= set(SCENES)
    assert check.indicators | check.queries, "nothing rests on it: no page would be marked"
    assert check.indicators <= set(INDICATORS)
    assert check.queries <= set(queries.NAMES)
    found = groups(con, check)
    assert list(found.columns) == list(check.query.columns)
    assert not found.duplicated(list(check.query.grain)).any()


def test_an_empty_county_is_right() -> None:
    con = with_logs(County().ready())
    assert all(groups(con, check, "is_broken").empty for check in CHECKS.values())


def test_flow_identity_of_june_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    """June: 1 in hand at its start (earlier: closed with the first second of June, so in hand until then).

    Reported in June: open, closed, late, reopened, nowhere, at once, reworked = 7 (withdrawn never counts, disordered
    is left aside). Closed in June: earlier, closed, late, at once, reworked = 5. In hand at the end: open, reopened,
    nowhere = 3 = 1 + 7 - 5.
    """
    frame = groups(con, CHECKS["flow_identity"])
    june = frame[frame["month"] == "2026-06-01"]
    sums = {name: int(june[name].sum()) for name in ("opening", "reported", "closed", "closing")}
    assert sums == {"opening": 1, "reported": 7, "closed": 5, "closing": 3}


def test_flow_of_the_first_of_june_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    """In hand before: earlier. Reported: all of June but at once = 7, of which 1 (withdrawn) is void. Settled: earlier.

    In hand at midnight: the six.
    """
    frame = groups(con, CHECKS["flow_by_day"], "day = date '2026-06-01'")
    names = ("opening", "uploaded", "voided", "closing")
    assert {name: int(frame[name].sum()) for name in names} == {"opening": 1, "uploaded": 7, "voided": 1, "closing": 6}
    settled = ["closed_once", "closed_after_rework"]
    assert frame[settled].sum().tolist() == [1, 0]
    ninth = groups(con, CHECKS["flow_by_day"], "day = date '2026-06-09'")
    assert ninth[settled].sum().tolist() == [0, 1]  # reworked


def test_the_ledgers_of_june_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    frame = groups(con, CHECKS["ledger_flows"], "month = date '2026-06-01'").set_index("ledger")
    flows = frame[["opening", "added", "ended", "closing"]].T.to_dict("list")
    assert flows == {"积分": [30, 10, 25, 15], "议题": [2, 1, 2, 1], "清单": [1, 1, 1, 1]}


def test_rates_of_the_last_two_months_are_looked_at(con: duckdb.DuckDBPyConnection) -> None:
    months = groups(con, CHECKS["hits_within_base"])["month"].dt.strftime("%Y-%m").unique()
    assert sorted(months) == ["2026-06", "2026-07"]


def test_the_parts_of_june_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    """V2 has late, disordered, at once and reworked; V1 open, closed and reopened, but not withdrawn, which is void."""
    frame = groups(con, CHECKS["parts_of_regions"], "month = date '2026-06-01' and place_code in ('V1', 'V2')")
    whole = frame.groupby("place_code")[["whole", "parts"]].sum()
    assert whole.T.to_dict("list") == {"V1": [3, 3], "V2": [4, 4]}


def test_versions_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    """Before 15 May there was only `earlier`; the nine of June are new. Nothing was late or has gone."""
    frame = groups(con, CHECKS["versions_identity"])
    sums = {name: int(frame[name].sum()) for name in ("before", "new", "late", "removed", "later")}
    assert sums == {"before": 1, "new": 9, "late": 0, "removed": 0, "later": 10}


# ---------------------------------------------------------------- kept, and seen on pages


@pytest.fixture
def placeless(data: Path) -> Iterator[snapshots.Snapshot]:
    """A county with a visit that is nowhere: one red check."""
    county = hand_county()
    county.insert("visits", visit_id="W2", region_code="nowhere", visited_at="2026-06-03", visit_type="home")
    checks.clear()
    yield county.publish()
    checks.clear()
    store.clear()


def test_results_are_computed_once_for_a_snapshot(placeless: snapshots.Snapshot) -> None:
    found = checks.results(queries.current_store())
    assert {one.check.name: one.broken_count for one in found if one.is_red} == {"rows_with_a_place": 1}
    assert checks.results(queries.current_store()) is found
    rows = checks.broken_rows(queries.current_store(), CHECKS["rows_with_a_place"])
    assert rows.to_dict("records") == [
        {"table_name": "visits", "row_count": 2, "placeless_count": 1, "example": "nowhere"}
    ]


def test_a_check_that_cannot_be_run_is_not_green(placeless: snapshots.Snapshot) -> None:
    check = CHECKS["rows_with_a_place"]
    impossible = replace(check, query=replace(check.query, sql="select no_such_column from cases"))
    result = checks.run(queries.current_store(), impossible)
    assert result.is_red and not result.broken_count and "no_such_column" in result.problem
    assert components.summary([result]) == "0 项全部相符，共核对 0 组，1 项没能核对"


def test_a_red_check_marks_the_pages_that_rest_on_it_and_no_others(placeless: snapshots.Snapshot, pages: Pages) -> None:
    marked = pages.open("visits")
    assert [entry.value for entry in marked.exception] == []
    (sentence,) = [entry.value.replace("\\", "") for entry in marked.error]
    assert "案件和台账的地点都在地点树上" in sentence and "有 1 组不符" in sentence
    assert not pages.open("satisfaction").error
    assert not pages.open("dictionary").error
    shown = words(pages.open("checks"))
    assert f"{len(CHECKS)} 项中 1 项不符" in shown
    assert "有 1 组不符" in shown
