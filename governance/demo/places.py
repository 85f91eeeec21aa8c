"""The demo's regions, estates and grids, built from places.toml; every count the documents publish is exact."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

PROVINCES = {"14": "山西省", "15": "内蒙古自治区"}
CITIES = {"1402": "大同市", "1404": "长治市", "1411": "吕梁市", "1501": "呼和浩特市"}
VILLAGES = [
    "河湾",
    "石坡",
    "柳林",
    "杏园",
    "南庄",
    "北庄",
    "东沟",
    "西沟",
    "上庄",
    "下庄",
    "王坪",
    "李坪",
    "安定",
    "永丰",
    "青山",
    "泉子",
    "榆树",
    "枣林",
    "大营",
    "新民",
    "田家",
    "武家",
    "段家",
    "梁家",
]
ESTATES = [
    "锦绣苑",
    "和谐家园",
    "阳光花园",
    "滨河佳苑",
    "康居苑",
    "福馨园",
    "怡景苑",
    "翠竹园",
    "幸福里",
    "百合园",
    "惠民苑",
    "金地花园",
    "学府苑",
    "盛世华庭",
    "祥和苑",
    "明珠花园",
]
MERGED = {"141122": ("党建", "社保", "应急"), "140226": ("党建", "综治", "人社", "城管")}
SPLIT_ON = np.datetime64("2025-07-01")


@dataclass(frozen=True)
class Places:
    """The tables of places and, by position in `grids`, what cases need to be placed."""

    regions: pd.DataFrame
    estates: pd.DataFrame
    grids: pd.DataFrame
    communities: pd.DataFrame

    def code(self, name: str) -> str:
        """The code of the one community of that name."""
        return self._codes[name]

    def estate(self, name: str) -> str:
        """The id of the one estate of that name."""
        return self._estates[name]

    def merged_from(self) -> list[str | None]:
        """The kinds of grids that each was made of (多网合一), where the documents name them."""
        chance = np.random.default_rng(140122)
        found: list[str | None] = []
        for grid in self.grids["grid_id"]:
            kinds = MERGED.get(grid[:6], ())
            kept = [kind for number, kind in enumerate(kinds) if number == 0 or chance.random() < 0.9]
            found.append("、".join(kept) or None)
        return found

    @cached_property
    def _codes(self) -> dict[str, str]:
        return _the_only(self.communities, "region_code")

    @cached_property
    def _estates(self) -> dict[str, str]:
        return _the_only(self.estates, "estate_id")


def _the_only(frame: pd.DataFrame, column: str) -> dict[str, str]:
    """A column by name, of the rows that share their name with no other."""
    named = frame.drop_duplicates("name", keep=False)
    return dict(zip(named["name"].astype(str), named[column].astype(str), strict=True))


@cache
def counties() -> list[dict[str, Any]]:
    """The counties as places.toml states them."""
    return tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf-8"))["county"]


def shares(total: int, weights: np.ndarray) -> np.ndarray:
    """Whole numbers that add up to `total`, near the weights (largest remainder)."""
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]] += 1
    return whole


def build() -> Places:
    """All places of the demo."""
    rng = np.random.default_rng(20240101)
    regions = [_region(f"{code}0000000000", "province", name, None) for code, name in PROVINCES.items()]
    regions += [_region(f"{code}00000000", "city", name, f"{code[:2]}0000000000") for code, name in CITIES.items()]
    communities: list[dict[str, Any]] = []
    for county in counties():
        communities += _communities(county, regions, rng)
    estates = [row for community in communities for row in _estates(community, rng)]
    grids = [row for community in communities for row in _grids(community, estates, rng)]
    frame = pd.DataFrame(communities)
    for code, column in (("households", "households"), ("population", "population")):
        totals = dict(zip(frame["region_code"], frame[code], strict=True))
        for region in regions:
            region[column] = totals.get(region["region_code"], region[column])
    return Places(pd.DataFrame(regions), pd.DataFrame(estates), pd.DataFrame(grids), frame)


def _region(code: str, level: str, name: str, parent: str | None, **known: Any) -> dict[str, Any]:
    row = {"region_code": code, "level": level, "name": name, "parent_code": parent}
    return row | {"population": None, "households": None, "area_km2": None} | known


def _communities(
    county: dict[str, Any], regions: list[dict[str, Any]], rng: np.random.Generator
) -> list[dict[str, Any]]:
    code = county["code"]
    known = {"population": county["population"], "area_km2": county["area"]}
    regions.append(_region(f"{code}000000", "county", county["name"], f"{code[:4]}00000000", **known))
    found: list[dict[str, Any]] = []
    for town in county["towns"]:
        town_code = f"{code}{town['serial']}000"
        regions.append(_region(town_code, "town", town["name"], f"{code}000000"))
        named = town["communities"] + [{"name": f"{VILLAGES[i]}村（示意）"} for i in range(town.get("filled", 0))]
        for serial, place in enumerate(named, 1):
            own_code = f"{code}{town['serial']}{serial if '社区' in place['name'] else 200 + serial:03d}"
            regions.append(_region(own_code, "community", place["name"], town_code, area_km2=place.get("area")))
            found.append(
                {"grids": [int(rng.integers(6, 10))], "estates": 5, "weight": 1.0, "own": False, "names": []}
                | place
                | {"region_code": own_code, "county": code}
            )
    if "grids_total" in county:
        for place, number in zip(
            found, shares(county["grids_total"], rng.gamma(6.0, 1.0, len(found)) + 1), strict=True
        ):
            place["grids"], place["weight"], place["estates"] = [int(number)], float(number), 0
    for place in found:
        leaves = place["grids"][-1]
        per_grid = 92 if "grids_total" in county else 40 if place["grids"][0] == 0 else 380
        place.setdefault("households", int(leaves * per_grid * rng.uniform(0.9, 1.1)))
        place.setdefault("population", int(place["households"] * rng.uniform(2.3, 2.8)))
    return found


def _estates(community: dict[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    names = [f"{ESTATES[i % 16]}{'二期' if i >= 16 else '三期' if i >= 32 else ''}（示意）" for i in range(48)]
    names = community["names"] + names[: community["estates"] - len(community["names"])]
    rows = []
    sizes = shares(community["households"], rng.gamma(4.0, 1.0, len(names)) + 0.6).tolist() if names else []
    for number, (name, size) in enumerate(zip(names, sizes, strict=True), 1):
        mode = str(
            rng.choice(["professional", "red", "committee", "community", "none"], p=[0.52, 0.16, 0.14, 0.1, 0.08])
        )
        built = int(rng.integers(1986, 2022))
        mode = {"甲七三号院": "none", "医院小区": "red", "云泰园小区": "professional"}.get(name, mode)
        row = {
            "estate_id": f"{community['region_code']}E{number:02d}",
            "region_code": community["region_code"],
            "name": name,
        }
        rows.append(row | {"households": size, "built_year": built, "property_mode": mode, "is_old": built < 2000})
    return rows


def _grids(community: dict[str, Any], estates: list[dict[str, Any]], rng: np.random.Generator) -> list[dict[str, Any]]:
    code, counts = community["region_code"], community["grids"]
    own = [estate["estate_id"] for estate in estates if estate["region_code"] == code]
    rows: list[dict[str, Any]] = []
    parents: list[str | None] = [None]
    for level, count in enumerate(counts, 1):
        if count == 0:
            continue
        sizes = shares(community["households"], rng.gamma(12.0, 1.0, count) + 2)
        people = shares(community["population"], sizes.astype(float) + 0.5)
        places = np.sort(np.arange(count) % len(parents))
        current: list[str | None] = []
        for i in range(count):
            parent = parents[places[i]]
            serial = int((places[: i + 1] == places[i]).sum())
            grid_id = f"{code}{serial:03d}" if parent is None else f"{parent}{serial:02d}"
            label = {1: "网格", 2: "小网格", 3: "微网格"}[level]
            rows.append(
                {
                    "grid_id": grid_id,
                    "level": level,
                    "name": f"{community['name'].removesuffix('（示意）')}第{i + 1}{label}",
                    "grid_type": "basic",
                    "parent_grid_id": parent,
                    "region_code": code,
                    "estate_id": own[i * len(own) // count]
                    if own and level == len(counts) and count >= len(own)
                    else None,
                    "households": int(sizes[i]),
                    "residents": int(people[i]),
                    "valid_from": None,
                    "valid_to": None,
                }
            )
            current.append(grid_id)
        parents = current
    if community["name"] == "新义东社区（示意）":
        rows += _split(rows)
    return rows


def _split(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One grid of this community was too large: from the middle of 2025 two new ones take its place."""
    old, halves = rows[2], []
    old["valid_to"] = SPLIT_ON
    for half in (1, 2):
        new = old | {"grid_id": f"{old['grid_id'][:12]}{len(rows) + half:03d}", "name": f"{old['name']}（拆分{half}）"}
        new |= {"households": old["households"] // 2, "residents": old["residents"] // 2}
        halves.append(new | {"valid_from": SPLIT_ON, "valid_to": None})
    return halves
