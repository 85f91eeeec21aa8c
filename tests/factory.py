"""A county small enough to count by hand: rows by keyword, everything else by default, through the real machinery.

county.region("T1", level="town")
county.grid("G1", region_code="T1", residents=1000)
county.case(grid_id="G1", reported_at="2026-06-01 09:00", closed_at="2026-06-02 09:00")
con = county.ready("2026-07-01")        # derived columns, macros, indicators: for SQL
store = county.store("2026-07-01")      # published and opened for a principal: for queries and pages
"""

from datetime import datetime
from itertools import count

import duckdb

from governance import macros, snapshots
from governance.access import Principal
from governance.indicators import INDICATORS
from governance.snapshots.schema import derive
from governance.store import Store, open_store

ANALYST = Principal("test", "analyst", None)


class County:
    """An empty county to be filled row by row."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self._number = count(1)
        snapshots.create_tables(self.con)

    def insert(self, table: str, **columns: object) -> None:
        """Insert one row into a canonical table."""
        names = ", ".join(columns)
        marks = ", ".join("?" for _ in columns)
        self.con.execute(f"insert into {table} ({names}) values ({marks})", list(columns.values()))

    def region(self, region_code: str, **columns: object) -> None:
        """Insert a region: a community unless `level` says otherwise."""
        self.insert("regions", **{"region_code": region_code, "level": "community", "name": region_code} | columns)

    def grid(self, grid_id: str, **columns: object) -> None:
        """Insert a grid: of the first level, in community R1, unless said otherwise."""
        self.insert("grids", **{"grid_id": grid_id, "level": 1, "name": grid_id, "region_code": "R1"} | columns)

    def staff(self, grid_id: str, **columns: object) -> None:
        """Insert one member of a grid's crew: full time unless said otherwise."""
        defaults = {"staff_id": f"S{next(self._number)}", "role": "full_time", "fte": 1.0}
        self.insert("staff", **defaults | {"grid_id": grid_id} | columns)

    def case(self, case_id: str | None = None, **columns: object) -> str:
        """Insert a case; return its number."""
        number = case_id or f"C{next(self._number)}"
        defaults = {"source": "test", "category": "03", "reported_at": "2026-06-01 09:00"}
        self.insert("cases", **defaults | {"case_id": number} | columns)
        return number

    def ready(self, as_of: str = "2026-07-01") -> duckdb.DuckDBPyConnection:
        """Return the county with everything a query may use, as of that moment."""
        moment = datetime.fromisoformat(as_of)
        derive(self.con, moment)
        macros.install(self.con, moment)
        for statement in macros.vocabulary(list(INDICATORS.values())):
            self.con.execute(statement)
        self.con.execute("create view dictionary as from all_indicators")
        return self.con

    def publish(self, as_of: str = "2026-07-01") -> snapshots.Snapshot:
        """Publish the county as a snapshot in the test's own data folder."""
        return snapshots.publish(self.con, datetime.fromisoformat(as_of), sources=[])

    def store(self, as_of: str = "2026-07-01", principal: Principal = ANALYST) -> Store:
        """Publish the county and open it for someone."""
        return open_store(principal, self.publish(as_of))
