"""The store: what a viewer may not see does not exist in it, and nothing leads out of it."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import access, manifests, snapshots, store
from governance.access import Principal
from governance.snapshots import Snapshot
from governance.snapshots.folder import sha256
from governance.snapshots.reading import read
from governance.snapshots.schema import derived_columns
from governance.store import Store, StoreError, open_store
from tests.factory import ANALYST, County

# Two counties of two towns of two communities of two grids of two smaller grids.
PARENT: dict[str, str | None] = {}
for c in "AB":
    PARENT[c] = None
    for t in "12":
        PARENT[c + t] = c
        for r in "12":
            PARENT[c + t + r] = c + t
            for g in "12":
                PARENT[c + t + r + g] = c + t + r
                PARENT.update({c + t + r + g + s: c + t + r + g for s in "12"})
LEVELS = {1: "county", 2: "town", 3: "community"}
HOSTILE = [
    "",
    "'",
    "A' or '1'='1",
    "%",
    "_",
    "A%",
    "\\",
    "A1\0",
    "null",
    "A; drop table cases",
    "甲",
    "a",
    " A",
    "A1,B1",
]
PLACED = ["grids", "staff", "visits", "video_points", "population", "regions", "estates", "meetings", "boundaries"]


def lineage(code: str | None) -> set[str]:
    """Return a place and all places above it."""
    found = set()
    while code:
        found.add(code)
        code = PARENT.get(code)
    return found


def world() -> Snapshot:
    """Publish rows of every kind of place, some with codes that no register knows."""
    county = County()
    chance = random.Random(3)
    for code, parent in PARENT.items():
        if len(code) <= 3:
            county.region(code, level=LEVELS[len(code)], parent_code=parent)
            county.insert("estates", estate_id=f"E{code}", region_code=code, name=code)
            county.insert("meetings", meeting_id=code, meeting_type="m", region_code=code, held_on="2026-06-01")
            county.insert("inspections", inspection_id=code, estate_id=f"E{code}", inspected_on="2026-06-01")
        else:
            upper = parent if len(code) == 5 else None
            county.grid(code, level=len(code) - 3, region_code=code[:3], parent_grid_id=upper)
            county.staff(code)
            county.insert("video_points", point_id=code, system="s", region_code=code[:1], grid_id=code, is_online=True)
            county.insert("visits", visit_id=code, grid_id=code, visited_at="2026-06-01", visit_type="home")
        county.insert("population", region_code=code, month="2026-06-01", residents=10)
        county.insert("visits", visit_id=f"R{code}", region_code=code, visited_at="2026-06-01", visit_type="home")
    places = [*PARENT, "X9", "X99"]
    for number in range(400):
        place = chance.choice(places)
        where = {"region_code": place[:3], "grid_id": place} if len(place) > 3 else {"region_code": place}
        position = {"lon": 113 + number / 987, "lat": 37 + number / 987}
        origin = {"source_file": "canary.csv", "source_sheet": "canary", "source_row": 7_000_000 + number}
        county.case(str(number), reporter_hash=f"h{number}", title=place, **where, **position, **origin)
        county.insert(
            "case_steps", source="test", case_id=str(number), cycle=1, seq=1, step="find", happened_at="2026-06-01"
        )
        county.insert("disputes", source="test", case_id=str(number))
    county.insert("units", unit_id="U1", name="单位")
    county.insert("calendar", day="2026-06-01", is_workday=True)
    county.insert(
        "points", txn_id="P", account_hash="h", region_code="A11", happened_at="2026-06-01", reason="r", delta=1
    )
    county.con.execute(
        "create table rejects as select 's' as source, 'cases' as table_name, 'canary.csv' as file, 3 as row_number"
    )
    read = {"source": "s", "tables": ["cases"], "file": "canary.csv", "rows": 400}
    return snapshots.publish(county.con, datetime(2026, 7, 1), sources=[read])


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVERNANCE_DATA", str(tmp_path_factory.mktemp("world")))
        yield world()
    store.clear()


def place_of(row: dict) -> str | None:
    """Return the place that decides whether a row is in a scope."""
    for column in ("place_code", "grid_id", "region_code"):
        if not pd.isna(row.get(column)):
            return row[column]
    return None


def all_files(snapshot: Snapshot) -> list[Path]:
    return [snapshot.path / "manifest.json", *(path for table in snapshot.tables for path in snapshot.files(table))]


def check_rows(opened: Store, scope: frozenset[str]) -> int:
    """Assert that every row lies in the scope; return how many cases there are."""
    cases = opened.query("select * from cases").to_dict("records")
    assert all(lineage(row["title"]) & scope for row in cases)
    numbers = {row["case_id"] for row in cases}
    for table in ("case_steps", "disputes"):
        assert set(opened.query(f"select case_id from {table}")["case_id"]) == numbers
    for table in (*PLACED, "places"):
        for row in opened.query(f"select * from {table}").to_dict("records"):
            assert lineage(place_of(row)) & scope, (table, row)
    estates = opened.query("select estate_id from estates")["estate_id"]
    assert set(opened.query("select estate_id from inspections")["estate_id"]) == set(estates)
    assert "rejects" not in opened.tables
    return len(cases)


scopes = st.frozensets(st.sampled_from([*PARENT, "X9", "X99", *HOSTILE]), max_size=6) | st.just(frozenset({"A", "B"}))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scope=scopes, role=st.sampled_from(["leader", "analyst"]))
def test_every_row_lies_in_the_scope_and_none_is_missing(snapshot: Snapshot, scope: frozenset[str], role: str) -> None:
    everything, opened = open_store(ANALYST, snapshot), open_store(Principal("p", role, scope), snapshot)

    found = check_rows(opened, scope)

    assert found == sum(bool(lineage(title) & scope) for title in everything.query("select title from cases")["title"])
    for table in PLACED:
        rows = everything.query(f"select * from {table}").to_dict("records")
        inside = sum(bool(lineage(place_of(row)) & scope) for row in rows)
        assert opened.query(f"select count(*) as n from {table}").iat[0, 0] == inside, table


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scope=st.sampled_from([frozenset(), frozenset({"A", "B"}), frozenset({"A1"}), frozenset({"B11", "A2211"})]),
    word=st.sampled_from([*PARENT, *HOSTILE]) | st.text(max_size=8),
    words=st.lists(st.sampled_from([*PARENT, *HOSTILE]), max_size=4),
)
def test_no_filter_widens_the_scope(snapshot: Snapshot, scope: frozenset[str], word: str, words: list[str]) -> None:
    opened = open_store(Principal("p", "leader", scope), snapshot)
    rows = opened.query(
        "select * from cases as c where within(c, $word) or chosen(c.region_code, $words) or title = $word "
        "or title = any($words)",
        {"word": word, "words": words},
    )
    assert all(lineage(title) & scope for title in rows["title"])
    if word in scope and len(scope) == 1:
        assert len(rows), "a filter inside the scope finds something"


def test_a_scope_is_no_prefix(county: County) -> None:
    for code in ("14", "140", "1401"):
        county.region(code, level="county")
        county.case(code, region_code=code)
    snapshot = county.publish()

    for scope, seen in (("14", ["14"]), ("140", ["140"]), ("1", []), ("", []), ("%", [])):
        opened = open_store(Principal("p", "leader", frozenset({scope})), snapshot)
        assert opened.query("select case_id from cases")["case_id"].tolist() == seen


def test_everything_and_nothing(snapshot: Snapshot) -> None:
    everything = open_store(ANALYST, snapshot)
    nothing = open_store(Principal("p", "analyst", frozenset()), snapshot)

    assert everything.query("select count(*) from cases").iat[0, 0] == 400
    assert "rejects" in everything.tables
    assert nothing.tables == {"units", "calendar"}
    assert check_rows(nothing, frozenset()) == 0


@pytest.mark.parametrize("role", access.ROLES)
def test_only_the_columns_of_the_role_exist(snapshot: Snapshot, role: str) -> None:
    opened = open_store(Principal("p", role, None), snapshot)
    columns = opened.query("select table_name, column_name from duckdb_columns() where schema_name = 'main'")
    for table in (*derived_columns(), "rejects"):
        found = set(columns.loc[columns["table_name"] == table, "column_name"])
        assert found == {*access.columns(role, table), *access.empty_columns(role, table)}


def test_canaries_of_hidden_columns_are_nowhere(snapshot: Snapshot) -> None:
    opened = open_store(Principal("p", "leader", None), snapshot, snapshot)
    tables = opened.query("select table_name from duckdb_tables() where not internal")["table_name"]
    assert {"earlier_cases", "rejects", "files_read"} <= set(tables)
    text = "".join(opened.query(f"select * from {table}").to_csv() for table in tables)
    assert "A1211" in text
    for canary in ("h17", "113.0172", "37.0172", "canary", "7000017"):
        assert canary not in text


def test_what_a_leader_may_not_see_has_the_type_of_what_an_analyst_sees(snapshot: Snapshot) -> None:
    def layout(role: str) -> set[tuple]:
        opened = open_store(Principal("p", role, None), snapshot)
        columns = "table_name, column_name, data_type"
        found = opened.query(f"select {columns} from duckdb_columns() where schema_name = 'main'")
        return set(found.itertuples(index=False, name=None))

    assert layout("leader") == layout("analyst")


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_parquet('{file}')",
        "select * from '{file}'",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/*')",
        "from read_csv('/etc/passwd')",
        "from secret",
        "copy cases to '{folder}/out.csv'",
        "copy cases from '/etc/passwd'",
        "attach '{folder}/other.db'",
        "export database '{folder}'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set global max_execution_time = 0",
        "reset lock_configuration",
    ],
)
def test_nothing_leads_out_of_a_store(snapshot: Snapshot, statement: str) -> None:
    secret = pd.DataFrame({"a": [1]})
    assert len(secret)
    opened = open_store(Principal("p", "leader", frozenset({"A1"})), snapshot)
    sql = statement.format(file=snapshot.files("cases")[0], folder=snapshot.path)

    with pytest.raises(StoreError, match=r"^[^\n]+$"):
        opened.query(sql)
    with pytest.raises(duckdb.Error):
        opened._con.cursor().execute(sql)
    assert {path.name for path in snapshot.path.iterdir()} == {path.name for path in all_files(snapshot)}


@pytest.mark.parametrize(
    "statement",
    [
        "select 1; select 2",
        "drop table cases",
        "delete from cases",
        "create table t (a int)",
        "set threads = 1",
        "",
        ";",
    ],
)
def test_only_one_select_is_run(snapshot: Snapshot, statement: str) -> None:
    opened = open_store(ANALYST, snapshot)
    with pytest.raises(StoreError, match="只能执行一条查询语句。"):
        opened.query(statement)
    assert opened.query("select count(*) from cases").iat[0, 0] == 400


def test_no_thread_gets_the_rows_of_another(snapshot: Snapshot) -> None:
    opened = open_store(ANALYST, snapshot)

    def ask(thread: int) -> list[bool]:
        sql = "select $key as key, count(*) as n from cases where case_id <= '9' group by all"
        return [
            opened.query(sql, {"key": thread * 1000 + n})["key"].tolist() == [thread * 1000 + n] for n in range(100)
        ]

    with ThreadPoolExecutor(16) as pool:
        assert all(all(right) for right in pool.map(ask, range(16)))


def test_a_long_query_is_stopped(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SECONDS", 1)
    opened = open_store(Principal("slow", "leader", frozenset({"A21"})), snapshot)

    with pytest.raises(StoreError, match="查询超过 1 秒，已停止"):
        opened.query("select count(*) from range(1000000) a, range(1000000) b where a.range % 7 = b.range % 11")
    assert len(opened.query("select 1 as one")) == 1


def test_each_role_and_scope_has_one_store_however_many_ask(snapshot: Snapshot) -> None:
    store.clear()
    scope = frozenset({"A", "B1"})
    gate = threading.Barrier(8)

    def ask(number: int) -> Store:
        gate.wait()
        return open_store(Principal(f"user{number}", "leader", scope), snapshot)

    with ThreadPoolExecutor(8) as pool:
        opened = set(pool.map(ask, range(8)))

    assert len(opened) == 1
    assert open_store(Principal("u", "analyst", scope), snapshot) not in opened
    assert open_store(Principal("u", "leader", frozenset({"A"})), snapshot) not in opened
    assert not store._builds


def test_few_stores_are_kept_and_a_dropped_one_still_answers(snapshot: Snapshot) -> None:
    store.clear()
    first = open_store(ANALYST, snapshot)
    codes = [code for code in PARENT if len(code) == 3] + ["A", "B"]
    for code in codes:
        open_store(Principal("p", "leader", frozenset({code})), snapshot)

    assert len(store._stores) == store.CAPACITY
    assert first.query("select count(*) from cases").iat[0, 0] == 400
    assert open_store(ANALYST, snapshot) is not first


def test_a_snapshot_without_derived_columns_opens(county: County) -> None:
    """A snapshot as an older release may have left it: no places, no derived columns."""
    folder = snapshots.data_dir() / "snapshots" / "20200101T000000-00000000"
    folder.mkdir(parents=True)
    county.case("1", region_code="R1")
    county.case("2", grid_id="R2")
    cases = folder / "cases.parquet"
    county.con.execute(f"copy (select * from cases) to '{cases}'")
    entry = {"table": "cases", "file": cases.name, "rows": 2, "bytes": cases.stat().st_size, "sha256": sha256(cases)}
    manifest = {"id": folder.name, "version": 1, "as_of": "2026-07-01T00:00:00", "files": [entry], "is_demo": False}
    (folder / "manifest.json").write_bytes(manifests.dump(manifest))
    old = read(folder.name)

    for scope, count in ((None, 2), (frozenset({"R1"}), 1), (frozenset({"R1", "R2"}), 2), (frozenset(), 0)):
        opened = open_store(Principal("p", "leader", scope), old)
        assert opened.query("select count(*), count(county_code) from cases").values.tolist() == [[count, 0]]
        assert opened.query("select * from places").empty


def test_an_empty_table_answers_with_all_its_columns(county: County) -> None:
    county.region("R1")
    opened = county.store()
    assert opened.tables == {"boundaries", "places", "regions"}
    for table in derived_columns():
        assert tuple(opened.query(f"select * from {table}").columns) == access.columns("analyst", table)


def test_codes_come_as_text_and_times_do_not_move(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    county.case("1", reported_at="2026-06-30 23:30", channel="09")
    county.case("2", reported_at="2026-06-30 00:30")
    opened = county.store()

    frame = opened.query("select reported_at, channel, reported_at::date as day from cases order by case_id")

    assert frame["channel"].tolist()[0] == "09" and pd.isna(frame["channel"].tolist()[1])
    assert frame["channel"].dtype == "str"
    assert opened.query("select urgency from cases")["urgency"].dtype == "str", "text even without a value"
    assert opened.query("select sum(1) as n from cases")["n"].dtype == "int64", "no decimals appear in a sum"
    assert opened.query("select sum(reopen_count) as n from cases")["n"].isna().all(), "a gap can be asked for"
    assert frame["reported_at"].tolist() == [pd.Timestamp("2026-06-30 23:30"), pd.Timestamp("2026-06-30 00:30")]
    assert frame["day"].nunique() == 1
    assert opened.as_of == datetime(2026, 7, 1)
    assert opened.query("select current_setting('TimeZone')").iat[0, 0] == "Asia/Shanghai"


def test_an_error_in_a_query_is_one_sentence(snapshot: Snapshot) -> None:
    opened = open_store(ANALYST, snapshot)
    for sql, params in (("select nothing", None), ("select $a", {}), ("select $a", {"b": 1}), ("selec", None)):
        with pytest.raises(StoreError, match=r"^查询无法执行：[^\n]+$"):
            opened.query(sql, params)
