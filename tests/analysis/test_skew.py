"""Processes whose clock is off: found, moved to where they fit, and left out of what needs a right clock."""

from pathlib import Path

import pytest

from tests.analysis.skewed import process, recording, suite, worker
from tests.builders import MS, T0, S, case, heartbeat, line, snapshot, span, start_record
from tests.cli.running import answer, tracetui
from tracetui.analysis.lanes.sums import sums
from tracetui.analysis.study.findings import Findings, study
from tracetui.model.kind import Kind
from tracetui.report.troubles import troubles

HOUR = 3600 * S
OFFSETS = [300 * S, -300 * S, HOUR, -HOUR, 15 * S]


def found(*files: bytes) -> Findings:
    return study(snapshot(*files), T0 + 10 * HOUR)


@pytest.mark.parametrize("offset", OFFSETS)
def test_a_clock_that_is_off_is_named_with_its_offset(offset: int) -> None:
    """To a part of a second where other workers tell when its suite's workers end."""
    findings = found(*recording(offset))
    (skew,) = findings.skews.values()
    assert abs(skew.offset_ns - offset) <= S // 10
    assert (findings.snapshot.title(skew.row), skew.spans) == ("gw1", 11)
    (told,) = (each for each in troubles(findings) if each.kind is Kind.SKEW)
    assert told.count == 1
    assert "host3" in told.examples[0].reason


@pytest.mark.parametrize("offset", OFFSETS)
def test_it_stretches_nothing(offset: int) -> None:
    """The run is as long as its suite; nothing stalled, nothing is out of balance; what it took counts."""
    findings = found(*recording(offset))
    assert findings.summary.end_ns - findings.summary.start_ns == 20 * S
    told = sums(findings.lanes, findings.overview.still)
    assert findings.overview.still == ()
    assert findings.overview.tail is None
    assert (told.work_ns, told.imbalance_ns, told.stalled_ns) == (20 * S, 0, 0)
    assert [lane.offset_ns != 0 for lane in findings.lanes.lanes] == [False, True]


def test_durations_and_what_was_written_stay() -> None:
    """Shifted are places in time: own and total are what they were."""
    findings, right = found(*recording(HOUR)), found(*recording(0))
    assert findings.times.total[:].tolist() == right.times.total[:].tolist()
    assert findings.times.own.tolist() == right.times.own.tolist()
    assert int(findings.written.start_ns.max()) > T0 + HOUR


def test_without_others_it_ends_with_its_suite() -> None:
    """Nothing else tells when it ran: it lies within its parent."""
    top = suite()
    alone = worker("gw0", top, 300 * S)
    findings = found(line(top, resource=process(1)), line(*alone, resource=process(2)))
    (skew,) = findings.skews.values()
    assert 295 * S <= skew.offset_ns <= 305 * S
    assert int(findings.times.end[:].max()) == T0 + 20 * S


def test_what_is_longer_than_its_suite_stands_out_at_both_ends() -> None:
    """Of a worker that is 30 s long, and a suite of 20 s, 5 s are before it, and 5 s behind."""
    alone = worker("gw0", suite(), -300 * S, 0, 30)
    findings = found(line(suite(), resource=process(1)), line(*alone, resource=process(2)))
    (skew,) = findings.skews.values()
    assert skew.offset_ns == -295 * S


@pytest.mark.parametrize(
    ("offset", "is_off"),
    [
        (0, False),
        (-5 * S - 10 * MS, False),
        (-5 * S - 10 * MS - 1, True),
        (6 * S, False),
        (6 * S + 1, True),
    ],
)
def test_what_fits_is_not_off(offset: int, is_off: bool) -> None:
    """A worker may begin 10 ms before its suite, and end 1 s after it: nothing is said."""
    assert bool(found(*recording(offset)).skews) == is_off


def late_worker(start: float, tests_end: float, end: float) -> bytes:
    """A worker of one test; its suite lasts 20 s, and another worker begins at 5 s."""
    told = {"tracetui.span.role": "worker", "pytest.xdist.worker": "gw1"}
    begin, until = T0 + int(start * S), T0 + int(end * S)
    top = span("gw1", told, start=begin, end=until, parent=suite())
    test = case("gw1::t", worker="gw1", start=begin, end=T0 + int(tests_end * S), parent=top)
    return line(top, test, resource=process(3))


@pytest.mark.parametrize(
    ("start", "tests_end", "end", "is_off"),
    [
        (5, 15, 29, False),  # A session fixture takes long to tear down, or what runs at exit does.
        (5, 21, 29, False),
        (5, 25, 25, False),  # Stopped by -x: it ends the test that it is at.
        (0.5, 30, 31, False),  # No clock makes it fit into its suite.
        (8, 26, 26, True),  # All of it is late by some seconds, beside the other that is not.
        (7.9, 26, 26, False),
    ],
)
@pytest.mark.parametrize("status", ["success", "failure"])
def test_a_worker_may_end_late(start: float, tests_end: float, end: float, is_off: bool, status: str) -> None:
    """Who ends after the suite that waited has a clock that is ahead only where the start says so too."""
    top = suite()
    told = {"tracetui.span.role": "suite", "test.suite.run.status": status}
    files = [
        line(span("suite", told, start=T0, end=T0 + 20 * S), resource=process(1)),
        line(*worker("gw0", top, 0), resource=process(2)),
        late_worker(start, tests_end, end),
    ]
    assert bool(found(*files).skews) == is_off


def test_what_runs_in_the_background_is_no_clock() -> None:
    """An archiver after the suite has ended; a suite that begins after the step of the CI that it is of."""
    step = span("checkout", start=T0 - 9 * S, end=T0 - 8 * S)
    top = suite() | {"parentSpanId": step["spanId"]}
    archiver = span(
        "archive", {"tracetui.span.role": "archiver"}, start=T0 + 25 * S, end=T0 + 60 * S, parent=top
    )
    files = [line(each, resource=process(pid)) for pid, each in enumerate((step, top, archiver), 1)]
    assert found(*files).skews == {}


def test_a_call_may_outlive_its_caller() -> None:
    """A span of a service that begins after its parent has ended is no clock: nobody waited for it."""
    caller = span("caller", start=T0, end=T0 + S)
    late = span("late", start=T0 + 60 * S, end=T0 + 61 * S, parent=caller)
    assert found(line(caller, resource=process(1)), line(late, resource=process(2))).skews == {}


def test_a_call_cannot_begin_before_its_caller() -> None:
    """A service whose clock is behind lies in the middle of the call."""
    caller = span("caller", start=T0, end=T0 + 3 * S)
    call = span("call", start=T0 - 60 * S, end=T0 - 59 * S, parent=caller)
    findings = found(line(caller, resource=process(1)), line(call, resource=process(2)))
    (skew,) = findings.skews.values()
    assert skew.offset_ns == -61 * S
    assert int(findings.snapshot.start_ns[skew.row]) == T0 + S


def test_a_process_below_one_that_is_off() -> None:
    """Each is judged by its parent's place, once that is right: the right clock of a service stays right."""
    top = suite()
    gw1 = worker("gw1", top, HOUR)
    call = span("call", start=T0 + 6 * S, end=T0 + 7 * S, parent=gw1[2])
    files = [line(top, resource=process(1)), line(*worker("gw0", top, 0), resource=process(2))]
    findings = found(*files, line(*gw1, resource=process(3)), line(call, resource=process(4)))
    assert [findings.snapshot.title(row) for row in findings.skews] == ["gw1"]


def test_one_process_has_one_clock(tmp_path: Path) -> None:
    """The spans of one process, and of files of one that tells nothing, are not compared."""
    top = suite()
    for number, spans in enumerate(([top], worker("gw0", top, 300 * S)), 1):
        (tmp_path / f"metrics{number}.json").write_bytes(line(*spans, resource={"service.name": "resmoke"}))
    assert "clock_offset_ns" not in answer("waterfall", tmp_path)["rows"][1]


def test_pages_say_it(tmp_path: Path) -> None:
    """On the lane, in the waterfall and its JSON, and in the check."""
    for number, data in enumerate(recording(300 * S)):
        (tmp_path / f"{number}.jsonl").write_bytes(data)
    assert "the clock of gw1 is about 5m00s ahead" in tracetui("lanes", tmp_path).stdout.decode()
    assert "~ 5m00s ahead" in tracetui("waterfall", tmp_path, "--depth", 2).stdout.decode()
    rows = {row["title"]: row for row in answer("waterfall", tmp_path)["rows"]}
    assert rows["gw1"]["clock_offset_ns"] == rows["gw1::5"]["clock_offset_ns"] == 300 * S
    assert "clock_offset_ns" not in rows["gw0"]
    (kind,) = (kind for kind in answer("check", tmp_path)["kinds"] if kind["kind"] == "skew")
    assert kind["count"] == 1


def test_lanes_whose_clocks_are_all_off_are_not_compared(tmp_path: Path) -> None:
    """Nobody knows how they lie to each other: no imbalance, tail or stall, on the page too."""
    top = suite()
    one = worker("gw0", top, 7200 * S, last=8)
    other = worker("gw1", top, -7200 * S)
    slow = case("gw1::slow", worker="gw1", start=T0 - 7185 * S, end=T0 - 7000 * S, parent=other[0])
    files = [line(top, resource=process(1)), line(*one, resource=process(2))]
    files.append(line(*other, slow, resource=process(3)))
    for number, data in enumerate(files):
        (tmp_path / f"{number}.traces.jsonl").write_bytes(data)
    told = answer("lanes", tmp_path)
    assert [row["clock_offset_ns"] != 0 for row in told["rows"]] == [True, True]
    assert (told["imbalance_ns"], told["long_pole"], told["still"], told["stalled_ns"]) == (0, "", [], 0)
    page = tracetui("lanes", tmp_path).stdout.decode()
    assert "imbalance 1" not in page
    assert "last to finish" not in page
    found = study(snapshot(*files), T0 + 3600 * S)
    assert found.overview.tail is None
    assert found.overview.still == ()


def test_while_the_suite_runs() -> None:
    """A worker that began long after its suite was heard of last is ahead: its siblings tell by how much."""
    top = suite()
    files = [
        line(*worker(name, top, off), resource=process(pid))
        for name, off, pid in (("gw0", 0, 2), ("gw1", HOUR, 3))
    ]
    live = start_record({**top, "endTimeUnixNano": "0"}) + heartbeat(T0 + 16 * S)
    assert [skew.offset_ns for skew in found(live, *files).skews.values()] == [HOUR]
    assert found(live, files[0]).skews == {}


def test_a_writer_that_began_another_file_was_heard_of_there() -> None:
    """What its first file tells of is open as long as the second one says that it lives."""
    top = suite()
    first = start_record({**top, "endTimeUnixNano": "0"}) + heartbeat(T0 + 16 * S, pid=1)
    later = line(*worker("gw1", top, HOUR), resource=process(3))
    assert len(found(first, later).skews) == 1
    assert found(first, later, heartbeat(T0 + HOUR, pid=1)).skews == {}


@pytest.mark.parametrize("at", [2**63 - 1, 2**63 - 61 * S, 2**64])
def test_a_heartbeat_of_the_end_of_time_tells_nothing(at: int) -> None:
    """Whatever stands in it: what is still open may begin children at any time."""
    told = {"tracetui.span.role": "suite"}
    live = start_record(span("suite", told, start=T0, end=0), resource=process(1)) + heartbeat(at)
    findings = found(live, line(*worker("gw0", span("suite", told, start=T0), 0), resource=process(2)))
    assert findings.clocks is None
