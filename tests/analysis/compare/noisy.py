"""Runs of many tests that never change, with some noise."""

import numpy as np

from tests.analysis.compare.recorded import Took, runs
from tests.builders import MS
from tracetui.analysis.compare.comparison import Comparison, Row
from tracetui.analysis.history.records import Records

OTHERS = {f"t{number:02d}": (number + 1) * 100 * MS for number in range(30)}
"""Tests that never change, so that there is a speed and a noise."""


def noisy(seed: int, **took: Took) -> dict[str, Took]:
    """`OTHERS` with 2 % of noise, and what else a run has."""
    noise = np.random.default_rng(seed).normal(1, 0.02, len(OTHERS))
    return {name: round(ns * by) for (name, ns), by in zip(OTHERS.items(), noise, strict=True)} | took


def several(count: int, first: int = 0, **took: int) -> Records:
    """So many runs; what is said to be there takes that long, within 3 %."""
    noise = np.random.default_rng(first + 99).normal(1, 0.03, (count, len(took)))
    return runs(
        *(
            noisy(
                first + number,
                **{name: round(ns * by) for (name, ns), by in zip(took.items(), row, strict=True)},
            )
            for number, row in enumerate(noise)
        )
    )


def row(found: Comparison, name: str) -> Row:
    (only,) = (each for each in found.rows if each.subject.name == name)
    return only
