"""Whose losses are whose: what is missing, attributed to jobs and runs by the file that it is missing from.

A file without spans is attributed by the names of its writer's other files, else by its writer's process.
What a file with several runs lost may be any of theirs.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from msgspec import Struct, field

from tracetui.analysis.jobs.job_sums import Sums
from tracetui.model.kind import Kind
from tracetui.store.snapshot import Snapshot

_LIVE, _LIVE_END, _SPANS_END = "live/", ".logs.jsonl", ".traces.jsonl"


class Losses(Struct, frozen=True):
    """How much is missing, by kind: certainly of some jobs (`own`), perhaps of them, and of others."""

    own: Mapping[Kind, int] = field(default_factory=dict)
    perhaps: Mapping[Kind, int] = field(default_factory=dict)
    elsewhere: Mapping[Kind, int] = field(default_factory=dict)


NOTHING_LOST = Losses()


class Lost:
    """Everything that is missing, by the jobs that lost it; without jobs, nobody knows whose it is."""

    def __init__(self, snapshot: Snapshot, jobs: Sums) -> None:
        self._count = len(jobs.spans)
        self._all = snapshot.health.losses
        self._alone: dict[int, Counter[Kind]] = {}
        self._shared: dict[frozenset[int], Counter[Kind]] = {}
        if self._count and self._all:
            labels = {label for kind in self._all for label in snapshot.health.kinds[kind].sources}
            for some, kind, number in _tied(snapshot, _Files(snapshot, jobs, labels)):
                self._place(some)[kind] += number

    def seen_by(self, jobs: range) -> Losses:
        """What is missing from the point of view of these jobs; if they are all, nothing can be of others."""
        if not self._all:
            return NOTHING_LOST
        if len(jobs) == self._count:
            return Losses(own=self._all)
        own, perhaps = Counter[Kind](), Counter[Kind]()
        for job in jobs:
            own += self._alone.get(job, Counter())
        for some, lost in self._shared.items():
            if some and some.issubset(jobs):
                own += lost
            elif not some or not some.isdisjoint(jobs):
                perhaps += lost
        return Losses(own, perhaps, Counter(self._all) - own - perhaps)

    def _place(self, jobs: frozenset[int]) -> Counter[Kind]:
        if len(jobs) == 1:
            return self._alone.setdefault(next(iter(jobs)), Counter())
        return self._shared.setdefault(jobs, Counter())


def _tied(snapshot: Snapshot, files: "_Files") -> Iterator[tuple[frozenset[int], Kind, int]]:
    for kind, count in snapshot.health.losses.items():
        sources = snapshot.health.kinds[kind].sources
        for label, number in sources.items():
            yield files.jobs(label), kind, number
        untold = count - sum(sources.values())
        if untold > 0:
            yield frozenset(), kind, untold


class _Files:
    """Which jobs the spans of the files `labels` belong to, and those of the processes that wrote them."""

    def __init__(self, snapshot: Snapshot, jobs: Sums, labels: set[str]) -> None:
        self._snapshot, self._jobs = snapshot, jobs
        writers = snapshot.sources.grouped(_writer)
        self._writer_of = {label: writers.number(label) for label in labels}
        self._by_writer: dict[int, set[int]] = {number: set() for number in self._writer_of.values()}
        is_asked = np.zeros(len(writers) + 1, np.bool_)  # At the end for -1, labels of no source.
        is_asked[[*self._by_writer]] = True
        writer = writers.numbers[snapshot.source_of_origin[jobs.origin_of_parts]]
        some = is_asked[writer]
        for number, job in zip(writer[some].tolist(), jobs.job_of_parts[some].tolist(), strict=True):
            self._by_writer[number].add(job)

    def jobs(self, label: str) -> frozenset[int]:
        """The jobs of the file with this label; none if unknown."""
        return frozenset(self._by_writer[self._writer_of[label]] or self._of_processes(label))

    def _of_processes(self, label: str) -> set[int]:
        return set().union(
            *(self._by_process.get(process, set()) for process in self._writers.get(label, ()))
        )

    @cached_property
    def _writers(self) -> Mapping[str, set[tuple[str, int]]]:
        """By label, the processes (host and pid) whose heartbeats are in files of that name."""
        writers: dict[str, set[tuple[str, int]]] = {}
        for source, beat in self._snapshot.heartbeats.items():
            writers.setdefault(self._snapshot.sources[source], set()).add((beat.host, beat.pid))
        return writers

    @cached_property
    def _by_process(self) -> Mapping[tuple[str, int], set[int]]:
        jobs: dict[tuple[str, int], set[int]] = {}
        parts = zip(self._jobs.origin_of_parts.tolist(), self._jobs.job_of_parts.tolist(), strict=True)
        for origin, job in parts:
            facts = self._snapshot.resources[origin]
            if facts.pid:
                jobs.setdefault((facts.host, facts.pid), set()).add(job)
        return jobs


def _writer(label: str) -> str:
    """The part of a name that all files of one writer share, with spans or in `live`."""
    directory, slash, name = label.rpartition("/")
    stem = name.removesuffix(_LIVE_END)
    if stem != name and (directory + slash).endswith(_LIVE):
        return (directory + slash).removesuffix(_LIVE) + stem
    return label.removesuffix(_SPANS_END)
