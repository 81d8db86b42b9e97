"""Whether durations of many tests differ between two sides, and how sure that is.

So many runs of a test on its scarcer side decide how (simulated with 1,000 tests and real noise):

* fewer than 5: no test can tell, each is held against the noise of its like: at best it is a *suspect*;
* 5 to 9: the moderated t of logs, which borrows from all tests how much one varies;
* 10 and more: the exact rank sum, which no outlier misleads.

Over all of them Benjamini-Hochberg keeps false discoveries at 5 %, and a change is at least `LEAST_RATIO`.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.compare.noise import noise_floor, own_noise
from tracetui.analysis.statistics.discoveries import benjamini_hochberg
from tracetui.analysis.statistics.moderated import moderated_t
from tracetui.analysis.statistics.rank_sum import LEVEL, least_runs, mann_whitney
from tracetui.analysis.statistics.run_speed import medians

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEAST_RATIO = 1.10
"""A smaller change is none, however sure it is; either way round."""
LEAST_RUNS = 5
"""On either side; with fewer there is no verdict."""
RANK_RUNS = 10
"""From so many on the rank sum finds as much as the moderated t, and no outlier misleads it."""
SUSPICIOUS = 4.0
"""Standard deviations of noise beyond which a difference is a suspect."""


class Method(IntEnum):
    """How a row was judged."""

    NONE = 0
    NOISE = 1
    MODERATED_T = 2
    RANK_SUM = 3


class Timing(NamedTuple):
    """By row: the runs on each side, how it was judged, the log of `new` over `base`, p and q (NaN where it
    was not tested), and which differ: `is_changed` for sure, `is_suspect` perhaps.
    """

    n_base: NDArray[np.int64]
    n_new: NDArray[np.int64]
    method: NDArray[np.uint8]
    effect: Floats
    p: Floats
    q: Floats
    is_changed: Mask
    is_suspect: Mask

    @property
    def is_large(self) -> Mask:
        """Which differ by as much as a change has to."""
        large: Mask = np.abs(self.effect) >= np.log(LEAST_RATIO) - 1e-12
        return large

    @property
    def needs(self) -> int | None:
        """So many runs a side needs where these cannot tell; None where they can, or where there are none."""
        compared = self.method != Method.NONE
        if not compared.any() or (self.method == Method.MODERATED_T).any():
            return None
        runs = int(np.minimum(self.n_base, self.n_new).max())
        needed = least_runs(int(np.count_nonzero(compared)))
        if (self.method[compared] == Method.NOISE).all():
            return max(LEAST_RUNS, needed)
        return needed if runs < needed else None


def timing(base: Floats, new: Floats, *, only_ranks: bool = False) -> Timing:
    """Holds `new` against `base`: logs of durations, a row per test and a column per run, NaN is missing.

    How fast whole runs were is divided out before. Runs that took turns on one machine are judged by
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
    if by_t.any():
        p[by_t] = moderated_t(base, new).p[by_t]
    p[by_rank] = mann_whitney(base[by_rank], new[by_rank])
    q = benjamini_hochberg(p)
    found = Timing(n_base, n_new, method, effect, p, q, q <= LEVEL, np.zeros(len(p), np.bool_))
    suspect = (method == Method.NOISE) & (np.abs(effect) > SUSPICIOUS * _noise(base, new, found))
    return found._replace(is_changed=found.is_changed & found.is_large, is_suspect=suspect & found.is_large)


def _noise(base: Floats, new: Floats, found: Timing) -> Floats:
    """By row the standard deviation of its effect where nothing changed, for rows with few runs.

    It is that of a test's own runs where one side has enough of them; else that of tests about as long.
    """
    few = found.method == Method.NOISE
    noise = np.full(len(few), np.inf)
    usual = np.nanmean(np.column_stack((medians(base, 1), medians(new, 1)))[few], axis=1)
    noise[few] = noise_floor(found.effect[few], usual)
    for side, n in ((base, found.n_base), (new, found.n_new)):
        own = few & (n >= LEAST_RUNS)
        if own.any():
            spread = own_noise(side)[own]
            noise[own] = spread * np.sqrt(1 / found.n_base[own] + 1 / found.n_new[own])
    return noise
