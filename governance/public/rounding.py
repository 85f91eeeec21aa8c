"""Rounding counts so that no small number can be worked out: 小于 k 的不显示，件数按 k 取整.

What is published. Every number of cases becomes a multiple of k: the one below it or the one above; a multiple stays
itself. Sums hold: a place is the sum of its parts, a month of its weeks and they of their days, a total of its
categories, a base of its hits and misses. A rate is a quotient of such numbers, a quarter the sum of three months. 0 is
not shown: it may be anything below k.

Why nothing can be worked out. Take the published numbers themselves as the truth: all sums hold, so there is such a
county. Now let one cell have up to k − 1 cases more, or fewer as far as it has any, and with it whatever contains it
and one path of parts down each tree (there is one: a cell that is not 0 has a part that is not 0). Every number that
changed still lies within k of what was published, so it could have been rounded to just that. Hence each cell alone
may be anything within k − 1 of its published number, whatever else is known of the bundle: no table narrows another.
What is not shown cannot say more than it would if it were. Disputes have a larger k of their own; where the cases of a
place are hardly anything but disputes, the total bounds them as it bounds any part, to no fewer than k − 1 numbers.

Why several bundles say no more. Which way a number goes depends on a secret that stays on the host: for a total a
threshold, for parts an order among siblings that their own counts do not touch. However often it is published, one
number is only ever seen as the multiple below or the one above: 1 to k − 1 stays 1 to k − 1. Periods that are not over
are not published. The days of a month are shared out anew as it grows: where a county has less than one case a day, a
month of bundles together left three of the four numbers to one small day in three hundred, and never fewer. What is in
hand is not counted at the end of a published day: in hand, received and settled would tie two days together.

What a correction says. A correction to a month that is over moves the numbers of its neighbours, for sums must hold.
Who does not know what was corrected learns nothing from it: all counts and all keys that lead to twelve bundles of a
tree of four cells were gone through, and none below k was left with fewer than k − 1 numbers. Who knows from elsewhere
which cells were not corrected, or that cases were only added, sees one number rounded beside different neighbours:
there some were left with two or three numbers of four. Who knows how many cases were added, or which, can work some
out, as from any table. docs/operating.md says it to those who publish.

How near it stays. The count of any place, day, whole week and month is less than k away, that of a category at most k.
The hits of a place are the sum of those of its parts, each less than k away; they are kept near the truth as far as
the bases allow.
"""

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
KEY_BYTES = 32


class Secret:
    """The secret by which numbers go up or down: the same for the same cell, in every bundle of this installation."""

    def __init__(self, key: bytes) -> None:
        """Take the key; two keys round the same counts differently."""
        self._key = key

    def numbers(self, names: Sequence[str], period: str) -> Numbers:
        """Return a whole number in [0, 2**62) for each name in a period."""
        digests = [self._digest(f"{period}\x1f{name}") for name in names]
        return np.array([int.from_bytes(digest, "big") >> 2 for digest in digests], dtype=np.int64)

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), digest_size=8, key=self._key).digest()


def secret(path: Path) -> Secret:
    """Return the secret kept in a file only its owner can read; made on first need.

    When it is lost a new one is made: numbers may then go the other way once, which the argument above allows.
    """
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        key = secrets.token_bytes(KEY_BYTES)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(key.hex())
            file.flush()
            os.fsync(file.fileno())
    return Secret(key)


@dataclass(frozen=True)
class Tree:
    """Cells and their parts: `parents[i]` is the position of i's whole, before it; 0 is the root."""

    names: tuple[str, ...]
    parents: Numbers
    layers: tuple[Numbers, ...] = field(init=False)
    leaves: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the cells by depth."""
        depth = np.zeros(len(self.names), dtype=np.int64)
        for cell in range(1, len(self.names)):
            depth[cell] = depth[self.parents[cell]] + 1
        layers = tuple(np.flatnonzero(depth == level) for level in range(int(depth.max(initial=0)) + 1))
        leaves = np.ones(len(self.names), dtype=bool)
        leaves[self.parents[1:].astype(np.int64)] = False
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "leaves", leaves)

    def sums(self, numbers: Numbers) -> Numbers:
        """Return for every cell the sum over its leaves; what stands at inner cells is ignored."""
        total = np.where(self.leaves, numbers, 0)
        for layer in reversed(self.layers[1:]):
            np.add.at(total, self.parents[layer], total[layer])
        return total


def below(numbers: Numbers, k: int) -> Numbers:
    """The multiple of k at or below each number."""
    return numbers // k * k


def above(numbers: Numbers, k: int) -> Numbers:
    """The multiple of k at or above each number."""
    return -(-numbers // k) * k


def round_tree(
    tree: Tree,
    leaves: Numbers,
    k: int,
    period: str,
    secret: Secret,
    *,
    total: int | None = None,
    bounds: tuple[Numbers, Numbers] | None = None,
) -> Numbers:
    """Round the counts of leaves, and with them all their sums, so that the sums still hold.

    `total` is what the root has been rounded to already; `bounds` are multiples of k between which each leaf must stay
    (default: the two multiples around it).
    """
    counts = tree.sums(leaves)
    low, high = bounds or (below(leaves, k), above(leaves, k))
    low, high = _reach(tree, counts, tree.sums(low), tree.sums(high), k, is_given=total is not None)
    rounded = np.clip(below(counts, k), low, high)
    if total is None:
        threshold = int(secret.numbers([tree.names[0]], period)[0]) % k
        total = (int(counts[0]) + threshold) // k * k
    rounded[0] = min(max(total, int(low[0])), int(high[0]))
    order = secret.numbers(tree.names, period) if len(tree.names) > 1 else None
    for layer in tree.layers[1:]:
        assert order is not None
        _share_out(tree, layer, rounded, counts, (low, high), order, k)
    return rounded


def _reach(tree: Tree, counts: Numbers, low: Numbers, high: Numbers, k: int, is_given: bool) -> tuple[Numbers, Numbers]:
    """What every cell can become: what its parts allow, and of that what lies beside its own count where possible.

    A root whose total `is_given` becomes that, beside its own count or not: its parts must reach it.
    """
    low, high = np.where(tree.leaves, low, 0), np.where(tree.leaves, high, 0)
    for layer in reversed(tree.layers):
        near_low = np.maximum(low[layer], below(counts[layer], k))
        near_high = np.minimum(high[layer], above(counts[layer], k))
        is_near = (near_low <= near_high) & ~((layer == 0) & is_given)
        low[layer] = np.where(is_near, near_low, low[layer])
        high[layer] = np.where(is_near, near_high, high[layer])
        inner = layer[layer != 0]
        np.add.at(low, tree.parents[inner], low[inner])
        np.add.at(high, tree.parents[inner], high[inner])
    return low, high


def _share_out(
    tree: Tree,
    layer: Numbers,
    rounded: Numbers,
    counts: Numbers,
    reach: tuple[Numbers, Numbers],
    order: Numbers,
    k: int,
) -> None:
    """Move the cells of a layer up or down by k, in secret order, until they add up to what their wholes became."""
    low, high = reach
    parents = tree.parents[layer]
    for is_last in (False, True):  # first those whose count lies that way, then whoever still can
        while True:
            missing = rounded.copy()
            np.subtract.at(missing, parents, rounded[layer])
            steps = missing[parents] // k
            up = (steps > 0) & (rounded[layer] + k <= high[layer])
            down = (steps < 0) & (rounded[layer] - k >= low[layer])
            if not is_last:
                up &= rounded[layer] < counts[layer]
                down &= rounded[layer] > counts[layer]
            if not (up | down).any():
                break
            candidates = np.flatnonzero(up | down)
            candidates = candidates[np.lexsort((order[layer[candidates]], parents[candidates]))]
            groups = parents[candidates]
            starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
            rank = np.arange(len(groups)) - np.repeat(starts, np.diff(np.r_[starts, len(groups)]))
            chosen = candidates[rank < np.abs(steps[candidates])]
            rounded[layer[chosen]] += np.sign(steps[chosen]) * k


def round_hits(
    tree: Tree, hits: Numbers, bases: Numbers, rounded_bases: Numbers, k: int, period: str, secret: Secret
) -> Numbers:
    """Round hits so that at every leaf hits and misses are beside their counts and add up to the rounded base."""
    misses = bases - hits
    low = np.maximum(below(hits, k), rounded_bases - above(misses, k))
    high = np.minimum(above(hits, k), rounded_bases - below(misses, k))
    return round_tree(tree, hits, k, f"{period}\x1fhit", secret, bounds=(low, high))
