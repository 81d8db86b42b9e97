"""Whether a run took more work than those before it: of the tests that they have in common."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.gates.rules import Offender, Rule, Verdict
from tracetui.analysis.history.records import Records, RunRecord
from tracetui.analysis.study.distinct import among
from tracetui.model.role import Outcome, Role

LEAST_RUNS = 5
"""Of fewer runs nobody can say how much they vary."""
MOST_RUNS = 20
"""The window: older runs are of other days."""
_TIMED = (Outcome.PASSED, Outcome.XFAILED, Outcome.XPASSED)
_MOST_NAMED = 10
_ROUNDING = 1e-9


class Window(NamedTuple):
    """The tests that a job of a run and the runs before it all passed: own times in ns, a row per test.

    `new` is of the run, `base` has a column per run before, the last one first. `job` (foreign) is what the
    run's job is called, where it has several.
    """

    names: tuple[str, ...]
    new: NDArray[np.float64]
    base: NDArray[np.float64]
    job: str = ""


NOTHING = Window((), np.empty(0), np.empty((0, 0)))


def windows(run: Records, pool: Records, *, is_baseline: bool = False) -> list[Window]:
    """Of each job of a run the last ended runs of its suite and job in `pool`: those that began before it.

    Of a baseline all count, whenever they were.
    """
    several = len(run.heads) > 1
    return [
        _window(run, number, pool, several=several, is_baseline=is_baseline) for number in range(len(run))
    ]


def _window(run: Records, number: int, pool: Records, *, several: bool, is_baseline: bool) -> Window:
    head = run.heads[number]
    before = [
        place
        for place, other in enumerate(pool.heads)
        if other.kind == head.kind
        and other.state == "ended"
        and (is_baseline or other.start_ns < head.start_ns)
    ]
    before = sorted(before, key=lambda place: -pool.heads[place].start_ns)[:MOST_RUNS]
    new, old = own_times(run[number]), [own_times(pool[place]) for place in before]
    names = sorted(set(new).intersection(*old)) if old else []
    return Window(
        tuple(names),
        np.array([new[name] for name in names], float),
        np.array([[earlier[name] for earlier in old] for name in names], float).reshape(len(names), len(old)),
        (head.job or head.suite) if several else "",
    )


def own_times(record: RunRecord) -> dict[str, int]:
    """The own time of each test that passed in a run, in ns."""
    columns = record.columns
    rows = np.flatnonzero((columns.role == Role.TEST) & among(columns.outcome, _TIMED))
    return {record.texts[columns.name[row]]: int(columns.own_ns[row]) for row in rows.tolist()}


def regression(window: Window, limit: float, missing: str) -> Rule:
    """Whether the work of a run is more than `limit` over the median of the window, and over all of it.

    Were nothing changed, a run would be the slowest of n + 1 with a chance of 1 / (n + 1): what is within the
    window's own noise is no regression, however small the limit.
    """
    runs = window.base.shape[1]
    if runs < LEAST_RUNS or not window.names:
        need = f"needs {LEAST_RUNS} earlier runs with tests in common"
        return _rule(window, Verdict.UNDECIDABLE, None, limit, need)
    base, new = window.base.sum(0), float(window.new.sum())
    ratio = new / max(1.0, float(np.median(base))) - 1
    if (is_more := ratio > limit + _ROUNDING) and new > float(base.max()):
        return _rule(window, Verdict.BREACH, ratio, limit, "", _slower(window))
    if missing:
        return _rule(window, Verdict.UNDECIDABLE, ratio, limit, missing)
    why = "within the noise of the window" if is_more else ""
    return _rule(window, Verdict.PASS, ratio, limit, why)


def _slower(window: Window) -> tuple[Offender, ...]:
    """The tests that added most over their medians, as far as they were never so slow before, in ns."""
    added = window.new - np.median(window.base, axis=1)
    added[window.new <= window.base.max(1)] = 0
    places = np.argsort(-added, kind="stable")[:_MOST_NAMED]
    return tuple(Offender(window.names[place], int(added[place])) for place in places if added[place] > 0)


def _rule(
    window: Window,
    verdict: Verdict,
    ratio: float | None,
    limit: float,
    why: str,
    offenders: tuple[Offender, ...] = (),
) -> Rule:
    statistic = "own time of common tests over the median run"
    n, what = window.base.shape[1], f"runs of {window.job}" if window.job else "runs"
    return Rule("max-regression", verdict, "ratio", ratio, limit, n, what, statistic, why, offenders)
