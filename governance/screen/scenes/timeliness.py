"""办理时效: how fast people are answered stands first, then whether promises were kept."""

from governance.indicators import INDICATORS
from governance.screen import blocks, wording
from governance.screen.blocks import Block
from governance.screen.board import Scope
from governance.screen.scenes.satisfaction import said

KEY = "on_time_rate"


def scene(scope: Scope) -> Block | None:
    """The scene; None when neither the answer nor the promise is measured."""
    response, rate = scope.figure("response_hours"), scope.figure(KEY)
    if response is None and rate is None:
        return None
    late = scope.first("overdue_rate", "now", "month")
    handling = scope.figure("handling_hours")
    return {
        "title": said(KEY, scope, rate) if rate else said("response_hours", scope, response),
        "subtitle": wording.period_words(rate or response),
        "lead": [
            blocks.figures(
                [
                    blocks.number(response, note="半数群众在此时间内得到首次响应"),
                    blocks.number(rate),
                    blocks.number(handling, note="半数案件在此时间内办结"),
                    blocks.number(late, "now"),
                ]
            )
        ],
        "main": [next((made for key in (KEY, "response_hours") if (made := monthly(scope, key))), None)],
        "side": [blocks.dots(scope, KEY, f"各{scope.level}按期办结率")],
    }


def monthly(scope: Scope, key: str) -> Block | None:
    """The months of one indicator as a line."""
    return blocks.line([("", INDICATORS[key], scope.months(key))], f"{INDICATORS[key].label}，逐月")
