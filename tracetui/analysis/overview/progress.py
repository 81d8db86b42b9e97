"""How far a run is: tests done of those to come, how fast, and when it will be over."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.history.history import History
from tracetui.analysis.runs.runs import Runs, Summary
from tracetui.analysis.study.distinct import among
from tracetui.analysis.time.times import Times
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

LATELY_NS = 30 * units.S
"""What the rate of a live run is measured over."""

Row = TypeVar("Row", bound=np.signedinteger)

_NOT_DONE = (Outcome.RUNNING, Outcome.CUT_OFF, Outcome.RERUN)
_LEAST_SHARE = 0.02
"""Less done than this tells nothing of the rest."""


@dataclass(frozen=True, eq=False)
class Progress:
    """Of one run. `ends` are the ends of its finished tests, ns since the epoch, ascending.

    `expected` is 0 where nobody knows; `is_told` whether the run said so itself and not the run before it.
    `eta_ns` is how long from now it should take, None where earlier runs do not tell. `rate` and
    `average` are in tests a second: `average` of all its time, `rate` of the last seconds while it is live.
    """

    ends: NDArray[np.int64]
    expected: int
    is_told: bool
    eta_ns: int | None
    rate: float
    average: float

    @property
    def done(self) -> int:
        """How many tests have ended."""
        return len(self.ends)

    @property
    def share(self) -> float:
        """The part of the tests that is done; 0 where nobody knows how many there are."""
        return min(1.0, self.done / self.expected) if self.expected else 0.0


@dataclass(frozen=True, eq=False)
class Done:
    """The tests of a run that have ended: when, ascending, and by place in its history how many."""

    ends: NDArray[np.int64]
    count: NDArray[np.int64]


def done(snapshot: Snapshot, times: Times, past: History, rows: NDArray[np.intp]) -> Done:
    """Those of the tests `rows`: O(n log n)."""
    ended = are_done(snapshot, rows)
    return Done(np.sort(times.end[ended]), known(snapshot, past, ended))


def are_done(snapshot: Snapshot, rows: NDArray[Row]) -> NDArray[Row]:
    """Those of the tests `rows` that have ended."""
    return rows[~among(snapshot.outcome[rows], _NOT_DONE)]


def known(snapshot: Snapshot, past: History, rows: NDArray[Row]) -> NDArray[np.int64]:
    """By place in the history, how many of `rows` are there."""
    if not len(past.key):
        return np.empty(0, np.int64)
    places = past.places(snapshot.role[rows], snapshot.title_id[rows])
    return np.bincount(places[places >= 0], minlength=len(past.key))


def progress(runs: Runs, number: int, summary: Summary, past: History, now_ns: int, what: Done) -> Progress:
    """The progress at `now_ns` of run `number`, of which `what` is done."""
    ends = what.ends
    is_live = summary.state == "live"
    expected = summary.expected or (_as_before(runs, number) if is_live else 0)
    elapsed = max(1, (now_ns if is_live else summary.end_ns) - summary.start_ns)
    share, average = _work_done(past, what.count), len(ends) / elapsed * units.S
    return Progress(
        ends=ends,
        expected=expected if expected >= len(ends) else 0,
        is_told=bool(summary.expected),
        eta_ns=int(elapsed * (1 - share) / share) if is_live and share >= _LEAST_SHARE else None,
        rate=_rate(ends, now_ns, elapsed) if is_live else average,
        average=average,
    )


def _as_before(runs: Runs, number: int) -> int:
    """How many tests the last whole run of the same name had."""
    name = runs.name(number)
    for earlier in range(number + 1, len(runs)):
        if runs.name(earlier) != name:
            continue
        summary = runs[earlier]
        if summary.tests and summary.state == "ended":
            return summary.tests
    return 0


def _work_done(past: History, count: NDArray[np.int64]) -> float:
    """Which part of what the run before did is done by now, by the usual durations of its tests."""
    tests = (past.key % len(Role) == Role.TEST) & (past.last_outcomes[:, -1] != Outcome.UNKNOWN)
    whole = int(past.total.p50_ns[tests].sum())
    done_ns = int(past.total.p50_ns[tests & (count > 0)].sum())
    return done_ns / whole if whole else 0.0


def _rate(ends: NDArray[np.int64], now_ns: int, elapsed_ns: int) -> float:
    over = max(units.S, min(LATELY_NS, elapsed_ns))
    lately = len(ends) - int(np.searchsorted(ends, now_ns - over))
    return lately / over * units.S
