"""Rounding: sums hold, every number is beside the true one, and whatever is published leaves k − 1 answers at least."""

import random
from datetime import datetime
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from governance.public import rounding, settings
from governance.public.counting import Counted, Period
from governance.public.dividing import Divided
from governance.public.rounding import Numbers, Secret, Tree, round_hits, round_tree

# Parent of each cell; '' has two places, one with a single child, one with three of which one is a rest.
SHAPES = {
    "only a total": [-1],
    "one child": [-1, 0],
    "a chain": [-1, 0, 1, 2],
    "two children": [-1, 0, 0],
    "three children": [-1, 0, 0, 0],
    "two levels": [-1, 0, 0, 1, 1, 2, 2],
    "uneven": [-1, 0, 0, 1, 2, 2, 2],
}


def tree_of(shape: str) -> Tree:
    parents = np.array(SHAPES[shape], dtype=np.int64)
    return Tree(tuple(f"c{cell}" if cell else "" for cell in range(len(parents))), parents)


def secret_of(number: int) -> Secret:
    return Secret(number.to_bytes(32, "big"))


def leaves_of(tree: Tree, numbers: list[int]) -> Numbers:
    leaves = np.zeros(len(tree.names), dtype=np.int64)
    leaves[tree.leaves] = numbers
    return leaves


def is_beside(published: Numbers, counts: Numbers, k: int) -> bool:
    return bool(((published % k == 0) & (np.abs(published - counts) < k)).all())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("k", [3, 5, 10])
def test_sums_hold_and_every_number_is_beside_the_true_one(shape: str, k: int) -> None:
    tree, chance = tree_of(shape), random.Random(f"{shape}{k}")
    for number in range(200):
        leaves = leaves_of(
            tree, [chance.choice([0, 1, 2, k - 1, k, chance.randint(0, 60)]) for _ in range(tree.leaves.sum())]
        )
        published = round_tree(tree, leaves, k, "2026-06", secret_of(number))
        assert is_beside(published, tree.sums(leaves), k)
        assert (tree.sums(published) == published).all()


def test_a_total_given_beforehand_is_kept() -> None:
    # Seven days of 2, 14 in all: whether the month went to 10 or to 15, the days add up to it.
    tree = tree_of("three children")
    leaves = leaves_of(tree, [2, 6, 6])
    for total in (10, 15):
        published = round_tree(tree, leaves, 5, "2026-06", secret_of(1), total=total)
        assert published[0] == total == published[1:].sum()


def test_a_total_further_off_is_kept_where_the_parts_can_reach_it() -> None:
    # Categories beside disputes: 45 in all, of them 12 disputes shown as 20, so the others (33) must become 25.
    tree = tree_of("three children")
    leaves = leaves_of(tree, [4, 9, 20])
    for number in range(50):
        published = round_tree(tree, leaves, 5, "2026-06", secret_of(number), total=25)
        assert published.tolist() == [25, 0, 5, 20]
        published = round_tree(tree, leaves, 5, "2026-06", secret_of(number), total=35)
        assert published.tolist() == [35, 5, 10, 20]


@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_is_published_a_small_number_may_be_any_of_k_less_one(shape: str) -> None:
    """Try every county there can be: those that fit all published numbers leave each small cell k − 1 values or more.

    k = 3, so a sensitive cell is 1 or 2; a county fits when every cell is beside what is published. All children small,
    none, one hidden under a total of its own: every combination of leaves from 0 to 4 occurs as the truth.
    """
    k, tree = 3, tree_of(shape)
    count = int(tree.leaves.sum())
    truths = list(product(range(5 if count < 4 else 3), repeat=count))
    counties = [tree.sums(leaves_of(tree, list(one))) for one in product(range(k + 5), repeat=count)]
    everything = np.array(counties)
    for number, truth in enumerate(truths):
        leaves = leaves_of(tree, list(truth))
        counts = tree.sums(leaves)
        published = round_tree(tree, leaves, k, "now", secret_of(number))
        fitting = everything[(np.abs(everything - published) < k).all(axis=1)]
        for cell in range(len(tree.names)):
            if 0 < counts[cell] < k:
                assert len(set(fitting[:, cell].tolist())) >= k - 1, (truth, published, cell)


@pytest.mark.parametrize("shape", ["one child", "two children", "three children", "two levels"])
def test_each_of_these_counties_could_have_been_published_so(shape: str) -> None:
    """Fitting is not enough: there must be a secret by which the other county gives the very same numbers."""
    k, tree, chance = 3, tree_of(shape), random.Random(shape)
    secrets = [secret_of(number) for number in range(400)]
    for _ in range(12):
        leaves = leaves_of(tree, [chance.randint(0, 4) for _ in range(int(tree.leaves.sum()))])
        published = round_tree(tree, leaves, k, "now", secrets[0])
        for leaf in np.flatnonzero(tree.leaves):
            reached = set()
            for change in range(1 - k, k):
                other = np.where(tree.leaves, published, 0)  # the published numbers as the truth, one cell changed
                other[leaf] += change
                if other[leaf] < 0:
                    continue
                if any((round_tree(tree, other, k, "now", one) == published).all() for one in secrets):
                    reached.add(int(other[leaf]))
            assert reached == set(range(max(0, published[leaf] - k + 1), published[leaf] + k))


def test_publishing_again_shows_nothing_but_the_two_multiples() -> None:
    """Siblings change day by day, one cell does not: over a hundred bundles it is seen as 0 and 5 at the most."""
    tree, chance = tree_of("two levels"), random.Random(4)
    for count in (1, 2, 3, 4):
        seen = set()
        for _ in range(100):
            others = [chance.randint(0, 9) for _ in range(int(tree.leaves.sum()) - 1)]
            seen.add(int(round_tree(tree, leaves_of(tree, [count, *others]), 5, "now", secret_of(7))[3]))
        assert seen <= {0, 5}


def test_which_way_a_part_goes_does_not_depend_on_how_near_it_is() -> None:
    # The total is 10 in both: a place of 1 and one of 4 change places, and the same one goes up.
    tree = tree_of("three children")
    for number in range(50):
        first = round_tree(tree, leaves_of(tree, [1, 4, 5]), 5, "now", secret_of(number))
        second = round_tree(tree, leaves_of(tree, [4, 1, 5]), 5, "now", secret_of(number))
        assert (first == second).all()


def test_in_the_mean_nothing_is_added_or_taken() -> None:
    # 2,000 secrets: a total of 7 is 5 or 10 in the ratio 3 to 2, 7 in the mean (standard error 0.05).
    tree = tree_of("only a total")
    published = [int(round_tree(tree, np.array([7]), 5, "now", secret_of(number))[0]) for number in range(2000)]
    assert set(published) == {5, 10}
    assert abs(np.mean(published) - 7) < 0.25


@pytest.mark.parametrize("shape", SHAPES)
def test_hits_and_misses_add_up_to_the_base_everywhere(shape: str) -> None:
    tree, chance = tree_of(shape), random.Random(shape)
    for number in range(200):
        bases = leaves_of(tree, [chance.randint(0, 12) for _ in range(tree.leaves.sum())])
        hits = np.array([chance.randint(0, int(base)) for base in bases])
        rounded = round_tree(tree, bases, 5, "now", secret_of(number))
        found = round_hits(tree, hits, bases, rounded, 5, "now", secret_of(number))
        leaf = tree.leaves
        assert is_beside(found[leaf], hits[leaf], 5)
        assert is_beside((rounded - found)[leaf], (bases - hits)[leaf], 5)
        assert (tree.sums(found) == found).all()
        assert (found >= 0).all() and (found <= rounded).all()


def test_one_miss_among_many_is_not_seen() -> None:
    """A base of 40 with 39 hits: beside these numbers 36 to 44 in hand and 0 to 4 failed are all possible."""
    tree = tree_of("only a total")
    for number in range(100):
        hits, bases = np.array([39]), np.array([40])
        found = round_hits(
            tree, hits, bases, round_tree(tree, bases, 5, "x", secret_of(number)), 5, "x", secret_of(number)
        )
        assert int(found[0]) in (35, 40)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "rounding.key"
    first = rounding.secret(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (rounding.secret(path).numbers(["a", "b"], "x") == first.numbers(["a", "b"], "x")).all()
    path.write_text("not a key")
    assert (rounding.secret(path).numbers(["a", "b"], "x") != first.numbers(["a", "b"], "x")).any()


def test_nothing_is_learnt_where_categories_do_not_add_up_by_themselves() -> None:
    """All is disputes, or all others are multiples of K: what is then published has other explanations too.

    Every small month is published under several secrets; of what came out alike, each category may be many numbers.
    """
    seen: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
    for divided in [_dividing(number) for number in range(60)]:
        if divided._split({"01": 3}, 5, "C").get("02") != 5:
            continue  # an attacker does not know which one moves; these move the same
        for disputes, one, other in product(range(12), range(11), range(6)):
            counts = {"01": disputes, "02": one, "03": other}
            number = disputes + one + other
            for total in {number // 5 * 5, -(-number // 5) * 5} & {5, 10}:
                found = divided._split(counts, total, "C")
                assert sum(found.values()) == total
                assert all(abs(found[key] - count) <= (9 if key == "01" else 5) for key, count in counts.items())
                published = (total, *(found[key] for key in sorted(found)))
                seen.setdefault(published, set()).add((disputes, one, other))
    assert len(seen) > 3
    for counties in seen.values():
        for place, k in enumerate((10, 5, 5)):
            possible = {county[place] for county in counties}
            assert min(possible) >= k or len(possible) >= k - 1


def _dividing(number: int) -> Divided:
    """What divides months of a county without any, under one secret."""
    tree = Tree(("",), np.array([-1], dtype=np.int64))
    moment = datetime(2026, 7, 1)
    counted = Counted(
        moment, pd.DataFrame(), tree, (), Period("now", moment, moment), (), None, {}, pd.DataFrame({"period": []}),
        pd.DataFrame(), {}, (np.zeros(1, dtype=np.int64), np.zeros(1)),
    )  # fmt: skip
    return Divided(counted, {}, settings.read(settings.PACKAGED), secret_of(number))
