"""近期态势: what came in and what was settled; disputes, hazards and services apart, never summed into a headline."""

from governance.codes import TRACK_CATEGORIES, TRACKS
from governance.indicators import INDICATORS
from governance.screen import blocks, wording
from governance.screen.blocks import Block
from governance.screen.board import Part, Point, Scope
from governance.screen.scenes.map import kinds

ALIKE = 0.05  # of two sums: a difference of less is none
PARTS = 6  # two weeks lie in at most three, each less than k from the truth, on either side


def scene(scope: Scope) -> Block | None:
    """The scene; None when the bundle has no days."""
    reported, closed = (scope.board.days(scope.code, key) for key in ("reported_count", "closed_count"))
    period = "week" if scope.board.categories(scope.code, "week") else "month"
    chart = blocks.line(
        [("受理", INDICATORS["reported_count"], reported), ("办结", INDICATORS["closed_count"], closed)],
        f"每天受理与办结，最近 {max(len(reported), len(closed))} 天",
        f"件，缺口处不足 {scope.board.k} 件" if has_gap([*reported, *closed]) else "件",
    )
    if chart is None:
        return None
    open_now = scope.first("backlog", "now", "week", "month")
    late = scope.first("overdue_count", "now", "week", "month")
    parts = scope.board.categories(scope.code, period)
    return {
        "title": said(scope, reported, closed),
        "subtitle": f"{_week_words(scope, period)}；在办、超期为数据截至时",
        "lead": [
            blocks.figures(
                [track(name, parts, period) for name in TRACKS]
                + [blocks.number(open_now, "now"), blocks.number(late, "now")]
            )
        ],
        "main": [chart],
        "side": [kinds(scope, period, "受理最多的事", most=6)],
    }


def _week_words(scope: Scope, period: str) -> str:
    figure = scope.figure("reported_count", period)
    return f"纠纷、隐患、服务为 {wording.period_words(figure)}" if figure else "纠纷、隐患、服务分开看"


def track(name: str, parts: list[Part], period: str) -> Block | None:
    """One of the three tracks; None when any of its categories is held back, because then its sum is not known."""
    mine = [part for part in parts if part.category in TRACK_CATEGORIES[name]]
    if not mine:
        return None
    count = sum(part.count or 0 for part in mine)
    before = [part.previous for part in mine]
    last = None if None in before else sum(value or 0 for value in before)
    change = wording.against(wording.grown(count, last), period)
    return {"label": TRACKS[name], "value": f"{count:,.0f}", "unit": "件", "change": change, "note": "", "alert": False}


def said(scope: Scope, reported: list[Point], closed: list[Point]) -> str:
    """What the days say; where one of them is too small to be public their sum is open, and the month speaks."""
    if reported and closed and not has_gap([*reported, *closed]):
        sums = [sum(point.value or 0 for point in points) for points in (reported, closed)]
        return flow(f"最近 {len(reported)} 天", sums[0], sums[1], PARTS * scope.board.k)
    came, went = scope.figure("reported_count"), scope.figure("closed_count")
    if came is None or went is None:
        return "每天受理与办结"
    return flow(wording.period_words(came), came.value or 0, went.value or 0, 2 * scope.board.k)


def has_gap(points: list[Point]) -> bool:
    """Whether a day is too small to be public."""
    return any(point.value is None for point in points)


def flow(span: str, came: float, went: float, unsure: float) -> str:
    """最近 14 天办结 970 件，比受理多 120 件 — where they differ by more than rounding can make."""
    if abs(came - went) <= max(unsure, ALIKE * max(came, went)):
        return f"{span}受理 {came:,.0f} 件，办结 {went:,.0f} 件，大致持平"
    if went > came:
        return f"{span}办结 {went:,.0f} 件，比受理多 {went - came:,.0f} 件，存量在减少"
    return f"{span}受理 {came:,.0f} 件，比办结多 {came - went:,.0f} 件，存量在增加"
