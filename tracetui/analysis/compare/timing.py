"""Whether durations of many tests differ between two sides, and how sure that is.

The number of runs of a test on its scarcer side decides how (simulated with 1,000 tests and real noise):

* fewer than 5: no test can tell, each is compared with the noise of similar tests: at best a *suspect*;
* 5 to 9: the moderated t of logs, which borrows from all tests how much one varies;
* 10 and more: the exact rank sum, which no outlier misleads.

Over all of them Benjamini-Hochberg keeps false discoveries at 5 %, and a change is at least `LEAST_RATIO`.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.compare.noise import noise_floor, own_noise
from tracetui.analysis.compare.reach import LEAST_RUNS, RANK_RUNS, Noise, needed_runs
from tracetui.analysis.statistics.discoveries import benjamini_hochberg
from tracetui.analysis.statistics.moderated import Moderated, moderated_t
from tracetui.analysis.statistics.rank_sum import LEVEL, mann_whitney
from tracetui.analysis.statistics.run_speed import medians

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEAST_RATIO = 1.10
"""A smaller change is none, however sure it is; either way round."""
SUSPICIOUS = 4.0
"""Standard deviations of noise beyond which a difference is a suspect."""


class Method(IntEnum):
    """How a row was judged."""

    NONE = 0
    NOISE = 1
    MODERATED_T = 2
    RANK_SUM = 3


class Timing(NamedTuple):
    """By row: the runs on each side, how it was judged, the log of `new` over `base`, p and q (NaN if it was
    not tested), and which rows differ: `is_changed` for sure, `is_suspect` perhaps.

    `noise` is that of a typical row; None if only ranks judge.
    """

    n_base: NDArray[np.int64]
    n_new: NDArray[np.int64]
    method: NDArray[np.uint8]
    effect: Floats
    p: Floats
    q: Floats
    is_changed: Mask
    is_suspect: Mask
    noise: Noise | None

    @property
    def is_large(self) -> Mask:
        """Which rows differ by as much as a change must."""
        large: Mask = np.abs(self.effect) >= np.log(LEAST_RATIO) - 1e-12
        return large

    @property
    def needs(self) -> int | None:
        """How many runs a side needs if these cannot tell; None if they can, or if there are none."""
        compared = np.count_nonzero(self.method != Method.NONE)
        if not compared or self.is_changed.any():
            return None
        runs = int(np.minimum(self.n_base, self.n_new).max())
        needed = needed_runs(int(compared), self.noise)
        return needed if runs < needed else None


def timing(base: Floats, new: Floats, *, only_ranks: bool = False) -> Timing:
    """Compares `new` with `base`: logs of durations, a row per test and a column per run, NaN is missing.

    The speed of whole runs is divided out before. Runs that took turns on one machine are judged by
    `only_ranks`, however few they are.
    """
    n_base, n_new = (np.count_nonzero(~np.isnan(side), axis=1) for side in (base, new))
    fewer = np.minimum(n_base, n_new)
    effect = np.where(fewer > 0, medians(new, 1) - medians(base, 1), np.nan)
    method = np.select(
        [fewer == 0, fewer < LEAST_RUNS, fewer < RANK_RUNS],
        [Method.NONE, Method.NOISE, Method.MODERATED_T],
        Method.RANK_SUM,
    ).astype(np.uint8)
    if only_ranks:
        method[fewer > 0] = Method.RANK_SUM
    p = np.full(len(effect), np.nan)
    by_t, by_rank = method == Method.MODERATED_T, method == Method.RANK_SUM
    judged = None if by_rank[fewer > 0].all() else moderated_t(base, new)
    if judged:
        p[by_t] = judged.p[by_t]
    p[by_rank] = mann_whitney(base[by_rank], new[by_rank])
    q = benjamini_hochberg(p)
    tested = Timing(n_base, n_new, method, effect, p, q, q <= LEVEL, np.zeros(len(p), np.bool_), None)
    noise = _noise(base, new, tested)
    suspect = (method == Method.NOISE) & (np.abs(effect) > SUSPICIOUS * noise)
    return tested._replace(
        is_changed=tested.is_changed & tested.is_large,
        is_suspect=suspect & tested.is_large,
        noise=_usual(tested, judged, noise) if judged else None,
    )


def _usual(timings: Timing, judged: Moderated, noise: Floats) -> Noise:
    """How much the typical row that ranks do not judge varies: over its own runs, or else as similar tests
    do.
    """
    rows = (timings.method == Method.NOISE) | (timings.method == Method.MODERATED_T)
    like = noise[rows] / np.sqrt(1 / timings.n_base[rows] + 1 / timings.n_new[rows])
    own = np.sqrt(judged.variance[rows])
    return Noise(float(np.median(np.where(np.isnan(own), like, own))), judged.prior_df)


def _noise(base: Floats, new: Floats, timings: Timing) -> Floats:
    """By row the standard deviation of its effect without a change, for rows with few runs.

    It is that of a test's own runs if one side has enough of them; else that of tests of similar duration.
    """
    few = timings.method == Method.NOISE
    noise = np.full(len(few), np.inf)
    usual = np.nanmean(np.column_stack((medians(base, 1), medians(new, 1)))[few], axis=1)
    noise[few] = noise_floor(timings.effect[few], usual)
    for side, n in ((base, timings.n_base), (new, timings.n_new)):
        own = few & (n >= LEAST_RUNS)
        if own.any():
            spread = own_noise(side)[own]
            noise[own] = spread * np.sqrt(1 / timings.n_base[own] + 1 / timings.n_new[own])
    return noise
