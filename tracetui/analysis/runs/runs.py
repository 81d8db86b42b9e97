"""The runs of a recording, the newest first, with their jobs and summaries."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.jobs.jobs import Jobs
from tracetui.analysis.jobs.sharding import Shards
from tracetui.analysis.runs.apart import runs_apart, suites_apart
from tracetui.analysis.runs.losses import Losses
from tracetui.analysis.runs.summarising import Summaries
from tracetui.analysis.runs.summary import EMPTY, Summary
from tracetui.analysis.tree.trees import Labels
from tracetui.model.numbers.distinct import distinct
from tracetui.model.resource_facts import ResourceFacts
from tracetui.store.snapshot import Snapshot

__all__ = ["ALL", "EMPTY", "JOB", "NEWEST", "Runs", "Summary"]

NEWEST, ALL = -1, -2
"""What can be chosen beside a span's key, which stands for its run: whichever is the newest, or all."""
JOB = 1 << 64
"""Added to the key of a span, it stands for the span's job."""
SHARD = 1 << 65
"""Added to the key of a span, it stands for the span's shard, a part of its job."""

TESTED, IDLE, OTHER = 0, 1, 2


class Runs(Struct, frozen=True, eq=False, dict=True):
    """Runs as columns.

    `of` is by row; run 0 began last of those that ran tests. `suites`, the top ones, and `failing` are rows.
    Run `number` has the jobs from `first_job[number]` to `first_job[number + 1]`. The key of the span that
    arrived first identifies a run from revision to revision, and likewise a job. `worth` says by run whether
    it is `TESTED`, or `IDLE` (tests were collected or set up, none ran), or has nothing to do with tests.
    `split` gives the columns of shards, as those of jobs.
    """

    snapshot: Snapshot
    of: Labels
    jobs: Jobs
    first_job: NDArray[np.int64]
    suites: NDArray[np.intp]
    worth: NDArray[np.int64]
    failing: NDArray[np.intp]
    split: Callable[[], Jobs]

    def __len__(self) -> int:
        return len(self.first_job) - 1

    def __iter__(self) -> Iterator[Summary]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> Summary:
        return self._by_job.summary(self._jobs_of(number), self._apart_of(number))

    def name(self, number: int) -> str:
        """The name of a run: foreign text."""
        return self._by_job.title(int(self.title_row[number]))

    def alike(self, number: int, most: int) -> list[int]:
        """The runs with the name of run `number`, the newest first: at most `most`, including itself."""
        same_title = self.of_title(number)
        first = max(0, same_title.index(number) - most + 1)
        return same_title[first : first + most]

    def of_title(self, number: int) -> list[int]:
        """Run `number` and others whose longest suite has the same title, the newest first."""
        titles = self.snapshot.title_id[self.title_row]
        same: list[int] = np.flatnonzero(titles == titles[number]).tolist()
        return same

    def _apart_of(self, number: int) -> str:
        """What distinguishes a run from others of its title; those of other titles cost nothing then."""
        return self.apart[number] if len(self.of_title(number)) > 1 else ""

    def jobs_of(self, number: int) -> range:
        """The jobs of a run."""
        return range(int(self.first_job[number]), int(self.first_job[number + 1]))

    def full_name(self, number: int) -> str:
        """The name of a run, and what distinguishes it from others of that name: foreign text."""
        return " ".join(filter(None, (self.name(number), self.apart[number])))

    def facts(self, number: int) -> ResourceFacts:
        """What the resource of a run's longest suite says."""
        return self.snapshot.resource(int(self.title_row[number]))

    def job(self, job: int) -> Summary:
        """The summary of a job."""
        return self._by_job.summary(slice(job, job + 1), self.jobs_apart[job])

    def job_name(self, job: int) -> str:
        """The name of a job among the others of its run: foreign text."""
        return self.jobs_apart[job] or self.snapshot.title(int(self.jobs.title_row[job]))

    def job_choice(self, job: int) -> int:
        """The choice of a job."""
        return JOB + int(self.snapshot.key[self.jobs.row[job]])

    @cached_property
    def shards(self) -> Shards:
        """The shards of jobs: computed on first use."""
        return Shards(self.snapshot, self.split(), self.jobs.of)

    def shards_of(self, job: int) -> list[int]:
        """The shards of a job, if there are several."""
        return self.shards.of_job(job) if self.jobs.suites[job] > 1 else []

    def shard_choice(self, shard: int) -> int:
        """The choice of a shard."""
        return SHARD + int(self.snapshot.key[self.shards.columns.row[shard]])

    @cached_property
    def _by_job(self) -> Summaries:
        return Summaries(self.snapshot, self.jobs)

    @cached_property
    def row(self) -> NDArray[np.int64]:
        """By run, the span that arrived first."""
        return np.minimum.reduceat(self.jobs.row, self.first_job[:-1])

    @cached_property
    def key(self) -> NDArray[np.uint64]:
        """By run, the key of the span that identifies it."""
        return self.snapshot.key[self.row]

    @cached_property
    def start_ns(self) -> NDArray[np.int64]:
        """By run, its first start."""
        return np.minimum.reduceat(self.jobs.start_ns, self.first_job[:-1])

    @cached_property
    def end_ns(self) -> NDArray[np.int64]:
        """By run, its last end."""
        return np.maximum.reduceat(self.jobs.end_ns, self.first_job[:-1])

    @cached_property
    def title_row(self) -> NDArray[np.int64]:
        """By run, the suite or root that took longest of all its jobs."""
        length = self.jobs.end_ns - self.jobs.start_ns
        run = np.repeat(np.arange(len(self)), np.diff(self.first_job))
        longest = np.flatnonzero(length == np.maximum.reduceat(length, self.first_job[:-1])[run])
        first_of_run = np.searchsorted(run[longest], np.arange(len(self)))
        return self.jobs.title_row[longest[first_of_run]]

    @cached_property
    def has_tests(self) -> NDArray[np.bool_]:
        """By run, whether any test of it ran."""
        return np.add.reduceat(self.jobs.outcomes.sum(1), self.first_job[:-1]) > 0

    @cached_property
    def ended(self) -> NDArray[np.bool_]:
        """By run, whether its state is `ended`."""
        columns = self.jobs
        unfinished = columns.live | (columns.missing > 0) | columns.cut_off
        return ~np.logical_or.reduceat(unfinished, self.first_job[:-1])

    @cached_property
    def newest(self) -> int:
        """The run that `NEWEST` means: of the live runs the first to begin, else the last to end.

        A run that has gone quiet, and after which another began, is probably dead and does not hide that one.
        """
        if not len(self):
            return 0
        surely, live = (
            np.logical_or.reduceat(jobs, self.first_job[:-1])
            for jobs in (self.jobs.live & ~self.jobs.quiet, self.jobs.live)
        )
        live = np.flatnonzero(surely | (live & (self.end_ns >= self.start_ns.max())))
        if len(live):
            return int(live[self.start_ns[live].argmin()])
        first = np.flatnonzero(self.worth == self.worth[0])
        return int(first[self.end_ns[first].argmax()])

    @cached_property
    def apart(self) -> list[str]:
        """By run, what distinguishes it from others of its name: foreign text."""
        titles = self.snapshot.title_id[self.title_row].tolist()
        return runs_apart(self.snapshot, titles, self.title_row.tolist())

    @cached_property
    def jobs_apart(self) -> list[str]:
        """By job, what distinguishes it from the others of its run: foreign text."""
        of_job = np.repeat(np.arange(len(self)), np.diff(self.first_job)).tolist()
        return suites_apart(self.snapshot, of_job, self.jobs.title_row.tolist())

    @cached_property
    def job_facts(self) -> list[ResourceFacts]:
        """By job, what the resource of its longest suite says."""
        return [self.snapshot.resource(int(row)) for row in self.jobs.title_row]

    @cached_property
    def suites_apart(self) -> Mapping[int, str]:
        """By row, what distinguishes a suite from others of that title in its run: foreign text."""
        rows = self.suites.tolist()
        titles = list(zip(self.of[rows].tolist(), self.snapshot.title_id[rows].tolist(), strict=True))
        words = suites_apart(self.snapshot, titles, rows)
        return {row: word for row, word in zip(rows, words, strict=True) if word}

    @cached_property
    def suites_among_runs(self) -> Mapping[int, str]:
        """The same where several runs are shown: also what distinguishes its run."""
        rows = self.suites.tolist()
        words = ((row, self.apart[int(self.of[row])], self.suites_apart.get(row, "")) for row in rows)
        return {row: " ".join(filter(None, both)) for row, *both in words if any(both)}

    def number(self, choice: int) -> int:
        """The number of the chosen run; that of the newest if the choice is gone."""
        row = self._row(choice)
        return self.newest if row < 0 else int(self.of[row])

    def mask(self, choice: int) -> NDArray[np.bool_] | None:
        """By row, whether it belongs to the chosen run, job or shard; None if all do."""
        row = self._row(choice)
        if choice >= SHARD and row >= 0:
            of_shard: NDArray[np.bool_] = self.shards.of == self.shards.of[row]
            return of_shard
        if choice == ALL or len(self.jobs.row) <= 1:
            return None
        if choice >= JOB and row >= 0:
            of_job: NDArray[np.bool_] = self.jobs.of == self.jobs.of[row]
            return of_job
        if len(self) <= 1:
            return None
        of_run: NDArray[np.bool_] = self.of == self.number(choice)
        return of_run

    def namesakes(self, choice: int) -> NDArray[np.bool_] | None:
        """By row, whether it belongs to a job with the name of the chosen one, in any run.

        None if no job is chosen.
        """
        row = self._row(choice)
        if choice < JOB or row < 0:
            return None
        kinds = [(facts.job, facts.service) for facts in self.job_facts]
        wanted = kinds[int(self.jobs.of[row])]
        return np.array([kind == wanted for kind in kinds], np.bool_)[self.jobs.of]

    def summary(self, choice: int) -> Summary:
        """The summary of the chosen run, job or shard; with `ALL`, of all together.

        What distinguishes a job from others says its run, if there are several; that of a shard its job too.
        """
        if not len(self):
            return EMPTY
        if choice == ALL:
            return self._by_job.summary(slice(0, len(self.jobs.row)), "")
        row, number = self._row(choice), self.number(choice)
        if choice < JOB or row < 0:
            return self[number]
        job = int(self.jobs.of[row])
        words = [self.apart[number], self.jobs_apart[job]]
        part = self.job(job)
        if choice >= SHARD:
            part = self.shards.summary(int(self.shards.of[row]))
            words.append(part.apart)
        return replace(part, apart=" ".join(filter(None, words)))

    def losses(self, choice: int) -> Losses:
        """What is missing from the recording, from the point of view of the chosen run, job or shard."""
        if choice == ALL or not len(self):
            return Losses(own=self.snapshot.health.losses)
        row = self._row(choice)
        if choice >= SHARD and row >= 0:
            return self.shards.losses(int(self.shards.of[row]))
        if choice >= JOB and row >= 0:
            job = int(self.jobs.of[row])
            return self._by_job.losses(slice(job, job + 1))
        return self._by_job.losses(self._jobs_of(self.number(choice)))

    @cached_property
    def files(self) -> NDArray[np.int64]:
        """By run, how many files its spans are in."""
        sources = max(1, len(self.snapshot.sources))
        run = np.repeat(np.arange(len(self)), np.diff(self.first_job))[self.jobs.job_of_parts]
        pairs = distinct(run * sources + self.snapshot.source_of_origin[self.jobs.origin_of_parts])
        return np.bincount(pairs // sources, minlength=len(self))

    def _row(self, choice: int) -> int:
        """The row of the span that a choice names; -1 if it names none, or none that exists."""
        if choice < 0:
            return -1
        key = np.uint64(choice % JOB)
        likely = self.jobs.row[self.snapshot.key[self.jobs.row] == key]
        rows = likely if len(likely) else np.flatnonzero(self.snapshot.key == key)
        return int(rows[0]) if len(rows) else -1

    def _jobs_of(self, number: int) -> slice:
        return slice(int(self.first_job[number]), int(self.first_job[number + 1]))
