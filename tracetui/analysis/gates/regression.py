"""Whether a run took longer than those before it, over the tests that they have in common."""

import numpy as np

from tracetui.analysis.gates.rules import Offender, Rule, Verdict
from tracetui.analysis.gates.window import Window

LEAST_RUNS = 5
"""Of fewer runs nobody can say how much they vary."""
_MOST_NAMED = 10
_ROUNDING = 1e-9


def regression(window: Window, limit: float, missing: str) -> Rule:
    """Whether the work of a run is more than `limit` over the median of the window, and over all of it.

    Without a change, a run is the slowest of n + 1 with probability 1 / (n + 1): what is within the window's
    own noise is no regression, however small the limit.
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
    """The tests that added most over their medians, if they were never so slow before, in ns."""
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
