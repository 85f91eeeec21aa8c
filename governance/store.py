"""Opening a snapshot for someone: a private in-memory DuckDB in which only what they may see exists.

Rows outside the scope and columns outside the role are never loaded; then the door is locked: no files, no extensions,
no settings. There is no view to name around and no clause to forget. What another reader may see stands as a column
without values, or a log without rows, so that one query serves all.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd

from governance import access, macros, published, snapshots
from governance.access import Principal
from governance.snapshots import Snapshot
from governance.snapshots.logs import FILES, LOGS, layout
from governance.snapshots.schema import canonical_tables, derived_columns, table_columns

SECONDS = 30  # somebody waits before a screen; who publishes may take longer
ZONE = "Asia/Shanghai"
CAPACITY = 8
CHANGES = macros.WORDS / "changes.sql"
PATH = ("county_code", "town_code", "community_code", "grid_1", "grid_2", "grid_3")
ANYWHERE = ("units", "calendar", "deadline_rules")
Key = tuple[str, str, frozenset[str] | None, str | None, float]


class StoreError(Exception):
    """Why a question cannot be answered, in one Chinese sentence."""


class Store:
    """The data of one snapshot as one role in one scope may see them; with an earlier one's cases, to compare."""

    def __init__(
        self,
        principal: Principal,
        snapshot: Snapshot,
        con: duckdb.DuckDBPyConnection,
        earlier: Snapshot | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """Take over a sealed connection; nobody else keeps it."""
        self.seconds = seconds
        self.principal = principal
        self.snapshot = snapshot
        self.earlier = earlier
        self._con = con
        self.tables = frozenset(_tables_with_rows(con))

    @property
    def as_of(self) -> datetime:
        """数据截至: the only "now"."""
        return self.snapshot.as_of

    def query(
        self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None, only: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Run one SELECT in a cursor of its own: a shared connection hands one thread the rows of another.

        only: indicators that it is about; none means all, and to plan them all takes seconds.
        """
        with self._con.cursor() as cursor:
            try:
                statements = cursor.extract_statements(sql)
                if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                    raise StoreError("只能执行一条查询语句。")
                cursor.execute("use data")
                if isinstance(params, Mapping) and params.get("region"):
                    cursor.execute(_UPPER, {"region": params["region"]})
                for statement in (*macros.needed(sql, only), *published.needed(sql)):
                    cursor.execute(statement)
                answer = cursor.execute(sql, params)
                kinds = [str(column[1]) for column in answer.description]
                frame = answer.df()
            except duckdb.InterruptException as error:
                raise StoreError(f"查询超过 {self.seconds:g} 秒，已停止；请缩小时间或区域范围。") from error
            except duckdb.OutOfMemoryException as error:
                raise StoreError("查询所需内存超过上限，已停止；请缩小时间或区域范围。") from error
            except duckdb.Error as error:
                raise StoreError(f"查询无法执行：{str(error).splitlines()[0]}") from error
        return _plain(frame, kinds)


# A city or province is asked for by its counties: see upper_regions.
_UPPER = """set variable upper = {
    'region': $region::varchar, 'counties': (select list(county_code) from upper_regions where upper_code = $region)
}"""


def _plain(frame: pd.DataFrame, kinds: list[str]) -> pd.DataFrame:
    """Give every column the plain type of its SQL: text is text even without a value, a sum of whole numbers is whole.

    Whole numbers with gaps become floats: pandas' own NA cannot be compared, and surprises whoever tries.
    """
    wanted = {}
    for name, kind in zip(frame.columns, kinds, strict=True):
        if kind == "VARCHAR":
            wanted[name] = "str"
        elif kind == "HUGEINT" or pd.api.types.is_integer_dtype(frame[name].dtype):
            wanted[name] = "float64" if frame[name].isna().any() else "int64"
    return frame.astype(wanted)


_stores: OrderedDict[Key, Store] = OrderedDict()
_builds: dict[Key, threading.Lock] = {}
_guard = threading.Lock()


def open_store(
    principal: Principal, snapshot: Snapshot, earlier: Snapshot | None = None, seconds: float | None = None
) -> Store:
    """Return the store of a principal for a snapshot: built once for each role and scope, the last few are kept.

    With an `earlier` snapshot its cases stand beside as the table `earlier_cases`; without one that table is empty.
    A query is stopped after so many `seconds` (default: SECONDS).
    """
    seconds = seconds or SECONDS
    key = (snapshot.id, principal.role, principal.scope, earlier.id if earlier else None, seconds)
    with _guard:
        build = _builds.setdefault(key, threading.Lock())
    try:
        with build:
            store = _cached(key)
            if store is None:
                store = Store(principal, snapshot, _build(principal, snapshot, earlier, seconds), earlier, seconds)
                _keep(key, store)
            return store
    finally:
        with _guard:
            if not build.locked():
                _builds.pop(key, None)


def _cached(key: Key) -> Store | None:
    with _guard:
        if key in _stores:
            _stores.move_to_end(key)
        return _stores.get(key)


def _keep(key: Key, store: Store) -> None:
    """Remember a store. One that is dropped lives on for whoever still holds it."""
    with _guard:
        _stores[key] = store
        while len(_stores) > CAPACITY:
            _stores.popitem(last=False)


def clear() -> None:
    """Forget all stores."""
    with _guard:
        _stores.clear()


def _build(
    principal: Principal, snapshot: Snapshot, earlier: Snapshot | None, seconds: float
) -> duckdb.DuckDBPyConnection:
    for one in filter(None, (snapshot, earlier)):
        snapshots.confirm(one)
    con = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    try:
        con.execute("attach ':memory:' as data (compress)")
        con.execute("use data")
        for table in _load_order():
            _load(con, principal, snapshot, table)
        _load(con, principal, earlier, "cases", "earlier_cases")
        _list_files(con, principal, snapshot)
        if access.columns(principal.role, "cases"):
            macros.install(con, snapshot.as_of)
            cut_off = f"timestamp '{earlier.as_of}'" if earlier else "null::timestamp"
            con.execute(f"create macro earlier_as_of() as {cut_off}")
            con.execute(CHANGES.read_text(encoding="utf-8"))
        con.execute("checkpoint data")  # compresses: five times less memory, no slower to query
        _seal(con, seconds)
    except duckdb.Error as error:
        con.close()
        raise StoreError(f"快照 {snapshot.id} 无法打开：{str(error).splitlines()[0]}") from error
    except BaseException:
        con.close()
        raise
    return con


def _load_order() -> list[str]:
    """Return all tables, those first through which the scope of others is decided."""
    first = ["places", "estates", "cases"]
    derived = [table for table in derived_columns() if table not in canonical_tables()]
    return first + [table for table in (*canonical_tables(), *derived, *LOGS) if table not in first]


def _load(
    con: duckdb.DuckDBPyConnection, principal: Principal, snapshot: Snapshot | None, table: str, name: str = ""
) -> None:
    """Create one table (under another name if need be) with the columns of the role and the rows of the scope."""
    name = name or table
    kinds = LOGS.get(table) or derived_columns().get(table, {})
    permitted = [column for column in access.columns(principal.role, table) if column in kinds]
    empty = [column for column in access.empty_columns(principal.role, table) if column in kinds]
    if not permitted + empty:
        return
    files = [str(path) for path in snapshot.files(table)] if snapshot and permitted else []
    present = _describe(con, files) if files else {}
    selected = [column if column in present else f"null::{kinds[column]} as {column}" for column in permitted]
    selected += [f"null::{kinds[column]} as {column}" for column in empty]
    if not files:
        con.execute(f"create table {name} as select {', '.join(selected)} limit 0")
        return
    condition, params = _condition(table, present, principal.scope)
    con.execute(
        f"create table {name} as select {', '.join(selected)} from read_parquet($files) where {condition}",
        {"files": files, **params},
    )


def _list_files(con: duckdb.DuckDBPyConnection, principal: Principal, snapshot: Snapshot) -> None:
    """Create `files_read` from the manifest: how many rows each file had, for each table that it fed."""
    is_permitted = access.may_read(principal.role, "files_read")
    if not is_permitted and not access.empty_columns(principal.role, "files_read"):
        return
    con.execute(f"create table files_read ({layout('files_read', FILES)})")
    if not is_permitted:
        return
    rows = [
        (
            one.get("source"),
            table,
            one.get("file"),
            one.get("sheet"),
            one.get("unfolded", {}).get(table, one.get("rows")),
        )
        for one in snapshot.sources
        for table in one.get("tables", ())
    ]
    if rows:
        con.executemany("insert into files_read values (?, ?, ?, ?, ?)", [list(row) for row in rows])


def _describe(con: duckdb.DuckDBPyConnection, files: list[str]) -> dict[str, str]:
    rows = con.execute("describe select * from read_parquet(?)", [files]).fetchall()
    return {row[0]: row[1] for row in rows}


def _condition(table: str, present: dict[str, str], scope: frozenset[str] | None) -> tuple[str, dict[str, Any]]:
    """Return which rows lie in the scope. A table about which nothing is known stays empty."""
    if scope is None or table in ANYWHERE:
        return "true", {}
    inside = "{0} in (select place_code from places)"
    if table in ("places", "cases"):
        columns = [column for column in (*PATH, "place_code") if column in present] or ["grid_id", "region_code"]
        matches = [f"coalesce({column} in (select unnest($scope)), false)" for column in columns]
        return f"({' or '.join(matches)})", {"scope": sorted(scope)}
    if "source" in present and "case_id" in present:
        return "(source, case_id) in (select (source, case_id) from cases)", {}
    if "place_code" in present:
        return inside.format("place_code"), {}
    if "grid_id" in present and "region_code" in present and table != "grids":
        return inside.format("coalesce(grid_id, region_code)"), {}
    for column in ("grid_id", "region_code"):
        if column in present:
            return inside.format(column), {}
    if "estate_id" in present:
        return "estate_id in (select estate_id from estates)", {}
    return "false", {}


def _seal(con: duckdb.DuckDBPyConnection, seconds: float) -> None:
    """Turn off whatever reaches out of the database, and then the means to turn it on again."""
    for setting in (
        f"TimeZone = '{ZONE}'",
        "late_materialization_max_rows = 1000",
        f"max_execution_time = {round(seconds * 1000)}",
        "python_enable_replacements = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        con.execute(f"set global {setting}")


def require_zone() -> None:
    """Refuse to begin where the zone of the county cannot be set: days would begin at another hour."""
    try:
        with duckdb.connect(config={"autoinstall_known_extensions": False, "TimeZone": ZONE}) as con:
            found = con.execute("select (timestamptz '2026-01-01 00:30:00+08')::timestamp::varchar").fetchone()
    except duckdb.Error:
        found = None
    if found != ("2026-01-01 00:30:00",):
        raise StoreError(f"时区 {ZONE} 用不了，看板没有启动：请按 requirements.lock 重新安装依赖（make run 会做）。")


def _tables_with_rows(con: duckdb.DuckDBPyConnection) -> list[str]:
    known = {*derived_columns(), *LOGS} & set(table_columns(con))
    return [name for name in known if con.execute(f"select 1 from {name} limit 1").fetchone()]
