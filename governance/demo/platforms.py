"""The case platforms of the demo: which county exports what, in which form, split how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from governance.demo import dirt, state
from governance.demo.files import Style, to_rows, write

MOMENTS = ("2026-05-01", "2026-06-01", "2026-07-01")  # the days of export; each gives a snapshot
PERIODS = ("截至202604", "202605", "202606")  # what a file name says: everything so far, then what is new or changed
FIRST_MONTH = "202401"
EXTENSIONS = ("cases", "disputes", "hazards")


# the number of the day of export, the mapping, the files
Export = tuple[int, str, list[Path]]


@dataclass(frozen=True)
class Platform:
    """One exporting platform."""

    mapping: str
    counties: tuple[str, ...]
    stem: str
    suffix: str = ".csv"
    style: Style = field(default_factory=Style)
    sheet: str = "Sheet1"
    log: str | None = None
    is_monthly: bool = False


PLATFORMS = (
    Platform("demo_jiaocheng", ("141122",), "交城县多网合一平台_事件", style=Style("gb18030"), is_monthly=True),
    Platform("demo_zuoyun", ("140226",), "左云县社区治理信息化平台_诉求", log="左云县社区治理信息化平台_流转"),
    Platform(
        "demo_xiaoyi",
        ("141181",),
        "孝义市一米阳光平台_工单",
        ".xlsx",
        sheet="工单明细",
        style=Style(is_native=True, preamble=("孝义市一米阳光平台工单明细", "（演示数据）")),
    ),
    Platform("demo_hunyuan", ("140225",), "浑源县小区治理台账", ".txt", Style("gb18030", "\t")),
    Platform(
        "demo_hohhot",
        ("150102", "150103"),
        "呼和浩特12345热线_工单",
        style=Style("utf-8", offset="+08:00"),
        log="呼和浩特12345热线_流转",
    ),
    Platform("demo_luzhou", ("140403",), "潞州区网格服务平台_事件"),
    Platform("demo_jiaokou", ("141130",), "交口县红色物业诉求登记", style=Style("gb18030", ";")),
    Platform("demo_shilou", ("141126",), "石楼县网格诉求登记", ".xlsx"),
)


def write_all(cases: pd.DataFrame, target: Path) -> Iterator[Export]:
    """Write every platform's files; yields which go in with which mapping on which day of export."""
    known = [state.at(cases, moment) for moment in MOMENTS]
    for platform in PLATFORMS:
        own = cases.index[cases["county"].isin(platform.counties)]
        before: pd.DataFrame | None = None
        for number, moment in enumerate(MOMENTS):
            frame = known[number].loc[known[number].index.intersection(own)]
            fresh = frame if before is None else changed(before, frame)
            before = frame
            paths = [_write(platform, rows, name, target) for name, rows in _parts(platform, fresh, number)]
            if platform.log:
                log = state.steps(cases.loc[own], moment)
                log = log[log["case_id"].isin(fresh["case_id"])]
                paths.append(target / f"{platform.log}_{PERIODS[number]}.csv")
                write(paths[-1], to_rows(platform.mapping, ("case_steps",), log, platform.style), platform.style)
            yield number, platform.mapping, paths


def changed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Rows that are new or have changed since."""
    common = after.index.intersection(before.index)
    old, new = before.loc[common], after.loc[common]
    same = ((old == new) | (old.isna() & new.isna())).all(axis=1)
    return after.drop(index=same.index[same])


def _parts(platform: Platform, frame: pd.DataFrame, number: int) -> list[tuple[str, pd.DataFrame]]:
    if number > 0 or not platform.is_monthly:
        return [(PERIODS[number], frame)]
    return [(str(month), rows) for month, rows in frame.groupby(frame["reported_at"].dt.strftime("%Y%m"))]


def _write(platform: Platform, frame: pd.DataFrame, period: str, target: Path) -> Path:
    path = target / f"{platform.stem}_{period}{platform.suffix}"
    rows = to_rows(platform.mapping, EXTENSIONS, _prepared(platform, frame), platform.style)
    if period in (FIRST_MONTH, *PERIODS):
        rows = dirt.soiled(platform.mapping, rows, frame["category"].to_numpy(dtype=object).astype(str))
    write(path, rows, platform.style, platform.sheet)
    return path


def _prepared(platform: Platform, frame: pd.DataFrame) -> pd.DataFrame:
    """What only one platform has: a path of categories, coordinates."""
    if platform.mapping == "demo_hohhot":
        return frame.assign(subcategory="诉求->" + frame["subcategory"].astype(object))
    if platform.mapping in ("demo_zuoyun", "demo_luzhou"):
        centre = np.array([112.70, 40.01] if platform.mapping == "demo_zuoyun" else [113.12, 36.20])
        rng = np.random.default_rng(len(frame))
        angle = pd.util.hash_array(frame["region_code"].to_numpy(dtype=object)) % 360 * np.pi / 180
        lane = pd.util.hash_array(frame["grid_id"].fillna("").to_numpy(dtype=object)) % 100 / 100
        shift = np.column_stack([np.cos(angle), np.sin(angle)]) * 0.012 + rng.normal(0, 0.0006, (len(frame), 2))
        points = np.round(centre + shift + np.column_stack([lane, lane * 7 % 1]) * 0.008, 5)
        missing = rng.random(len(frame)) < 0.03
        return frame.assign(lon=np.where(missing, np.nan, points[:, 0]), lat=np.where(missing, np.nan, points[:, 1]))
    return frame
