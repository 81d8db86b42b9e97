"""Proposals are ranked by what they save, each by simulation; jsCore's archive comes first."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from tests import jscore
from tests.builders import MS, T0, Json, S, case, line, snapshot, span
from tests.recordings import recorded
from tracetui.analysis.advice.advice import LEAST_SHARE, advise
from tracetui.analysis.study.findings import Findings, study


def run(
    tests: Sequence[tuple[float, str]], workers: int = 2, *, late: float = 0.0, **told: str | int
) -> Findings:
    """A suite of tests (seconds, names), each by the first worker that is free, `late` seconds after it."""
    suite: dict[str, str | int] = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
    suite |= {f"pytest.xdist.{name}": value for name, value in told.items()}
    clocks = [T0 + round(late * S)] * workers
    spans: list[Json] = []
    for seconds, name in tests:
        lane = clocks.index(min(clocks))
        end = clocks[lane] + round(seconds * S)
        spans.append(case(name, worker=f"gw{lane}", start=clocks[lane], end=end))
        clocks[lane] = end + MS
    top = span("depot", suite, start=T0, end=max(clocks) + MS, status=1)
    return study(
        snapshot(line(top, *({**each, "parentSpanId": top["spanId"]} for each in spans))), max(clocks) + S
    )


def test_archiving_off_the_lanes_comes_first_of_jscore(tmp_path: Path) -> None:
    """It took 250 s on one lane, and 240 s of it kept all others: minutes, where one lane of four is one."""
    advice = advise(recorded(jscore.write(tmp_path / "spans")))
    first, *others = advice.proposals
    assert first.kind == "archiving"
    assert first.where == jscore.FAILED
    assert 225 * S < first.saving_ns < 265 * S
    assert first.low_ns <= first.saving_ns <= first.high_ns
    assert (first.sure, first.doubt) == ("sure", "")
    assert [each.kind for each in others] == ["hook", "hook"]
    assert abs(advice.replayed_ns / advice.recorded_ns - 1) < 0.03


def test_it_is_replayed_in_the_chunks_that_it_had() -> None:
    """Longest first one by one is quick; in xdist's own chunks the first worker has all long tests."""
    tests = [(20.0 if number < 12 else 0.1, f"a{number:03d}.py::t") for number in range(200)]
    one_by_one = advise(run(tests, 4, dist="load", maxschedchunk=1))
    assert (one_by_one.replayed_ns / one_by_one.recorded_ns) == pytest.approx(1, abs=0.05)
    assert one_by_one.doubt == ""
    unknown = advise(run(tests, 4, dist="load"))
    assert unknown.replayed_ns > 2 * unknown.recorded_ns
    assert unknown.doubt


def test_they_are_ranked_and_small_ones_left_out() -> None:
    """20 s on two workers, where 15 are enough; no other change saves a fiftieth."""
    advice = advise(run([*((1, f"a.py::{number}") for number in range(20)), (10, "z.py::long")]))
    assert [each.kind for each in advice.proposals] == ["order"]
    (order,) = advice.proposals
    assert order.saving_ns == pytest.approx(5 * S, rel=0.2)
    savings = [each.saving_ns for each in advice.proposals]
    assert savings == sorted(savings, reverse=True)
    assert all(saving >= LEAST_SHARE * advice.recorded_ns for saving in savings)


def test_nothing_worth_doing_is_said() -> None:
    """Of equal tests; and of a run without any."""
    advice = advise(run([(1, f"a.py::{number}") for number in range(16)]))
    assert advice.proposals == ()
    assert advice.doubt == ""
    nothing = advise(study(snapshot(line(span("x"))), T0 + S))
    assert (nothing.proposals, nothing.workers, nothing.doubt) == ((), 0, "no test ran in it")


def test_a_slow_start_is_added_up_and_comes_last() -> None:
    """9 s before the first test of a run of 13 s: nobody can simulate what of it could go."""
    tests = [*((0.2, f"a.py::{number}") for number in range(20)), (2.0, "z.py::long")]
    advice = advise(run(tests, late=9))
    assert [each.kind for each in advice.proposals] == ["order", "worker start"]
    start = advice.proposals[-1]
    assert start.high_ns == 9 * S
    assert (start.sure, start.is_simulated) == ("guess", False)
    assert [each.kind for each in advise(run(tests, late=0.2)).proposals] == ["order"]


def test_a_run_that_has_not_ended_is_no_ground_for_certainty() -> None:
    """Its doubt is that of every proposal."""
    seconds = [T0 + number * S for number in range(9)]
    tests = [
        case(f"a.py::{number}", worker=f"gw{number % 2}", start=start, end=end)
        for number, (start, end) in enumerate(pairwise(seconds))
    ]
    suite = span("depot", {"tracetui.span.role": "suite"}, end=0)
    advice = advise(study(snapshot(line(*tests, suite)), T0 + 20 * S))
    assert "the recorded run is" in advice.doubt
    assert all(each.sure != "sure" for each in advice.proposals)
