"""Jobs, the parts of runs, as columns over all of them."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.jobs.job_sums import Counts, Sums, columns_of, outcomes_of, spans_of
from tracetui.analysis.runs.evidence import Evidence
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree.tree import Tree
from tracetui.analysis.tree.trees import Labels
from tracetui.model.batch import QUIET_NS, SILENCE_NS
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Rows = NDArray[np.intp]


class Jobs(Sums, frozen=True, eq=False, dict=True):
    """Jobs as columns: those of a run are adjacent, in order of their start; a run has at least one.

    `row` is the span that arrived first. `title_row` is the suite, or else the root, that took longest.
    `suite_outcomes` counts suites by `Outcome`, `missing` trees of tests or workers whose parent is missing.
    A job is `open` if no finished suite holds all of it, and `partial` if what it has of any tree cannot be
    all: its suite or its parent is missing. It is `written` if its files still change, `silent` if they have
    not for a while but may yet. The other columns are as in `Summary`.
    """

    of: Labels
    row: Counts
    start_ns: Counts
    end_ns: Counts
    title_row: Counts
    suites: Counts
    suite_outcomes: Counts
    missing: Counts
    open: NDArray[np.bool_]
    partial: NDArray[np.bool_]
    written: NDArray[np.bool_]
    silent: NDArray[np.bool_]
    failed: Counts
    nested: Counts
    idle: Counts
    expected: Counts

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Whether more is to come: something runs, or its files still change and its suite has not ended.

        Writers without start records (resmoke) write a suite when it is over, and nothing of what runs.
        """
        is_live: NDArray[np.bool_] = (self.seen[:, Outcome.RUNNING] > 0) | (self.open & self.written)
        return is_live | self.quiet

    @cached_property
    def quiet(self) -> NDArray[np.bool_]:
        """Whether the only sign of life is that its files may yet change.

        A writer of start records is known to be gone after a shorter silence: its open spans were cut off.
        Where all that was begun has ended, nothing says that there is more to wait for.
        """
        unfinished = self.seen[:, Outcome.RUNNING] + self.seen[:, Outcome.CUT_OFF]
        is_quiet: NDArray[np.bool_] = self.partial & self.silent & ~self.written & (unfinished == 0)
        return is_quiet

    @cached_property
    def cut_off(self) -> NDArray[np.bool_]:
        """Whether its suite was cut off, or anything if it has no suite."""
        by_suite, by_any = self.suite_outcomes[:, Outcome.CUT_OFF], self.seen[:, Outcome.CUT_OFF]
        is_cut_off: NDArray[np.bool_] = np.where(self.suites > 0, by_suite, by_any) > 0
        return is_cut_off


def job_columns(seen: Evidence, of: Labels, job: Labels, sums: Sums | None = None) -> Jobs:
    """The columns of jobs: `of` has each row's job, `job` each tree's; `sums` are those of its spans, if
    known.
    """
    count = int(job.max(initial=-1)) + 1
    sums = sums or spans_of(seen.snapshot, of, seen.nested).sums(count)
    snapshot, suites, uncounted = seen.snapshot, seen.suites, seen.uncounted
    nothing = np.empty(0, np.intp)
    ends = -least(-seen.ends, job, count)
    open_, partial = _unfinished(snapshot, seen.tree, of, count)
    written, silent = _with_files(snapshot, sums, ends)
    nested, idle = (uncounted.tests, uncounted.idle_tests) if uncounted else (nothing, nothing)
    return Jobs(
        **columns_of(sums),
        of=of,
        row=least(seen.trees.first, job, count),
        start_ns=least(seen.trees.start_ns, job, count),
        end_ns=ends,
        title_row=_title_rows(seen.tree, seen.times, of, suites, count),
        suites=np.bincount(of[suites], minlength=count),
        suite_outcomes=outcomes_of(of, snapshot.outcome, suites, count),
        missing=_missing(snapshot, seen.tree, of, count),
        open=open_,
        partial=partial,
        written=written,
        silent=silent,
        failed=np.bincount(of[seen.failed], minlength=count),
        nested=np.bincount(of[nested], minlength=count),
        idle=np.bincount(of[idle], minlength=count),
        expected=_expected(snapshot, of, suites, count),
    )


def least(values: Counts, of: Labels, count: int) -> Counts:
    """For each number, the least of the values of its rows."""
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, of, values)
    return least


def _title_rows(tree: Tree, times: Times, of: Labels, suites: Rows, count: int) -> Counts:
    """By job the suite that took longest, the last of equal ones; without any, the root that did."""
    title_rows = np.zeros(count, np.int64)
    for rows in (tree.roots, suites):
        total = times.total[rows]
        most = -least(-total, of[rows], count)
        longest = rows[total == most[of[rows]]]
        title_rows[of[longest]] = longest
    return title_rows


def _expected(snapshot: Snapshot, of: Labels, suites: Rows, count: int) -> Counts:
    declared = _declared(snapshot, suites)
    silent = np.bincount(of[suites[declared == 0]], minlength=count) > 0
    return np.where(silent, 0, np.bincount(of[suites], declared, count)).astype(np.int64)


def _declared(snapshot: Snapshot, suites: Rows) -> Counts:
    """How many tests each suite said it would run; 0 if it did not say."""
    said = snapshot.expected
    if not said:
        return np.zeros(len(suites), np.int64)
    keys, counts = (
        np.fromiter(each, dtype, len(said))
        for each, dtype in ((said.keys(), np.uint64), (said.values(), np.int64))
    )
    order = np.argsort(keys)
    place = order[np.searchsorted(keys, snapshot.key[suites], sorter=order).clip(max=len(keys) - 1)]
    return np.where(keys[place] == snapshot.key[suites], counts[place], 0)


def _unfinished(snapshot: Snapshot, tree: Tree, of: Labels, count: int) -> tuple[NDArray[np.bool_], ...]:
    """Which jobs are open, and which are partial."""
    roots = tree.roots
    role, has_ended = snapshot.role[roots], snapshot.end_ns[roots] != 0
    is_open = ~((role == Role.SUITE) & has_ended)
    is_part = is_open & ~((role == Role.OTHER) & has_ended & (snapshot.parent_key[roots] == 0))
    return tuple(np.bincount(of[roots[which]], minlength=count) > 0 for which in (is_open, is_part))


def _missing(snapshot: Snapshot, tree: Tree, of: Labels, count: int) -> Counts:
    """How many trees of a test run, other than whole suites, name a missing parent."""
    roots = tree.roots
    parts = roots[~among(snapshot.role[roots], (Role.OTHER, Role.SUITE)) & (snapshot.parent_key[roots] != 0)]
    return np.bincount(of[parts], minlength=count)


def _with_files(snapshot: Snapshot, sums: Sums, ends: Counts) -> tuple[NDArray[np.bool_], ...]:
    """Which jobs are written, and which are silent: as if each had files of its own.

    The file of a collector has the spans of many writers, and changes as long as one of them lives: a job
    that is so much behind the last one in its file has been silent for so long.
    """
    job, source = sums.job_of_parts, snapshot.source_of_origin[sums.origin_of_parts]
    grows, may_grow = np.zeros((2, len(snapshot.sources)), np.bool_)
    grows[list(snapshot.growing)] = may_grow[list(snapshot.growing | snapshot.quiet)] = True
    job, source = job[may_grow[source]], source[may_grow[source]]
    newest = np.zeros(len(snapshot.sources), np.int64)
    np.maximum.at(newest, source, ends[job])
    behind = newest[source] - ends[job]
    written, silent = np.zeros((2, len(ends)), np.bool_)
    written[job[grows[source] & (behind <= SILENCE_NS)]] = True
    silent[job[behind <= QUIET_NS]] = True
    return written, silent
