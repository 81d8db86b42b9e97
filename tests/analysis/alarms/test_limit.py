"""How a run stands to a limit of its length: each state at its edge."""

from collections import Counter

import numpy as np
import pytest

from tests.builders import T0, S
from tracetui.analysis.alarms.limit import Kept, against
from tracetui.analysis.overview.progress import Progress
from tracetui.analysis.runs.summary import Summary


def stand(
    state: str, so_far: int, eta: int | None, limit: int, between: tuple[int, int] | None = None
) -> Kept:
    """Of a run that began at `T0`, times in ns."""
    end = T0 + so_far if state != "live" else T0
    summary = Summary("s", 1, state, T0, end, Counter())
    progress = Progress(
        np.empty(0, np.int64), 0, is_told=False, eta_ns=eta, rate=0.0, average=0.0, eta_range_ns=between
    )
    return against(limit, summary, progress, T0 + so_far)


@pytest.mark.parametrize(
    ("so_far", "eta", "state", "over"),
    [
        (4 * S, 6 * S, "will keep", 0),
        (4 * S, 6 * S + 1, "will breach", 1),
        (10 * S, 0, "will keep", 0),
        (10 * S + 1, 0, "breached", 1),
        (10 * S + 1, 5 * S, "breached", 5 * S + 1),
        (10 * S, None, "no forecast", 0),
        (10 * S + 1, None, "breached", 1),
    ],
)
def test_a_live_run(so_far: int, eta: int | None, state: str, over: int) -> None:
    """What is left is put to what it has taken; exactly the limit keeps it."""
    kept = stand("live", so_far, eta, 10 * S)
    assert (kept.state, kept.over_ns, kept.live) == (state, over, True)
    assert kept.expected_ns == (None if eta is None else so_far + eta)


@pytest.mark.parametrize(
    ("early", "late", "state"),
    [(6 * S + 1, 9 * S, "will breach"), (6 * S, 6 * S + 1, "may breach"), (5 * S, 6 * S, "will keep")],
)
def test_the_range_of_the_eta(early: int, late: int, state: str) -> None:
    """It will breach the limit where even the early end does, and may where the late one does."""
    assert stand("live", 4 * S, 6 * S, 10 * S, (early, late)).state == state


@pytest.mark.parametrize(("took", "state", "over"), [(10 * S, "kept", 0), (10 * S + 1, "breached", 1)])
@pytest.mark.parametrize("ended", ["ended", "cut off", "incomplete"])
def test_a_run_that_is_over(took: int, state: str, over: int, ended: str) -> None:
    """Its length is known, and the clock on the wall does not matter."""
    kept = stand(ended, took, 99 * S, 10 * S)
    assert (kept.state, kept.over_ns, kept.expected_ns) == (state, over, took)
