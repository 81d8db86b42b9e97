"""Student's t: its two tails, by the incomplete beta function."""

from math import erfc, lgamma, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

NORMAL = 1e7
"""From so many degrees of freedom on, the tails are normal, but for a share of t^4 / 4 df."""
TINY = 1e-300
FARTHEST = 1e150
"""What is beyond is as far: its square is no number any more."""
STEPS = 2000


def student_p(t: ArrayLike, df: ArrayLike) -> Floats:
    """P(|T| >= |t|) of Student's t with `df` degrees of freedom (infinite ones too), element by element.

    It is I_x(df/2, 1/2) with x = df / (df + t^2) (Abramowitz and Stegun 26.7.1). NaN gives NaN.
    """
    near = np.minimum(np.abs(np.asarray(t, float)), FARTHEST)
    square, freedom = np.broadcast_arrays(np.square(near), np.asarray(df, float))
    p = np.full(square.shape, np.nan)
    normal = (freedom >= NORMAL) & ~np.isnan(square)
    p[normal] = [erfc(sqrt(squared / 2)) for squared in square[normal]]
    rest = (freedom < NORMAL) & ~np.isnan(square)
    p[rest] = incomplete_beta(freedom[rest] / 2, 0.5, freedom[rest] / (freedom[rest] + square[rest]))
    return p


def incomplete_beta(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> Floats:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0 and x from 0 to 1, element by element.

    By its continued fraction (Abramowitz and Stegun 26.5.8), on the side of the mean where that converges in
    about sqrt(max(a, b)) steps.
    """
    a, b, x = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float), np.asarray(x, float))
    other = x > (a + 1) / (a + b + 2)
    a, b, x = np.where(other, b, a), np.where(other, a, b), np.where(other, 1 - x, x)
    with np.errstate(divide="ignore"):
        front = a * np.log(x) + b * np.log1p(-x) - np.log(a) - _log_beta(a, b)
    part = np.exp(front) * _fraction(a, b, x)
    return np.asarray(np.where(other, 1 - part, part))


def _log_beta(a: Floats, b: Floats) -> Floats:
    pairs = zip(a.ravel(), b.ravel(), strict=True)
    return np.array([lgamma(p) + lgamma(q) - lgamma(p + q) for p, q in pairs]).reshape(a.shape)


def _fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """The continued fraction, by the method of Lentz (1976)."""
    numerator = np.ones_like(x)
    denominator = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = denominator.copy()
    for step in range(1, STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        for term in (even, odd):
            denominator = 1 / _away_from_zero(1 + term * denominator)
            numerator = _away_from_zero(1 + term / numerator)
            fraction *= numerator * denominator
        if np.all(np.abs(numerator * denominator - 1) < 1e-15):
            break
    return fraction


def _away_from_zero(value: Floats) -> Floats:
    return np.where(np.abs(value) < TINY, TINY, value)
