"""Small statistics that a reader needs beside a rate."""

import math

Z_95 = 1.959963984540054


def wilson(hit: float, base: float) -> tuple[float, float] | None:
    """The 95 % Wilson interval of hit / base as two fractions; None without a base."""
    if not base or base != base:
        return None
    share, z2 = hit / base, Z_95 * Z_95
    middle = share + z2 / (2 * base)
    half = Z_95 * math.sqrt(share * (1 - share) / base + z2 / (4 * base * base))
    return max(0.0, (middle - half) / (1 + z2 / base)), min(1.0, (middle + half) / (1 + z2 / base))


def classes(values: list[float], most: int = 5) -> list[float]:
    """Inner bounds that split values into at most `most` groups of like size (quantiles), each bound used once."""
    ordered = sorted(values)
    if not ordered:
        return []
    bounds = {ordered[min(len(ordered) - 1, len(ordered) * i // most)] for i in range(1, most)}
    return sorted(bound for bound in bounds if bound > ordered[0])
