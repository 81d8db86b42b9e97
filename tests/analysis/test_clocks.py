"""Times that cannot be: badged, kept off every axis, no time taken, nothing else disturbed."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import MS, T0, Json, S, case, line, snapshot, span, start_record
from tests.cli.running import answer
from tracetui import units
from tracetui.analysis.jobs.stretches import stretches
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.time.extent import DAY_NS, FIRST_NS

NOW = T0 + 60 * S
YEAR = 365 * DAY_NS
TOO_LATE = 2**63 - 1

STARTS = {
    "zero": 0,
    "negative": -5,
    "no number": "soon",
    "beyond 64 bits": 2**64,
    "beyond 63 bits": 2**63,
    "1970": 86_400 * S,
    "1985": 480_000_000 * S,
    "1999": FIRST_NS - 1,
    "2100": 4_102_444_800 * S,
    "the day after tomorrow": NOW + 2 * DAY_NS,
}
ENDS = {
    "before its start": T0 - S,
    "negative": -5,
    "no number": "NaN",
    "beyond 64 bits": 2**64,
    "2100": 4_102_444_800 * S,
}


def run() -> list[Json]:
    """A suite with 20 tests, a second each."""
    suite = span("suite", {"tracetui.span.role": "suite"}, start=T0, end=T0 + 20 * S)
    tests = [
        case(f"t::{number}", start=T0 + number * S, end=T0 + (number + 1) * S, parent=suite)
        for number in range(20)
    ]
    return [suite, *tests]


def findings(*spans: Json) -> Findings:
    return study(snapshot(line(*spans)), NOW)


def axes(found: Findings) -> list[tuple[int, int]]:
    """The axes of the pages, and the time of the newest run."""
    windows = [
        (window.start_ns, window.end_ns) for _, window in stretches(found.snapshot, found.tree, found.times)
    ]
    return [*windows, (found.summary.start_ns, found.summary.end_ns)]


def assert_harmless(bad: Json, took: int = 0) -> None:
    """The axis and the runs are those without `bad`, which is badged, there once, and `took` so long."""
    good, found = findings(*run()), findings(*run(), bad)
    (row,) = (row for row in range(len(found.snapshot)) if found.snapshot.name(row) == bad["name"])
    assert [number for number in range(len(found.snapshot)) if found.clock(number)] == [row]
    assert found.times.total[row] == found.times.own[row] == took
    assert axes(found) == axes(good)
    assert found.summary.name == "suite"
    assert sorted(found.tree.order.tolist()) == list(range(22))
    ranks = {rank.name: rank.own_ns for rank in found.rank()}
    assert ranks == {rank.name: rank.own_ns for rank in good.rank()} | {
        name: took for name in ranks if name == bad["name"]
    }


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("place", ["in the run", "a root", "another trace", "still open"])
def test_a_start_that_cannot_be(start: object, place: str) -> None:
    """Wherever in the tree: as if it took no time, at the start of what is around it."""
    above = run()[0] if place in ("in the run", "still open") else None
    bad = case("bad", parent=above, **({"trace": "b" * 32} if place == "another trace" else {}))
    bad["startTimeUnixNano"] = start
    if place == "still open":
        del bad["endTimeUnixNano"]
    assert_harmless(bad)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("place", ["in the run", "a root"])
def test_an_end_that_cannot_be(end: object, place: str) -> None:
    """It begins where it says, and takes no time."""
    bad = case("bad", parent=run()[0] if place == "in the run" else None, start=T0 + S)
    assert_harmless({**bad, "endTimeUnixNano": end})


@pytest.mark.parametrize("start", [1_326_000_000 * S, T0 - 3 * DAY_NS, T0 - YEAR])
def test_a_clock_that_was_frozen(start: int) -> None:
    """A test in a run of today that says 2012, or last week, in the same tree as all others."""
    assert_harmless(case("bad", parent=run()[0], start=start, end=start + MS), took=MS)


def test_a_clock_that_was_frozen_and_let_go() -> None:
    """A test that began in 2012 and ended today did not take 14 years."""
    assert_harmless(case("bad", parent=run()[0], start=1_326_000_000 * S, end=T0 + 3 * S))


def test_a_suite_without_a_start() -> None:
    """It stands where its first test begins; its tests are where they are."""
    suite, *tests = run()
    found = findings({**suite, "startTimeUnixNano": 0}, *tests)
    assert (found.clock(0), found.summary.start_ns, found.summary.end_ns) == ("start", T0, T0 + 20 * S)


@pytest.mark.parametrize("shift", [YEAR, 70 * YEAR, -30 * YEAR])
def test_a_recording_with_another_clock_is_its_own_measure(shift: int) -> None:
    """All of a recording in the future, or of 1996: none of its times is wrong."""
    moved = [
        span(
            made["name"],
            start=int(made["startTimeUnixNano"]) + shift,
            end=int(made["endTimeUnixNano"]) + shift,
        )
        for made in run()
    ]
    found = findings(*moved)
    assert found.clocks is None
    assert found.summary.start_ns == T0 + shift


def since(start: int, name: str = "job") -> list[Json]:
    """A span of 2 s and one of 1 s in the middle of it, from `start` on."""
    root = span(name, start=start, end=start + 2 * S, trace="c" * 32)
    return [root, span("step", start=start + S // 2, end=start + 3 * S // 2, parent=root, trace="c" * 32)]


@pytest.mark.parametrize("start", [0, 1, 5 * S, 300 * DAY_NS])
@pytest.mark.parametrize("beside", [True, False])
def test_a_document_without_an_epoch(start: int, beside: bool) -> None:
    """Near 1970 throughout, alone or beside others: its times are right, on an axis of their own."""
    data = [line(*run())] if beside else []
    found = study(snapshot(*data, line(*since(start))), NOW)
    rows = np.flatnonzero(found.snapshot.trace_index == found.snapshot.trace_index[-1])
    assert found.clocks is not None
    assert not found.clocks.wrong.any()
    assert found.clocks.relative[rows].all()
    assert found.times.total[rows].tolist() == [2 * S, S]
    assert found.times.self_[rows].tolist() == [S, S]
    windows = [window for _, window in stretches(found.snapshot, found.tree, found.times)]
    assert windows[-1].end_ns - windows[-1].start_ns == 2 * S
    assert len(windows) == 1 + beside
    assert units.moment(windows[-1].start_ns) == "+00:00:00.000"
    assert found.written.start_ns[rows[0]] == start


def test_a_resource_says_that_its_times_are_relative() -> None:
    """`tracetui.clock` decides for its own spans alone, whatever stands in the same file."""
    told = {"service.name": "x", "tracetui.clock": "relative"}
    found = study(snapshot(line(*run()) + line(*since(5), resource=told)), NOW)
    assert found.clocks is not None
    assert np.flatnonzero(found.clocks.relative).tolist() == [21, 22]
    assert found.times.total[21:].tolist() == [2 * S, S]


def test_each_document_without_an_epoch_has_its_own_axis() -> None:
    """Two that both count from 0 are not one run."""
    told = {"service.name": "x", "tracetui.clock": "relative"}
    one, two = (line(*since(0, name), resource=told) for name in ("one", "two"))
    found = study(snapshot(one, two), NOW)
    assert len([*stretches(found.snapshot, found.tree, found.times)]) == 2


def test_spans_of_one_wrong_clock_keep_their_own_times() -> None:
    """Where a place is doubtful, what it took and what it took itself is as it was written."""
    found = findings(*run(), *since(480_000_000 * S))
    assert found.clocks is not None
    assert found.clocks.wrong[-2:].all()
    assert found.times.total[-2:].tolist() == [2 * S, S]
    assert found.times.self_[-2:].tolist() == [S, S]


@pytest.mark.parametrize(("before_ns", "is_wrong"), [(MS, False), (MS + 1, True)])
def test_an_end_a_moment_before_its_start(before_ns: int, is_wrong: bool) -> None:
    """Up to 1 ms that is rounding: it took no time, and nothing is said."""
    found = findings(*run(), case("bad", start=T0 + S, end=T0 + S - before_ns))
    assert bool(found.clock(21)) == is_wrong
    assert found.times.total[21] == 0


def test_old_runs_are_no_wrong_clocks() -> None:
    """Runs of last week and last year, each a tree of its own, are runs."""
    old = [
        span(f"suite {days}", start=T0 - days * DAY_NS, end=T0 - days * DAY_NS + S, trace=f"{days:032x}")
        for days in (1, 7, 365)
    ]
    found = findings(*run(), *old)
    assert found.clocks is None
    assert len(found.runs) == 4


def test_a_run_of_three_days_is_no_wrong_clock() -> None:
    """As long as some span covers the time between."""
    suite = span("soak", start=T0 - 3 * DAY_NS, end=T0)
    early, late = (
        span(name, parent=suite, start=at, end=at + S) for name, at in (("a", T0 - 3 * DAY_NS), ("b", T0 - S))
    )
    assert findings(suite, early, late).clocks is None


def test_a_running_span_does_not_wait_for_its_end() -> None:
    """An end that has not come is not one that cannot be."""
    assert study(snapshot(start_record(case("t", end=0))), NOW).clocks is None


def test_what_was_written_stays() -> None:
    """Detail and JSON show the times as they are in the file."""
    found = findings(*run(), case("bad", start=5, end=3))
    row = len(found.snapshot) - 1
    assert (found.written.start_ns[row], found.written.end_ns[row]) == (5, 3)
    assert int(found.snapshot.start_ns.min()) == T0


nonsense = st.one_of(
    st.sampled_from([*STARTS.values(), *ENDS.values(), T0, T0 + S, None]), st.integers(-(2**65), 2**65)
)


@settings(max_examples=examples(35))
@given(st.lists(st.tuples(nonsense, nonsense, st.integers(0, 20)), max_size=6))
def test_no_nonsense_moves_the_axis(bad: list[tuple[object, object, int]]) -> None:
    """Any few spans with any times, anywhere: nothing fails, and the axis of the good ones is within 1 %."""
    spans = run()
    made = [
        {**span(f"bad{place}", parent=spans[above]), "startTimeUnixNano": start, "endTimeUnixNano": end}
        for place, (start, end, above) in enumerate(bad)
        if start not in (T0, T0 + S) or end not in (None, 0, T0, T0 + S)
    ]
    found = findings(*spans, *made)
    wrong = np.array([bool(found.clock(row)) for row in range(len(found.snapshot))])
    assert not wrong[:21].any()
    assert (found.times.total[:] >= 0).all()
    good = found.snapshot.start_ns[~wrong]
    assert good.min() >= T0 - DAY_NS
    assert (found.snapshot.start_ns >= T0 - DAY_NS).all()
    assert (found.times.end[:] <= NOW + DAY_NS).all()


def test_pages_say_clock(tmp_path: Path) -> None:
    """The waterfall has a badge in place of the bar, its JSON a key, and the check counts it."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(*run(), case("bad", start=5, end=9)))
    rows = {row["title"]: row for row in answer("waterfall", path)["rows"]}
    assert rows["bad"]["clock"] == "start"
    assert (rows["bad"]["start_ns"], rows["bad"]["duration_ns"]) == (5, 4)
    assert "clock" not in rows["t::1"]
    (kind,) = (kind for kind in answer("check", path)["kinds"] if kind["kind"] == "clock")
    assert (kind["count"], kind["examples"][0]["excerpt"]) == (1, "bad")
