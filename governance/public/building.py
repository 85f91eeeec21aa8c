"""Building the public bundle of a snapshot: count, round, simplify the map, reconcile, write."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
import pyarrow as pa
import shapely
import shapely.geometry

from governance import checks
from governance.access import Principal
from governance.indicators import DURATIONS, INDICATORS, Indicator
from governance.public import counting, rounding, writing
from governance.public import settings as choices
from governance.public.counting import PATH, Counted
from governance.public.figures import Figures, unit_of
from governance.public.settings import LEVELS, Settings
from governance.snapshots import Snapshot, folder
from governance.store import Store, open_store

PUBLISHER = Principal("public", "analyst", None)  # as the reconciliations ask: one store serves both
PATIENCE = 1800  # seconds for one question: nobody waits, and a scene must not go because a machine was slow
SECRET_FILE = "rounding.key"
PRECISION = 6
TOLERANCE = {"county": 0.0015, "town": 0.0007, "community": 0.0003, "grid_1": 0.0001}
"""How far, in degrees, a simplified outline may lie from the true one."""

TEXT, NUMBER, COUNT, DAY, MOMENT = pa.string(), pa.float64(), pa.int64(), pa.date32(), pa.timestamp("us")
SCHEMAS = {
    "places": {
        "place_code": TEXT,
        "parent_code": TEXT,
        "level": TEXT,
        "name": TEXT,
        "geometry": TEXT,
        "is_schematic": pa.bool_(),
    },
    "figures": {
        "place_code": TEXT,
        "indicator": TEXT,
        "period": TEXT,
        "start": MOMENT,
        "stop": MOMENT,
        "value": NUMBER,
        "hit": COUNT,
        "base": COUNT,
        "previous": NUMBER,
        "last_year": NUMBER,
        "shown": TEXT,
    },
    "months": {
        "place_code": TEXT,
        "month": DAY,
        "indicator": TEXT,
        "value": NUMBER,
        "hit": COUNT,
        "base": COUNT,
        "is_complete": pa.bool_(),
        "shown": TEXT,
    },
    "days": {"place_code": TEXT, "day": DAY, "indicator": TEXT, "base": COUNT, "shown": TEXT},
    "categories": {
        "place_code": TEXT,
        "period": TEXT,
        "category": TEXT,
        "base": COUNT,
        "previous": COUNT,
        "shown": TEXT,
    },
    "checks": {"name": TEXT, "title": TEXT, "broken_count": COUNT, "scenes": TEXT},
}


def build(snapshot: Snapshot, settings: Settings | None = None) -> str:
    """Build the bundle of a snapshot, put it in use and return its id."""
    settings = settings or choices.read()
    with writing.lock():
        store = open_store(PUBLISHER, snapshot, seconds=PATIENCE)
        secret = rounding.secret(choices.data_dir() / SECRET_FILE)
        counted = counting.count(store, settings)
        made = Figures(counted, settings, secret)
        tables = {
            "places": _places(counted),
            "figures": made.figures(),
            "months": made.months(),
            "days": made.divided.day_rows(),
            "categories": made.divided.category_rows(),
            "checks": [*_checks(store), made.check()],
        }
        manifest = _manifest(snapshot, store, settings, made)
        return writing.write({name: _table(name, rows) for name, rows in tables.items()}, manifest)


def _checks(store: Store) -> Iterable[dict[str, Any]]:
    """The reconciliations of the snapshot: a scene that does not add up stays off the wall."""
    for result in checks.results(store):
        yield {
            "name": result.check.name,
            "title": result.check.title,
            "broken_count": max(result.broken_count, int(result.is_red)),
            "scenes": ",".join(result.check.scenes),
        }


def _table(name: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    schema = pa.schema(list(SCHEMAS[name].items()))
    return pa.Table.from_pylist([{column: row[column] for column in schema.names} for row in rows], schema=schema)


def _places(counted: Counted) -> Iterable[dict[str, Any]]:
    codes = set(counted.places["place_code"])
    for row in counted.places.to_dict("records"):
        above = [row[PATH[level]] for level in reversed(LEVELS[: LEVELS.index(row["level"])])]
        yield {  # not how many live there: the whole less the other parts would tell it of a place of a handful
            "place_code": row["place_code"],
            "parent_code": next((code for code in above if code in codes), ""),
            "level": row["level"],
            "name": row["name"],
            "geometry": simplified(row["geometry"], row["level"]),
            "is_schematic": bool(row["is_schematic"]),
        }


def simplified(geometry: object, level: str) -> str | None:
    """An outline with fewer points, as GeoJSON text; None when there is none or it has no area."""
    if not isinstance(geometry, str):
        return None
    shape = shapely.geometry.shape(orjson.loads(geometry))
    simple = shapely.set_precision(shape.simplify(TOLERANCE[level]), 10**-PRECISION)
    simple = shape if simple.is_empty or not simple.is_valid else simple
    return None if simple.is_empty else orjson.dumps(shapely.geometry.mapping(simple)).decode()


def _manifest(snapshot: Snapshot, store: Store, settings: Settings, made: Figures) -> dict[str, Any]:
    approvals = made.counted.places["approval_number"].dropna().unique()
    now = datetime.fromisoformat(snapshot.manifest["published_at"])
    return {
        "snapshot": snapshot.id,
        "as_of": snapshot.as_of.isoformat(),
        "published_at": now.isoformat(timespec="seconds"),
        "built_at": folder.now().isoformat(timespec="seconds"),
        "is_demo": snapshot.is_demo,
        "k": settings.k,
        "k_dispute": settings.k_dispute,
        "rate_minimum": settings.rate_minimum,
        "finest": settings.finest,
        "asked": settings.asked,
        "note": f"小于 {settings.k} 的不显示，件数按 {settings.k} 取整",
        "approval_numbers": sorted({settings.approval_number, *map(str, approvals)} - {""}),
        "left_out": list(made.left_out),
        "indicators": {key: _definition(INDICATORS[key], settings) for key in made.rounded},
    }


def _definition(indicator: Indicator, settings: Settings) -> dict[str, Any]:
    source = DURATIONS[indicator.duration] if indicator.duration else indicator
    return {
        "label": indicator.label,
        "unit": indicator.unit,
        "direction": str(indicator.direction),
        "minimum": indicator.minimum,
        "definition": indicator.definition,
        "kind": "rate" if indicator.is_rate else "count" if indicator.is_count else "value",
        "k": unit_of(indicator, settings),
        "is_in_hand": indicator.table == "grids" or not source.at,
        "target": indicator.target,
        "warning": indicator.warning,
    }
