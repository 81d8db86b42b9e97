"""What a run is compared with: the tests that it and the runs before it all passed, and their times."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.compare.sides import Side, sides
from tracetui.analysis.history.records import Records
from tracetui.model.role import Role

MOST_RUNS = 20
"""Older runs are of other days."""


class Window(NamedTuple):
    """Own times in ns, a row per test: `new` of a job of the run, `base` with a column per earlier run.

    `job` (foreign) is the job's name, if the run has several.
    """

    names: tuple[str, ...]
    new: NDArray[np.float64]
    base: NDArray[np.float64]
    job: str = ""


NOTHING = Window((), np.empty(0), np.empty((0, 0)))


def windows(run: Records, pool: Records, *, is_baseline: bool = False) -> list[Window]:
    """For each job of a run, the last finished runs of its suite and job in `pool` that began before it.

    Of a baseline all runs count, whenever they were.
    """
    several = len(run.heads) > 1
    return [
        _window(run, number, pool, several=several, is_baseline=is_baseline) for number in range(len(run))
    ]


def _window(run: Records, number: int, pool: Records, *, several: bool, is_baseline: bool) -> Window:
    head = run.heads[number]
    before = [
        place
        for place, other in enumerate(pool.heads)
        if other.kind == head.kind
        and other.state == "ended"
        and (is_baseline or other.start_ns < head.start_ns)
    ]
    table = sides(pool.only(before[-MOST_RUNS:]), run.only([number]))
    base, new = _passed_ns(table.base), _passed_ns(table.new)
    rows = [
        row
        for row, subject in enumerate(table.subjects)
        if subject.role is Role.TEST and not (np.isnan(base[row]).any() or np.isnan(new[row]).any())
    ]
    names = tuple(table.subjects[row].name for row in rows)
    return Window(names, new[rows, 0], base[rows], (head.job or head.suite) if several else "")


def _passed_ns(side: Side) -> NDArray[np.float64]:
    """Own times where it passed, else NaN."""
    return np.where(side.is_bad | side.is_cut, np.nan, side.own_ns)
