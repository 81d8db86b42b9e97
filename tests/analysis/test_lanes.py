"""Lanes and how full their cells are, against the slow way."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.graphs import runs
from tests.budgets import examples
from tests.builders import MS, T0, Json, S, case, line, small_run, snapshot, span
from tests.cli.running import EVERGREEN
from tests.recordings import RUNS, recorded
from tracetui.analysis.lanes.density import density
from tracetui.analysis.lanes.lane_axis import shifts
from tracetui.analysis.lanes.lanes import Lanes, lanes
from tracetui.analysis.lanes.sums import Sums, sums
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.time.coverage import coverage
from tracetui.analysis.timeline.window import Window
from tracetui.ingest import load
from tracetui.model.role import Role
from tracetui.report.drawing.lane_cells import lane_cells, shapes
from tracetui.store.snapshot import Snapshot

NOW = 60


def of(found: Findings) -> Lanes:
    return lanes(found.snapshot, found.tree, found.times)


def total(lanes: Lanes) -> Sums:
    return sums(lanes, ())


def ran(name: str, start: int, end: int, worker: str = "", outcome: str = "passed", **more: Any) -> Json:
    """A test from and to so many ms."""
    return case(name, outcome, worker, start=T0 + start * MS, end=T0 + end * MS, **more)


def test_a_worker_is_a_lane() -> None:
    """Tests lie on the lane that they name; workers stand in natural order."""
    spans = [ran(f"t::{name}", 0, 10, f"gw{name}") for name in (10, 2, 1)]
    found = of(study(snapshot(line(*spans)), T0))
    assert [(lane.name, lane.packed, lane.tests) for lane in found.lanes] == [
        ("gw1", False, 1),
        ("gw2", False, 1),
        ("gw10", False, 1),
    ]


def test_the_worker_above_names_the_lane() -> None:
    """A test that names no worker lies on the lane of the worker span that it hangs under."""
    above = span("w", {"tracetui.span.role": "worker", "pytest.xdist.worker": "gw7"}, end=T0 + 50 * MS)
    found = of(study(snapshot(line(above, ran("t::x", 0, 10, parent=above))), T0))
    assert [lane.name for lane in found.lanes] == ["gw7"]


def test_lanes_without_names_are_packed() -> None:
    """As few lanes as hold the tests without overlap, and marked as made up."""
    spans = [ran("t::a", 0, 10), ran("t::b", 5, 15), ran("t::c", 10, 20), ran("t::d", 15, 30)]
    found = of(study(snapshot(line(*spans)), T0))
    assert [(lane.name, lane.packed, lane.tests) for lane in found.lanes] == [
        ("job0", True, 2),
        ("job1", True, 2),
    ]


def test_sums_tell_how_far_from_ideal_a_run_was() -> None:
    """Wall, work, floor, idle, imbalance and the longest gap of a run that can be added up by hand."""
    spans = [ran("t::a", 0, 40, "gw0"), ran("t::b", 0, 10, "gw1"), ran("t::c", 25, 30, "gw1")]
    found = of(study(snapshot(line(*spans)), T0))
    assert total(found)[:5] == (2, 2, 40 * MS, 55 * MS, 55 * MS // 2)
    assert (total(found).idle_ns, found.imbalance_ns) == (25 * MS, 10 * MS)
    second = found.lanes[1]
    assert (second.busy_ns, second.gap_ns, second.gap_start_ns) == (15 * MS, 15 * MS, T0 + 10 * MS)
    assert found.long_pole is found.lanes[0]


def test_a_shard_that_starts_late_is_not_slow() -> None:
    """Lanes are compared from the start of their own process: what one started later is no imbalance."""
    shards = []
    for shard, (at, took) in enumerate([(0, 40), (500, 45), (900, 41)]):
        trace = f"{shard + 1:032x}"
        begin, end = T0 + at * MS, T0 + (at + took) * MS
        suite = span("s", {"tracetui.span.role": "suite"}, start=begin, end=end, trace=trace)
        test = ran(f"t::{shard}", at, at + took, parent=suite, trace=trace)
        resource = {"service.name": "depot", "process.pid": shard + 1, "host.name": "h"}
        shards.append(line(suite, test, resource=resource))
    found = of(study(snapshot(*shards), T0))
    assert (found.imbalance_ns, found.apart_ns) == (5 * MS, 900 * MS)
    assert [lane.took_ns for lane in found.lanes] == [40 * MS, 45 * MS, 41 * MS]
    assert found.long_pole is found.lanes[1]
    assert total(found).at_once == 3


def test_hooks_and_archivers_keep_their_colour_in_a_failed_test() -> None:
    """Red is a failed test, as the legend says; the mark of the failure stands where it begins."""
    test = case("t", "failed", end=T0 + 8 * S)
    parts = [
        span("before", {"tracetui.span.role": "hook"}, start=T0, end=T0 + 2 * S, parent=test),
        span("pack", {"tracetui.span.role": "archiver"}, start=T0 + 6 * S, end=T0 + 8 * S, parent=test),
    ]
    (lane,) = study(snapshot(line(test, *parts)), T0 + 9 * S).lanes.lanes
    cells = lane_cells(lane, (), Window(T0, T0 + 8 * S), 8)
    assert [cell.kind for cell in cells] == ["failed", "hook", *["failed"] * 4, "archiver", "archiver"]
    assert [cell.shape for cell in cells] == ["✗", "▒", *["█"] * 4, "▓", "▓"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ([], [], []),
        ([7], [9], [0]),
        ([0, 20], [10, 30], [0, 0]),
        ([0, 21], [10, 31], [0, 21]),
        ([100, 3700, 100], [110, 3705, 104], [0, 3600, 0]),
        ([0, 3600], [7200, 3700], [0, 0]),
    ],
)
def test_shards_far_apart_each_have_their_own_start(
    since: list[int], until: list[int], expected: list[int]
) -> None:
    """From where the longest lane would take less than a third of one axis."""
    assert shifts(since, until) == expected


def test_an_axis_of_elapsed_times() -> None:
    """Three shards within 95 s, each of about a second: the axis is as long as the longest."""
    found = recorded(RUNS / "shards_late").lanes
    assert found.is_elapsed
    assert [round(lane.shift_ns / S) for lane in found.lanes] == [0, 39, 95]
    assert found.axis.length == max(lane.exists.end_ns - lane.since_ns for lane in found.lanes) < 2 * S


def test_a_lane_alone_is_no_long_pole() -> None:
    """Where all is on one lane, none ended last."""
    assert of(study(snapshot(line(ran("t::a", 0, 10))), T0)).long_pole is None


def test_a_recording_without_work_has_no_lanes() -> None:
    """Spans that are no tests, hooks or archivers make no lane."""
    found = of(study(snapshot(line(span("GET /"))), T0))
    assert (found.lanes, found.long_pole) == ((), None)
    assert total(found) == (0, 0, 0, 0, 0, 0, 0, 0, 0, "")


def test_resmokes_jobs_are_rebuilt() -> None:
    """Four jobs ran the sample, and no lane holds two blocks at once."""
    ingest = load([str(EVERGREEN)])
    found = study(ingest.table.snapshot(), T0)
    rebuilt = of(found)
    assert len(rebuilt.lanes) == 4
    assert sum(lane.tests for lane in rebuilt.lanes) == 60
    for lane in rebuilt.lanes:
        assert (found.snapshot.start_ns[lane.rows][1:] >= found.times.end[lane.rows][:-1]).all()
    ingest.close()


@settings(max_examples=examples(35))
@given(runs())
def test_every_block_is_on_one_lane(read: Snapshot) -> None:
    """Outermost tests, hooks and archivers, each once; busy time and gaps add up to the lane's length."""
    found = study(read, NOW)
    read = found.snapshot
    tree, work = found.tree, np.isin(read.role, (Role.TEST, Role.HOOK, Role.ARCHIVER))
    outermost = [
        row for row in range(len(read)) if work[row] and not any(work[above] for above in tree.ancestors(row))
    ]
    every = of(found)
    assert sorted(row for lane in every.lanes for row in lane.rows.tolist()) == outermost
    for lane in every.lanes:
        moments = {
            moment
            for row in lane.rows.tolist()
            for moment in range(int(read.start_ns[row]), int(found.times.end[row]))
        }
        assert lane.busy_ns == len(moments)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30))),
    st.lists(st.integers(0, 100), min_size=2, max_size=12, unique=True),
)
def test_coverage_is_the_union(intervals: list[tuple[int, int]], edges: list[int]) -> None:
    """The share of each interval that any of some intervals covers, counted moment by moment."""
    edges.sort()
    start = np.array([begin for begin, _ in intervals], np.int64)
    end = start + np.array([length for _, length in intervals], np.int64)
    moments = {moment for begin, length in intervals for moment in range(begin, begin + length)}
    expected = [
        len(moments.intersection(range(left, right))) / (right - left) for left, right in pairwise(edges)
    ]
    assert coverage(start, end).shares(np.array(edges, np.int64)).tolist() == expected


def test_cells_tell_what_ran_by_their_shapes() -> None:
    """Tests by height, hooks and archivers by shape, failures where they begin, idle time as idle."""
    hook = span("h", {"tracetui.span.role": "hook"}, start=T0 + 40 * MS, end=T0 + 60 * MS)
    spans = [
        ran("t::a", 0, 20, "gw0"),
        ran("t::b", 20, 40, "gw0", "failed"),
        hook,
        ran("t::c", 85, 90, "gw0"),
    ]
    spans[2]["attributes"] += case("x", worker="gw0")["attributes"][-1:]
    found = study(snapshot(line(*spans)), T0)
    (lane,) = of(found).lanes
    cells = density(lane.work, Window(T0, T0 + 100 * MS), 10)
    assert shapes(cells) == "██✗█▒▒░░▄░"


def test_the_cells_of_a_run_are_as_many_as_asked_for() -> None:
    """Any window and any width, also none."""
    found = study(snapshot(small_run()), T0)
    for lane in of(found).lanes:
        for cells in (0, 1, 7, 200):
            for window in (Window(T0, T0 + 1), Window(T0 - 10**12, T0 + 10**12)):
                assert len(shapes(density(lane.work, window, cells))) == cells


def test_rebuilt_lanes_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many tests at once none is lost: beyond the bound they share the lanes that end first."""
    monkeypatch.setattr("tracetui.analysis.assignment.block_lanes.MOST_PACKED", 3)
    found = of(study(snapshot(line(*(ran(f"t::{at}", at, at + 50) for at in range(20)))), T0))
    assert len(found.lanes) == 3
    assert sorted(row for lane in found.lanes for row in lane.rows.tolist()) == list(range(20))


def test_a_fixture_of_a_single_process_is_on_its_lane() -> None:
    """Where nothing names workers, what a test sets up for those after it makes no lane of its own."""
    told = {"tracetui.span.role": "hook"}
    spans = [
        case("a", worker="", start=T0, end=T0 + 5 * S),
        span("db setup", told, start=T0 + S, end=T0 + 2 * S),
        case("b", worker="", start=T0 + 5 * S, end=T0 + 7 * S),
        span("db teardown", told, start=T0 + 6 * S, end=T0 + 7 * S),
    ]
    findings = study(snapshot(line(*spans)), T0)
    (lane,) = findings.lanes.lanes
    assert (lane.tests, len(lane.rows), lane.busy_ns) == (2, 4, 7 * S)


def test_hooks_of_several_jobs_make_lanes() -> None:
    """Hooks that no test contains stand beside each other."""
    told = {"tracetui.span.role": "hook"}
    spans = [span(f"before{job}", told, start=T0, end=T0 + 2 * S) for job in range(3)]
    assert len(study(snapshot(line(*spans)), T0).lanes.lanes) == 3
