"""The scenes of the wall: pure functions from a scope of the bundle to a document, None where it has no data.

A document has a `title` that states what the figures say, a `subtitle`, and blocks in three regions: `lead` (the large
numbers), `main` (what one looks at) and `side`. Where the regions lie is the business of static/wall.css.
"""

from collections.abc import Callable

from governance.screen.blocks import Block
from governance.screen.board import EVERYWHERE, Board, Scope, red_checks
from governance.screen.scenes import map, now, satisfaction, timeliness, together, workload

SCENES: dict[str, tuple[str, Callable[[Scope], Block | None]]] = {
    "map": ("一张图", map.scene),
    "now": ("近期态势", now.scene),
    "satisfaction": ("满意度", satisfaction.scene),
    "timeliness": ("办理时效", timeliness.scene),
    "workload": ("网格负荷均衡", workload.scene),
    "together": ("共治", together.scene),
}


def document(board: Board, name: str, area: str = EVERYWHERE) -> Block | None:
    """One scene for one area; None when it must stay off or the bundle has nothing for it."""
    if red_checks(board.checks, name):
        return None
    scope = Scope(board, area)
    made = SCENES[name][1](scope)
    if made is None:
        return None
    regions = {region: [block for block in made[region] if block] for region in ("lead", "main", "side")}
    if not regions["main"]:
        return None
    return {"scene": name, "label": SCENES[name][0], "bundle": board.id, **made, **regions}
