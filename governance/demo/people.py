"""The demo's staff, units, working calendar and monthly population; staff numbers are those the documents publish."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from governance.demo.places import Places, counties, shares

UNITS = (
    ("社区居委会联合服务站", "社区"),
    ("街道乡镇综合办", "乡镇街道"),
    ("应急管理局", "县直部门"),
    ("住房和城乡建设局", "县直部门"),
    ("人社医保服务中心", "县直部门"),
    ("城市管理局", "县直部门"),
    ("公安局", "县直部门"),
    ("物业服务企业联合会", "物业"),
    ("志愿服务联合会", "社会组织"),
    ("教育局", "县直部门"),
)
SPEED = np.array([0.7, 0.9, 1.0, 1.9, 0.9, 2.3, 0.8, 1.15, 0.9, 1.3])
FTE = {
    "full_time": 1.0,
    "part_time": 0.5,
    "leader": 0.0,
    "auxiliary": 0.1,
    "mobile": 0.0,
    "building": 0.0,
    "party_home": 0.0,
}
# day off (and day worked instead) around the public holidays, as announced for each year
HOLIDAYS = (
    ("元旦", "2024-01-01", 1, ""),
    ("春节", "2024-02-10", 8, "2024-02-04 2024-02-18"),
    ("清明节", "2024-04-04", 3, "2024-04-07"),
    ("劳动节", "2024-05-01", 5, "2024-04-28 2024-05-11"),
    ("端午节", "2024-06-10", 1, ""),
    ("中秋节", "2024-09-15", 3, "2024-09-14"),
    ("国庆节", "2024-10-01", 7, "2024-09-29 2024-10-12"),
    ("元旦", "2025-01-01", 1, ""),
    ("春节", "2025-01-28", 8, "2025-01-26 2025-02-08"),
    ("清明节", "2025-04-04", 3, ""),
    ("劳动节", "2025-05-01", 5, "2025-04-27"),
    ("端午节", "2025-05-31", 3, ""),
    ("国庆节、中秋节", "2025-10-01", 8, "2025-09-28 2025-10-11"),
    ("元旦", "2026-01-01", 3, "2026-01-04"),
    ("春节", "2026-02-15", 9, "2026-02-14 2026-02-28"),
    ("清明节", "2026-04-04", 3, ""),
    ("劳动节", "2026-05-01", 5, "2026-05-09"),
    ("端午节", "2026-06-19", 3, ""),
    ("中秋节", "2026-09-25", 3, ""),
    ("国庆节", "2026-10-01", 7, "2026-09-20 2026-10-10"),
)


def units() -> pd.DataFrame:
    """Ten units per county, in the order the matters of behaviour.toml point to, and 左云's and 和济's partners."""
    rows = [
        {"unit_id": f"{county['code']}U{i:02d}", "name": county["name"] + name, "unit_type": kind}
        for county in counties()
        for i, (name, kind) in enumerate(UNITS)
    ]
    rows += [
        {"unit_id": f"140226U{20 + i}", "name": f"左云县驻区单位{i + 1}（示意）", "unit_type": "驻区单位"}
        for i in range(14)
    ]
    partners = (("和济医院", "驻区单位"), ("晋商银行", "企业"), ("康园幼儿园", "驻区单位"), ("嘉旭商贸", "企业"))
    rows += [
        {"unit_id": f"140403U{20 + i}", "name": name, "unit_type": kind} for i, (name, kind) in enumerate(partners)
    ]
    return pd.DataFrame(rows)


def calendar() -> pd.DataFrame:
    """Every day of 2024 to 2026: weekends, public holidays and the days worked instead."""
    off: dict[date, str] = {}
    worked: dict[date, str] = {}
    for name, first, days, instead in HOLIDAYS:
        off |= {date.fromisoformat(first) + timedelta(i): name for i in range(days)}
        worked |= {date.fromisoformat(day): f"{name}调休上班" for day in instead.split()}
    days_of = [date(2024, 1, 1) + timedelta(i) for i in range(1096)]
    rows = [
        {
            "day": day,
            "is_workday": day in worked or (day.weekday() < 5 and day not in off),
            "note": off.get(day) or worked.get(day),
        }
        for day in days_of
    ]
    return pd.DataFrame(rows).astype({"day": "datetime64[s]"})


def population(places: Places) -> pd.DataFrame:
    """Residents and households of every community, month by month; the published ones do not move."""
    rng = np.random.default_rng(7)
    months = pd.date_range("2024-01-01", "2026-06-01", freq="MS").to_numpy().astype("datetime64[s]")
    rows = []
    for place in places.communities.itertuples():
        fixed = place.name in ("和济社区", "月亮湾社区")
        drift = np.zeros(len(months)) if fixed else np.cumsum(rng.normal(-0.0004, 0.0006, len(months)))
        people = np.round(place.population * (1 + drift - drift[-1])).astype(int)
        rows.append(
            pd.DataFrame(
                {"region_code": place.region_code, "month": months, "residents": people, "households": place.households}
            )
        )
    return pd.concat(rows, ignore_index=True)


def staff(places: Places) -> pd.DataFrame:
    """Who works in the grids: pseudonyms only, no person is anywhere in the demo."""
    rng = np.random.default_rng(11)
    rows: list[dict[str, Any]] = []
    for place in places.communities.to_dict("records"):
        grids = places.grids[places.grids["region_code"] == place["region_code"]]
        count = len(rows)
        _SPECIAL.get(place["name"], _filled if place["county"] == "141122" else _ordinary)(rows, grids, rng)
        for serial, row in enumerate(rows[count:], 1):
            row["staff_id"] = f"S{place['region_code']}{row.pop('person', None) or serial:04d}"
    frame = pd.DataFrame(rows)
    frame["fte"] = frame["fte"].fillna(frame["role"].map(FTE))
    return frame[["staff_id", "grid_id", "role", "fte", "active_from", "active_to"]]


def _post(rows: list[dict[str, Any]], grid: str, role: str, rng: np.random.Generator, **more: Any) -> None:
    start = np.datetime64("2022-01-01") + int(rng.integers(0, 700))
    rows.append({"grid_id": grid, "role": role, "fte": None, "active_from": start, "active_to": None} | more)


def _filled(rows: list[dict[str, Any]], grids: pd.DataFrame, rng: np.random.Generator) -> None:
    """交城: exactly one full-time or part-time member per grid."""
    for grid in grids["grid_id"]:
        _post(rows, grid, "full_time" if rng.random() < 0.46 else "part_time", rng)


def _moon_bay(rows: list[dict[str, Any]], grids: pd.DataFrame, rng: np.random.Generator) -> None:
    """月亮湾: 337 members, one per grid of each level."""
    for grid, level in zip(grids["grid_id"], grids["level"], strict=True):
        _post(rows, grid, "part_time" if level == 3 else "full_time", rng)


def _heji(rows: list[dict[str, Any]], grids: pd.DataFrame, rng: np.random.Generator) -> None:
    """和济: 9 cadres as grid leaders, 34 full-time, 823 auxiliaries, 319 drivers who report what they see."""
    small = grids.loc[grids["level"] == 2, "grid_id"].tolist()
    for grid in grids.loc[grids["level"] == 1, "grid_id"].tolist() + small[:3]:
        _post(rows, grid, "leader", rng)
    for role, total in (("full_time", 34), ("auxiliary", 823), ("mobile", 319), ("building", 120)):
        for grid, number in zip(
            small, shares(total, np.ones(34) if role == "full_time" else rng.gamma(8, 1, 34)), strict=True
        ):
            for _ in range(number):
                _post(rows, grid, role, rng)


def _ordinary(rows: list[dict[str, Any]], grids: pd.DataFrame, rng: np.random.Generator) -> None:
    """Elsewhere: some grids are vacant, some people look after two grids, some have left."""
    last = 0
    for number, grid in enumerate(grids.to_dict("records"), 1):
        ended = {"active_to": grid["valid_to"]} if pd.notna(grid["valid_to"]) else {}
        begun = {"active_from": grid["valid_from"]} if pd.notna(grid["valid_from"]) else {}
        draw = rng.random()
        role = "part_time" if grid["level"] == 3 or rng.random() < 0.35 else "full_time"
        if draw < 0.05:
            _post(rows, grid["grid_id"], role, rng, active_to=np.datetime64("2026-03-01"), person=number)
        elif draw < 0.13 and last:
            _post(rows, grid["grid_id"], role, rng, person=last, fte=0.25 if role == "part_time" else 0.5, **begun)
        elif draw > 0.16:
            _post(rows, grid["grid_id"], role, rng, person=number, **ended, **begun)
            last = number
        if grid["level"] < 3:
            for extra in range(int(rng.integers(0, 4))):
                role = ("leader", "auxiliary", "party_home")[extra]
                _post(rows, grid["grid_id"], role, rng, person=1000 + number * 10 + extra, **ended, **begun)


_SPECIAL = {"月亮湾社区": _moon_bay, "和济社区": _heji, "西南城社区": _filled}
