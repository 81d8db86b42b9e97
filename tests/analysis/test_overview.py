"""What of a run matters: when it stood still and why, its long pole, where the time went, how far it is."""

import pytest

from tests import jscore
from tests.analysis.overviews import earlier, found, role, run_now, still, worked
from tests.builders import T0, Json, S, case, line, snapshot, span, start_record
from tracetui.analysis.ledger.run_costs import run_costs
from tracetui.analysis.study.findings import Findings, study


@pytest.fixture(scope="module")
def recorded() -> Findings:
    """A recording like that of jsCore."""
    return study(snapshot(line(*jscore.spans(), scope="resmoke")), T0)


def test_the_recording_is_like_the_published_one(recorded: Findings) -> None:
    """1,310 tests and 2,633 spans; hooks cost as much as tests do, archiving took 250 s of one job."""
    assert (len(recorded.snapshot), recorded.summary.tests, recorded.summary.suites) == (2633, 1310, 2)
    cost = {each.name: each.share for each in run_costs(recorded).costs}
    assert 0.3 < cost["tests"] < 0.5
    assert 0.4 < cost["derived hooks"] < 0.6
    assert 0.05 < cost["archiving"] < 0.08
    assert sum(cost.values()) == pytest.approx(1.0, abs=0.01)


def test_why_jscore_stood_still(recorded: Findings) -> None:
    """One stretch of four minutes, on all four lanes, while one archived the failed test's data."""
    (stretch,) = still(recorded)
    assert stretch.length_ns // S == 240
    assert (stretch.lanes, stretch.idle) == (4, 0)
    archiver = recorded.snapshot.name(stretch.row)
    assert archiver == "hook_test_archival._archive_hook_or_test"
    (lane,) = [lane for lane in recorded.lanes.lanes if lane.name == stretch.lane]
    assert stretch.row in lane.inner


def test_all_lanes_idle() -> None:
    """A minute without any work on either lane, in a run of short tests, is told without a cause."""
    spans = [
        each
        for lane in ("gw0", "gw1")
        for begin in (0.0, 65.0)
        for each in worked(lane, [0.5] * 10, begin, f"at{begin}")
    ]
    (stretch,) = still(found(*spans))
    assert (stretch.row, stretch.idle, stretch.lanes, stretch.length_ns) == (-1, 2, 2, 60 * S)


def test_a_slow_fixture() -> None:
    """A session fixture that keeps the only lane for half a minute is the cause."""
    tests = worked("gw0", [0.5] * 4)
    test = case("slow", worker="gw0", start=T0 + 2 * S, end=T0 + 33 * S)
    fixture = role("fixture db", "hook", 2.2, 32.8, test)
    findings = found(*tests, test, fixture, *worked("gw0", [0.5] * 8, 33.0, "after"))
    (stretch,) = still(findings)
    assert findings.snapshot.name(stretch.row) == "fixture db"


@pytest.mark.parametrize("durations", [[10.0, 12.0, 9.0], [0.5] * 30 + [30.0]])
def test_long_tests_are_no_stillness(durations: list[float]) -> None:
    """Tests that take long while another lane is idle or just as slow do not stand still."""
    assert still(found(*worked("gw0", durations), *worked("gw1", [0.7] * 9))) == []


def test_nothing_is_getting_on_now() -> None:
    """A live run that has stood behind an archiver up to now is told while it does."""
    tests = worked("gw0", [0.5] * 20)
    archiver = role("archive", "archiver", 10.0, 0)
    archiver["endTimeUnixNano"] = "0"
    suite = span("s", {"tracetui.span.role": "suite"}, end=0)
    read = snapshot(line(*tests), start_record(archiver), start_record(suite))
    (stretch,) = still(study(read, T0 + 100 * S))
    assert (stretch.end_ns, stretch.length_ns) == (T0 + 100 * S, 90 * S)
    assert read.name(stretch.row) == "archive"


def test_the_long_pole() -> None:
    """A lane that goes on alone for long is told with its last test; a short while is not."""
    findings = found(*worked("gw0", [1.0] * 5), *worked("gw1", [1.0] * 4 + [9.0]))
    tail = findings.overview.tail
    assert tail
    assert (tail.lane, tail.alone_ns, findings.snapshot.title(tail.row)) == ("gw1", 8 * S, "t::gw1_4")
    assert found(*worked("gw0", [1.0] * 5), *worked("gw1", [1.02] * 5)).overview.tail is None


def test_longer_than_ever() -> None:
    """Tests that exceed everything they ever took are counted, the worst of them is named."""
    durations = {"a": 1.0, "b": 9.0, "c": 2.9, "new": 99.0}
    read = snapshot(earlier(1, 1.0), earlier(2, 2.0), run_now(durations, T0 + 100 * S))
    slower = study(read, T0).overview.slower
    assert slower
    assert (slower.count, read.title(slower.row)) == (2, "b")
    assert (slower.before_ns, slower.excess_ns) == (2 * S, 7 * S)


def test_progress_of_a_live_run() -> None:
    """Done of expected by the run before, the work left as time, and the rate of the last seconds."""
    read = snapshot(earlier(1, 2.0), run_now({"a": 1.0}, 0))
    progress = study(read, T0 + 4 * S).progress
    assert (progress.done, progress.expected, progress.is_told) == (1, 3, False)
    assert progress.eta_ns is not None
    assert progress.eta_ns // S == 29  # As the run before it took 60 s; the next test is 3 s late.
    assert progress.rate == progress.average == pytest.approx(0.25)
    later = study(read, T0 + 100 * S).progress
    assert later.rate == 0
    assert later.average == pytest.approx(0.01)


def test_progress_of_a_run_that_is_over() -> None:
    """Nothing is left; the rate is that of all its time."""
    progress = study(snapshot(run_now({"a": 1.0, "b": 2.0}, T0 + 4 * S)), T0).progress
    assert (progress.done, progress.expected, progress.eta_ns) == (2, 0, None)
    assert progress.rate == pytest.approx(0.5)


@pytest.mark.parametrize("spans", [[], [span("x")], [case("only")]])
def test_little(spans: list[Json]) -> None:
    """Nothing, no tests, one test: there is nothing to remark, and no harm."""
    overview = found(*spans).overview
    assert (overview.still, overview.tail, overview.slower, overview.start_ns) == ((), None, None, 0)


def test_no_time_is_spent_twice() -> None:
    """A fixture of a function's scope is its test's own time, and yet it is told once: as a fixture's."""
    (test,) = worked("gw0", [10.0])
    fixture = span(
        "database setup",
        {"tracetui.span.role": "hook", "tracetui.fixture.scope": "function", "pytest.xdist.worker": "gw0"},
        start=T0,
        end=T0 + 4 * S,
        parent=test,
    )
    cost = {each.name: each.share for each in run_costs(found(test, fixture)).costs}
    assert cost == {"tests": pytest.approx(0.6), "fixtures": pytest.approx(0.4)}
