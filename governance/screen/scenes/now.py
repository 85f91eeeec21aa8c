"""近期态势: what came in and what was settled; disputes, hazards and services apart, never summed into a headline."""

from governance.codes import TRACK_CATEGORIES, TRACKS
from governance.indicators import INDICATORS
from governance.screen import blocks
from governance.screen.blocks import Block
from governance.screen.board import Part, Point, Scope
from governance.screen.scenes.map import kinds


def scene(scope: Scope) -> Block | None:
    """The scene; None when the bundle has no days."""
    reported, closed = (scope.board.days(scope.code, key) for key in ("reported_count", "closed_count"))
    period = "week" if scope.board.categories(scope.code, "week") else "month"
    chart = blocks.line(
        [("受理", INDICATORS["reported_count"], reported), ("办结", INDICATORS["closed_count"], closed)],
        f"每天受理与办结，最近 {max(len(reported), len(closed))} 天",
        "件",
    )
    if chart is None:
        return None
    open_now = scope.first("backlog", "now", "week", "month")
    late = scope.first("overdue_count", "now", "week", "month")
    parts = scope.board.categories(scope.code, period)
    return {
        "title": flow(reported, closed),
        "subtitle": f"{_week_words(scope, period)}；在办、超期为数据截至时",
        "lead": [
            blocks.figures(
                [track(name, parts, period) for name in TRACKS]
                + [blocks.number(open_now, "now"), blocks.number(late, "now")]
            )
        ],
        "main": [chart],
        "side": [kinds(scope, period, "受理的是什么事", most=6)],
    }


def _week_words(scope: Scope, period: str) -> str:
    figure = scope.figure("reported_count", period)
    return f"纠纷、隐患、服务为 {blocks.period_words(figure)}" if figure else "纠纷、隐患、服务分开看"


def track(name: str, parts: list[Part], period: str) -> Block | None:
    """One of the three tracks; None when any of its categories is held back, because then its sum is not known."""
    mine = [part for part in parts if part.category in TRACK_CATEGORIES[name]]
    if not mine:
        return None
    count = sum(part.count or 0 for part in mine)
    before = [part.previous for part in mine]
    change = ""
    if all(value is not None for value in before) and (last := sum(value or 0 for value in before)) >= 20:
        change = f"{blocks.BEFORE[period]} {blocks.grown(count, last)}"
    return {"label": TRACKS[name], "value": f"{count:,.0f}", "unit": "件", "change": change, "note": "", "alert": False}


def flow(reported: list[Point], closed: list[Point]) -> str:
    """最近 14 天办结比受理多 12 件 — from the days of which both are known."""
    settled = {point.at: point.value for point in closed if point.value is not None}
    pairs = [(point.value, settled[point.at]) for point in reported if point.value is not None and point.at in settled]
    if not pairs:
        return "每天受理与办结"
    came, went = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    span = f"最近 {len(pairs)} 天"
    if came == went:
        return f"{span}受理与办结持平，各 {came:,.0f} 件"
    if went > came:
        return f"{span}办结 {went:,.0f} 件，比受理多 {went - came:,.0f} 件，存量在减少"
    return f"{span}受理 {came:,.0f} 件，比办结多 {came - went:,.0f} 件，存量在增加"
