"""What a scene is made of, as plain JSON: figures, lines, bars, dots, a histogram, a map. All text is ready to show.

A block is a dict with `kind`, `title`, `note` and what its kind needs; the browser only places and draws it.
"""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from governance.indicators import INDICATORS, Indicator, Verdict, is_missing, rounded
from governance.maps.scale import FEW, NONE, scale
from governance.screen import outline
from governance.screen.board import Figure, Point, Scope
from governance.screen.wording import behind_words, change_words, resting_on, split, written

Block = dict[str, Any]
WORSE_POINTS = 0.05  # a rate this far on the worse side of the whole calls for action
WAITING = ("overdue_count", "overdue_rate")  # whatever is overdue calls for action, without a target
MOST_ROWS = 10


def needs_action(figure: Figure) -> bool:
    """Whether a number misses its target; where it has none, nothing is called bad."""
    return figure.is_judged and figure.indicator.verdict(figure.value, figure.base) is Verdict.BAD


def number(figure: Figure | None, period: str = "month", *, label: str = "", note: str = "") -> Block | None:
    """One large number with its name, its change and a note; None when the bundle holds it back."""
    if figure is None:
        return None
    value, unit = split(figure.indicator, figure.value)
    alert = needs_action(figure) or bool(figure.indicator.key in WAITING and figure.value)
    return {
        "label": label or figure.indicator.label,
        "value": value,
        "unit": unit,
        "change": change_words(figure, period),
        "note": note or resting_on(figure),
        "alert": alert,
    }


def figures(items: Sequence[Block | None], title: str = "", note: str = "") -> Block | None:
    """Several large numbers side by side; None when none of them is there."""
    shown = [item for item in items if item]
    return {"kind": "figures", "title": title, "note": note, "items": shown} if shown else None


def line(series: Sequence[tuple[str, Indicator, list[Point]]], title: str, note: str = "") -> Block | None:
    """Lines over the same months or days, each with its name and last value at its end; None when too few.

    Three months must be known, and half of them; a gap is one that rests on too few. All lines share one axis, which
    starts at zero for counts.
    """
    kept = [entry for entry in series if is_line(entry[2])]
    if not kept:
        return None
    at = sorted({point.at for _, _, points in kept for point in points})
    indicator = kept[0][1]
    known = [point.value for _, _, points in kept for point in points if point.value is not None]
    ticks = axis(min(known), max(known), from_zero=indicator.unit != "%", ceiling=1 if indicator.unit == "%" else None)
    is_daily = any(day.day != 1 for day in at)
    return {
        "kind": "line",
        "title": title,
        "note": note,
        "low": ticks[0],
        "high": ticks[-1],
        "ticks": [{"at": tick, "text": _tick(indicator, tick)} for tick in ticks],
        "across": [_across(day, is_daily) for day in at],
        "lines": [
            {"name": name, "values": _aligned(at, points), "end": written(entry, _last(points))}
            for name, entry, points in kept
        ],
    }


def is_line(points: list[Point]) -> bool:
    """Whether so many points are known that a line says something."""
    known = sum(not is_missing(point.value) for point in points)
    return known >= 3 and known * 2 >= len(points)


def axis(low: float, high: float, *, from_zero: bool, ceiling: float | None = None) -> list[float]:
    """Three to six round numbers that hold everything from low to high: axis(0.81, 0.87) is [0.8, 0.82 … 0.88]."""
    low = 0.0 if from_zero else low
    span = max(high - low, abs(high) * 0.02, 1e-9)
    rough = span / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    ticks = [round(step * place, 10) for place in range(first, last + 1)]
    return [tick for tick in ticks if ceiling is None or tick <= ceiling + 1e-9]


def bars(rows: Sequence[tuple[str, float, str, str]], title: str, note: str = "", total: int = 0) -> Block | None:
    """Horizontal bars from zero: (name, value, text, note) each; None without any.

    Where fewer than `total` have room, the browser says how many these are.
    """
    shown = list(rows)[:MOST_ROWS]
    most = max((value for _, value, _, _ in shown), default=0)
    if not most:
        return None
    entries = [
        {"name": name, "share": round(value / most, 4), "text": text, "note": after}
        for name, value, text, after in shown
    ]
    return {"kind": "bars", "title": title, "note": note, "rows": entries, "total": total}


def dots(scope: Scope, key: str, title: str, period: str = "month") -> Block | None:
    """Each place below against the whole: a dot left or right of the line. Places with too few are only counted."""
    whole = scope.figure(key, period)
    judged = scope.judged(key, period)
    if whole is None or is_missing(whole.value) or len(judged) < 2:
        return None
    assert whole.value is not None
    indicator, centre = whole.indicator, whole.value
    ordered = sorted(judged, key=lambda pair: (-(pair[1].value or 0), pair[0].code))
    reach = max(abs((figure.value or 0) - centre) for _, figure in ordered) or 1
    rows = [
        {
            "name": place.name,
            "x": round(((figure.value or 0) - centre) / reach, 4),
            "text": written(indicator, figure.value),
            "alert": is_far(figure, centre),
        }
        for place, figure in ordered
    ]
    few = len(scope.kids) - len(judged)
    notes = [behind_words(indicator)] if any(row["alert"] for row in rows) else []
    notes += [f"另 {few} 个样本不足"] if few else []
    words = f"总体 {written(indicator, centre)}"
    return {"kind": "dots", "title": title, "note": "，".join(notes), "centre": words, "rows": rows}


def is_far(figure: Figure, centre: float | None) -> bool:
    """Whether a rate lies so far on the worse side of the whole that somebody should look."""
    if centre is None or figure.indicator.unit != "%" or figure.indicator.direction == "neutral":
        return False
    sign = 1 if figure.indicator.direction == "higher" else -1
    return sign * (centre - (figure.value or 0)) > WORSE_POINTS


def histogram(values: Sequence[float], title: str, note: str = "", most: int = 6) -> Block | None:
    """How many places have nothing, a little, … much: zero, equal steps, all above the last; None below ten places."""
    above = sorted(value for value in values if value > 0)
    if len(values) < 10 or not above:
        return None
    step = axis(0, above[min(len(above) - 1, int(len(above) * 0.9))] / (most - 2) * 3, from_zero=True)[1]
    edges = [round(step * i, 10) for i in range(most)]
    while len(edges) > 2 and edges[-2] >= above[-1]:
        edges.pop()
    words = [_plain(edge) for edge in edges]
    bins = [{"text": "0", "count": len(values) - len(above)}]
    for i in range(1, len(edges)):
        inside = sum(edges[i - 1] < value <= edges[i] for value in above)
        bins.append({"text": f"{words[i - 1]}–{words[i]}", "count": inside})
    bins.append({"text": f">{words[-1]}", "count": sum(value > edges[-1] for value in above)})
    if not bins[-1]["count"]:
        bins.pop()
    return {"kind": "histogram", "title": title, "note": note, "bins": bins}


def _plain(value: float) -> str:
    return rounded(value, 0 if value == int(value) else 1 if round(value * 10, 6) == int(round(value * 10, 6)) else 2)


def map_of(scope: Scope, key: str, title: str, period: str = "month") -> Block | None:
    """The places below, coloured in classes of like size; 样本不足 and 没有数据 look different. None without shapes."""
    drawing = outline.draw(scope.kids)
    if drawing is None:
        return None
    indicator = INDICATORS[key]
    found = [scope.board.figure(one.place.code, key, period) for one in drawing.outlines]
    if not any(figure is not None and figure.is_judged for figure in found):
        return None
    values = pd.Series([None if figure is None else figure.value for figure in found], dtype="float64")
    bases = pd.Series([0 if figure is None else figure.base or 0 for figure in found], dtype="float64")
    made = scale(indicator, values, values.fillna(0) if indicator.is_count else bases)
    whole = scope.figure(key, period)
    centre = None if whole is None else whole.value
    steps = max(1, len(made.colors) - 1)

    def look(letter: str) -> str:
        """p0 … p4, the five of the ramp, so that its ends are always used; z, f and n as in the scale."""
        return f"p{round(int(letter) * 4 / steps) if len(made.colors) > 1 else 2}" if letter.isdigit() else letter

    shapes = [
        {
            "path": one.path,
            "at": one.at,
            "look": look(letter),
            "anchor": one.anchor,
            "room": one.room,
            "name": one.place.name,
            "text": "" if letter in (FEW, NONE) or figure is None else written(indicator, figure.value),
            "alert": figure is not None and figure.is_judged and is_far(figure, centre),
        }
        for one, letter, figure in zip(drawing.outlines, made.letters, found, strict=True)
    ]
    legend = [{"look": look(entry.key), "text": entry.words, "count": entry.count} for entry in made.entries]
    behind = sum(bool(shape["alert"]) for shape in shapes)
    legend.append({"look": "behind", "text": behind_words(indicator), "count": behind})
    return {
        "kind": "map",
        "title": title,
        "note": _about(drawing),
        "width": drawing.width,
        "height": drawing.height,
        "shapes": shapes,
        "legend": [entry for entry in legend if entry["count"]],
    }


def _about(drawing: outline.Drawing) -> str:
    words = ["各地分幅，比例不一"] if drawing.is_apart else []
    if any(one.place.is_schematic for one in drawing.outlines):
        words.append("边界为示意图")
    return "，".join(words)


def _tick(indicator: Indicator, tick: float) -> str:
    if indicator.unit == "%":
        return f"{rounded(tick * 100, 0 if abs(tick * 100 - round(tick * 100)) < 1e-6 else 1)}%"
    return rounded(tick, 0 if tick == int(tick) else 1)


def _across(day: date, is_daily: bool) -> Block:
    """What stands under a point, and the group (month or year) that is named once for all its points."""
    if is_daily:
        return {"text": f"{day.day}日", "group": f"{day.month}月"}
    return {"text": f"{day.month}月", "group": f"{day.year}年"}


def _aligned(at: list[date], points: list[Point]) -> list[float | None]:
    known = {point.at: point.value for point in points}
    return [known.get(day) for day in at]


def _last(points: list[Point]) -> float | None:
    return next((point.value for point in reversed(points) if point.value is not None), None)
