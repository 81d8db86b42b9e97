"""Finding the runs of a snapshot: which spans are one run, in which order runs come, which jobs they have."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.counting import Uncounted
from tracetui.analysis.distinct import among
from tracetui.analysis.grouping import Labels, run_labels
from tracetui.analysis.jobs import Jobs, job_columns, least
from tracetui.analysis.runs import IDLE, OTHER, TESTED, Runs
from tracetui.analysis.sharding import shard_labels
from tracetui.analysis.shards import job_labels
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree
from tracetui.analysis.verdicts import failing, top_suites
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

_QUIET = (Outcome.PASSED, Outcome.SKIPPED, Outcome.UNKNOWN)
"""How suites end that need no look for themselves."""


def find_runs(snapshot: Snapshot, tree: Tree, times: Times, uncounted: Uncounted | None = None) -> Runs:
    """The runs of a snapshot: those that ran tests, the newest first, then whatever else there is."""
    suites = top_suites(snapshot, tree)
    labels = run_labels(snapshot, tree, times)
    worth = _worth(snapshot, tree, labels, suites)
    order = np.lexsort((-least(snapshot.start_ns, labels, len(worth)), worth))
    of = _renumbered(labels, order)
    job_of = job_labels(snapshot, tree, of)
    failed = failing(snapshot, tree, suites)
    jobs = job_columns(snapshot, tree, times, job_of, suites, failed, uncounted)
    first_job = np.flatnonzero(np.diff(of[jobs.row], prepend=-1))
    first_job = np.append(first_job, len(jobs.row))

    def split() -> Jobs:
        shards = shard_labels(snapshot, tree, job_of)
        return job_columns(snapshot, tree, times, shards, suites, failed, uncounted)

    return Runs(snapshot, of, jobs, first_job, suites, worth[order], failed, split)


def _worth(snapshot: Snapshot, tree: Tree, labels: Labels, suites: NDArray[np.intp]) -> NDArray[np.int64]:
    """By label, `TESTED` where a test ran, may still run or a suite went wrong, else `IDLE` or `OTHER`."""
    count = int(labels.max(initial=-1)) + 1
    roots = tree.roots
    quiet = among(snapshot.outcome, _QUIET)
    is_whole = (snapshot.role[roots] == Role.SUITE) & quiet[roots]
    parts = roots[~is_whole & (snapshot.role[roots] != Role.OTHER)]
    worth = np.full(count, OTHER)
    worth[labels[snapshot.role != Role.OTHER]] = IDLE
    worth[labels[snapshot.role == Role.TEST]] = TESTED
    worth[labels[parts]] = TESTED
    worth[labels[suites[~quiet[suites]]]] = TESTED
    return worth


def _renumbered(labels: Labels, order: NDArray[np.intp]) -> Labels:
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[labels]
