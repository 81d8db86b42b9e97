"""The rank-sum test over strata, against all ways to deal the ranks, and against scipy where there is one."""

from itertools import combinations, product
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.budgets import examples
from tracetui.fleet.statistics.van_elteren import Ranked, Significance, van_elteren

Strata = list[tuple[list[float], list[float]]]


def significance(strata: Strata) -> Significance:
    """The test of one group of strata, each with the values of both sides."""
    ranks, ties = [], []
    for base, new in strata:
        mid = stats.rankdata([*base, *new])
        ranks.append(round(2 * mid[len(base) :].sum()))
        _, counts = np.unique([*base, *new], return_counts=True)
        ties.append(int((counts**3 - counts).sum()))
    n_base, n_new = (np.array([len(side[at]) for side in strata], np.int64) for at in (0, 1))
    ranked = Ranked(n_base, n_new, np.array(ranks, np.int64), np.array(ties, np.int64))
    return van_elteren(ranked, np.zeros(len(strata), np.intp), 1)


def by_all_ways(sizes: list[tuple[int, int]], ranks: list[int]) -> float:
    """The share of all ways to deal ranks in which the weighted sum lies at least as far from its mean."""
    each = []
    for base, new in sizes:
        n = base + new
        sums = [2 * sum(dealt) - new * (n + 1) for dealt in combinations(range(1, n + 1), new)]
        each.append([one / (n + 1) for one in sums])
    seen = abs(
        sum(
            (r - new * (base + new + 1)) / (base + new + 1)
            for (base, new), r in zip(sizes, ranks, strict=True)
        )
    )
    ways = [abs(sum(dealt)) >= seen - 1e-9 for dealt in product(*each)]
    return sum(ways) / len(ways)


@settings(max_examples=examples(10))
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=3), st.randoms())
def test_p_is_exact(sizes: list[tuple[int, int]], chance: object) -> None:
    """Of few values without ties, whatever the sizes of the strata."""
    rng = np.random.default_rng(abs(hash(str(sizes))) % 2**32)
    strata: Strata = [(rng.random(base).tolist(), rng.random(new).tolist()) for base, new in sizes]
    ranks = [round(2 * stats.rankdata([*base, *new])[len(base) :].sum()) for base, new in strata]
    assert significance(strata).p[0] == pytest.approx(by_all_ways(sizes, ranks), abs=1e-12)


def test_one_stratum_is_mann_whitney() -> None:
    """Exact for few values; with ties, and for many, by the normal distribution."""
    rng = np.random.default_rng(1)
    for size in (10, 20, 100):
        base, new = rng.normal(0, 1, size), rng.normal(0.5, 1, size)
        method: Literal["exact", "asymptotic"] = "exact" if size < 32 else "asymptotic"
        expected = stats.mannwhitneyu(new, base, method=method, use_continuity=False).pvalue
        assert significance([(base.tolist(), new.tolist())]).p[0] == pytest.approx(expected, rel=1e-9)
    base, new = rng.integers(0, 4, 12).astype(float), rng.integers(1, 5, 12).astype(float)
    expected = stats.mannwhitneyu(new, base, method="asymptotic", use_continuity=False).pvalue
    assert significance([(base.tolist(), new.tolist())]).p[0] == pytest.approx(expected, rel=1e-9)


def test_strata_of_different_levels() -> None:
    """What is common to a stratum is no difference; values are only ranked within it."""
    fast, slow = [1.0, 2.0, 3.0, 4.0, 5.0], [101.0, 102.0, 103.0, 104.0, 105.0]
    mixed = significance([(fast, [each + 0.5 for each in fast]), (slow, [each + 0.5 for each in slow])])
    assert mixed.z[0] > 0
    assert significance([(fast, fast), (slow, slow)]).z[0] == 0


def test_groups_do_not_mix() -> None:
    """Each has its own strata; one whose strata have an empty side is not tested."""
    ranked = Ranked(
        *(np.array(column, np.int64) for column in ([5, 0, 5], [5, 5, 5], [80, 30, 30], [0, 0, 0]))
    )
    told = van_elteren(ranked, np.array([0, 1, 2]), 3)
    assert told.p[1] == 1
    assert told.z[0] == -told.z[2] > 0
    assert told.p[0] == told.p[2] == pytest.approx(2 / 252)


def test_strata_of_many_sizes_take_the_normal_distribution() -> None:
    """Their exact one would have too many cells; it is near enough."""
    rng = np.random.default_rng(3)
    strata: Strata = [(rng.random(n).tolist(), (rng.random(n) + 0.2).tolist()) for n in (3, 4, 5, 6, 8)]
    told = significance(strata)
    assert 0 < told.p[0] < 1
    assert told.p[0] == pytest.approx(2 * stats.norm.sf(abs(told.z[0])), rel=1e-9)
