"""共治: councils, visits and points — whatever of it the county records, in up to three columns."""

from governance.indicators import INDICATORS, Indicator
from governance.screen import blocks, wording
from governance.screen.blocks import Block
from governance.screen.board import Scope
from governance.screen.scenes.satisfaction import said
from governance.screen.scenes.timeliness import monthly

PARTS = {
    "议事": ("meeting_kept_rate", "meeting_held_rate", "issue_solved_rate", "proposal_adoption_rate", "meeting_count"),
    "走访": ("visit_coverage", "visit_count", "visited_households"),
    "积分与活动": ("activity_count", "activity_attendance", "points_earned", "points_redeemed"),
}
"""Which indicators belong to which part; those that the dictionary or the bundle does not have are left out."""


def scene(scope: Scope) -> Block | None:
    """The scene; None when the county records none of it."""
    columns = {title: column(scope, title, keys) for title, keys in PARTS.items()}
    found = [(title, made) for title, made in columns.items() if made]
    if not found:
        return None
    first = next(key for key in _known(PARTS[found[0][0]]) if scope.figure(key))
    regions = dict(zip(("main", "lead", "side"), [made for _, made in found], strict=False))
    return {
        "title": said(first, scope, scope.figure(first)),
        "subtitle": wording.period_words(scope.figure(first)),
        "lead": [],
        "side": [],
        **regions,
    }


def column(scope: Scope, title: str, keys: tuple[str, ...]) -> list[Block | None]:
    """The numbers of one part, and the months of its first that has any."""
    known = [key for key in _known(keys) if scope.figure(key)][:4]
    if not known:
        return []
    numbers = blocks.figures([blocks.number(scope.figure(key)) for key in known], title)
    trends = (monthly(scope, key) for key in known)
    return [numbers, next((trend for trend in trends if trend), None)]


def _known(keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if isinstance(INDICATORS.get(key), Indicator)]
