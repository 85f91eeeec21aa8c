"""Rights: deny by default, and every column is decided upon."""

from pathlib import Path

import pytest

from governance import access, navigation
from governance.access import AccessError, Principal
from governance.snapshots.logs import FILES, LOGS
from governance.snapshots.schema import canonical_tables, derived_columns

POSITION, ORIGIN = {"lon", "lat"}, {"source_file", "source_sheet", "source_row"}
HIDDEN_FROM_LEADERS = dict.fromkeys(canonical_tables(), ORIGIN) | {
    "cases": POSITION | ORIGIN,
    "video_points": POSITION | ORIGIN,
}


PAGES = sorted(path.stem for path in (Path(__file__).resolve().parents[1] / "pages").glob("*.py"))


def test_the_role_is_the_one_the_process_was_started_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(access.ROLE, raising=False)
    assert access.current() == Principal("local", "analyst", None)
    monkeypatch.setenv(access.ROLE, "importer")
    assert access.current() == Principal("local", "importer", None)
    for unknown in ("", "Importer", "admin", "analyst,importer"):
        monkeypatch.setenv(access.ROLE, unknown)
        with pytest.raises(AccessError, match=r"^没有“.*”这种角色。$"):
            access.current()


@pytest.mark.parametrize("role", access.ROLES)
def test_the_menu_of_a_role_holds_what_it_may_open_and_nothing_else(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(access.ROLE, role)
    listed = {name for entries in navigation.entries(role).values() for name, _ in entries}
    assert listed == {page for page in PAGES if access.may_open(role, page)}
    desk = {"imports", "intake", "snapshots"}
    assert listed == {"importer": desk, "leader": set(PAGES) - desk, "analyst": set(PAGES) - desk}.get(role, set())
    for page in PAGES:
        if page in listed:
            access.require(page)
        else:
            with pytest.raises(AccessError):
                access.require(page)


def test_a_new_principal_may_see_no_place() -> None:
    assert Principal("someone", "leader").scope == frozenset()


@pytest.mark.parametrize("role", ["", "admin", "Analyst", "analyst ", "分析"])
def test_an_unknown_role_is_refused(role: str) -> None:
    with pytest.raises(AccessError, match=r"没有“.*”这种角色。"):
        Principal("someone", role, None)


@pytest.mark.parametrize("scope", ["140000", ["140000"], {"140000"}, ()])
def test_a_scope_of_another_type_is_refused(scope: object) -> None:
    with pytest.raises(AccessError):
        Principal("someone", "leader", scope)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", sorted(derived_columns()))
def test_every_column_is_decided_upon(table: str) -> None:
    """A new column appears for nobody until access.py names it, for a role or as withheld."""
    decided = set(access.columns("analyst", table)) | access.WITHHELD.get(table, set())
    assert decided == set(derived_columns()[table])
    assert not set(access.columns("analyst", table)) & access.WITHHELD.get(table, set())


@pytest.mark.parametrize("table", sorted(derived_columns()))
def test_a_leader_sees_what_an_analyst_sees_but_for_exact_positions_and_files(table: str) -> None:
    hidden = set(access.columns("analyst", table)) - set(access.columns("leader", table))
    assert hidden == HIDDEN_FROM_LEADERS.get(table, set())


def test_what_a_leader_may_not_see_stands_empty_for_it_and_for_no_other_role() -> None:
    for table in (*derived_columns(), *LOGS, *FILES):
        whole_logs = () if table in derived_columns() else access.columns("analyst", table)
        assert set(access.empty_columns("leader", table)) == HIDDEN_FROM_LEADERS.get(table, set(whole_logs))
        assert not any(access.empty_columns(role, table) for role in access.ROLES if role != "leader")
    assert access.hidden_names("leader") >= POSITION | ORIGIN and not access.hidden_names("analyst")
    assert access.may_read("analyst", "rejects") and not access.may_read("leader", "rejects")
    assert access.may_read("leader", "cases", "cell_lon") and not access.may_read("leader", "cases", "lon")


def test_no_hash_of_a_person_reaches_any_role() -> None:
    named = {column for tables in access.COLUMNS.values() for columns in tables.values() for column in columns}
    assert not [column for column in named if "hash" in column]


def test_other_roles_read_no_cases() -> None:
    assert all(access.columns(role, table) == () for role in ("screen", "auditor") for table in canonical_tables())
    assert [table for table in (*canonical_tables(), "rejects") if access.columns("importer", table)] == ["rejects"]
    assert access.columns("nobody", "cases") == ()
