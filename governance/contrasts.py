"""Is it more, or only chance: intervals for the difference of two rates and for the ratio of counts."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

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


def rates_differ(hit: float, base: float, other_hit: float, other_base: float) -> bool:
    """Whether two rates differ by more than chance gives (95 %); no, where one has no n."""
    found = difference(hit, base, other_hit, other_base)
    return found is not None and found.excludes(0)


def ratio(count: int, other: int) -> Contrast | None:
    """The ratio of two Poisson counts over equal spans, exact (Clopper–Pearson given their sum); None when both are 0.

    Without the other count the ratio and its upper bound are infinite.
    """
    return ratio_of_ratios(count, other, 0, 0)


def counts_differ(count: float, other: float) -> bool:
    """Whether two Poisson counts over equal spans differ by more than chance gives (95 %, corrected for continuity)."""
    return abs(count - other) - 1 > 1.96 * math.sqrt(count + other)


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


def improvement(after: Sequence[float], before: Sequence[float]) -> Contrast | None:
    """How much shorter the median has become: 1 − new ÷ old, from values in order; None without two medians.

    The interval asks nothing of the distributions: each median lies between two of its own values (by the binomial)
    with 97.5 %, so both do with 95 % at least. Few values leave it open on one side.
    """
    if not len(after) or not len(before) or median(before) <= 0:
        return None
    (new_low, new_high), (old_low, old_high) = _median_bounds(after), _median_bounds(before)
    low = 1 - new_high / old_low if old_low > 0 else -math.inf
    return Contrast(1 - median(after) / median(before), low, 1 - new_low / old_high)


def _median_bounds(values: Sequence[float]) -> tuple[float, float]:
    """The innermost pair of values, as far from either end, that holds the median with 97.5 %; 0 and ∞ without."""
    count, outside, rank, ways = len(values), 0, -1, 1  # ways: in which rank + 1 of the values lie below the median
    while 80 * (outside + ways) <= 2**count:  # a tail of 1.25 %
        rank, outside = rank + 1, outside + ways
        ways = ways * (count - rank) // (rank + 1)
    return (values[rank], values[count - 1 - rank]) if rank >= 0 else (0.0, math.inf)


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
