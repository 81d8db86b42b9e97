"""The jobs of a run: what belongs together as one execution of its tests, and what is compared separately.

Jobs of a pipeline have names, and different names are never one job. Trees of one name, or of none, are one
job as long as they are shards: each runs other tests. If two run mostly the same tests they are jobs of a
matrix, or a retried job, and stay apart; but suites of one process, or below one span of the CI, only repeat
themselves.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.tree.trees import Labels, place_of
from tracetui.model.numbers.distinct import distinct, without
from tracetui.model.resource_facts import NOTHING_TOLD, ResourceFacts
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Slack = NDArray[np.int64]

ANY = np.iinfo(np.int64).max
"""The slack of what no titles tell apart."""


class _Suite(NamedTuple):
    """A tree with a suite: its root, its resource's facts, the span it is below, and its tests."""

    place: int
    facts: ResourceFacts
    below: tuple[int, int]
    titles: NDArray[np.int32]


class _Job:
    """Suites that form one job. `slack` is that of `Split`, by place."""

    def __init__(self, first: _Suite, slack: Slack) -> None:
        self.facts = first.facts
        self._slack = slack
        self._places: list[int] = []
        self._processes: set[tuple[str, int, str]] = {NOTHING_TOLD.process}
        self._below: set[tuple[int, int]] = set()
        self._shards: set[str] = set()
        self._titles = np.empty(0, np.int32)
        self.add(first)

    def add(self, suite: _Suite) -> None:
        """Add a suite."""
        self._places.append(suite.place)
        self._processes.add(suite.facts.process)
        self._below.add(suite.below)
        self._shards.add(suite.facts.shard)
        self._titles = distinct(np.concatenate([self._titles, suite.titles]))

    def wrote(self, facts: ResourceFacts) -> bool:
        """Whether the process with these facts is known to belong to this job."""
        return facts.process != NOTHING_TOLD.process and facts.process in self._processes

    def takes(self, suite: _Suite) -> bool:
        """Whether a suite of a job of the same name belongs to this one.

        It may share half the tests of the smaller: a few smoke tests may run everywhere.
        """
        if self.wrote(suite.facts) or (suite.below[1] and suite.below in self._below):
            return True
        if suite.facts.shard and "" not in self._shards:
            return suite.facts.shard not in self._shards
        shared = len(suite.titles) - len(without(suite.titles, self._titles))
        smaller = min(len(self._titles), len(suite.titles))
        # What is empty shares nothing, whatever the other holds.
        places = [place for place in self._places if len(suite.titles) or not len(self._titles)]
        places += [suite.place] if len(self._titles) or not len(suite.titles) else []
        self._slack[places] = np.minimum(self._slack[places], abs(smaller - 2 * shared) // 3)
        return 2 * shared <= smaller


class Split(NamedTuple):
    """By tree its `job`, numbered without gaps: first by run, then by start.

    `several` are the runs that may have several jobs. `slack` is by tree: while fewer titles than that were
    added to or removed from the tests of its run, and no trees were added, its job stays the same.
    """

    job: Labels
    several: NDArray[np.intp]
    slack: Slack


def split(snapshot: Snapshot, tree: Tree, run: Labels, suites: NDArray[np.intp]) -> Split:
    """The jobs; `run` has each tree's run, `suites` are the rows of top suites."""
    with_suite = with_suites(suites, tree)
    several, slack = with_several(run, with_suite), np.full(len(run), ANY)
    if not len(several):
        return Split(run, several, slack)
    job = np.zeros(len(run), np.int64)
    for number in several.tolist():
        places = np.flatnonzero(run == number)
        job[places] = _jobs(snapshot, tree, places, with_suite, slack)
    pairs = run.astype(np.int64) * len(run) + job
    known, dense = np.unique(pairs, return_inverse=True)
    first = np.full(len(known), np.iinfo(np.int64).max)
    np.minimum.at(first, dense, snapshot.start_ns[tree.roots])
    rank = np.empty(len(known), np.int32)
    rank[np.lexsort((first, known // len(run)))] = np.arange(len(known), dtype=np.int32)
    return Split(rank[dense], several, slack)


def with_several(run: Labels, with_suite: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The runs with several trees that hold a suite."""
    return np.flatnonzero(np.bincount(run[with_suite]) > 1)


def with_suites(suites: NDArray[np.intp], tree: Tree) -> NDArray[np.bool_]:
    """By tree, whether it holds any of these suites."""
    has_suite = np.zeros(len(tree.roots), np.bool_)
    has_suite[place_of(suites, tree)] = True
    return has_suite


def _jobs(
    snapshot: Snapshot, tree: Tree, places: NDArray[np.intp], with_suite: NDArray[np.bool_], slack: Slack
) -> list[int]:
    """The job number of each of the trees at `places` among the roots, all of one run."""
    order = places[np.argsort(snapshot.start_ns[tree.roots[places]], kind="stable")]
    jobs: list[_Job] = []
    number: dict[int, int] = {}
    for place in order[with_suite[order]].tolist():
        suite = _suite(snapshot, tree, place)
        number[place] = _home(jobs, suite)
        if number[place] == len(jobs):
            jobs.append(_Job(suite, slack))
        else:
            jobs[number[place]].add(suite)
    for place in order[~with_suite[order]].tolist():
        number[place] = _beside(jobs, snapshot.resource(int(tree.roots[place])))
    return [number[place] for place in places.tolist()]


def _suite(snapshot: Snapshot, tree: Tree, place: int) -> _Suite:
    row = int(tree.roots[place])
    rows = tree.subtree(row)
    tests = rows[tells_title(snapshot, rows)]
    below = int(snapshot.trace_index[row]), int(snapshot.parent_key[row])
    return _Suite(place, snapshot.resource(row), below, distinct(snapshot.title_id[tests]))


def tells_title(snapshot: Snapshot, rows: Rows) -> NDArray[np.bool_]:
    """Which of `rows` are tests whose titles count: only the last attempt does."""
    counts: NDArray[np.bool_] = snapshot.role[rows] == Role.TEST
    counts &= snapshot.outcome[rows] != Outcome.RERUN
    return counts


def _home(jobs: list[_Job], suite: _Suite) -> int:
    """The job that a suite belongs to, preferably of its own service; `len(jobs)` for a new one."""
    alike = [number for number, job in enumerate(jobs) if job.facts.job == suite.facts.job]
    alike.sort(key=lambda number: jobs[number].facts.service != suite.facts.service)
    return next((number for number in alike if jobs[number].takes(suite)), len(jobs))


def _beside(jobs: list[_Job], facts: ResourceFacts) -> int:
    """For a tree without a suite the job of its process, or of its name; else the first."""
    wrote = (number for number, job in enumerate(jobs) if job.wrote(facts))
    named = (number for number, job in enumerate(jobs) if job.facts.job == facts.job)
    return next(wrote, next(named, 0))
