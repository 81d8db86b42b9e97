"""What earlier runs tell of the same tests."""

from collections.abc import Sequence

from tests.builders import T0, Json, S, case, line, snapshot, span
from tracetui.analysis.history.history import LAST, Past
from tracetui.analysis.history.slow import slow_tests
from tracetui.analysis.study.findings import Findings, study
from tracetui.model.role import Outcome, Role

HOUR = 3600 * S


def run(number: int, took: Sequence[int], outcome: str = "passed", name: str = "t") -> bytes:
    """A run of one test, several times."""
    at, trace = T0 + number * HOUR, f"{number + 1:032x}"
    top = span("s", {"tracetui.span.role": "suite"}, start=at, end=at + 900 * S, trace=trace)
    tests: list[Json] = [
        case(name, outcome, start=at + place * 30 * S, end=at + place * 30 * S + each * S, trace=trace)
        for place, each in enumerate(took)
    ]
    return line(top, *(each | {"parentSpanId": top["spanId"]} for each in tests))


SUITE = span(
    "s", {"tracetui.span.role": "suite"}, start=T0 + 2 * HOUR, end=T0 + 2 * HOUR + 900 * S, trace=f"{3:032x}"
)


def past(found: Findings, title: str = "t", role: Role = Role.TEST) -> Past | None:
    return found.history.past(role, list(found.snapshot.texts).index(title))


def test_percentiles_of_earlier_runs() -> None:
    """Median, 95th percentile and maximum are of all earlier occurrences; the run itself does not count."""
    found = study(snapshot(run(0, range(1, 11)), run(1, range(11, 21)), run(2, [500])), T0)
    known = past(found)
    assert known
    assert (known.count, known.failed, found.history.runs) == (20, 0, 2)
    assert known.own == known.total == (10 * S, 19 * S, 20 * S)


def test_of_a_run_in_the_middle() -> None:
    """For an earlier run that was chosen only those before it count."""
    found = study(snapshot(run(0, [1]), run(1, [2]), run(2, [3])), T0)
    known = past(found.chosen(int(found.runs.key[1])))
    assert known
    assert (known.count, known.own) == (1, (S, S, S))


def test_slow_is_slower_than_before() -> None:
    """A test with a history is slow above its own 95th percentile, though others take longer; a new one is
    slow among those of its run.
    """
    trace, at = f"{3:032x}", T0 + 2 * HOUR
    took = {"t": 30, "long": 300, "new": 200, "quick": 1, "small": 1}
    newest = [
        case(name, start=at, end=at + seconds * S, trace=trace, parent=SUITE)
        for name, seconds in took.items()
    ]
    old = [run(0, range(10, 20)), run(0, [300] * 10, name="long"), run(1, [310], name="long")]
    read = snapshot(*old, line(SUITE, *newest))
    found = study(read, T0)
    assert found.within is not None
    slow = slow_tests(found, found.within).rows
    assert sorted(read.title(int(row)) for row in slow) == ["new", "t"]


def test_new_tests_have_no_history() -> None:
    """A test that no earlier run had, and one of the same name in another role, are unknown."""
    found = study(snapshot(run(0, [1]), run(1, [2], name="new")), T0)
    assert past(found, "new") is None
    assert past(found, "t", Role.HOOK) is None
    assert past(found, "t") is not None


def test_skipped_tests_have_no_duration() -> None:
    """What was skipped says nothing of how long it takes, but that it was skipped is remembered."""
    found = study(snapshot(run(0, [1], "skipped"), run(1, [2])), T0)
    assert past(found) is None
    found = study(snapshot(run(0, [3]), run(1, [1], "skipped"), run(2, [2])), T0)
    known = past(found)
    assert known
    assert (known.count, known.own[2]) == (1, 3 * S)
    assert known.last_outcomes[-2:] == (Outcome.PASSED, Outcome.SKIPPED)


def test_the_last_runs() -> None:
    """The last runs are remembered one by one, the oldest first; a run without the test leaves a gap."""
    parts = [run(number, [number + 1, 1]) for number in range(LAST + 2)]
    parts[4] = run(4, [1], name="other")
    parts[5] = run(5, [7], "failed")
    found = study(snapshot(*parts, run(LAST + 2, [1])), T0)
    known = past(found)
    assert known
    assert known.last_ns == tuple(
        -1 if at == 4 else S * (7 if at == 5 else at + 1) for at in range(2, LAST + 2)
    )
    failed = [outcome for outcome in known.last_outcomes if outcome.bad]
    assert (len(failed), known.failed, known.last_outcomes[2]) == (1, 1, Outcome.UNKNOWN)


def test_no_history() -> None:
    """The first run, and an empty recording, know nothing."""
    assert past(study(snapshot(run(0, [1])), T0)) is None
    assert study(snapshot(b""), T0).history.runs == 0
