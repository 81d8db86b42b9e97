"""How far a run is: tests done and to come, how fast, and when it will be over."""

from typing import TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.history.history import History
from tracetui.analysis.overview.pace import NOT_DONE, Pace
from tracetui.analysis.runs.runs import Runs, Summary
from tracetui.analysis.time.times import Times
from tracetui.model.numbers.distinct import among
from tracetui.store.snapshot import Snapshot

LATELY_NS = 30 * units.S
"""What the rate of a live run is measured over."""

Row = TypeVar("Row", bound=np.signedinteger)


class Progress(Struct, frozen=True, eq=False):
    """The progress of one run. `ends` are the ends of its finished tests, ns since the epoch, ascending.

    `expected` is 0 if unknown; `is_told` says that the run itself gave it, not the run before it. `eta_ns` is
    how long from now it should take, within `eta_range_ns`; None without earlier runs. `rate` and `average`
    are in tests a second: `average` over all its time, `rate` over the last seconds while it is live.
    """

    ends: NDArray[np.int64]
    expected: int
    is_told: bool
    eta_ns: int | None
    rate: float
    average: float
    eta_range_ns: tuple[int, int] | None = None

    @property
    def done(self) -> int:
        """How many tests have ended."""
        return len(self.ends)

    @property
    def share(self) -> float:
        """The share of the tests that is done; 0 if unknown."""
        return min(1.0, self.done / self.expected) if self.expected else 0.0


class Done(Struct, frozen=True, eq=False):
    """The finished tests of a run: their ends, ascending, and by place in its history how many."""

    ends: NDArray[np.int64]
    count: NDArray[np.int64]


def done(snapshot: Snapshot, times: Times, past: History, rows: NDArray[np.intp]) -> Done:
    """The finished ones of the tests `rows`: O(n log n)."""
    ended = are_done(snapshot, rows)
    return Done(np.sort(times.end[ended]), known(snapshot, past, ended))


def are_done(snapshot: Snapshot, rows: NDArray[Row]) -> NDArray[Row]:
    """Which of the tests `rows` have ended."""
    return rows[~among(snapshot.outcome[rows], NOT_DONE)]


def known(snapshot: Snapshot, past: History, rows: NDArray[Row]) -> NDArray[np.int64]:
    """By place in the history, how many of `rows` are there."""
    if not len(past.key):
        return np.empty(0, np.int64)
    places = past.places(snapshot.role[rows], snapshot.title_id[rows])
    return np.bincount(places[places >= 0], minlength=len(past.key))


def progress(
    runs: Runs, number: int, summary: Summary, now_ns: int, what: Done, usual: Pace | None
) -> Progress:
    """The progress at `now_ns` of run `number`, of which `what` is done; it goes on at the `usual` pace."""
    ends = what.ends
    is_live = summary.state == "live"
    before = usual.tests if usual and usual.tests else _as_before(runs, number) if is_live else 0
    expected = summary.expected or before
    elapsed = max(1, (now_ns if is_live else summary.end_ns) - summary.start_ns)
    average = len(ends) / elapsed * units.S
    last_ns = int(ends[-1]) - summary.start_ns if len(ends) else 0
    eta = usual.eta(what.count, last_ns, elapsed) if usual and is_live else None
    return Progress(
        ends=ends,
        expected=expected if expected >= len(ends) else 0,
        is_told=bool(summary.expected),
        eta_ns=eta.ns if eta else None,
        eta_range_ns=(eta.low_ns, eta.high_ns) if eta else None,
        rate=_rate(ends, now_ns, elapsed) if is_live else average,
        average=average,
    )


def _as_before(runs: Runs, number: int) -> int:
    """How many tests the last complete run of the same title had."""
    complete = runs.ended & runs.has_tests
    before = (run for run in runs.of_title(number) if run > number and complete[run])
    return next((runs[run].tests for run in before), 0)


def _rate(ends: NDArray[np.int64], now_ns: int, elapsed_ns: int) -> float:
    over = max(units.S, min(LATELY_NS, elapsed_ns))
    lately = len(ends) - int(np.searchsorted(ends, now_ns - over))
    return lately / over * units.S
