"""The tests that became slower or faster from one window to the next, over all variants or on one of them.

The number of values on a test's scarcer side decides how, as in `analysis.compare.timing`: fewer than five
are not enough, up to nine the moderated t, from ten on the ranks, which resist outliers. Benjamini-Hochberg
keeps false discoveries at 5 %, and a change is at least 1.10 times.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.compare.noise import USUAL
from tracetui.analysis.compare.reach import LEAST_RUNS, RANK_RUNS, Noise, needed_runs
from tracetui.analysis.compare.timing import LEAST_RATIO, Method
from tracetui.analysis.statistics.discoveries import benjamini_hochberg
from tracetui.analysis.statistics.moderated import Moderated, of_effects
from tracetui.analysis.statistics.rank_sum import LEVEL
from tracetui.fleet.statistics.van_elteren import Ranked, van_elteren

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Columns = Mapping[str, NDArray[np.generic]]


class Judged(NamedTuple):
    """By group of strata: values on both sides, the log of new over base, p and q (NaN: not tested), the
    method, and whether it changed for sure. `usual` is the mean log before, `noise` that of a usual group.
    """

    base: Counts
    new: Counts
    effect: Floats
    p: Floats
    q: Floats
    z: Floats
    method: NDArray[np.uint8]
    is_changed: Mask
    usual: Floats
    noise: Noise

    @property
    def needs(self) -> int | None:
        """The values needed on each side if these are too few; None if they suffice, or there are none."""
        compared = int(np.count_nonzero(self.method != Method.NONE))
        if not compared or self.is_changed.any():
            return None
        needed = needed_runs(compared, self.noise)
        return needed if int(np.minimum(self.base, self.new).max()) < needed else None


class Strata(NamedTuple):
    """The result of `queries.windows.regress`, as columns of numbers."""

    base: Counts
    new: Counts
    ranks: Counts
    ties: Counts
    effect: Floats
    squares: Floats
    base_speed: Floats
    new_speed: Floats
    base_raw: Floats

    @classmethod
    def of(cls, columns: Columns) -> "Strata":
        """Strata with the mean difference (NaN with an empty side), and squares about the means of both
        sides.
        """
        new = columns["new_values"].astype(np.int64)
        base = columns["values"].astype(np.int64) - new
        sums = {name: columns[name].astype(np.float64) for name in _SUMS}
        log, square, speed = (sums[column] - sums[f"new_{column}"] for column in ("log", "square", "speed"))
        sides = ((log, square, base), (sums["new_log"], sums["new_square"], new))
        with np.errstate(divide="ignore", invalid="ignore"):
            means = [side_log / n for side_log, _, n in sides]
            squares = sum(np.where(n > 0, both - side**2 / n, 0.0) for side, both, n in sides)
        ranks, ties = (columns[name].astype(np.int64) for name in ("ranks", "ties"))
        effect = means[1] - means[0]
        return cls(
            base, new, ranks, ties, effect, np.maximum(squares, 0), speed, sums["new_speed"], sums["base_raw"]
        )

    @property
    def both(self) -> Mask:
        """Which have values on both sides."""
        return (self.base > 0) & (self.new > 0)

    @property
    def speed(self) -> float:
        """The factor by which all took longer in the new window; divided out of every effect."""
        there = self.both
        n = [side[there].sum() for side in (self.base, self.new)]
        if not all(n):
            return 1.0
        return float(np.exp(self.new_speed[there].sum() / n[1] - self.base_speed[there].sum() / n[0]))


_SUMS = ("log", "new_log", "square", "new_square", "speed", "new_speed", "base_raw")


def judged(strata: Strata, group: NDArray[np.intp], groups: int) -> Judged:
    """The verdicts on `groups` groups of strata: O(n log n). One family of tests."""
    both = strata.both
    part = np.flatnonzero(both)
    of = group[part]
    base, new = (np.bincount(of, side[part], groups).astype(np.int64) for side in (strata.base, strata.new))
    weight = strata.base[part] * strata.new[part] / (strata.base[part] + strata.new[part])
    weights = np.bincount(of, weight, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.bincount(of, weight * strata.effect[part], groups) / weights
        leverage = 1 / weights
        usual = np.bincount(of, strata.base_raw[part], groups) / base
    fewer = np.minimum(base, new)
    method = np.select(
        [fewer == 0, fewer < LEAST_RUNS, fewer < RANK_RUNS],
        [Method.NONE, Method.NOISE, Method.MODERATED_T],
        Method.RANK_SUM,
    ).astype(np.uint8)
    tested = van_elteren(Ranked(strata.base, strata.new, strata.ranks, strata.ties), group, groups)
    p = np.where(method == Method.RANK_SUM, tested.p, np.nan)
    squares = np.asarray(np.bincount(of, strata.squares[part], groups), np.float64)
    df = (base + new - 2 * np.bincount(of, minlength=groups)).astype(np.float64)
    by_t = of_effects(effect, squares, np.maximum(df, 0.0), leverage)
    p[method == Method.MODERATED_T] = by_t.p[method == Method.MODERATED_T]
    q = benjamini_hochberg(p)
    large = np.abs(effect) >= np.log(LEAST_RATIO) - 1e-12
    return Judged(base, new, effect, p, q, tested.z, method, (q <= LEVEL) & large, usual, _noise(by_t))


def _noise(tested: Moderated) -> Noise:
    """The noise of a usual group; without any usable group, the default."""
    variance = tested.variance[np.isfinite(tested.variance)]
    return Noise(float(np.sqrt(np.median(variance))), tested.prior_df) if len(variance) else Noise(USUAL, 0.0)
