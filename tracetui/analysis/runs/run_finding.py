"""Finds the runs of a snapshot: which spans are one run, the order of runs, and their jobs."""

from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.counting.counting import Uncounted
from tracetui.analysis.jobs.jobs import Jobs, job_columns, least
from tracetui.analysis.jobs.sharding import shard_labels
from tracetui.analysis.jobs.shards import Split, split
from tracetui.analysis.runs.evidence import Evidence, evidence
from tracetui.analysis.runs.pipelines import Pipelines
from tracetui.analysis.runs.run_detection import run_labels
from tracetui.analysis.runs.runs import IDLE, OTHER, TESTED, Runs
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree.tree import Tree
from tracetui.analysis.tree.trees import Labels, Trees, place_of, spread, trees_of
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

_QUIET = (Outcome.PASSED, Outcome.SKIPPED, Outcome.UNKNOWN)
"""How suites end that need no look for themselves."""


def find_runs(snapshot: Snapshot, tree: Tree, times: Times, uncounted: Uncounted | None = None) -> Runs:
    """The runs of a snapshot: those that ran tests, the newest first, then all others."""
    return find_all(snapshot, tree, times, uncounted, Pipelines(snapshot)).runs


class Found(NamedTuple):
    """Runs, and what they were found from."""

    runs: Runs
    trees: Trees
    split: Split


def find_all(
    snapshot: Snapshot, tree: Tree, times: Times, uncounted: Uncounted | None, pipelines: Pipelines
) -> Found:
    """The runs of a snapshot, with what they were found from."""
    trees = trees_of(snapshot, tree, times, pipelines.of_all(snapshot))
    seen = evidence(snapshot, tree, times, uncounted, trees, np.flatnonzero(snapshot.end_ns == 0))
    run, worth = run_numbers(seen, pipelines)
    made = split(snapshot, tree, run, seen.suites)
    of, job = spread(run, tree), made.job
    jobs = job_columns(seen, of if job is run else spread(job, tree), job)
    return Found(runs_of(seen, of, worth, jobs), trees, made)


def run_numbers(seen: Evidence, pipelines: Pipelines) -> tuple[Labels, NDArray[np.int64]]:
    """By tree the number of its run, and by run its worth (see `Runs`)."""
    labels = run_labels(seen, pipelines)
    worth = _worth(seen, labels)
    order = np.lexsort((-least(seen.trees.start_ns, labels, len(worth)), worth))
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[labels], worth[order]


def runs_of(seen: Evidence, of: Labels, worth: NDArray[np.int64], jobs: Jobs) -> Runs:
    """The runs; `of` has each row's run."""
    first_job = np.flatnonzero(np.diff(of[jobs.row], prepend=-1))
    first_job = np.append(first_job, len(jobs.row))
    shards = _Shards(seen.snapshot, seen.tree, seen.times, seen.uncounted, jobs.of)
    return Runs(seen.snapshot, of, jobs, first_job, seen.suites, worth, seen.failed, shards)


class _Shards(Struct, frozen=True, eq=False):
    """A callable that gives the columns of shards. It keeps nothing that findings do not."""

    snapshot: Snapshot
    tree: Tree
    times: Times
    uncounted: Uncounted | None
    job_of: Labels

    def __call__(self) -> Jobs:
        trees = trees_of(self.snapshot, self.tree, self.times, None)
        open_ = np.flatnonzero(self.snapshot.end_ns == 0)
        seen = evidence(self.snapshot, self.tree, self.times, self.uncounted, trees, open_)
        shard = shard_labels(self.snapshot, self.tree, self.job_of, seen.suites)
        return job_columns(seen, spread(shard, self.tree), shard)


def _worth(seen: Evidence, labels: Labels) -> NDArray[np.int64]:
    """By label, `TESTED` if a test ran, may still run or a suite failed, else `IDLE` or `OTHER`."""
    snapshot, roots, trees = seen.snapshot, seen.tree.roots, seen.trees
    role, outcome = snapshot.role[roots], snapshot.outcome
    is_whole = (role == Role.SUITE) & among(outcome[roots], _QUIET)
    wrong = seen.suites[~among(outcome[seen.suites], _QUIET)]
    worth = np.full(int(labels.max(initial=-1)) + 1, OTHER)
    worth[labels[trees.spans > 0]] = IDLE
    worth[labels[(trees.tests > 0) | (~is_whole & (role != Role.OTHER))]] = TESTED
    worth[labels[place_of(wrong, seen.tree)]] = TESTED
    return worth
