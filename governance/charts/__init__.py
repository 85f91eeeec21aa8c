"""Charts: pure functions from a frame to a figure, in the one look of theme.py; a module for each group of pages."""

from governance.charts.basic import (
    backlog_ages,
    bars,
    changes,
    flow_by_month,
    hours_of_week,
    indicator_by_month,
    load_distribution,
    rates_by_month,
)
from governance.charts.quality import outcomes_by_month, shares_by_month

__all__ = [
    "backlog_ages",
    "bars",
    "changes",
    "flow_by_month",
    "hours_of_week",
    "indicator_by_month",
    "load_distribution",
    "outcomes_by_month",
    "rates_by_month",
    "shares_by_month",
]
