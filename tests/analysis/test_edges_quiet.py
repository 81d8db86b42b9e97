"""From when on a pause of a run is long: three seconds, a fiftieth of the run, ten times the median."""

import numpy as np
import pytest

from tests.builders import T0, S
from tracetui.analysis.stalls.quiet import Gap, Quiet, quiet


def run_with(pause_ns: int, tests: int, every_ns: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Moments: half of the tests, a pause, the other half."""
    moments = T0 + np.arange(tests, dtype=np.int64) * every_ns
    moments[tests // 2 :] += pause_ns - every_ns
    return moments


@pytest.mark.parametrize(
    ("tests", "every_ns", "long_ns"),
    [
        pytest.param(20, S // 10, 3 * S, id="three seconds"),
        pytest.param(100, 10 * S, 20 * S, id="a fiftieth of a thousand seconds"),
    ],
)
def test_a_pause_is_long_from_here_on(tests: int, every_ns: int, long_ns: int) -> None:
    """Exactly as long it is one, a hair shorter it is none; the rest of the run is not."""
    for pause_ns, is_long in ((long_ns, True), (long_ns - 10, False)):
        moments = run_with(pause_ns, tests, every_ns)
        before, after = int(moments[tests // 2 - 1]), int(moments[tests // 2])
        found = quiet(moments, moments)
        assert found.gaps == ((Gap(before, after),) if is_long else ())
        one_by_one = quiet(moments[:1], moments[:1]).among(moments[1:].tolist())
        assert one_by_one.gaps == found.gaps


@pytest.mark.parametrize(("pause_ns", "is_long"), [(40 * S, True), (40 * S - 1, False)])
def test_a_pause_is_held_against_the_median(pause_ns: int, is_long: bool) -> None:
    """Where tests come every four seconds, a pause of forty is one, and a shorter one is how they come."""
    moments = run_with(pause_ns, 12, 4 * S)
    found = quiet(moments, moments).longest(1, lambda: moments)
    assert [gap.length_ns for gap in found] == ([pause_ns] if is_long else [])


def test_of_an_even_number_of_pauses_the_median_is_between_the_two() -> None:
    """Of 2, 4, 6 and the pause the median is 5."""
    waits = np.array([2, 4, 6, 50], np.int64) * S
    moments = T0 + np.concatenate([[0], np.cumsum(waits)])
    assert [gap.length_ns for gap in quiet(moments, moments).longest(1, lambda: moments)] == [50 * S]
    shorter = moments - np.array([0, 0, 0, 0, 1])
    assert quiet(shorter, shorter).longest(1, lambda: shorter) == []


def test_equal_pauses_stand_in_order_of_time() -> None:
    """Of two that are as long as each other the first one comes first."""
    moments = T0 + np.array([0, 1, 2, 3, 63, 64, 65, 66, 126, 127, 128], np.int64) * S
    starts = [(gap.start_ns - T0) // S for gap in quiet(moments, moments).longest(2, lambda: moments)]
    assert starts == [3, 66]
    assert len(quiet(moments, moments).longest(1, lambda: moments)) == 1


def test_a_moment_counts_once() -> None:
    """Before, after and amid the others; not where one is known."""
    known = Quiet(T0, T0 + 9 * S, 2, (Gap(T0, T0 + 9 * S),))
    assert [known.among([T0 + at * S]).moments for at in (-1, 0, 4, 9, 10)] == [3, 2, 3, 2, 3]
    assert known.among([T0 + 4 * S, T0 + 4 * S]).moments == 3
