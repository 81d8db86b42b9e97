"""When a live run will be over, as a range: compared with how earlier runs of its name progressed.

Each of those says which share of its time had passed when a share of its work was done: start, parallel
workers, the long tests at the end and what comes after the last are included. The forecast is that a run goes
on like them. How much they differ from each other says how sure that is.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.history.history import LAST, History, earlier_runs
from tracetui.analysis.runs.runs import Runs
from tracetui.analysis.time.times import Times
from tracetui.model.numbers.distinct import among, distinct
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Floats = NDArray[np.float64]

LEAST_SHARE = 0.02
"""Less done than this tells nothing of the rest."""
USUAL_SPREAD, AS_RUNS = 0.06, 3
"""Of the log of a forecast when nothing is done yet, as of so many runs: one run alone tells no spread."""
SURE = 1.9
"""Standard deviations on either side: nine of ten forecasts hold (see tests/analysis/test_pace.py)."""

NOT_DONE = (Outcome.RUNNING, Outcome.CUT_OFF, Outcome.RERUN)
"""What no test ends with."""


class Eta(NamedTuple):
    """How long from now it should take, in ns: at least, most likely, at most."""

    low_ns: int
    ns: int
    high_ns: int


class Curve(NamedTuple):
    """One run, test by test as they ended: the share of the work that was done, and of its time."""

    work: Floats
    time: Floats


class Pace(Struct, frozen=True, eq=False):
    """How the last runs of one name progressed.

    `weight` is by place in the history the usual time of a test, 0 if the last run did not have it. `tests`
    is how many the last run had, 0 where the recording itself tells.
    """

    weight: NDArray[np.int64]
    curves: Sequence[Curve]
    tests: int = 0

    def done(self, count: NDArray[np.int64]) -> float:
        """The share of the work that is done if `count` tests have ended at each place."""
        whole = int(self.weight.sum())
        return int(self.weight[count > 0].sum()) / whole if whole else 0.0

    def eta(self, count: NDArray[np.int64], last_ns: int, so_far_ns: int) -> Eta | None:
        """The forecast for a run that has taken `so_far_ns`, and whose last test ended after `last_ns`.

        None if too little is done, or without earlier runs.
        """
        done = self.done(count)
        if not self.curves or done < LEAST_SHARE or last_ns <= 0:
            return None
        gone = np.log([np.interp(done, curve.work, curve.time) for curve in self.curves])
        following = np.log([_following(curve, done) for curve in self.curves])
        whole = last_ns / np.exp(gone.mean())
        overdue = max(0.0, so_far_ns - whole * np.exp(following.mean()))  # The next test has not ended yet.
        factor = np.exp(_spread(gone, done))
        ends = (whole / factor, whole, whole * factor)
        return Eta(*(max(0, round(end + overdue) - so_far_ns) for end in ends))


def _spread(gone: Floats, done: float) -> float:
    """How far off a forecast may be, as a log: from how runs differ, and from what is usual if they are few.

    What is usual counts as some runs more, which borrows strength as a moderated variance does (Smyth 2004).
    """
    runs, usual = len(gone), USUAL_SPREAD * (1 - done)
    squares = AS_RUNS * usual**2 + float(((gone - gone.mean()) ** 2).sum())
    return SURE * float(np.sqrt(squares / (AS_RUNS + runs - 1) * (1 + 1 / runs)))


NO_PACE = Pace(np.empty(0, np.int64), ())


def pace(snapshot: Snapshot, times: Times, runs: Runs, choice: int, past: History) -> Pace:
    """How the last runs with the name of the chosen one progressed: O(rows)."""
    alike = _alike(runs, choice)
    if not len(alike) or not len(past.key):
        return NO_PACE
    tests = np.flatnonzero((snapshot.role == Role.TEST) & np.isin(runs.of, alike))
    namesakes = runs.namesakes(choice)
    tests = tests if namesakes is None else tests[namesakes[tests]]
    tests = tests[~among(snapshot.outcome[tests], NOT_DONE)]
    places = past.places(snapshot.role[tests], snapshot.title_id[tests])
    of = runs.of[tests]
    weight = np.zeros(len(past.key), np.int64)
    of_last = places[of == alike[0]]
    weight[of_last] = past.total.p50_ns[of_last]
    curves = [_curve_of(times, runs, tests[of == run], weight[places[of == run]]) for run in alike.tolist()]
    return Pace(weight, [curve for curve in curves if curve is not None])


def _alike(runs: Runs, choice: int) -> NDArray[np.intp]:
    """The last runs before the chosen one that have its name, the newest first."""
    titles = runs.snapshot.title_id[runs.title_row]
    earlier = earlier_runs(runs, choice)
    is_alike = titles[earlier] == titles[runs.number(choice)]
    last_alike: NDArray[np.intp] = earlier[is_alike][:LAST]
    return last_alike


def _curve_of(times: Times, runs: Runs, tests: NDArray[np.intp], weight: NDArray[np.int64]) -> Curve | None:
    """The curve of one run (or of its selected jobs); None if it has none of the tests."""
    if not weight.sum():
        return None
    jobs = distinct(runs.jobs.of[tests])
    start, end = int(runs.jobs.start_ns[jobs].min()), int(runs.jobs.end_ns[jobs].max())
    return curve(times.end[tests] - start, weight, end - start)


def curve(ends: NDArray[np.int64], weight: NDArray[np.int64], whole_ns: int) -> Curve | None:
    """The curve of a run that took `whole_ns`, from when its tests ended; None if they are no work."""
    whole = int(weight.sum())
    if not whole:
        return None
    order = np.argsort(ends, kind="stable")
    work = np.cumsum(weight[order]) / whole
    time = np.clip(ends[order] / max(1, whole_ns), 1e-6, 1)
    return Curve(np.append(0.0, work), np.append(min(1e-6, time[0]), time))


def _following(curve: Curve, done: float) -> float:
    """The share of its time that had passed when the test after that share of the work ended."""
    place = int(np.searchsorted(curve.work, done + 1e-9, "right"))
    return float(curve.time[place]) if place < len(curve.time) else 1.0
