"""Is it more, or only chance: intervals for the difference of two rates and for the ratio of counts."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from governance.estimates import wilson

TAIL = 0.025
WIDEST = 40.0  # bound of the logarithm of a ratio; beyond it lies nothing that counts of cases could tell apart


@dataclass(frozen=True)
class Contrast:
    """A difference or ratio with its 95 % interval."""

    value: float
    low: float
    high: float

    def excludes(self, nothing: float) -> bool:
        """Whether the interval leaves out the value that would mean no difference."""
        return not self.low <= nothing <= self.high


def difference(hit: float, base: float, other_hit: float, other_base: float) -> Contrast | None:
    """The difference of two rates as fractions (Newcombe's interval from the two Wilson intervals); None without n."""
    first, second = wilson(hit, base), wilson(other_hit, other_base)
    if first is None or second is None:
        return None
    one, two = hit / base, other_hit / other_base
    low = one - two - math.hypot(one - first[0], second[1] - two)
    high = one - two + math.hypot(first[1] - one, two - second[0])
    return Contrast(one - two, low, high)


def ratio(count: int, other: int) -> Contrast | None:
    """The ratio of two Poisson counts over equal spans, exact (Clopper–Pearson given their sum); None when both are 0.

    Without the other count the ratio and its upper bound are infinite.
    """
    return ratio_of_ratios(count, other, 0, 0)


def ratio_of_ratios(after: int, before: int, control_after: int, control_before: int) -> Contrast | None:
    """(after / before) ÷ (control_after / control_before) of four Poisson counts, exact given the sums.

    Given the sums of each pair and of what came after, `after` follows Fisher's noncentral hypergeometric distribution,
    whatever the levels. Without any control it is the simple ratio. None when after and before are both 0.
    """
    total = after + before
    if not total:
        return None
    if control_after + control_before:
        afters, controls = after + control_after, control_after + control_before
        support = np.arange(max(0, afters - controls), min(total, afters) + 1)
        weights = _choose(total, support) + _choose(controls, afters - support)
        value = _quotient(after * control_before, before * control_after)
    else:
        support = np.arange(total + 1)
        weights = _choose(total, support)
        value = _quotient(after, before)

    def share(log_ratio: float, counts: np.ndarray) -> float:
        terms = weights + support * log_ratio
        scaled = np.exp(terms - terms.max())
        return float(scaled[counts].sum() / scaled.sum())

    low = 0.0 if after == support[0] else math.exp(_solve(lambda theta: share(theta, support >= after) - TAIL))
    high = math.inf if after == support[-1] else math.exp(_solve(lambda theta: TAIL - share(theta, support <= after)))
    return Contrast(value, low, high)


def _quotient(numerator: float, denominator: float) -> float:
    if denominator:
        return numerator / denominator
    return math.inf if numerator else math.nan


def _choose(total: int, chosen: np.ndarray) -> np.ndarray:
    """The logarithms of the binomial coefficients."""
    steps = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])
    return steps[total] - steps[chosen] - steps[total - chosen]


def _solve(rising: Callable[[float], float]) -> float:
    """Where a rising function is zero, by halving; far beyond what a double of the ratio can show."""
    low, high = -WIDEST, WIDEST
    for _ in range(80):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
