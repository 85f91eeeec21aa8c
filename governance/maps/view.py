"""What one look at the map consists of, as the browser draws it: letters, numbers, a legend; never a shape or a row."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from governance import theme
from governance.indicators import NOTHING, Indicator, is_missing
from governance.maps.geometry import Outlines
from governance.maps.scale import Entry, Scale, change_scale, format_change, scale

LONGEST_WORDS = 200
PALETTE = {
    "ink": theme.INK, "muted": theme.MUTED, "line": theme.LINE, "accent": theme.ACCENT, "font": theme.FONT,
}  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """Symbols over the map: `marks` has count, words, and either place_code or lon and lat (the middle of a cell)."""

    key: str
    label: str
    marks: pd.DataFrame


@dataclass(frozen=True)
class Comparison:
    """What the map is compared with: its values (place_code, value, hit, base) and its name (上期, 去年同期)."""

    values: pd.DataFrame
    words: str


@dataclass(frozen=True)
class Frames:
    """One indicator period by period (place_code, frame, value, base, is_complete), and how a period is named."""

    values: pd.DataFrame
    step: str

    def label(self, frame: pd.Timestamp) -> str:
        """The name of a period."""
        if self.step == "month":
            return f"{frame:%Y}年{frame.month}月"
        last = frame + pd.Timedelta(days=6)
        return f"{frame:%Y-%m-%d} 至 {last:%m-%d}"


@dataclass(frozen=True)
class Caption:
    """The words around a map: title, place and period; the notes at its foot; the file name of a saved picture."""

    title: str
    place: str
    notes: Sequence[str] = field(default_factory=tuple)
    file: str = "地图"


def view(
    shapes: pd.DataFrame, values: pd.DataFrame, indicator: Indicator, *, method: str = "quantile",
    compare: Comparison | None = None, frames: Frames | None = None, layers: Sequence[Layer] = (),
    outlines: Outlines | None = None, caption: Caption | None = None, chosen: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The values of a map, in the order of the shapes (place_code, name, …), as JSON.

    values: place_code, value, hit, base of one indicator. Frames take the place of the values of the whole period,
    with one scale over all of them; a comparison takes the place of the values' own classes.
    """
    rows = aligned(shapes, values)
    made = scale(indicator, rows["value"], rows["base"], method)
    found: dict[str, Any] = {
        "values": [indicator.format(value) if not is_missing(value) else NOTHING for value in rows["value"]],
        "bases": _whole(rows["base"]),
        "hits": _whole(rows["hit"]) if indicator.is_rate else None,
        "changes": None,
        "frames": None,
    }
    if frames is not None and len(frames.values):
        made, found["frames"] = _played(shapes, frames, indicator, method)
    elif compare is not None:
        before = aligned(shapes, compare.values)
        made, changes = change_scale(indicator, rows, before, f"较{compare.words}变化")
        found["changes"] = _changed(changes, before, indicator, compare.words, made)
    caption = caption or Caption(indicator.label, "")
    return found | {
        "count": len(shapes),
        "label": indicator.label,
        "isCount": indicator.is_count,
        "minimum": indicator.minimum,
        "letters": made.letters,
        "legend": {"title": made.title, "entries": [_entry(entry) for entry in made.entries]},
        "layers": [_layer(layer, outlines) for layer in layers],
        "caption": {**asdict(caption), "notes": list(caption.notes)},
        "chosen": chosen,
        "palette": PALETTE,
    }


def words(indicator: Indicator, value: float | None, hit: float | None, base: float | None) -> str:
    """What is said of one place: the number, and what it rests on."""
    if is_missing(value):
        return f"{indicator.label} {NOTHING}"
    text = f"{indicator.label} {indicator.format(value)}"
    if indicator.is_rate:
        text += f"（{hit:,.0f} / {base:,.0f}）"
    elif not indicator.is_count:
        text += f"（n={base:,.0f}）"
    return text + ("，样本不足" if (base or 0) < indicator.minimum else "")


def aligned(shapes: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """One row per shape, in the order of the shapes."""
    known = values[values["place_code"].notna()].drop_duplicates("place_code").set_index("place_code")
    return known.reindex(shapes["place_code"])[["value", "hit", "base"]].astype("float64").reset_index(drop=True)


def boundary_notes(shapes: pd.DataFrame) -> list[str]:
    """Whether the shapes are real: 示意图, and the 审图号 where there are any."""
    if shapes.empty:
        return []
    invented, approvals = shapes["is_schematic"].astype(bool), shapes["approval_number"].dropna().unique()
    notes = ["边界为示意图" if invented.all() else "部分边界为示意图"] if invented.any() else []
    return [*notes, *(f"审图号：{number}" for number in approvals)]


def _whole(numbers: pd.Series) -> list[int]:
    return [0 if is_missing(number) else int(number) for number in numbers]


def _entry(entry: Entry) -> dict[str, str]:
    return {"key": entry.key, "color": entry.color, "words": entry.words}


def _played(shapes: pd.DataFrame, frames: Frames, indicator: Indicator, method: str) -> tuple[Scale, dict[str, Any]]:
    """One scale over all periods, and the letters of each period; places that it does not know have no data."""
    columns = {
        name: frames.values.pivot(index="place_code", columns="frame", values=name).reindex(shapes["place_code"])
        for name in ("value", "base")
    }
    times = list(columns["value"].columns)
    stacked = [
        pd.Series(columns[name].to_numpy(dtype="float64").T.ravel()) for name in ("value", "base")
    ]  # period after period
    made = scale(indicator, stacked[0], stacked[1], method)
    complete = frames.values.groupby("frame")["is_complete"].first()
    count = len(shapes)
    return made, {
        "labels": [frames.label(time) + ("" if complete[time] else "（不满）") for time in times],
        "letters": [made.letters[i * count : (i + 1) * count] for i in range(len(times))],
    }


def _changed(changes: pd.Series, before: pd.DataFrame, indicator: Indicator, words: str, made: Scale) -> list[str]:
    """What a tooltip adds to each place: the earlier value and the change; nothing where either n is too small."""
    return [
        ""
        if is_missing(value)
        else f"{words} {indicator.format(value)}"
        + ("" if letter in "fn" or is_missing(change) else f"，{format_change(indicator, change)}")
        for change, value, letter in zip(changes, before["value"], made.letters, strict=True)
    ]


def _layer(layer: Layer, outlines: Outlines | None) -> dict[str, Any]:
    """Symbols at drawing positions; those whose place is not on the map are counted, not drawn."""
    marks: list[list[Any]] = []
    total = 0
    for row in layer.marks.to_dict("records"):
        count = 0 if is_missing(row["count"]) else int(row["count"])
        total += count
        spot = _spot(row, outlines)
        if spot is not None and count > 0:
            marks.append([*spot, count, str(row["words"])[:LONGEST_WORDS]])
    marks.sort(key=lambda mark: -mark[2])
    drawn = int(np.sum([mark[2] for mark in marks])) if marks else 0
    return {"key": layer.key, "label": layer.label, "marks": marks, "total": total, "unseen": total - drawn}


def _spot(row: dict[str, Any], outlines: Outlines | None) -> tuple[int, int] | None:
    if outlines is None:
        return None
    if "place_code" in row and row["place_code"] in outlines.anchors:
        return outlines.place(*outlines.anchors[row["place_code"]])
    lon, lat = row.get("lon"), row.get("lat")
    if is_missing(lon) or is_missing(lat):
        return None
    assert lon is not None
    assert lat is not None
    return outlines.place(float(lon), float(lat))
