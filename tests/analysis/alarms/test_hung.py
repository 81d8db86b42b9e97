"""From when on something that runs hangs: each condition at its edge."""

from collections.abc import Sequence

import pytest

from tests.builders import T0, Json, S, case, heartbeat, line, snapshot, span, start_record
from tracetui.analysis.alarms.hung import FACTOR, LEAST_NS, LEAST_RUNS, LEAST_TESTS, Hung, hung
from tracetui.analysis.history.history import History
from tracetui.analysis.study.findings import Findings, study

HOUR = 3600 * S
SUITE = span("s", {"tracetui.span.role": "suite"}, end=0)


def earlier(took: Sequence[float], name: str = "t") -> list[bytes]:
    """A run for each of these durations, in seconds, of one test."""
    found = []
    for number, seconds in enumerate(took, 1):
        at, trace = T0 - number * HOUR, f"{number:032x}"
        top = span("s", {"tracetui.span.role": "suite"}, start=at, end=at + 900 * S, trace=trace)
        test = case(name, start=at, end=at + round(seconds * S), parent=top, trace=trace)
        found.append(line(top, test))
    return found


def live(age: float, *parts: bytes, inside: Json | None = None, since: float = 0) -> Findings:
    """The test `t` has run for `age` seconds; the last look was `since` seconds before."""
    test = case("t", "", "gw0", end=0, parent=SUITE)
    now = T0 + round((age - since) * S)
    running = [SUITE, test, *([inside | {"parentSpanId": test["spanId"]}] if inside else [])]
    return study(snapshot(*parts, b"".join(map(start_record, running)) + heartbeat(at=now)), now)


def alarms(findings: Findings, age: float) -> list[Hung]:
    return list(hung(findings, T0 + round(age * S)).values())


@pytest.mark.parametrize(("age", "is_hung"), [(FACTOR * 4, True), (FACTOR * 4 - 0.001, False)])
def test_so_many_times_its_p95(age: float, is_hung: bool) -> None:
    """From there on and no sooner; what it is held against is named with its n."""
    told = alarms(live(age, *earlier([3, 4, 2, 1])), age)
    assert [(each.measure_ns, each.n, each.is_known) for each in told] == [(4 * S, 4, True)] * is_hung
    assert [each.times for each in told] == [FACTOR] * is_hung


@pytest.mark.parametrize(("age", "is_hung"), [(10.0, True), (9.999, False)])
def test_no_alarm_for_a_few_seconds(age: float, is_hung: bool) -> None:
    """A test of milliseconds that takes a thousand times as long is not hung before ten seconds."""
    assert LEAST_NS == 10 * S
    assert len(alarms(live(age, *earlier([0.01] * 4)), age)) == is_hung


def test_young_tests_are_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever draws asks this all the time, beside hundreds of earlier runs."""
    found = live(1, *earlier([1] * 4))

    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(History, "past", refuse)
    assert alarms(found, 9.9) == []


@pytest.mark.parametrize("runs", [LEAST_RUNS, LEAST_RUNS - 1])
def test_too_few_earlier_runs_say_nothing(runs: int) -> None:
    """Two durations are no 95th percentile."""
    assert len(alarms(live(600, *earlier([1] * runs)), 600)) == (runs >= LEAST_RUNS)


@pytest.mark.parametrize(("age", "is_hung"), [(60.001, True), (60.0, False)])
def test_what_it_once_took_is_not_hung(age: float, is_hung: bool) -> None:
    """Beyond five times the 95th percentile, one of forty earlier runs took a minute."""
    found = live(age, *earlier([60, *[2] * 39]))
    assert len(alarms(found, age)) == is_hung


def test_time_goes_on_between_two_looks() -> None:
    """The age counts up to now, not up to the last reading."""
    found = live(30, *earlier([4] * 3), since=15)
    assert found.now_ns == T0 + 15 * S
    assert alarms(found, 15) == []
    (alarm,) = alarms(found, 30)
    assert alarm.elapsed_ns == 30 * S


@pytest.mark.parametrize("others", [LEAST_TESTS, LEAST_TESTS - 1])
@pytest.mark.parametrize(("age", "is_long"), [(FACTOR * 4, True), (FACTOR * 4 - 0.001, False)])
def test_without_history_the_other_tests(others: int, age: float, is_long: bool) -> None:
    """With enough tests of the same run that have ended: so many times the longest of them."""
    tests = [
        case(f"o{number}", start=T0, end=T0 + (4 if number == 3 else 1) * S, parent=SUITE)
        for number in range(others)
    ]
    told = alarms(live(age, line(*tests)), age)
    expected = [(4 * S, others, False)] * (is_long and others >= LEAST_TESTS)
    assert [(each.measure_ns, each.n, each.is_known) for each in told] == expected


def test_a_test_with_a_history_is_not_held_against_others() -> None:
    """One that always takes a minute is nothing unusual among tests of a second."""
    tests = [case(f"o{number}", start=T0, end=T0 + S, parent=SUITE) for number in range(40)]
    assert alarms(live(60, line(*tests), *earlier([60] * 3)), 60) == []
    assert alarms(live(60, line(*tests), *earlier([60] * 2)), 60) == []


def test_a_fixture_hangs_by_itself() -> None:
    """A session fixture inside the test: the fixture's own past counts, and the test is where it is seen."""
    told = {"tracetui.span.role": "hook", "tracetui.fixture.scope": "session"}
    runs = []
    for number in range(1, 4):
        at, trace = T0 - number * HOUR, f"{number:032x}"
        top = span("s", {"tracetui.span.role": "suite"}, start=at, end=at + 900 * S, trace=trace)
        runs.append(line(top, span("db", told, start=at, end=at + 4 * S, parent=top, trace=trace)))
    for age, is_hung in ((20.0, True), (19.999, False)):
        found = live(age, *runs, *earlier([1] * 3), inside=span("db", told, end=0))
        (running,) = found.running
        alarm = hung(found, found.now_ns)
        assert {row: each.measure_ns for row, each in alarm.items()} == (
            {running.row: 4 * S} if is_hung else {}
        )
