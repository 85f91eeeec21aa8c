"""满意度: closed is not solved, solved is not satisfied; the rates stand side by side, with who answered at all."""

from governance.findings import run_of_months
from governance.indicators import INDICATORS
from governance.screen import blocks, wording
from governance.screen.blocks import Block
from governance.screen.board import Figure, Scope

KEY = "satisfaction_rate"


def scene(scope: Scope) -> Block | None:
    """The scene; None without a rate of satisfaction."""
    rate = scope.first(KEY, "month", "quarter")
    if rate is None:
        return None
    period = "month" if scope.figure(KEY) else "quarter"
    share, solved = scope.figure("rating_share", period), scope.figure("solved_rate", period)
    lines = [(INDICATORS[key].label, INDICATORS[key], scope.months(key)) for key in (KEY, "solved_rate")]
    drawn = "与".join(label for label, _, points in lines if blocks.is_line(points))
    return {
        "title": said(KEY, scope, rate),
        "subtitle": wording.period_words(rate),
        "lead": [blocks.figures([blocks.number(figure, period) for figure in (rate, share, solved)])],
        "main": [blocks.line(lines, f"{drawn}，逐月")],
        "side": [blocks.dots(scope, KEY, f"各{scope.level}满意率", period)],
    }


def said(key: str, scope: Scope, figure: Figure | None) -> str:
    """What the months of an indicator say, and where it stands: "满意率连续 3 个月下降，现为 87.2%"."""
    indicator = INDICATORS[key]
    values = [float("nan") if point.value is None else point.value for point in scope.months(key)]
    if indicator.is_count and len(values) > 1 and not abs(values[-1] - values[-2]) >= 2 * scope.board.k:
        values = []  # each lies less than k from the truth: which month had more is not known
    words = run_of_months(values, indicator.label)
    if figure is None or figure.value is None:
        return words
    joint = "为" if words == indicator.label else "，现为"
    return f"{words}{joint} {wording.written(indicator, figure.value)}"
