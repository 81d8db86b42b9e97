"""Updates the runs of an earlier snapshot: what is new belongs to the run of its tree.

The result is exactly that of `run_finding`. Trees are few: the facts about each whole tree are kept, and runs
are found from these again. Where a run or a job has come, the others only get other numbers; if what is one
run or job has changed, everything is looked at.
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
    """By row whose it was, by the numbers of now; these by the numbers before, None if they are the same."""

    of: Labels
    number: Labels | None


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
        before, jobs = last.runs, last.runs.jobs
        of = _numbered(run, before.of, len(before), passage)
        if of is None:
            return None
        split_now = shards_growth.grown(last.split, passage, run, seen.suites, of.number)
        job = split_now.split.job
        is_alike = job is run and jobs.of is before.of
        job_of = of if is_alike else _numbered(job, jobs.of, len(jobs.row), passage)
        if job_of is None:
            return None
        runs = self._runs((of, job_of), jobs, passage, seen, (run, job), worth)
        return _Found(runs, now, trees, open_, split_now)

    def _runs(
        self,
        before: tuple[_Numbered, _Numbered],
        jobs: Sums,
        passage: Passage,
        seen: Evidence,
        labels: tuple[Labels, Labels],
        worth: Counts,
    ) -> Runs:
        """The runs, given what rows had `before` and trees have now, each of runs and of jobs."""
        (was, job_was), (run, job) = before, labels
        of = self._of.longer(was.of, run[passage.place_of_new])
        job_of = of if job is run else self._job_of.longer(job_was.of, job[passage.place_of_new])
        if job_was.number is not None:
            jobs = renumbered(jobs, job_was.number, int(job.max(initial=-1)) + 1)
        sums = _sums(jobs, job_was.of, passage, job_of)
        return runs_of(seen, of, worth, job_columns(seen, job_of, job, sums))


def _anew(now: Now) -> _Found:
    detected = find_all(*now)
    open_ = np.flatnonzero(now.snapshot.end_ns == 0).astype(np.int32)
    return _Found(detected.runs, now, detected.trees, open_, shards_growth.known(detected.split))


def _open(before: Rows, passage: Passage) -> Rows:
    """The rows that have no end, ascending."""
    rows = distinct(np.concatenate((before, passage.rows, passage.step.new)))
    open_: Rows = rows[passage.now.snapshot.end_ns[rows] == 0]
    return open_


def _numbered(label: Labels, of: Labels, count: int, passage: Passage) -> _Numbered | None:
    """The last runs or jobs by their numbers in `label`, by tree; None if what is one has changed, or may
    have.
    """
    if _are_same(label, count, of, passage):
        return _Numbered(of, None)
    was, is_ = of[passage.before.tree.roots], label[passage.roots]
    torn = passage.rows[passage.torn]
    number = np.full(count, -1, np.int32)
    number[was] = is_
    is_one = (number[was] == is_).all() and (number >= 0).all() and len(distinct(number)) == len(number)
    is_whole = np.array_equal(number[of[torn]], label[passage.place[passage.torn]])
    return _Numbered(number[of], number) if is_one and is_whole else None


def _are_same(number: Labels, count: int, of: Labels, passage: Passage) -> bool:
    """Whether `number` (by tree) is what `of` (by row) was, for exactly `count` runs or jobs."""
    torn = passage.rows[passage.torn]
    return (
        int(number.max(initial=-1)) + 1 == count
        and np.array_equal(number[passage.roots], of[passage.before.tree.roots])
        and np.array_equal(number[passage.place[passage.torn]], of[torn])
    )


def _sums(jobs: Sums, job_was: Labels, passage: Passage, job_of: Labels) -> Sums:
    before, now, rows, count = passage.before, passage.now, passage.rows, len(jobs.spans)
    less = spans_of(before.snapshot, job_was, before.nested, rows)
    more = spans_of(now.snapshot, job_of, now.nested, np.concatenate((rows, passage.step.new)))
    return changed(jobs, more.sums(count), less.sums(count))
