"""From when on a run has a long pole, a slow start, a stall: each remark at its edge."""

import pytest

from tests.analysis.overviews import found, role, still, worked
from tests.builders import T0, Json, S, case, span


def lanes(first: float, second: float, *, begin: float = 0.0) -> list[Json]:
    """Two workers with so many seconds of tests, in tests of a second at most and what is left over."""
    return [*_seconds("gw0", first, begin), *_seconds("gw1", second, begin)]


def _seconds(lane: str, length: float, begin: float) -> list[Json]:
    whole, rest = divmod(length, 1.0)
    return worked(lane, [1.0] * int(whole) + ([rest] if rest else []), begin)


@pytest.mark.parametrize(
    ("first", "second", "alone_ns"),
    [
        pytest.param(5.0, 6.0, S, id="a second"),
        pytest.param(5.001, 6.0, None, id="less than a second"),
        pytest.param(38.0, 40.0, 2 * S, id="a twentieth of the run"),
        pytest.param(38.001, 40.0, None, id="less than a twentieth"),
    ],
)
def test_the_long_pole_begins_here(first: float, second: float, alone_ns: int | None) -> None:
    """A lane that goes on alone for a second, and for a twentieth of the run."""
    tail = found(*lanes(first, second)).overview.tail
    assert (tail.alone_ns if tail else None) == alone_ns


@pytest.mark.parametrize(
    ("waited", "length", "told"),
    [
        pytest.param(1.0, 5.0, S, id="a second"),
        pytest.param(0.999, 5.0, 0, id="less than a second"),
        pytest.param(4.0, 40.0, 4 * S, id="a tenth of the run"),
        pytest.param(3.999, 40.0, 0, id="less than a tenth"),
    ],
)
def test_a_start_is_slow_from_here_on(waited: float, length: float, told: int) -> None:
    """The first test began after a second, and after a tenth of the run."""
    suite = span("s", {"tracetui.span.role": "suite"}, start=T0, end=T0 + round(length * S))
    test = case("t", start=T0 + round(waited * S), end=T0 + round((waited + 0.5) * S), parent=suite)
    assert found(suite, test).overview.start_ns == told


@pytest.mark.parametrize(("covers", "is_told"), [(32.0, True), (31.9, False)])
@pytest.mark.parametrize("kind", ["hook", "archiver"])
def test_a_cause_covers_four_fifths_of_a_stall(kind: str, covers: float, is_told: bool) -> None:
    """A hook or archiver is why nothing happened if it took at least four fifths of the time."""
    tests = [*worked("gw0", [0.5] * 20), *worked("gw0", [0.5] * 20, 50.0, "after")]
    findings = found(*tests, role(kind, kind, 14.0, 14.0 + covers))
    told = [findings.snapshot.name(stretch.row) for stretch in still(findings) if stretch.row >= 0]
    assert told == ([kind] if is_told else [])


@pytest.mark.parametrize(("pause", "is_stuck"), [(10.0, True), (9.99, False)])
def test_tests_that_take_ten_times_the_usual_are_stuck(pause: float, is_stuck: bool) -> None:
    """Both workers sit in a test: a stall where that is ten times as long as all but a twentieth take."""
    made = []
    for lane, begin in (("gw0", 0.0), ("gw1", 0.5)):
        made += worked(lane, [1.0] * 30, begin)
        made += worked(lane, [pause + 0.5], begin + 30.0, "long")
    assert [stretch.idle for stretch in still(found(*made))] == ([0] if is_stuck else [])


def test_the_five_longest_stalls_are_looked_at() -> None:
    """Of seven pauses of a worker five, the longest first."""
    made, at = [], 0.0
    for number in range(8):
        made += worked("gw0", [0.5] * 20, at, f"part{number}")
        at += 10 + 20 + number
    assert [stretch.length_ns // S for stretch in still(found(*made))] == [26, 25, 24, 23, 22]
