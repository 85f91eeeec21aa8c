"""Intervals against exact computation, by fractions and sums of whole binomials, and against published ones."""

import math
from fractions import Fraction

import pytest

from governance import contrasts


def hypergeometric(after: int, before: int, control_after: int, control_before: int, psi: Fraction) -> tuple:
    """P(X >= after) and P(X <= after) for X given all sums, at the ratio of ratios psi: whole binomials, exactly."""
    total, controls, afters = after + before, control_after + control_before, after + control_after
    support = range(max(0, afters - controls), min(total, afters) + 1)
    weights = {x: math.comb(total, x) * math.comb(controls, afters - x) * psi**x for x in support}
    whole = sum(weights.values())
    above = sum(weight for x, weight in weights.items() if x >= after) / whole
    below = sum(weight for x, weight in weights.items() if x <= after) / whole
    return above, below


@pytest.mark.parametrize(
    ("after", "before", "control_after", "control_before"),
    [(9, 50, 98, 40), (30, 12, 25, 25), (3, 40, 30, 30), (1, 19, 20, 1), (12, 12, 12, 12)],
)
def test_a_ratio_of_ratios_is_exact(after: int, before: int, control_after: int, control_before: int) -> None:
    found = contrasts.ratio_of_ratios(after, before, control_after, control_before)
    assert found is not None
    assert found.value == pytest.approx((after / before) / (control_after / control_before))
    above, _ = hypergeometric(after, before, control_after, control_before, Fraction(found.low))
    _, below = hypergeometric(after, before, control_after, control_before, Fraction(found.high))
    assert float(above) == pytest.approx(0.025, rel=1e-6)  # the bounds are where a tail of 2.5 % begins
    assert float(below) == pytest.approx(0.025, rel=1e-6)


@pytest.mark.parametrize(("count", "other"), [(9, 50), (20, 20), (40, 10)])
def test_a_ratio_of_two_counts_is_clopper_pearson(count: int, other: int) -> None:
    found = contrasts.ratio(count, other)
    assert found is not None
    for bound, least, most in ((found.low, count, count + other), (found.high, 0, count)):
        p = Fraction(bound) / (1 + Fraction(bound))  # count of count + other, if counts go as bound : 1
        n = count + other
        tail = sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, most + 1))
        assert float(tail) == pytest.approx(0.025, rel=1e-6)


def test_the_textbook_poisson_interval() -> None:
    # 10 events against none: the lower bound of p is 0.025 ** (1/10) = 0.6915, so that of the ratio is 0.6915/0.3085.
    found = contrasts.ratio(10, 0)
    assert found is not None
    assert found.value == math.inf
    assert found.high == math.inf
    p = 0.025 ** (1 / 10)
    assert found.low == pytest.approx(p / (1 - p))
    reverse = contrasts.ratio(0, 10)
    assert reverse is not None
    assert (reverse.value, reverse.low) == (0, 0)
    assert reverse.high == pytest.approx((1 - p) / p)


def test_nothing_gives_nothing() -> None:
    assert contrasts.ratio(0, 0) is None
    assert contrasts.ratio_of_ratios(0, 0, 5, 5) is None
    assert contrasts.difference(0, 0, 5, 10) is None
    assert contrasts.difference(5, 10, 0, 0) is None
    assert not contrasts.rates_differ(5, 10, 0, 0)


def test_without_a_control_on_one_side_the_interval_is_open_there() -> None:
    upper = contrasts.ratio_of_ratios(5, 3, 0, 4)  # all that came after was of the project: nothing bounds it above
    assert upper is not None
    assert (upper.value, upper.high) == (math.inf, math.inf)
    assert 0 < upper.low < 1000
    lower = contrasts.ratio_of_ratios(1, 7, 4, 0)  # and the other way round
    assert lower is not None
    assert (lower.value, lower.low) == (0, 0)
    assert 0 < lower.high < 1000


def test_an_interval_that_ends_at_no_difference_holds_it() -> None:
    assert not contrasts.Contrast(0.2, 0.0, 0.4).excludes(0)
    assert not contrasts.Contrast(-0.2, -0.4, 0.0).excludes(0)
    assert contrasts.Contrast(0.2, 0.1, 0.4).excludes(0)


def test_thousands_are_no_trouble() -> None:
    found = contrasts.ratio_of_ratios(4000, 5000, 5000, 5000)
    assert found is not None
    half = 1.96 * math.sqrt(1 / 4000 + 3 / 5000)  # the normal interval of the logarithm is close by then
    assert found.low == pytest.approx(0.8 * math.exp(-half), rel=0.002)
    assert found.high == pytest.approx(0.8 * math.exp(half), rel=0.002)


@pytest.mark.parametrize(
    ("one", "two", "low", "high"),
    [  # Newcombe 1998 (Statistics in Medicine 17, 873), table II, method 10, examples a, b, c
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
    ],
)
def test_a_difference_of_rates_as_published(one: tuple, two: tuple, low: float, high: float) -> None:
    found = contrasts.difference(*one, *two)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))
    assert found.excludes(0)
    assert contrasts.rates_differ(*one, *two)
    assert not found.excludes(found.value)


def test_counts_differ_only_where_the_exact_interval_says_so() -> None:
    pairs = [(count, other) for count in range(60) for other in range(count)]
    said = {pair for pair in pairs if contrasts.counts_differ(*pair)}
    exact = {pair for pair in pairs if contrasts.ratio(*pair).excludes(1)}  # type: ignore[union-attr]
    assert said <= exact
    assert exact - said == {(13, 4), (29, 15), (42, 25), (57, 37)}
