"""How values become colours: classes by a named method, and the legend that says what each class means.

Values are compared as they are shown (83.4 %, 12 件), so a reader finds a number in the class whose range he reads.
Every place has one letter: 0, 1, 2 … for a class, z for zero, f for too few cases, n for no data.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from governance import theme
from governance.estimates import classes, natural_breaks
from governance.indicators import Direction, Indicator, Verdict

METHODS = {"quantile": "等量分级", "natural": "自然断点", "fixed": "固定阈值"}
COMPARISONS = {"none": "不对比", "previous": "较上期", "last_year": "较去年同期"}
ZERO, FEW, NONE = "z", "f", "n"
MOST_CLASSES = 5
NICE = (1, 2, 5)


@dataclass(frozen=True)
class Entry:
    """One line of the legend: the letter of its places, its colour, its words, how many places have it."""

    key: str
    color: str
    words: str
    count: int


@dataclass(frozen=True)
class Scale:
    """The classes of a map: inner `bounds`, colours from the lowest class up, the letter of every place, a legend."""

    title: str
    bounds: tuple[float, ...]
    colors: tuple[str, ...]
    letters: str
    entries: tuple[Entry, ...]

    def color(self, letter: str) -> str:
        """The colour of a letter."""
        return {ZERO: theme.ZERO, FEW: theme.TOO_FEW, NONE: theme.NO_DATA}.get(letter) or self.colors[int(letter)]


def methods(indicator: Indicator) -> list[str]:
    """The methods that make sense for an indicator: fixed thresholds only where its definition has them."""
    has_thresholds = indicator.target is not None and indicator.direction is not Direction.NEUTRAL
    return [name for name in METHODS if name != "fixed" or has_thresholds]


def scale(indicator: Indicator, values: pd.Series, bases: pd.Series, method: str = "quantile") -> Scale:
    """Classes of some values (several periods may follow each other: they share the classes).

    values: floats, NaN for none; bases: the cases behind each. A method that does not suit falls back to the first.
    """
    method = method if method in methods(indicator) else "quantile"
    few, nothing = _unjudged(indicator, values, bases)
    if method == "fixed":
        return _fixed(indicator, values, bases, few, nothing)
    ticks = _ticks(indicator, values)
    zero = ~few & ~nothing & (ticks == 0)
    judged = ticks[~few & ~nothing & ~zero]
    split = natural_breaks if method == "natural" else classes
    bounds = [float(bound) for bound in split(judged.tolist(), MOST_CLASSES)]
    ramp = theme.sequence(indicator.direction)
    colors = tuple(ramp[round(i * (len(ramp) - 1) / max(len(bounds), 1))] for i in range(len(bounds) + 1))
    letters = np.searchsorted(bounds, ticks, side="right").astype(str)
    size = 1 / _per_unit(indicator)
    words = []
    if len(judged):
        lows = [judged.min(), *bounds]
        highs = [*(bound - 1 for bound in bounds), judged.max()]
        for low, high in zip(lows, highs, strict=True):
            texts = [indicator.format(tick * size, unit=False) for tick in (low, high)]
            words.append(texts[0] if low >= high else f"{texts[0]} – {texts[1]}")
    return _finished(
        indicator, f"{_named(indicator)}，{METHODS[method]}", [bound * size for bound in bounds], colors, words,
        letters, few, nothing, zero,
    )  # fmt: skip


def change_scale(indicator: Indicator, now: pd.DataFrame, before: pd.DataFrame, words: str) -> tuple[Scale, pd.Series]:
    """Classes of the change between two frames of (value, base) in one order, the same up as down, and the changes.

    Percentage points for rates, pieces for counts, per cent for anything else; only where both n suffice. Blue is
    better, orange worse; purple and green where neither is.
    """
    changes = _changes(indicator, now["value"], before["value"])
    base = np.minimum(now["base"].fillna(0), before["base"].fillna(0))
    few, nothing = _unjudged(indicator, changes, base)
    both = now["value"].notna() & before["value"].notna()
    few, nothing = few | (both & (base < indicator.minimum)), nothing & ~(both & (base < indicator.minimum))
    unit = 0.001 if indicator.unit == "%" or not indicator.is_count else 1.0
    sizes = changes[~few & ~nothing].abs()
    inner = _nice(max(float(sizes.quantile(0.3)) if len(sizes) else 0.0, unit))
    outer = _nice(max(float(sizes.quantile(0.8)) if len(sizes) else 0.0, inner * 2))
    bounds = [-outer, -inner, inner, outer]
    is_neutral = indicator.direction is Direction.NEUTRAL
    colors = theme.LESS_MORE if is_neutral else theme.WORSE_BETTER
    if indicator.direction is Direction.LOWER:
        colors = colors[::-1]
    rounded = (changes.fillna(0) * 1e9).round() / 1e9
    letters = np.select([rounded <= -outer, rounded <= -inner, rounded < inner, rounded < outer], list("0123"), "4")
    low, high = (_write_change(indicator, size) for size in (inner, outer))
    down, up = ("减", "增") if is_neutral else ("变差", "变好")
    if indicator.direction is Direction.LOWER:
        down, up = up, down
    ranges = [f"≤ −{high} {down}", f"−{high} 至 −{low}", f"±{low} 以内", f"+{low} 至 +{high}", f"≥ +{high} {up}"]
    title = f"{indicator.label}{words}（{_change_unit(indicator)}）"
    no = pd.Series(False, index=changes.index)
    return _finished(indicator, title, bounds, tuple(colors), ranges, letters, few, nothing, no), changes


def format_change(indicator: Indicator, change: float) -> str:
    """A change with its sign and unit: +3.4 个百分点, −12 件, +5.0%."""
    text = _write_change(indicator, abs(change))
    sign = "−" if change < 0 else "+"
    unit = _change_unit(indicator)
    return "持平" if not float(text.replace(",", "")) else f"{sign}{text}{'' if unit == '%' else ' '}{unit}"


def _fixed(indicator: Indicator, values: pd.Series, bases: pd.Series, few: pd.Series, nothing: pd.Series) -> Scale:
    """达标, 关注, 未达标 by the thresholds of the definition, which alone decides."""
    target, warning = indicator.target, indicator.warning
    assert target is not None
    above, below = ("≥", "<") if indicator.direction is Direction.HIGHER else ("≤", ">")
    shown = indicator.format(target, unit=False)
    looks = {Verdict.GOOD: (theme.MET, f"达标 {above} {shown}")}
    if warning is not None and warning != target:
        least = indicator.format(warning, unit=False)
        looks[Verdict.WATCH] = (theme.WATCHED, f"关注 {above} {least}")
        shown = least
    looks[Verdict.BAD] = (theme.MISSED, f"未达标 {below} {shown}")
    verdicts = [indicator.verdict(value, base) for value, base in zip(values, bases.fillna(0), strict=True)]
    letters = np.array([str(list(looks).index(v)) if v in looks else NONE for v in verdicts], dtype=str)
    colors, words = zip(*looks.values(), strict=True)
    no = pd.Series(False, index=values.index)
    title = f"{_named(indicator)}，{METHODS['fixed']}"
    bounds = sorted({target, target if warning is None else warning})
    return _finished(indicator, title, bounds, colors, list(words), letters, few, nothing, no)


def _finished(
    indicator: Indicator, title: str, bounds: Sequence[float], colors: tuple[str, ...], words: Sequence[str],
    letters: np.ndarray, few: pd.Series, nothing: pd.Series, zero: pd.Series,
) -> Scale:  # fmt: skip
    """Put the special cases over the classes, and count."""
    letters = np.where(nothing, NONE, np.where(few, FEW, np.where(zero, ZERO, letters)))
    counts = {letter: int((letters == letter).sum()) for letter in {*letters.tolist()}}
    entries = [Entry(str(i), colors[i], text, counts.get(str(i), 0)) for i, text in enumerate(words)]
    special = {
        ZERO: (theme.ZERO, indicator.format(0.0, unit=False)),
        FEW: (theme.TOO_FEW, f"样本不足（n<{indicator.minimum}）"),
        NONE: (theme.NO_DATA, "没有数据"),
    }
    at_start = [Entry(ZERO, *special[ZERO], counts[ZERO])] if ZERO in counts else []
    at_end = [Entry(letter, *special[letter], counts[letter]) for letter in (FEW, NONE) if letter in counts]
    return Scale(title, tuple(bounds), colors, "".join(letters.tolist()), (*at_start, *entries, *at_end))


def _unjudged(indicator: Indicator, values: pd.Series, bases: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Which rest on too few cases, and which have no number at all."""
    bases = bases.fillna(0)
    few = (bases < indicator.minimum) & (bases > 0)
    without = values.isna() | ~np.isfinite(values.astype(float)) | ((bases < indicator.minimum) & (bases <= 0))
    return few, without & ~few


def _per_unit(indicator: Indicator) -> int:
    """How many of the smallest steps that are shown make one: 1000 for 83.4 %, 1 for 12 件."""
    if indicator.unit == "%":
        return 1000
    return 1 if indicator.is_count else 100 if indicator.unit in ("", "倍") else 10


def _ticks(indicator: Indicator, values: pd.Series) -> np.ndarray:
    """Values as whole numbers of the smallest step that is shown; halves go up, as they are written."""
    numbers = np.nan_to_num(values.astype(float).to_numpy(), nan=0.0, posinf=0.0, neginf=0.0)
    return np.floor(numbers * _per_unit(indicator) + 0.5 + 1e-9)


def _changes(indicator: Indicator, now: pd.Series, before: pd.Series) -> pd.Series:
    if indicator.unit == "%" or indicator.is_count:
        return now - before
    return (now / before.where(before != 0) - 1).astype(float)


def _nice(size: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 … (or their tenths) that is not smaller, within a hair."""
    power = 10.0 ** math.floor(math.log10(size))
    steps = (*NICE, 10)
    return round(next(step * power for step in steps if step * power >= size * (1 - 1e-9)), 12)


def _write_change(indicator: Indicator, size: float) -> str:
    if indicator.is_count:
        return f"{size:,.0f}"
    return f"{size * 100:,.1f}" if size < 0.1 or (size * 1000) % 10 else f"{size * 100:,.0f}"


def _change_unit(indicator: Indicator) -> str:
    if indicator.is_count:
        return indicator.unit or "个"
    return "个百分点" if indicator.unit == "%" else "%"


def _named(indicator: Indicator) -> str:
    return indicator.label + (f"（{indicator.unit}）" if indicator.unit and indicator.unit != "%" else "")
