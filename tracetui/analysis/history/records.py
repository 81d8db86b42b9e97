"""What later questions need of runs, as columns: when and where they ran, and what their tests and hooks
took.

A pipeline run has a record for each of its jobs: the same test on another machine is another measurement.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict, replace
from numpy.typing import NDArray

from tracetui import units
from tracetui.model.role import Outcome

Rows = NDArray[np.integer]


class Variant(NamedTuple):
    """What a job ran on: differences here make times differ.

    Texts are foreign, and empty if unknown, as is 0 cores; see `ResourceFacts`.
    """

    runtime: str = ""
    system: str = ""
    cores: int = 0
    image: str = ""
    machine: str = ""


class RunHead(NamedTuple):
    """One job of one run: texts are foreign and may be empty, times in ns since the epoch.

    `suite` is its name, `run_id` and `attempt` (from 1) are those of the pipeline. `key` chooses it in the
    findings it was made of. `state` is one of `summary.STATES`. On `workers` workers it ran `tests` tests.
    """

    suite: str
    job: str
    run_id: str
    attempt: int
    start_ns: int
    end_ns: int
    state: str
    outcome: Outcome
    revision: str
    branch: str
    variant: Variant
    workers: int
    tests: int
    key: int

    @property
    def label(self) -> str:
        """What distinguishes it from others of its kind: its pipeline run, as `--run` takes it, else its
        start.
        """
        if self.run_id:
            return f"{self.run_id}/{self.attempt}" if self.attempt > 1 else self.run_id
        return "no date" if 0 <= self.start_ns < units.NO_EPOCH else units.timestamp(self.start_ns)

    @property
    def kind(self) -> tuple[str, str]:
        """What comparable runs have in common: suite and job."""
        return self.suite, self.job


class Columns(Struct, frozen=True, eq=False):
    """A row is an attempt at a test, or all of a run's spans of one hook, fixture or archiver together.

    `run` and `name` index the accompanying heads and texts; `role`, `hook_kind` and `outcome` (of several
    spans the worst) hold the enums of `model.role`. `attempt` counts the attempts at a test from 1; all but
    its last have the outcome `RERUN`. `own_ns` and `total_ns` are sums over `count` spans. With `at_least` it
    was killed or timed out: it would have taken longer.
    """

    run: NDArray[np.int32]
    name: NDArray[np.int32]
    role: NDArray[np.uint8]
    hook_kind: NDArray[np.uint8]
    outcome: NDArray[np.uint8]
    attempt: NDArray[np.int32]
    at_least: NDArray[np.bool_]
    count: NDArray[np.int32]
    own_ns: NDArray[np.int64]
    total_ns: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.run)

    def only(self, which: Rows | NDArray[np.bool_] | slice) -> "Columns":
        """Some of the rows."""
        return Columns(**{name: column[which] for name, column in asdict(self).items()})


DTYPES = {
    "run": np.int32,
    "name": np.int32,
    "role": np.uint8,
    "hook_kind": np.uint8,
    "outcome": np.uint8,
    "attempt": np.int32,
    "at_least": np.bool_,
    "count": np.int32,
    "own_ns": np.int64,
    "total_ns": np.int64,
}
"""What each column holds."""


class RunRecord(Struct, frozen=True, eq=False):
    """One run: its rows, whose names are `texts` (foreign)."""

    head: RunHead
    texts: Sequence[str]
    columns: Columns

    def names(self) -> list[str]:
        """By row, its name."""
        return [self.texts[name] for name in self.columns.name.tolist()]


class Records(Struct, frozen=True, eq=False):
    """Runs, the first to begin first: the rows of each stand together, in the order of `heads`."""

    heads: Sequence[RunHead]
    texts: Sequence[str]
    columns: Columns

    def __len__(self) -> int:
        return len(self.heads)

    def __getitem__(self, number: int) -> RunRecord:
        begin, end = np.searchsorted(self.columns.run, (number, number + 1))
        return RunRecord(self.heads[number], self.texts, self.columns.only(slice(begin, end)))

    def __iter__(self) -> Iterator[RunRecord]:
        return (self[number] for number in range(len(self)))

    def only(self, runs: Sequence[int]) -> "Records":
        """Some of the runs, by ascending number."""
        place = np.full(len(self), -1, np.int32)
        place[list(runs)] = np.arange(len(runs), dtype=np.int32)
        kept = np.flatnonzero(place[self.columns.run] >= 0)
        columns = self.columns.only(kept)
        columns = replace(columns, run=place[columns.run])
        return Records([self.heads[number] for number in runs], self.texts, columns)


def nothing() -> Columns:
    """No rows."""
    return Columns(**{name: np.empty(0, dtype) for name, dtype in DTYPES.items()})


def joined(parts: Sequence[Records]) -> Records:
    """The runs of several recordings, in order of their start: O(n log n)."""
    heads = [head for part in parts for head in part.heads]
    order = sorted(range(len(heads)), key=lambda number: heads[number].start_ns)
    place = np.empty(len(heads), np.int32)
    place[order] = np.arange(len(heads), dtype=np.int32)
    names: dict[str, int] = {}
    moved, first = [nothing()], 0
    for part in parts:
        of_text = np.array([names.setdefault(text, len(names)) for text in part.texts], np.int32)
        columns = part.columns
        moved.append(
            replace(columns, run=place[columns.run + first], name=of_text[columns.name])
            if len(columns)
            else columns
        )
        first += len(part)
    whole = Columns(**{name: np.concatenate([getattr(part, name) for part in moved]) for name in DTYPES})
    columns = whole.only(np.argsort(whole.run, kind="stable"))
    return Records([heads[number] for number in order], list(names), columns)
