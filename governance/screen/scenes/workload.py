"""网格负荷均衡: how unevenly the work lies on grids. A grid is a mark without a name: nobody's load is shown."""

from governance.indicators import INDICATORS, rounded
from governance.screen import blocks, wording
from governance.screen.blocks import Block
from governance.screen.board import Figure, Place, Scope

KEY = "workload"
ENOUGH = 0.9  # of the grids must be public: without the small ones a distribution would be a wrong one
HEAVIEST = 3  # weight of a case: weights are rounded to so many times k
MANY = 2 * HEAVIEST  # times k cases: the load of a place is then hardly more than half a rounding of it


def scene(scope: Scope) -> Block | None:
    """The scene; None when no load is known."""
    period = "now" if scope.judged(KEY, "now") else "month"
    load, balance = scope.figure(KEY, period), scope.first("workload_balance", "now", "month")
    pairs = sorted(scope.judged(KEY, period), key=lambda pair: (-(pair[1].value or 0), pair[0].code))
    loads = public_loads(scope, period)
    spread = blocks.histogram(loads, f"{len(loads):,} 个网格的负荷分布", "柱上为网格数，下为每份人力的在办权重")
    places = ranked(scope, pairs, f"各{scope.level}每份人力承担的在办权重", f"权重按 {HEAVIEST * scope.board.k} 取整")
    waiting = ranked(scope, scope.judged("backlog", period), f"各{scope.level}在办量", "件")
    charts = [chart for chart in (spread, places, waiting) if chart][:2]
    if load is None or not charts:
        return None
    return {
        "title": said(scope, period, balance, load, pairs),
        "subtitle": "急事计 3、矛盾纠纷计 2、其他计 1，除以折算人力；只看网格，不看个人，不用于考核",
        "lead": [
            blocks.figures(
                [
                    blocks.number(balance, "now", note="最忙一成网格是一般网格的几倍"),
                    blocks.number(load, "now", note="每份人力承担的在办权重"),
                    blocks.number(scope.first("staffed_rate", "now", "month"), "now"),
                ]
            )
        ],
        "main": charts[:1],
        "side": charts[1:],
    }


def ranked(scope: Scope, pairs: list[tuple[Place, Figure]], title: str, note: str) -> Block | None:
    """A number of the places below as bars, the largest first; None where rounding has left no difference."""
    if len({one.value for _, one in pairs}) < 2:
        return None
    few = len(scope.kids) - len(pairs)
    ordered = sorted(pairs, key=lambda pair: (-(pair[1].value or 0), pair[0].code))
    rows = [
        (place.name, one.value or 0, wording.written(one.indicator, one.value, unit=False), "")
        for place, one in ordered
    ]
    return blocks.bars(rows, title, f"{note}，另 {few} 个数量过小" if few else note, len(rows))


def said(scope: Scope, period: str, balance: Figure | None, load: Figure, pairs: list[tuple[Place, Figure]]) -> str:
    """最忙的一成网格，负荷是一般网格的 3.2 倍 — or where most lies, when the usual grid has nothing open.

    The load of a place with a handful of cases is mostly the rounding of its weights: nothing is made of it.
    """
    if balance is not None and balance.is_judged:
        return f"最忙的一成网格，负荷是一般网格的 {wording.written(balance.indicator, balance.value)}"
    many = MANY * scope.board.k
    waiting = sorted(
        ((found.value or 0, kid) for kid, found in scope.judged("backlog", period)), key=lambda one: -one[0]
    )
    counts = {kid.code: count for count, kid in waiting}
    if len(pairs) > 1 and load.value and pairs[0][1].value and counts.get(pairs[0][0].code, 0) >= many:
        times = rounded(pairs[0][1].value / load.value, 1)
        return f"{pairs[0][0].name}每份人力承担的在办权重最多，约为总体的 {times} 倍"
    whole = scope.figure("backlog", period)
    if whole and whole.value and len(waiting) > 1 and waiting[0][0] >= max(many, waiting[1][0] + 2 * scope.board.k):
        count, kid = waiting[0]
        return f"{kid.name}在办最多，{count:,.0f} 件，占总体的 {rounded(count / whole.value * 100, 0)}%"
    return f"每份人力平均承担 {wording.written(INDICATORS[KEY], load.value, unit=False)} 的在办权重"


def public_loads(scope: Scope, period: str) -> list[float]:
    """The loads of the finest grids of the area; none when too many of them are held back."""
    grids, seen, waiting = [], set(), list(scope.board.children(scope.code))
    while waiting:
        place = waiting.pop()
        if place.code in seen:
            continue
        seen.add(place.code)
        below = scope.board.children(place.code)
        waiting += below
        if not below and place.level.startswith("grid"):
            grids.append(scope.board.figure(place.code, KEY, period))
    known = [figure.value for figure in grids if figure is not None and figure.value is not None]
    return known if len(known) >= ENOUGH * len(grids) else []
