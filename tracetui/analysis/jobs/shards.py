"""The jobs of a run: what belongs together as one execution of its tests, and what is compared separately.

Jobs of a pipeline have names, and different names are never one job. Trees of one name, or of none, are one
job as long as they are shards: each runs other tests. If two run mostly the same tests they are jobs of a
matrix, or a retried job, and stay apart; but suites of one process, or below one span of the CI, only repeat
themselves.
"""

from collections import defaultdict
from collections.abc import Set as AbstractSet
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
_NO_JOBS: AbstractSet[int] = frozenset()


class _Suite(NamedTuple):
    """A tree with a suite: its root, its resource's facts, the span it is below, and its tests."""

    place: int
    facts: ResourceFacts
    below: tuple[int, int]
    titles: NDArray[np.int32]


class _Job:
    """Suites that form one job, and the titles of their tests."""

    def __init__(self, facts: ResourceFacts) -> None:
        self.facts = facts
        self.titles = np.empty(0, np.int32)
        self._shards: set[str] = set()

    def add(self, suite: _Suite) -> NDArray[np.int32]:
        """Add a suite; returns the titles that only it has."""
        self._shards.add(suite.facts.shard)
        new = without(suite.titles, self.titles)
        self.titles = distinct(np.concatenate([self.titles, new]))
        return new

    def takes(self, shard: str) -> bool | None:
        """Whether a suite with the name of a shard belongs to this job; None if its titles decide."""
        return shard not in self._shards if shard and "" not in self._shards else None


class _Jobs:
    """The jobs of one run so far. `slack` is that of `Split`, by place.

    Titles are compared with those of all jobs at once: a run may have hundreds of each.
    """

    def __init__(self, slack: Slack, titles: int) -> None:
        self.jobs: list[_Job] = []
        self._slack = slack
        self._named: defaultdict[str, list[int]] = defaultdict(list)
        self._of_process: defaultdict[tuple[str, int, str], set[int]] = defaultdict(set)
        self._below: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        self._is_in = np.zeros(titles, np.bool_)
        # Side by side: what each job has, in the order in which it came.
        self._title, self._job_of_title = np.empty(0, np.int32), np.empty(0, np.int32)
        self._place: list[int] = []
        self._job_of_place: list[int] = []

    def add(self, suite: _Suite) -> int:
        """Add a suite; returns the number of its job."""
        number = self._home(suite)
        if number == len(self.jobs):
            self.jobs.append(_Job(suite.facts))
            self._named[suite.facts.job].append(number)
        new = self.jobs[number].add(suite)
        self._title = np.concatenate([self._title, new])
        self._job_of_title = np.concatenate([self._job_of_title, np.full(len(new), number, np.int32)])
        self._place.append(suite.place)
        self._job_of_place.append(number)
        self._of_process[suite.facts.process].add(number)
        self._below[suite.below].add(number)
        return number

    def _home(self, suite: _Suite) -> int:
        """The job that a suite belongs to, preferably of its own service; a new number for a new one."""
        sure, shard = self._wrote(suite.facts), suite.facts.shard
        sure = sure | self._below.get(suite.below, _NO_JOBS) if suite.below[1] else sure
        alike = self._alike(suite.facts)
        if not sure and not shard:
            return self._by_titles(suite, alike, len(self.jobs))
        asked: list[int] = []
        for number in alike:
            takes = number in sure or self.jobs[number].takes(shard)
            if takes:
                return self._by_titles(suite, asked, number)
            asked += [number] if takes is None else []
        return self._by_titles(suite, asked, len(self.jobs))

    def _wrote(self, facts: ResourceFacts) -> AbstractSet[int]:
        """The jobs to which the process with these facts is known to belong."""
        is_known = facts.process != NOTHING_TOLD.process
        return self._of_process.get(facts.process, _NO_JOBS) if is_known else _NO_JOBS

    def _alike(self, facts: ResourceFacts) -> list[int]:
        """The jobs of this name, those of this service first."""
        named = self._named.get(facts.job, [])
        others = [number for number in named if self.jobs[number].facts.service != facts.service]
        return sorted(named, key=set(others).__contains__) if others else named

    def _by_titles(self, suite: _Suite, asked: list[int], otherwise: int) -> int:
        """The first of the jobs `asked` that a suite is a shard of by its titles, else `otherwise`.

        It may share half the tests of the smaller: a few smoke tests may run everywhere.
        """
        if not asked:
            return otherwise
        sizes = np.array([len(self.jobs[number].titles) for number in asked])
        smaller, shared = np.minimum(sizes, len(suite.titles)), self._shared(suite)[asked]
        fits = 2 * shared <= smaller
        stop = int(fits.argmax()) + 1 if fits.any() else len(asked)
        slack = (abs(smaller - 2 * shared) // 3)[:stop]
        # What is empty shares nothing, whatever the other holds.
        self._note([suite.place], slack[(sizes[:stop] > 0) | (not len(suite.titles))].min(initial=ANY))
        by_job = np.full(len(self.jobs), ANY)
        counts = np.flatnonzero((sizes[:stop] == 0) | bool(len(suite.titles)))
        by_job[np.array(asked)[counts]] = slack[counts]
        self._note(self._place, by_job[self._job_of_place])
        return asked[stop - 1] if fits[stop - 1] else otherwise

    def _shared(self, suite: _Suite) -> NDArray[np.intp]:
        """By job, how many titles it has in common with a suite."""
        self._is_in[suite.titles] = True
        shared = self._job_of_title[self._is_in[self._title]]
        self._is_in[suite.titles] = False
        return np.bincount(shared, minlength=len(self.jobs))

    def _note(self, places: list[int], slack: Slack | np.int64) -> None:
        self._slack[places] = np.minimum(self._slack[places], slack)

    def beside(self, facts: ResourceFacts) -> int:
        """For a tree without a suite the job of its process, or of its name; else the first."""
        return min(self._wrote(facts), default=next(iter(self._named.get(facts.job, ())), 0))


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
    return Split(numbered(run, job, snapshot.start_ns[tree.roots]), several, slack)


def numbered(run: Labels, job: NDArray[np.integer], start_ns: NDArray[np.int64]) -> Labels:
    """By tree the number of its job: first by run, then by start; `job` tells those of one run apart."""
    pairs = run.astype(np.int64) * len(run) + job
    known, dense = np.unique(pairs, return_inverse=True)
    first = np.full(len(known), np.iinfo(np.int64).max)
    np.minimum.at(first, dense, start_ns)
    rank = np.empty(len(known), np.int32)
    rank[np.lexsort((first, known // len(run)))] = np.arange(len(known), dtype=np.int32)
    return rank[dense]


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
    jobs = _Jobs(slack, len(snapshot.texts))
    number = {place: jobs.add(_suite(snapshot, tree, place)) for place in order[with_suite[order]].tolist()}
    for place in order[~with_suite[order]].tolist():
        number[place] = jobs.beside(snapshot.resource(int(tree.roots[place])))
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
