"""The outlines of a level within a region, made once for a viewer and kept: for the route, and for the map itself."""

import gzip
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from urllib.parse import quote

from governance import codes, filters, queries
from governance.maps.geometry import Outlines, outlines
from governance.store import Store

KEPT = 48
EVERYWHERE = "-"
_kept: OrderedDict[tuple, "Served"] = OrderedDict()
_guard = threading.Lock()
_routes: list[str] = []


@dataclass(frozen=True)
class Served:
    """Outlines and their document as it goes over the wire."""

    outlines: Outlines
    packed: bytes

    @property
    def etag(self) -> str:
        """A strong validator of the document."""
        return f'"{self.outlines.digest}"'


def open_route(path: str) -> None:
    """Say that this process serves outlines under `path`; without it they travel with the map."""
    _routes[:] = [path]


def address(store: Store, level: str, region: str | None) -> str | None:
    """Where the browser finds the outlines, below the root of the application; None when nothing serves them."""
    if not _routes or region == EVERYWHERE or "/" in (region or ""):
        return None
    return f"{_routes[0]}/{store.snapshot.id}/{level}/{quote(region or EVERYWHERE, safe='')}.json"


def served(store: Store, level: str, region: str | None) -> Served | None:
    """The outlines that the viewer of a store may see; None for a level or a region that is not in it."""
    if level not in codes.LABELS["level"] or (region is not None and region not in filters.place_options(store).index):
        return None
    principal = store.principal
    key = (store.snapshot.id, principal.role, principal.scope, level, region)
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    shapes = queries.answer(store, "place_tree", replace(filters.default(store), region=region), level=level)
    made = outlines(
        list(shapes["place_code"]), list(shapes["name"]), list(shapes["geometry"]), list(shapes["is_schematic"]),
        list(shapes["parent_code"]),
    )  # fmt: skip
    found = Served(made, gzip.compress(made.content, 6, mtime=0))
    with _guard:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found
