"""The jobs of a run: what of it belongs together as one execution of its tests, and what is compared apart.

Jobs of a pipeline have names, and others are never one. Trees of one name, or of none, are one job as long
as they are shards: each runs other tests. Where two run mostly the same tests they are jobs of a matrix, or a
job that was retried, and stay apart; but suites of one process, or below one span of the CI, only repeat
themselves.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.distinct import distinct
from tracetui.analysis.tree import Tree
from tracetui.model.resource_facts import NOTHING_TOLD, ResourceFacts
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Labels = NDArray[np.int32]

_MOST_SHARED = 0.5
"""Of the tests of the smaller of two shards; a few smoke tests may run everywhere."""


class _Suite(NamedTuple):
    """A tree with a suite: which root, what its resource tells, what its span hangs below, and its tests."""

    place: int
    facts: ResourceFacts
    below: tuple[int, int]
    titles: NDArray[np.int32]


class _Job:
    """Suites that are one job."""

    def __init__(self, first: _Suite) -> None:
        self.facts = first.facts
        self._processes: set[tuple[str, int, str]] = {NOTHING_TOLD.process}
        self._below: set[tuple[int, int]] = set()
        self._shards: set[str] = set()
        self._titles = np.empty(0, np.int32)
        self.add(first)

    def add(self, suite: _Suite) -> None:
        """One more."""
        self._processes.add(suite.facts.process)
        self._below.add(suite.below)
        self._shards.add(suite.facts.shard)
        self._titles = distinct(np.concatenate([self._titles, suite.titles]))

    def wrote(self, facts: ResourceFacts) -> bool:
        """Whether the process with these facts is known to be of this job."""
        return facts.process != NOTHING_TOLD.process and facts.process in self._processes

    def takes(self, suite: _Suite) -> bool:
        """Whether a suite of a job of the same name belongs to this one."""
        if self.wrote(suite.facts) or (suite.below[1] and suite.below in self._below):
            return True
        if suite.facts.shard and "" not in self._shards:
            return suite.facts.shard not in self._shards
        shared = len(np.intersect1d(self._titles, suite.titles, assume_unique=True))
        return shared <= _MOST_SHARED * min(len(self._titles), len(suite.titles))


def job_labels(snapshot: Snapshot, tree: Tree, of: Labels) -> Labels:
    """By row the number of its job, without gaps: first by run, then by start. `of` is by row the run."""
    roots = tree.roots
    run = of[roots]
    job = np.zeros(len(roots), np.int64)
    several = np.flatnonzero(np.bincount(run[_with_suites(snapshot, tree)]) > 1)
    for number in several.tolist():
        places = np.flatnonzero(run == number)
        job[places] = _split(snapshot, tree, places)
    if not len(several):
        return of
    start = snapshot.start_ns[roots]
    pairs = run.astype(np.int64) * len(roots) + job
    known, dense = np.unique(pairs, return_inverse=True)
    first = np.full(len(known), np.iinfo(np.int64).max)
    np.minimum.at(first, dense, start)
    rank = np.empty(len(known), np.int32)
    rank[np.lexsort((first, known // len(roots)))] = np.arange(len(known), dtype=np.int32)
    labels = np.empty(len(snapshot), np.int32)
    labels[tree.order] = np.repeat(rank[dense], tree.size[roots])
    return labels


def _with_suites(snapshot: Snapshot, tree: Tree) -> NDArray[np.bool_]:
    """By root, whether its tree holds a suite."""
    marked = (snapshot.role == Role.SUITE)[tree.order]
    found: NDArray[np.bool_] = np.logical_or.reduceat(marked, tree.position[tree.roots])
    return found


def _split(snapshot: Snapshot, tree: Tree, places: NDArray[np.intp]) -> list[int]:
    """The number of the job of each of the trees at `places` among the roots, of one run."""
    with_suite = _with_suites(snapshot, tree)
    order = places[np.argsort(snapshot.start_ns[tree.roots[places]], kind="stable")]
    jobs: list[_Job] = []
    number: dict[int, int] = {}
    for place in order[with_suite[order]].tolist():
        suite = _suite(snapshot, tree, place)
        number[place] = _home(jobs, suite)
        if number[place] == len(jobs):
            jobs.append(_Job(suite))
        else:
            jobs[number[place]].add(suite)
    for place in order[~with_suite[order]].tolist():
        number[place] = _beside(jobs, snapshot.resource(int(tree.roots[place])))
    return [number[place] for place in places.tolist()]


def _suite(snapshot: Snapshot, tree: Tree, place: int) -> _Suite:
    row = int(tree.roots[place])
    rows = tree.subtree(row)
    tests = rows[(snapshot.role[rows] == Role.TEST) & (snapshot.outcome[rows] != Outcome.RERUN)]
    below = int(snapshot.trace_index[row]), int(snapshot.parent_key[row])
    return _Suite(place, snapshot.resource(row), below, distinct(snapshot.title_id[tests]))


def _home(jobs: list[_Job], suite: _Suite) -> int:
    """The job that a suite belongs to, that of its own service first; `len(jobs)` for one of its own."""
    alike = [number for number, job in enumerate(jobs) if job.facts.job == suite.facts.job]
    alike.sort(key=lambda number: jobs[number].facts.service != suite.facts.service)
    return next((number for number in alike if jobs[number].takes(suite)), len(jobs))


def _beside(jobs: list[_Job], facts: ResourceFacts) -> int:
    """For a tree without a suite the job that its process is of, or that has its name; else the first."""
    wrote = (number for number, job in enumerate(jobs) if job.wrote(facts))
    named = (number for number, job in enumerate(jobs) if job.facts.job == facts.job)
    return next(wrote, next(named, 0))
