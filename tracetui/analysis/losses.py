"""Whose losses are whose: what is missing, tied to jobs and runs by the file that it is missing from.

A file without spans is tied by what its writer calls its other files, else by its writer's process. What a
file lost that holds several runs may be of any of them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracetui.analysis.job_sums import Sums
from tracetui.model.kind import Kind
from tracetui.store.snapshot import Snapshot

_LIVE, _LIVE_END, _SPANS_END = "live/", ".logs.jsonl", ".traces.jsonl"


@dataclass(frozen=True, slots=True)
class Loss:
    """So many of a kind, lost by some of `jobs`; by nobody knows whom where these are none."""

    kind: Kind
    count: int
    jobs: frozenset[int]


@dataclass(frozen=True, slots=True)
class Losses:
    """What is missing, by kind how often: of some jobs for sure (`own`), perhaps of them, and of others."""

    own: Mapping[Kind, int] = field(default_factory=dict)
    perhaps: Mapping[Kind, int] = field(default_factory=dict)
    elsewhere: Mapping[Kind, int] = field(default_factory=dict)


def losses(snapshot: Snapshot, jobs: Sums) -> tuple[Loss, ...]:
    """All that is missing: O(files)."""
    if not len(jobs.spans) or not snapshot.health.losses:
        return ()
    return tuple(_tied(snapshot, _Files(snapshot, jobs)))


def divided(found: Sequence[Loss], jobs: Collection[int], *, are_all: bool) -> Losses:
    """The losses as these jobs see them; where they `are_all`, nothing can be of others."""
    own, perhaps, elsewhere = Counter[Kind](), Counter[Kind](), Counter[Kind]()
    for loss in found:
        if are_all or (loss.jobs and loss.jobs.issubset(jobs)):
            own[loss.kind] += loss.count
        elif loss.jobs and loss.jobs.isdisjoint(jobs):
            elsewhere[loss.kind] += loss.count
        else:
            perhaps[loss.kind] += loss.count
    return Losses(own, perhaps, elsewhere)


def _tied(snapshot: Snapshot, files: "_Files") -> Iterator[Loss]:
    for kind, count in snapshot.health.losses.items():
        sources = snapshot.health.kinds[kind].sources
        for label, number in sources.items():
            yield Loss(kind, number, files.jobs(label))
        untold = count - sum(sources.values())
        if untold > 0:
            yield Loss(kind, untold, frozenset())


class _Files:
    """Which jobs the spans of a file are of."""

    def __init__(self, snapshot: Snapshot, jobs: Sums) -> None:
        self._snapshot = snapshot
        self._by_file: dict[str, set[int]] = {}
        self._by_process: dict[tuple[str, int], set[int]] = {}
        for origin, job in zip(jobs.origin_of_parts.tolist(), jobs.job_of_parts.tolist(), strict=True):
            told, label = snapshot.resources[origin], snapshot.sources[snapshot.origins[origin].source]
            self._by_file.setdefault(_writer(label), set()).add(job)
            if told.pid:
                self._by_process.setdefault((told.host, told.pid), set()).add(job)

    def jobs(self, label: str) -> frozenset[int]:
        """Those of the file with this label; none where nothing tells."""
        found = self._by_file.get(_writer(label))
        return frozenset(found or self._of_processes(label))

    def _of_processes(self, label: str) -> set[int]:
        snapshot = self._snapshot
        beats = (beat for source, beat in snapshot.heartbeats.items() if snapshot.sources[source] == label)
        return set().union(*(self._by_process.get((beat.host, beat.pid), set()) for beat in beats))


def _writer(label: str) -> str:
    """What our files of one writer have in common, those with spans and those beside them in `live`."""
    directory, slash, name = label.rpartition("/")
    stem = name.removesuffix(_LIVE_END)
    if stem != name and (directory + slash).endswith(_LIVE):
        return (directory + slash).removesuffix(_LIVE) + stem
    return label.removesuffix(_SPANS_END)
