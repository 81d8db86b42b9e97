"""The moderated t (Smyth 2004): few runs of a test borrow from all tests how much a test varies."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracetui.analysis.statistics.student import student_p

Floats = NDArray[np.float64]

LEAST_SHARE = 1e-5
"""Of the median variance: a test that seems to vary less (equal values) is taken to vary so much."""


class Prior(NamedTuple):
    """What all tests say of one: its variance is about `variance`, worth `df` degrees of freedom."""

    df: float
    variance: float


class Moderated(NamedTuple):
    """By test: t, the degrees of freedom, two-sided p, and the variance of one run; NaN with too little data.

    `prior_df` of the degrees of freedom are those of all tests.
    """

    t: Floats
    df: Floats
    p: Floats
    variance: Floats
    prior_df: float


def moderated_t(base: Floats, new: Floats) -> Moderated:
    """Whether the means of `new` and `base` differ, by row; a row per test, a column per run, NaN is missing.

    Values are logs of durations. Variances are pooled over both sides and shrunk towards the prior (Smyth,
    Statistical Applications in Genetics and Molecular Biology 3(1), 2004, section 4).
    """
    n_base, n_new = (np.count_nonzero(~np.isnan(side), axis=1) for side in (base, new))
    both = (n_base > 0) & (n_new > 0)
    means = [
        np.divide(np.nansum(side, 1), n, where=n > 0, out=np.zeros(len(n)))
        for side, n in ((base, n_base), (new, n_new))
    ]
    squares = sum(
        np.nansum((side - mean[:, None]) ** 2, 1) for side, mean in zip((base, new), means, strict=True)
    )
    df = np.where(both, n_base + n_new - 2.0, 0.0)
    with np.errstate(divide="ignore"):
        return of_effects(means[1] - means[0], squares, df, 1 / n_base + 1 / n_new)


def of_effects(effect: Floats, squares: Floats, df: Floats, leverage: Floats) -> Moderated:
    """The same of effects whose variance is `leverage` times that of one value: `squares` over `df`.

    Those without degrees of freedom are not tested.
    """
    variance = np.divide(squares, df, where=df > 0, out=np.full(len(df), np.nan))
    known = prior(variance[df > 0], df[df > 0])
    shrunk, freedom = _posterior(known, variance, df)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = effect / np.sqrt(shrunk * leverage)
    t[df <= 0] = np.nan
    return Moderated(t, freedom, student_p(t, freedom), shrunk, known.df)


def _posterior(known: Prior, variance: Floats, df: Floats) -> tuple[Floats, Floats]:
    """By test the variance, shrunk towards the prior, and its degrees of freedom."""
    if np.isinf(known.df):
        return np.full(len(df), known.variance), np.full(len(df), np.inf)
    return (known.df * known.variance + df * variance) / (known.df + df), known.df + df


def prior(variance: Floats, df: Floats) -> Prior:
    """The prior by the moments of log variances (Smyth 2004, section 6.2); for one test, the test alone.

    `df` is infinite if variances differ no more than by chance.
    """
    if len(variance) < 2:
        return Prior(0.0, 0.0)
    floor = LEAST_SHARE * float(np.median(variance))
    logs = np.log(np.maximum(variance, floor if floor else np.finfo(float).tiny))
    centred = logs - digamma(df / 2) + np.log(df / 2)
    mean = float(centred.mean())
    excess = float(np.mean((centred - mean) ** 2 * len(df) / (len(df) - 1) - trigamma(df / 2)))
    if excess <= 0:
        return Prior(np.inf, float(np.exp(mean)))
    half = inverse_trigamma(excess)
    return Prior(2 * half, float(np.exp(mean + digamma(half) - np.log(half))))


def digamma(x: ArrayLike) -> Floats:
    """The derivative of the log of gamma, for x > 0 (Abramowitz and Stegun 6.3.5, 6.3.18)."""
    x = np.asarray(x, float)
    steps = sum(1 / (x + step) for step in range(8))
    x = x + 8
    square = 1 / (x * x)
    series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
    return np.asarray(np.log(x) - 0.5 / x - series - steps)


def trigamma(x: ArrayLike) -> Floats:
    """The derivative of digamma, for x > 0 (Abramowitz and Stegun 6.4.6, 6.4.12)."""
    x = np.asarray(x, float)
    steps = sum(1 / (x + step) ** 2 for step in range(8))
    x = x + 8
    square = 1 / (x * x)
    series = square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - square * 5 / 66))))
    return np.asarray(1 / x + square / 2 + series / x + steps)


def inverse_trigamma(value: float) -> float:
    """The x > 0 whose trigamma is `value` > 0, by bisection of its logarithm."""
    low, high = np.log(1e-8), np.log(1e12)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if trigamma(np.exp(middle)) > value else (low, middle)
    return float(np.exp(low))
