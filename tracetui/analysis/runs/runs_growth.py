"""Updates the runs of an earlier snapshot: what is new belongs to the run of its tree.

The result is exactly that of `run_finding`. Trees are few: the facts about each whole tree are kept, and runs
are found from these again. Where a run has come, the others only get other numbers; if what is one run has
changed, everything is looked at.
"""

from typing import NamedTuple

import numpy as np

from tracetui.analysis.counting.counting import Uncounted
from tracetui.analysis.jobs import shards_growth
from tracetui.analysis.jobs.job_sums import Sums, changed, renumbered, spans_of
from tracetui.analysis.jobs.jobs import job_columns
from tracetui.analysis.jobs.shards_growth import Known
from tracetui.analysis.runs.evidence import Evidence, evidence
from tracetui.analysis.runs.pipelines import Pipelines
from tracetui.analysis.runs.run_finding import find_all, run_numbers, runs_of
from tracetui.analysis.runs.runs import Runs
from tracetui.analysis.study.appended import Appended
from tracetui.analysis.study.step import Step
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree import trees_growth
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.analysis.tree.trees import Counts, Labels, Trees
from tracetui.analysis.tree.trees_growth import Now, Passage
from tracetui.model.numbers.distinct import distinct
from tracetui.store.snapshot import Snapshot


class _Found(NamedTuple):
    """Runs, and what they were found from; the rows `open_` have no end."""

    runs: Runs
    now: Now
    trees: Trees
    open_: Rows
    split: Known


class _Numbered(NamedTuple):
    """The last runs and jobs by their numbers now: how many there are, by row whose it is, the jobs' sums."""

    runs: int
    jobs: int
    of: Labels
    job_of: Labels
    sums: Sums


class RunsGrowth:
    """Finds the runs of one study after the other; `grew` says whether the last result was an update."""

    def __init__(self) -> None:
        self.grew = False
        self._last: _Found | None = None
        self._of = Appended[np.int32]()
        self._job_of = Appended[np.int32]()

    def forget(self) -> None:
        """Forget everything: rows have changed, or were not looked at for some time."""
        self._last = None

    def runs(
        self, step: Step, snapshot: Snapshot, tree: Tree, times: Times, uncounted: Uncounted | None
    ) -> Runs:
        """The runs of the snapshot that the step leads to."""
        last = self._last if self._last and self._last.runs is step.last.runs else None
        pipelines = Pipelines(snapshot, last.now.pipelines if last else None)
        now = Now(snapshot, tree, times, uncounted, pipelines)
        grown = self._grown(last, step, now) if last else None
        self.grew = grown is not None
        self._last = grown or _anew(now)
        return self._last.runs

    def _grown(self, last: _Found, step: Step, now: Now) -> _Found | None:
        passage = Passage(step, last.now, now, trees_growth.changed(step, now, last.now))
        if now.tree.cycles or passage.is_long or not now.pipelines.goes_on(last.now.pipelines):
            return None
        trees = trees_growth.grown(last.trees, passage)
        if trees is None:
            return None
        open_ = _open(last.open_, passage)
        seen = evidence(now.snapshot, now.tree, now.times, now.uncounted, trees, open_)
        run, worth = run_numbers(seen, now.pipelines)
        numbered = _numbered(last, run, passage)
        if numbered is None:
            return None
        split = shards_growth.grown(last.split, passage, run, seen.suites)
        runs = self._runs(numbered, passage, seen, run, split.split.job, worth)
        return _Found(runs, now, trees, open_, split) if runs else None

    def _runs(
        self, last: _Numbered, passage: Passage, seen: Evidence, run: Labels, job: Labels, worth: Counts
    ) -> Runs | None:
        """The runs, given each tree's `run`, unchanged, and its `job`; None if jobs have changed."""
        if not _are_same(job, last.jobs, last.job_of, passage):
            return None
        of = self._of.longer(last.of, run[passage.place_of_new])
        job_of = of if job is run else self._job_of.longer(last.job_of, job[passage.place_of_new])
        return runs_of(seen, of, worth, job_columns(seen, job_of, job, _sums(last, passage, job_of)))


def _anew(now: Now) -> _Found:
    detected = find_all(*now)
    open_ = np.flatnonzero(now.snapshot.end_ns == 0).astype(np.int32)
    return _Found(detected.runs, now, detected.trees, open_, shards_growth.known(detected.split))


def _open(before: Rows, passage: Passage) -> Rows:
    """The rows that have no end, ascending."""
    rows = distinct(np.concatenate((before, passage.rows, passage.step.new)))
    open_: Rows = rows[passage.now.snapshot.end_ns[rows] == 0]
    return open_


def _numbered(last: _Found, run: Labels, passage: Passage) -> _Numbered | None:
    """The last runs by their numbers now; None if what is one run has changed, or may have."""
    runs, jobs = last.runs, last.runs.jobs
    if _are_same(run, len(runs), runs.of, passage):
        return _Numbered(len(runs), len(jobs.row), runs.of, jobs.of, jobs)
    number = _numbers(run, runs, passage)
    if number is None or len(last.split.split.several) or jobs.of is not runs.of:
        return None
    of, count = number[runs.of], int(run.max(initial=-1)) + 1
    return _Numbered(count, count, of, of, renumbered(jobs, number, count))


def _numbers(run: Labels, runs: Runs, passage: Passage) -> Labels | None:
    """By number of a run before its number in `run`, by tree; None if it is not one run now, by itself."""
    was, is_ = runs.of[passage.before.tree.roots], run[passage.roots]
    torn = passage.rows[passage.torn]
    number = np.full(len(runs), -1, np.int32)
    number[was] = is_
    is_one = (number[was] == is_).all() and (number >= 0).all() and len(distinct(number)) == len(number)
    is_whole = np.array_equal(number[runs.of[torn]], run[passage.place[passage.torn]])
    return number if is_one and is_whole else None


def _are_same(number: Labels, count: int, of: Labels, passage: Passage) -> bool:
    """Whether `number` (by tree) is what `of` (by row) was, for exactly `count` runs or jobs."""
    torn = passage.rows[passage.torn]
    return (
        int(number.max(initial=-1)) + 1 == count
        and np.array_equal(number[passage.roots], of[passage.before.tree.roots])
        and np.array_equal(number[passage.place[passage.torn]], of[torn])
    )


def _sums(last: _Numbered, passage: Passage, job_of: Labels) -> Sums:
    before, now, rows = passage.before, passage.now, passage.rows
    less = spans_of(before.snapshot, last.job_of, before.nested, rows)
    more = spans_of(now.snapshot, job_of, now.nested, np.concatenate((rows, passage.step.new)))
    return changed(last.sums, more.sums(last.jobs), less.sums(last.jobs))
