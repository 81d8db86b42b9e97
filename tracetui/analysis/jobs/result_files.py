"""Which result files are one run: those that follow each other, as long as no test is in two of them.

Build tools write a file for each class or target, CI systems collect the files of many runs, and files say
nothing of runs. So a test that is in two files ran in two runs, or in two jobs.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows
from tracetui.analysis.tree.trees import Labels
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot
from tracetui.units import MINUTE

NEAR_NS = 10 * MINUTE
"""Between the end of one suite of a run and the day of another: what comes later is another run."""


class _Run(Struct):
    """The files of a run so far: their last end, and the titles of their tests."""

    number: int
    end_ns: int
    titles: set[int]


def result_labels(
    snapshot: Snapshot, roots: Rows, start: NDArray[np.int64], end: NDArray[np.int64]
) -> Labels:
    """By root of a tree of results, from its `start` to its `end`, the number of its run, from 0 on."""
    sources = snapshot.sources_of(roots)
    used, file = np.unique(sources, return_inverse=True)
    first, last = np.full(len(used), np.iinfo(np.int64).max), np.zeros(len(used), np.int64)
    np.minimum.at(first, file, start)
    np.maximum.at(last, file, end)
    titles = _titles(snapshot, used)
    runs: list[_Run] = []
    number = np.empty(len(used), np.int32)
    for place in np.lexsort((used, first)).tolist():
        began, ended = int(first[place]), int(last[place])
        its = titles[int(used[place])]
        near = (run for run in runs if began <= run.end_ns + NEAR_NS and its.isdisjoint(run.titles))
        run = next(near, None)
        if run is None:
            run = _Run(len(runs), ended, set())
            runs.append(run)
        run.end_ns = max(run.end_ns, ended)
        run.titles |= its
        number[place] = run.number
    return number[file]


def _titles(snapshot: Snapshot, sources: NDArray[np.integer]) -> dict[int, set[int]]:
    """By source the titles of its tests."""
    titles: dict[int, set[int]] = {int(source): set() for source in sources.tolist()}
    tests = np.flatnonzero(snapshot.role == Role.TEST)
    pairs = zip(snapshot.sources_of(tests).tolist(), snapshot.title_id[tests].tolist(), strict=True)
    for source, title in pairs:
        if source in titles:
            titles[source].add(title)
    return titles
