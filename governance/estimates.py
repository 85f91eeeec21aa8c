"""Small statistics that a reader needs beside a rate, and the bounds between the classes of a map."""

import math
from collections.abc import Sequence

import numpy as np

Z_95 = 1.959963984540054
MOST_DISTINCT = 1500  # distinct values of which natural breaks are worked out exactly; memory grows with the square


def wilson(hit: float, base: float) -> tuple[float, float] | None:
    """The 95 % Wilson interval of hit / base as two fractions; None without a base."""
    if not base or base != base:
        return None
    share, z2 = hit / base, Z_95 * Z_95
    middle = share + z2 / (2 * base)
    half = Z_95 * math.sqrt(share * (1 - share) / base + z2 / (4 * base * base))
    return max(0.0, (middle - half) / (1 + z2 / base)), min(1.0, (middle + half) / (1 + z2 / base))


def classes(values: Sequence[float], most: int = 5) -> list[float]:
    """Inner bounds that split values into at most `most` groups of like size (quantiles), each bound used once."""
    ordered = sorted(values)
    if not ordered:
        return []
    bounds = {ordered[min(len(ordered) - 1, len(ordered) * i // most)] for i in range(1, most)}
    return sorted(bound for bound in bounds if bound > ordered[0])


def natural_breaks(values: Sequence[float], most: int = 5) -> list[float]:
    """Inner bounds of at most `most` groups whose members differ least (Fisher–Jenks: the least sum of squares).

    Exact, by dynamic programming over the distinct values; of more than MOST_DISTINCT, over that many quantiles.
    A bound is the least value of the group above it.
    """
    distinct, weights = np.unique(np.asarray(values, dtype=float), return_counts=True)
    if len(distinct) > MOST_DISTINCT:
        places = np.linspace(0, len(values) - 1, MOST_DISTINCT).astype(int)
        distinct, weights = np.unique(np.sort(np.asarray(values, dtype=float))[places], return_counts=True)
    if len(distinct) <= most:
        return distinct[1:].tolist()
    spread = _spread(distinct, weights)
    least, starts = spread[0], []  # least[j]: of the first j + 1 values in the groups so far
    for _ in range(most - 1):
        total = spread.copy()
        total[1:] += least[:-1, None]  # a new group starts at i: the groups before it end at i - 1
        total[0] = np.inf
        starts.append(total.argmin(axis=0))
        least = total.min(axis=0)
    bounds, end = [], len(distinct) - 1
    for start in reversed(starts):
        bounds.append(float(distinct[start[end]]))
        end = int(start[end]) - 1
    return bounds[::-1]


def _spread(distinct: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The sum of squared differences from their mean of the values i … j, infinite where j < i."""
    centred = distinct - np.average(distinct, weights=weights)
    weight, total, square = (np.concatenate([[0.0], np.cumsum(weights * centred**power)]) for power in (0, 1, 2))
    count = weight[None, 1:] - weight[:-1, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = square[None, 1:] - square[:-1, None] - (total[None, 1:] - total[:-1, None]) ** 2 / count
    return np.where(np.triu(np.ones_like(spread, dtype=bool)), np.maximum(spread, 0), np.inf)
