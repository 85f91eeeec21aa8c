"""The party organisations of the demo (党委—支部—党小组) and the grids each answers for: never persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from governance.demo.councils import ZUOYUN
from governance.demo.places import Places

SINCE = np.datetime64("2022-06-01")
BARE = 0.08  # share of 左云's micro-grids that no organisation answers for yet
TOWN, COMMUNITY, BRANCH, GROUP = 1, 2, 3, 4


@dataclass(frozen=True)
class Tree:
    """The organisations of one community as its document names them; `branches` None: one for every estate."""

    top: str
    branch: str
    branches: int | None
    group: str = ""
    groups: int = 0
    is_counted: bool = False  # the document counts them: their rows stand among the partners (neighbours.py)
    bare: float = 0.0


TREES = {
    "和济社区": Tree("社区党委", "小区党支部", 9, "楼栋党小组", 16, is_counted=True),
    "西南城社区": Tree("社区党委", "小区党支部", 9, "网格党小组", 28, is_counted=True),
    "巴彦淖尔北路社区": Tree("社区党总支", "小区党支部", 8),
    "三顺店社区": Tree("社区党委", "网格党支部", 9),
    **{name: Tree("社区党组织", "网格（小区）党支部", None, bare=BARE) for name in ZUOYUN},
}


def number(code: str, level: int, serial: int = 1) -> str:
    """The id of an organisation."""
    return f"DZ{code}{level}{serial:02d}"


def placed(places: Places, community: str, kind: str, serial: int) -> dict[str, Any]:
    """What the row of a counted organisation (the serial-th of its kind) has besides its number of members."""
    tree, code = TREES.get(community), places.code(community)
    if tree is None or not tree.is_counted or kind not in (tree.branch, tree.group):
        return {}
    return _branch(code, serial) if kind == tree.branch else _group(tree, code, serial)


def organisations(places: Places) -> list[dict[str, Any]]:
    """The rows of all other organisations."""
    chance = np.random.default_rng(1402268)
    rows: list[dict[str, Any]] = []
    for community, tree in TREES.items():
        code = places.code(community)
        town = number(code[:9] + "000", TOWN) if community in ZUOYUN else None
        rows.append(_row(code, tree.top, {"partner_id": number(code, COMMUNITY), "party_level": COMMUNITY}, town))
        if not tree.is_counted:
            for serial in range(1, _branches(places, tree, code) + 1):
                rows.append(_row(code, tree.branch, _branch(code, serial)) | {"member_count": chance.integers(9, 42)})
        elif community == "西南城社区":  # its 党小组 lie on its grids; how many there are the document does not say
            rows += [_row(code, tree.group, _group(tree, code, serial)) for serial in range(1, tree.groups + 1)]
    town_code = places.code(ZUOYUN[0])[:9] + "000"
    rows.append(_row(town_code, "镇党委", {"partner_id": number(town_code, TOWN), "party_level": TOWN}))
    return rows


def of_grids(places: Places) -> list[str | None]:
    """The organisation that answers for each grid, in the order of `places.grids`."""
    chance = np.random.default_rng(1402269)
    found: dict[str, str] = {}
    for community, tree in TREES.items():
        code = places.code(community)
        mine = places.grids[places.grids["region_code"] == code]
        for _, grids in mine.groupby("level", sort=True):
            is_leaf = grids["level"].iloc[0] == mine["level"].max()
            level = GROUP if tree.groups and is_leaf else BRANCH
            count = tree.groups if level == GROUP else _branches(places, tree, code)
            for place, grid in enumerate(grids["grid_id"]):
                if chance.random() >= tree.bare:
                    found[grid] = number(code, level, place * count // len(grids) + 1)
    return [found.get(grid) for grid in places.grids["grid_id"]]


def _branches(places: Places, tree: Tree, code: str) -> int:
    return tree.branches or int((places.estates["region_code"] == code).sum())


def _branch(code: str, serial: int) -> dict[str, Any]:
    return {
        "partner_id": number(code, BRANCH, serial),
        "party_level": BRANCH,
        "parent_id": number(code, COMMUNITY),
    }


def _group(tree: Tree, code: str, serial: int) -> dict[str, Any]:
    branch = (serial - 1) * (tree.branches or 1) // tree.groups + 1
    return {
        "partner_id": number(code, GROUP, serial),
        "party_level": GROUP,
        "parent_id": number(code, BRANCH, branch),
    }


def _row(code: str, kind: str, known: dict[str, Any], parent: str | None = None) -> dict[str, Any]:
    return {"region_code": code, "partner_type": kind, "parent_id": parent, "joined_on": SINCE} | known
