"""Jobs, the parts that runs are made of, as columns: what each says, in arrays over all of them."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.counting import Uncounted
from tracetui.analysis.distinct import among
from tracetui.analysis.grouping import Labels
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Counts = NDArray[np.int64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Jobs:
    """Jobs as columns: those of a run stand together, in order of their start; a run has at least one.

    `row` is the span that arrived first. `title_row` is the suite, or else the root, that took longest.
    `outcomes` counts tests, `suite_outcomes` suites, `seen` all spans that count: a column per `Outcome`.
    `missing` counts trees of tests or workers whose parent is not there. A job is `open` where no suite that
    has ended holds all of it, `written` where its files still change, `silent` where they have not for a
    while but may yet. Else as in `Summary`.
    """

    of: Labels
    row: Counts
    start_ns: Counts
    end_ns: Counts
    title_row: Counts
    suites: Counts
    suite_outcomes: Counts
    outcomes: Counts
    seen: Counts
    missing: Counts
    open: NDArray[np.bool_]
    written: NDArray[np.bool_]
    silent: NDArray[np.bool_]
    failed: Counts
    nested: Counts
    idle: Counts
    spans: Counts
    bytes: Counts
    expected: Counts

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Whether more is to come: something runs, or its files still change and its suite has not ended.

        Who writes no start records (resmoke) tells of a suite when it is over, and of nothing that runs.
        """
        found: NDArray[np.bool_] = (self.seen[:, Outcome.RUNNING] > 0) | (self.open & self.written)
        return found | self.quiet

    @cached_property
    def quiet(self) -> NDArray[np.bool_]:
        """Whether only that its files may yet change speaks for it.

        Who tells of what begins is known to be gone after a shorter silence: what began was cut off.
        """
        told = self.seen[:, Outcome.RUNNING] + self.seen[:, Outcome.CUT_OFF]
        found: NDArray[np.bool_] = self.open & self.silent & ~self.written & (told == 0)
        return found

    @cached_property
    def cut_off(self) -> NDArray[np.bool_]:
        """Whether its suite was cut off, or anything where there is no suite."""
        by_suite, by_any = self.suite_outcomes[:, Outcome.CUT_OFF], self.seen[:, Outcome.CUT_OFF]
        found: NDArray[np.bool_] = np.where(self.suites > 0, by_suite, by_any) > 0
        return found


def job_columns(
    snapshot: Snapshot,
    tree: Tree,
    times: Times,
    of: Labels,
    suites: NDArray[np.intp],
    failed: NDArray[np.intp],
    uncounted: Uncounted | None,
) -> Jobs:
    """The columns of jobs: `of` is by row the job; `suites` and `failed` are rows, as `verdicts` has them."""
    count = int(of.max(initial=-1)) + 1
    tests = np.flatnonzero(snapshot.role == Role.TEST)
    nothing = np.empty(0, np.intp)
    nested, idle = (uncounted.tests, uncounted.idle_tests) if uncounted else (nothing, nothing)
    counting = _counting(snapshot, uncounted)
    return Jobs(
        of=of,
        row=least(np.arange(len(of)), of, count),
        start_ns=least(snapshot.start_ns, of, count),
        end_ns=-least(-times.end, of, count),
        title_row=_title_rows(tree, times, of, suites, count),
        suites=np.bincount(of[suites], minlength=count),
        suite_outcomes=_outcomes(snapshot, of, suites, count),
        outcomes=_outcomes(snapshot, of, tests, count),
        seen=_outcomes(snapshot, of, counting, count),
        missing=_missing(snapshot, tree, of, count),
        open=_open(snapshot, tree, of, count),
        written=_with_files(snapshot, of, count, snapshot.growing),
        silent=_with_files(snapshot, of, count, snapshot.quiet),
        failed=np.bincount(of[failed], minlength=count),
        nested=np.bincount(of[nested], minlength=count),
        idle=np.bincount(of[idle], minlength=count),
        spans=np.bincount(of, minlength=count),
        bytes=np.bincount(of, snapshot.length, count).astype(np.int64),
        expected=_expected(snapshot, of, suites, count),
    )


def least(values: Counts, of: Labels, count: int) -> Counts:
    """By number, the least of the values of its rows."""
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, of, values)
    return least


def _title_rows(tree: Tree, times: Times, of: Labels, suites: Rows, count: int) -> Counts:
    """By run the suite that took longest; where there is none yet, the root that did."""
    found = np.zeros(count, np.int64)
    for rows in (tree.roots, suites):
        longest_last = rows[np.argsort(times.total[rows], kind="stable")]
        found[of[longest_last]] = longest_last
    return found


def _outcomes(snapshot: Snapshot, of: Labels, rows: Rows, count: int) -> Counts:
    kinds = len(Outcome)
    pairs = of[rows].astype(np.int64) * kinds + snapshot.outcome[rows]
    return np.bincount(pairs, minlength=count * kinds).reshape(count, kinds)


def _expected(snapshot: Snapshot, of: Labels, suites: Rows, count: int) -> Counts:
    told = np.array([snapshot.expected.get(int(snapshot.key[row]), 0) for row in suites], np.int64)
    silent = np.bincount(of[suites[told == 0]], minlength=count) > 0
    return np.where(silent, 0, np.bincount(of[suites], told, count)).astype(np.int64)


def _open(snapshot: Snapshot, tree: Tree, of: Labels, count: int) -> NDArray[np.bool_]:
    roots = tree.roots
    closed = (snapshot.role[roots] == Role.SUITE) & (snapshot.end_ns[roots] != 0)
    return np.bincount(of[roots[~closed]], minlength=count) > 0


def _counting(snapshot: Snapshot, uncounted: Uncounted | None) -> Rows:
    """The rows that say how a run stands: not those of runs inside of it."""
    return np.arange(len(snapshot)) if uncounted is None else np.flatnonzero(~uncounted.nested)


def _missing(snapshot: Snapshot, tree: Tree, of: Labels, count: int) -> Counts:
    """How many trees of a test run, but whole suites, name a parent that is not there."""
    roots = tree.roots
    parts = roots[~among(snapshot.role[roots], (Role.OTHER, Role.SUITE)) & (snapshot.parent_key[roots] != 0)]
    return np.bincount(of[parts], minlength=count)


def _with_files(snapshot: Snapshot, of: Labels, count: int, sources: Collection[int]) -> NDArray[np.bool_]:
    """Whether any of its files is among `sources`."""
    found = np.zeros(count, np.bool_)
    if sources:
        among = [origin.source in sources for origin in snapshot.origins]
        found[of[np.array(among, np.bool_)[snapshot.origin_id]]] = True
    return found
