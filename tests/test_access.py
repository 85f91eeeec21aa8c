"""Rights: deny by default, and every column is decided upon."""

import pytest

from governance import access
from governance.access import AccessError, Principal
from governance.snapshots.schema import canonical_tables, derived_columns

POSITION, ORIGIN = {"lon", "lat"}, {"source_file", "source_sheet", "source_row"}
HIDDEN_FROM_LEADERS = dict.fromkeys(canonical_tables(), ORIGIN) | {
    "cases": POSITION | ORIGIN,
    "video_points": POSITION | ORIGIN,
}


def test_so_far_there_is_the_local_analyst() -> None:
    assert access.current() == Principal("local", "analyst", None)


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


def test_no_hash_of_a_person_reaches_any_role() -> None:
    named = {column for tables in access.COLUMNS.values() for columns in tables.values() for column in columns}
    assert not [column for column in named if "hash" in column]


def test_other_roles_read_no_cases() -> None:
    assert all(access.columns(role, table) == () for role in ("screen", "auditor") for table in canonical_tables())
    assert [table for table in (*canonical_tables(), "rejects") if access.columns("importer", table)] == ["rejects"]
    assert access.columns("nobody", "cases") == ()
