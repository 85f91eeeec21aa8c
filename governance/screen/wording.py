"""How the wall says numbers, periods, changes and names: short, and no finer than rounded numbers can bear."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from governance.indicators import Indicator, is_missing, rounded
from governance.screen.board import Figure, Place

BEFORE = {"month": "较上月", "week": "较上周", "quarter": "较上季", "now": "较上期"}
ENOUGH = 20  # of a public count, a multiple of k: a change of fewer is nothing to put in per cent


def written(indicator: Indicator, value: float | None, unit: bool = True) -> str:
    """A number as the wall writes it: public rates of small bases are whole per cents, so 92% and not 92.0%."""
    if not (is_missing(value) or indicator.is_count or indicator.unit == "%"):
        assert value is not None
        digits = max(0, 1 - math.floor(math.log10(abs(value)))) if value else 0
        digits = min(2, digits) if abs(value) >= 0.01 else digits
        indicator = replace(indicator, digits=digits)  # means and medians are public to two digits, so 0.24 and 16
    return re.sub(r"\.0%$", "%", indicator.format(value, unit=unit))


def split(indicator: Indicator, value: float | None) -> tuple[str, str]:
    """A number and its unit, to be set in two sizes: ('83.5', '%'), ('1,234', '件'), ('30', '分钟'), ('—', '')."""
    text = written(indicator, value)
    if text.endswith("%"):
        return text[:-1], "%"
    number, _, unit = text.partition(" ")
    return number, unit


def period_words(figure: Figure | None) -> str:
    """The period of a number: 2026年6月, 6月22日—28日, 2026年二季度; empty when it has none."""
    if figure is None or figure.start is None or figure.stop is None:
        return ""
    first, last = figure.start, figure.stop - timedelta(days=1)
    if first.day == 1 and figure.stop.day == 1:
        months = (figure.stop.year - first.year) * 12 + figure.stop.month - first.month
        if months == 1:
            return f"{first.year}年{first.month}月"
        if months == 3 and first.month % 3 == 1:
            return f"{first.year}年{'一二三四'[first.month // 3]}季度"
    if first >= last:
        return f"{last.month}月{last.day}日"
    end = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日—{end}"


def change_words(figure: Figure, period: str) -> str:
    """较上月 +2.1 个百分点 — empty when there is nothing before it, or either rests on too few."""
    if not figure.is_judged:
        return ""
    if figure.indicator.unit == "%":
        return against(figure.indicator.format_change(figure.value, figure.previous), period)
    return against(grown(figure.value, figure.previous, ENOUGH if figure.indicator.is_count else 0), period)


def against(change: str, period: str) -> str:
    """较上月 +12%, 较上月持平; empty without a change."""
    return f"{BEFORE.get(period, '较上期')}{'' if change == '持平' else ' '}{change}" if change else ""


def grown(value: float | None, before: float | None, least: float = ENOUGH) -> str:
    """+12% from before to now, in whole per cent, as public numbers are rounded; 持平 when that is nothing."""
    if is_missing(value) or is_missing(before) or not before or min(value or 0, before) < least:
        return ""
    change = rounded(((value or 0) / before - 1) * 100, 0, sign=True)
    return "持平" if change in ("+0", "-0") else f"{change}%"


def resting_on(figure: Figure) -> str:
    """（样本 1,234）for anything that is not itself a count."""
    if figure.indicator.is_count or is_missing(figure.base) or figure.indicator.table != "cases":
        return ""
    assert figure.base is not None
    return f"样本 {figure.base:,.0f}"


def behind_words(indicator: Indicator) -> str:
    """What the colour of a place says that lies far behind the whole."""
    return f"橙色比总体{'低' if indicator.direction == 'higher' else '高'} 5 个百分点以上"


def named(places: Sequence[Place], level: str) -> str:
    """甲街道、乙街道， — at most three names, then how many there are."""
    names = "、".join(place.name for place in places[:3])
    return (names if len(places) <= 3 else f"{names}等 {len(places)} 个{level}") + "，" * (len(places) > 1)
