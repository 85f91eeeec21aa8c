"""研判: sentences that a rule draws from the figures; a module for each group of pages."""

from governance.findings.basic import (
    FEW_PLACES,
    balance,
    extremes,
    idle,
    most_frequent,
    moved,
    run_of_months,
    rush,
    stuck,
    trend,
    vacant,
    waiting,
    who,
    why,
)

__all__ = [
    "FEW_PLACES",
    "balance",
    "extremes",
    "idle",
    "most_frequent",
    "moved",
    "run_of_months",
    "rush",
    "stuck",
    "trend",
    "vacant",
    "waiting",
    "who",
    "why",
]
