"""一张图: the places of the area in colour, what is looked at in figures, and what it is about."""

from governance import codes
from governance.indicators import INDICATORS
from governance.screen import blocks, wording
from governance.screen.blocks import Block
from governance.screen.board import Figure, Place, Scope

CHOICES = ("on_time_rate", "satisfaction_rate", "solved_rate", "response_rate", "appeals_per_10k", "reported_count")
"""What the map may show: the first that at least two places below have."""


def scene(scope: Scope) -> Block | None:
    """The scene; None when nothing can be compared or no place has a shape."""
    key = next((key for key in CHOICES if len(scope.judged(key)) > 1), None)
    if key is None:
        return None
    chart = blocks.map_of(scope, key, f"各{scope.level}{INDICATORS[key].label}")
    if chart is None:
        return None
    whole = scope.figure(key)
    numbers = [scope.figure(name) for name in ("reported_count", "closed_count") if name != key]
    return {
        "title": spread(scope.level, whole, scope.judged(key)),
        "subtitle": wording.period_words(whole or scope.judged(key)[0][1]),
        "lead": [blocks.figures([blocks.number(figure) for figure in (whole, *numbers) if figure])],
        "main": [chart],
        "side": [
            kinds(scope, "month", "受理最多的事"),
            blocks.line([("", INDICATORS[key], scope.months(key))], f"{INDICATORS[key].label}，逐月"),
        ],
    }


def kinds(scope: Scope, period: str, title: str, most: int = 5) -> Block | None:
    """The most frequent categories of a period, as bars."""
    parts = [part for part in scope.board.categories(scope.code, period) if part.count]
    rows = [
        (
            codes.label("category", part.category),
            part.count or 0,
            f"{part.count:,.0f}",
            wording.grown(part.count, part.previous),
        )
        for part in parts[:most]
    ]
    return blocks.bars(rows, title, "件")


def spread(level: str, whole: Figure | None, judged: list[tuple[Place, Figure]]) -> str:
    """Who lies far behind the whole, the farthest first, or, when nobody does, from where to where the places reach."""
    indicator = judged[0][1].indicator
    sign = 1 if indicator.direction == "higher" else -1
    ordered = sorted(judged, key=lambda pair: (sign * (pair[1].value or 0), pair[0].code))
    behind = [place for place, figure in ordered if whole is not None and blocks.is_far(figure, whole.value)]
    if behind:
        word = "低" if indicator.direction == "higher" else "高"
        return f"{wording.named(behind, level)}{indicator.label}比总体{word} 5 个百分点以上"
    values = [figure.value for _, figure in judged if figure.value is not None]
    lowest = wording.written(indicator, min(values), unit=indicator.unit == "%")
    return f"各{level}{indicator.label}，从 {lowest} 到 {wording.written(indicator, max(values))}"
