"""Seeded suites with the noise of real ones: tests differ in it, runs in speed, now and then one stalls."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RATIOS = {1.25: 20, 1.5: 10, 2.0: 5}
"""What is planted among 1,000 tests: so many that take so much longer."""


class Suite(NamedTuple):
    """Logs of durations, a row per test and a column per run, and by test what was planted (1: nothing)."""

    base: Floats
    new: Floats
    planted: Floats


def simulated(seed: int, tests: int, base: int, new: int, *, changes: bool = True) -> Suite:
    """Deviation 12 % a test (3 to 80 %), speed of runs 10 %, in 2 of 100 cases a stall of 30 to 150 %."""
    noise = np.random.default_rng(seed)
    usual = noise.normal(-1, 1.5, tests)
    sigma = np.clip(np.exp(noise.normal(np.log(0.12), 0.55, tests)), 0.03, 0.8)
    logs = usual[:, None] + sigma[:, None] * noise.normal(size=(tests, base + new))
    stalls = np.log(noise.uniform(1.3, 2.5, logs.shape))
    logs += np.where(noise.random(logs.shape) < 0.02, stalls, 0) + noise.normal(0, 0.1, base + new)
    planted = np.ones(tests)
    if changes:
        several = np.repeat(list(RATIOS), [count * tests // 1000 for count in RATIOS.values()])
        planted[noise.choice(tests, len(several), replace=False)] = several
    logs[:, base:] += np.log(planted)[:, None]
    return Suite(logs[:, :base], logs[:, base:], planted)
