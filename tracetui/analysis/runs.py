"""The runs of a recording, the newest first, and what each of them says of itself at a glance."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.distinct import distinct
from tracetui.analysis.grouping import Labels, run_labels
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree, outermost
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

NEWEST, ALL = -1, -2
"""What can be chosen beside a span's key, which stands for its run: whichever is the newest, or all."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run, or a whole recording, says of itself.

    `name` is foreign text; `state` one of `live`, `ended`, `cut off`, `empty`. Times in ns since the epoch;
    `end_ns` is what `Times` says. `outcomes` counts tests, each once, by its last attempt; `reruns` counts
    the attempts before those. `expected` is how many tests there will be once all have run, 0 where any of
    the runs does not tell (yet). `bytes` is what the spans take in their files.
    """

    name: str
    suites: int
    state: str
    start_ns: int
    end_ns: int
    outcomes: Counter[Outcome]
    spans: int = 0
    bytes: int = 0
    reruns: int = 0
    expected: int = 0

    @property
    def tests(self) -> int:
        """How many tests were seen."""
        return self.outcomes.total()

    @property
    def failed(self) -> int:
        """How many tests failed or broke."""
        return self.outcomes[Outcome.FAILED] + self.outcomes[Outcome.ERROR]

    @property
    def running(self) -> int:
        """How many tests have begun and not ended."""
        return self.outcomes[Outcome.RUNNING]


EMPTY = Summary("", 0, "empty", 0, 0, Counter())


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs as columns: `of` is by row, everything else by run; run 0 is the newest that holds tests.

    `row` is the span that arrived first: its key stands for its run from revision to revision. `title_row` is
    the suite, or else the root, that took longest. `outcomes` counts tests: a row per run, a column per
    `Outcome`; `seen` counts spans so. `expected` is how many tests there will be, 0 where that is not told.
    A run is `open` where no suite that has ended holds all of it.
    """

    snapshot: Snapshot
    of: Labels
    row: NDArray[np.int64]
    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]
    title_row: NDArray[np.int64]
    suites: NDArray[np.int64]
    outcomes: NDArray[np.int64]
    seen: NDArray[np.int64]
    bytes: NDArray[np.int64]
    expected: NDArray[np.int64]
    open: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.row)

    def __iter__(self) -> Iterator[Summary]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> Summary:
        return self._summary(self.name(number), slice(number, number + 1))

    def name(self, number: int) -> str:
        """What a run is called: foreign text."""
        return self.snapshot.title(int(self.title_row[number]))

    def alike(self, number: int, most: int) -> list[int]:
        """The runs that are called as run `number` is, the newest first: at most so many, it included."""
        titles = self.snapshot.title_id[self.title_row]
        found: list[int] = np.flatnonzero(titles == titles[number]).tolist()
        first = max(0, found.index(number) - most + 1)
        return found[first : first + most]

    @cached_property
    def key(self) -> NDArray[np.uint64]:
        """By run, the key of the span that stands for it."""
        return self.snapshot.key[self.row]

    def number(self, choice: int) -> int:
        """The number of the run that a span's key stands for; 0, the newest, where that is gone."""
        if choice < 0:
            return 0
        found = np.flatnonzero(self.key == np.uint64(choice))
        if len(found):
            return int(found[0])
        rows = np.flatnonzero(self.snapshot.key == np.uint64(choice))  # Two runs may have become one.
        return int(self.of[rows[0]]) if len(rows) else 0

    def summary(self, choice: int) -> Summary:
        """What the run that is chosen says of itself; with `ALL`, what all say together."""
        if not len(self):
            return EMPTY
        return self._summary(self.name(0), slice(None)) if choice == ALL else self[self.number(choice)]

    @cached_property
    def files(self) -> NDArray[np.int64]:
        """By run, how many files its spans stand in."""
        sources = max(1, len(self.snapshot.sources))
        pairs = distinct(self.of.astype(np.int64) * sources + self.snapshot.source_id)
        return np.bincount(pairs // sources, minlength=len(self))

    def _summary(self, name: str, runs: slice) -> Summary:
        counts, seen = self.outcomes[runs].sum(0).tolist(), self.seen[runs].sum(0)
        outcomes = Counter({outcome: counts[outcome] for outcome in Outcome if counts[outcome]})
        reruns = outcomes.pop(Outcome.RERUN, 0)
        expected = self.expected[runs]
        return Summary(
            name=name,
            suites=int(self.suites[runs].sum()),
            state=self._state(seen, runs),
            start_ns=int(self.start_ns[runs].min()),
            end_ns=int(self.end_ns[runs].max()),
            outcomes=outcomes,
            spans=int(seen.sum()),
            bytes=int(self.bytes[runs].sum()),
            reruns=reruns,
            expected=int(expected.sum()) if expected.all() else 0,
        )

    def _state(self, seen: NDArray[np.int64], runs: slice) -> str:
        """As the spans say it; but until its suite has ended, files that still change are a run under way.

        Who writes no start records (resmoke) tells of a suite when it is over, and of nothing that runs.
        """
        if seen[Outcome.RUNNING] or (self.snapshot.growing and not runs.start and self.open[0]):
            return "live"
        return "cut off" if seen[Outcome.CUT_OFF] else "ended"


def top_suites(snapshot: Snapshot, tree: Tree) -> NDArray[np.intp]:
    """The rows of suites without a suite above them."""
    return np.flatnonzero(outermost(snapshot.role == Role.SUITE, tree.parent))


def find_runs(snapshot: Snapshot, tree: Tree, times: Times) -> Runs:
    """The runs of a snapshot: those with tests, the newest first, then whatever else there is."""
    of = _newest_first(snapshot, run_labels(snapshot, tree, times))
    count = int(of.max(initial=-1)) + 1
    suites, tests = top_suites(snapshot, tree), np.flatnonzero(snapshot.role == Role.TEST)
    return Runs(
        snapshot=snapshot,
        of=of,
        row=np.unique(of, return_index=True)[1].astype(np.int64),
        start_ns=_least(snapshot.start_ns, of, count),
        end_ns=-_least(-times.end, of, count),
        title_row=_title_rows(tree, times, of, suites, count),
        suites=np.bincount(of[suites], minlength=count),
        outcomes=_outcomes(snapshot, of, tests, count),
        seen=_outcomes(snapshot, of, np.arange(len(of)), count),
        bytes=np.bincount(of, snapshot.length, count).astype(np.int64),
        expected=_expected(snapshot, of, suites, count),
        open=_open(snapshot, tree, of, count),
    )


def _newest_first(snapshot: Snapshot, labels: Labels) -> Labels:
    """The same, numbered anew: runs that hold anything of tests before others, then by start."""
    count = int(labels.max(initial=-1)) + 1
    start = _least(snapshot.start_ns, labels, count)
    tested = np.bincount(labels[snapshot.role != Role.OTHER], minlength=count) > 0
    place = np.empty(count, np.int32)
    place[np.lexsort((-start, ~tested))] = np.arange(count, dtype=np.int32)
    return place[labels]


def _least(values: NDArray[np.int64], of: Labels, count: int) -> NDArray[np.int64]:
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, of, values)
    return least


def _title_rows(
    tree: Tree, times: Times, of: Labels, suites: NDArray[np.intp], count: int
) -> NDArray[np.int64]:
    """By run the suite that took longest; where there is none yet, the root that did."""
    found = np.zeros(count, np.int64)
    for rows in (tree.roots, suites):
        longest_last = rows[np.argsort(times.total[rows], kind="stable")]
        found[of[longest_last]] = longest_last
    return found


def _outcomes(snapshot: Snapshot, of: Labels, rows: NDArray[np.intp], count: int) -> NDArray[np.int64]:
    kinds = len(Outcome)
    pairs = of[rows].astype(np.int64) * kinds + snapshot.outcome[rows]
    return np.bincount(pairs, minlength=count * kinds).reshape(count, kinds)


def _expected(snapshot: Snapshot, of: Labels, suites: NDArray[np.intp], count: int) -> NDArray[np.int64]:
    told = np.array([snapshot.expected.get(int(snapshot.key[row]), 0) for row in suites], np.int64)
    silent = np.bincount(of[suites[told == 0]], minlength=count) > 0
    return np.where(silent, 0, np.bincount(of[suites], told, count)).astype(np.int64)


def _open(snapshot: Snapshot, tree: Tree, of: Labels, count: int) -> NDArray[np.bool_]:
    roots = tree.roots
    closed = (snapshot.role[roots] == Role.SUITE) & (snapshot.end_ns[roots] != 0)
    return np.bincount(of[roots[~closed]], minlength=count) > 0
