"""Whose lane each block lies on: suites, shards, processes, and workers without names."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.builders import MS, T0, Json, S, case, line, snapshot, span
from tracetui.analysis.lanes.sums import sums
from tracetui.analysis.runs.runs import ALL, NEWEST
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.timeline.window import Window
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.lane_cells import lane_cells

HOUR_MS = 3_600_000
SHARD = {"service.name": "depot", "host.name": "ci-4"}


def suite(name: str = "depot", *, start: int = 0, end: int = 100, **more: Any) -> Json:
    """A suite from and to so many ms."""
    told = {"tracetui.span.role": "suite", "test.suite.name": name}
    return span(name, told, start=T0 + start * MS, end=T0 + end * MS if end else 0, **more)


def worker(name: str, above: Json, *, start: int = 0, end: int = 100, **more: Any) -> Json:
    """A worker's span."""
    told = {"tracetui.span.role": "worker", "pytest.xdist.worker": name, **more.pop("told", {})}
    made = span(f"{name} of {above['spanId']}", told, start=T0 + start * MS, end=T0 + end * MS, parent=above)
    return {**made, "name": name, **more}


def ran(name: str, start: int, end: int, above: Json, gw: str = "") -> Json:
    """A test from and to so many ms."""
    return case(name, worker=gw, start=T0 + start * MS, end=T0 + end * MS, parent=above)


def found(*files: bytes) -> Findings:
    """What several files hold, long after."""
    return study(snapshot(*files), T0 + 3600 * S)


def counts(findings: Findings) -> dict[str, int]:
    """How many tests are on each lane."""
    return {lane.name: lane.tests for lane in findings.lanes.lanes}


def shard(number: int, at: int = 0, **told: Any) -> bytes:
    """One of several pytest processes with two workers each, as many tests as its number on the first."""
    top = suite(start=at, end=at + 100, id=f"{number:016x}")
    gw = [worker(name, top, start=at, end=at + 100) for name in ("gw0", "gw1")]
    tests = [ran(f"t::{number}a{n}", at + 10 * n, at + 10 * n + 5, gw[0], "gw0") for n in range(number)]
    tests.append(ran(f"t::{number}b", at, at + 60, gw[1], "gw1"))
    return line(top, *gw, *tests, resource={**SHARD, "process.pid": number, **told})


@pytest.mark.parametrize("trees", ["traces", "tests", "suites", "workers"])
def test_runs_without_any_identity_have_lanes_of_their_own(trees: str) -> None:
    """No run id, no process, one file, and the second began when the first was over: no lane spans both."""
    spans = []
    for number, at in enumerate((0, HOUR_MS)):
        names = [f"t{number}{each}" for each in range(3)]
        trace = f"{number + 1:032x}"
        top = {**suite(f"s{number}", start=at, end=at + 100), "traceId": trace}
        for each, name in enumerate(names):
            test = ran(name, at + 10 * each, at + 10 * each + 5, top, "gw0" if trees == "workers" else "")
            test["traceId"] = f"{number * 3 + each + 1:032x}" if trees == "tests" else trace
            if trees != "suites":
                del test["parentSpanId"]
            spans.append(test)
        spans += [top] if trees == "suites" else []
    both = found(line(*spans, resource={"service.name": "depot"})).chosen(ALL)
    assert len(both.runs) == 2
    assert [lane.tests for lane in both.lanes.lanes] == [3, 3]
    assert max(lane.gap_ns for lane in both.lanes.lanes) < S
    assert [lane.tests for lane in both.chosen(NEWEST).lanes.lanes] == [3]


def test_workers_of_two_shards_are_four_lanes() -> None:
    """`gw0` of one is not `gw0` of the other, in time and in sums."""
    both = found(shard(2), shard(3))
    assert counts(both) == {"pid 2:gw0": 2, "pid 2:gw1": 1, "pid 3:gw0": 3, "pid 3:gw1": 1}
    assert sums(both.lanes, ()).work_ns == (2 * 5 + 3 * 5 + 2 * 60) * MS


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        (
            {"ci.node.index": "1", "ci.node.total": "2"},
            {"ci.node.index": "2", "ci.node.total": "2"},
            "shard 1/2,shard 2/2",
        ),
        ({"github.job": "linux"}, {"github.job": "mac"}, "linux,mac"),
        ({"host.name": "a"}, {"host.name": "b"}, "a,b"),
    ],
)
def test_what_tells_shards_apart_is_in_their_names(
    first: Mapping[str, Any], second: Mapping[str, Any], names: str
) -> None:
    """The shard as the CI calls it, the job, or the host."""
    assert list(counts(found(shard(1, **first), shard(2, **second)))) == [
        f"{name}:{gw}" for name in names.split(",") for gw in ("gw0", "gw1")
    ]


def test_a_lane_is_called_as_its_suite() -> None:
    """What tells two suites apart on the waterfall and in the picker stands before their workers."""
    told: list[dict[str, Any]] = [{"cicd.worker.name": name, "host.name": "h"} for name in ("one", "two")]
    both = found(shard(1, **told[0]), shard(2, **told[1]))
    words = set(both.runs.suites_apart.values())
    assert words == {"one", "two"}
    assert {lane.name.partition(":")[0] for lane in both.lanes.lanes} == words
    assert [both.runs.shards.name(each) for each in both.runs.shards_of(0)] == ["one", "two"]


def test_a_shard_that_starts_late_has_no_idle_time_before() -> None:
    """Before its worker existed, and after its suite has ended, a lane is blank."""
    both = found(shard(1), shard(2, at=80))
    late = {lane.name: lane for lane in both.lanes.lanes}["pid 2:gw0"]
    assert (late.exists.start_ns, late.exists.end_ns) == (T0 + 80 * MS, T0 + 140 * MS)
    assert late.idle_ns == (60 - 2 * 5) * MS
    early = {lane.name: lane for lane in both.lanes.lanes}["pid 1:gw1"]
    assert (early.exists.end_ns, early.tail_ns) == (T0 + 100 * MS, 40 * MS)


def test_a_suite_that_has_not_come_yet() -> None:
    """Its workers are known by the parent that is not there: a live run has the lanes it will have."""
    top, other = suite(id="a" * 16), suite(id="b" * 16)
    files = []
    for number, above in enumerate((top, other)):
        gw = worker("gw0", above)
        test = ran(f"t::{number}", 0, 10, gw, "gw0")
        files.append(line(gw, test, resource={**SHARD, "process.pid": number + 1}))
    assert list(counts(found(*files))) == ["pid 1:gw0", "pid 2:gw0"]


def test_suites_that_run_at_once_share_no_lane() -> None:
    """Without names of workers too: two processes, or two suites of one."""
    one, two = suite("a"), suite("b", start=10)
    tests = [ran("a::x", 0, 20, one), ran("b::x", 30, 40, two), ran("a::y", 50, 60, one)]
    assert counts(found(line(one, two, *tests))) == {"a:job0": 2, "b:job0": 1}


def test_suites_of_one_process_that_follow_each_other_share_lanes() -> None:
    """resmoke runs a suite with one job, then one with four: there are four jobs, not five."""
    one, two = suite("first", end=20), suite("second", start=20)
    tests = [ran("a", 1, 19, one)] + [ran(f"b{job}", 21, 90, two) for job in range(4)]
    lanes = found(line(one, two, *tests)).lanes.lanes
    assert [(lane.name, lane.tests) for lane in lanes] == [("job0", 2), ("job1", 1), ("job2", 1), ("job3", 1)]
    assert lanes[1].exists.start_ns == T0 + 20 * MS


def resmoke(jobs: int) -> bytes:
    """A suite that tells of its jobs, and three tests of which two overlap by 5 ms."""
    told = {"suite_display_name": "core", "suite_num_jobs_to_start": jobs}
    top = span("run.__init__._execute_suite", told, start=T0, end=T0 + 100 * MS)
    tests = [
        span(
            "job._execute_test",
            {"test_long_name": name},
            start=T0 + begin * MS,
            end=T0 + end * MS,
            parent=top,
            id=f"{end:016x}",
        )
        for name, begin, end in (("x", 0, 50), ("y", 0, 55), ("z", 45, 90))
    ]
    return line(top, *tests, scope="resmoke", resource={"service.name": "resmoke"})


def test_no_more_lanes_than_the_suite_tells_of_jobs() -> None:
    """`suite_num_jobs_to_start` caps what is inferred; without it there are as many as hold the blocks."""
    assert counts(found(resmoke(2))) == {"job0": 2, "job1": 1}
    assert counts(found(resmoke(0))) == {"job0": 1, "job1": 1, "job2": 1}


def test_no_more_lanes_than_workers_are_named() -> None:
    """What of a suite names no worker lies on as many lanes as there are workers at most."""
    top = suite()
    gw = worker("gw0", top)
    hooks = [
        span(f"hook {n}", {"tracetui.span.role": "hook"}, start=T0, end=T0 + 50 * MS, parent=top)
        for n in range(3)
    ]
    assert list(counts(found(line(top, gw, ran("t", 0, 9, gw, "gw0"), *hooks)))) == ["gw0", "job0"]


def test_whoever_wrote_it_a_worker_names_a_lane() -> None:
    """`tracetui.span.role = worker` is enough: the span's name is the lane's."""
    top = suite()
    above = span("runner 7", {"tracetui.span.role": "worker"}, parent=top, end=T0 + 90 * MS)
    assert counts(found(line(top, above, ran("t", 0, 10, above)))) == {"runner 7": 1}


def test_a_worker_whose_process_died_has_crashed() -> None:
    """Its lane ends with it and is not idle afterwards; those that only failed go on."""
    top = suite()
    dead = worker("gw0", top, end=40, told={"error.type": "crash"}, status={"code": 2})
    bad = worker("gw1", top, status={"code": 2})
    tests = [ran("a", 0, 30, dead, "gw0"), ran("b", 0, 30, bad, "gw1"), ran("c", 90, 100, bad, "gw1")]
    one, two = found(line(top, dead, bad, *tests)).lanes.lanes
    assert (one.crashed, one.idle_ns, one.tail_ns) == (True, 10 * MS, 0)
    assert (two.crashed, two.idle_ns) == (False, 60 * MS)


@pytest.mark.parametrize(("start", "at_once"), [(40, 2), (39, 3)])
def test_a_worker_that_takes_the_place_of_a_dead_one_is_not_one_more(start: int, at_once: int) -> None:
    """The best case is the work spread over those that existed at the same time; the one before is over."""
    top = suite()
    dead = worker("gw0", top, end=40, told={"error.type": "crash"}, status={"code": 2})
    workers = [dead, worker("gw1", top), worker("gw2", top, start=start)]
    tests = [ran(name, 40, 90, one, name) for one, name in zip(workers[1:], ("gw1", "gw2"), strict=True)]
    found_lanes = found(line(top, *workers, ran("a", 0, 30, dead, "gw0"), *tests)).lanes
    of_all = sums(found_lanes, ())
    assert (of_all.lanes, of_all.at_once, of_all.floor_ns) == (3, at_once, 130 * MS // at_once)


def test_a_worker_that_was_cut_off_has_crashed() -> None:
    """Also where nobody ended its span: its writer is gone."""
    top = suite()
    dead = worker("gw0", top)
    read = snapshot(line(top, dead, ran("a", 0, 30, dead, "gw0")))
    outcome = np.where(read.role == Role.WORKER, Outcome.CUT_OFF, read.outcome)
    (lane,) = study(replace(read, outcome=outcome), T0 + 3600 * S).lanes.lanes
    assert lane.crashed


def test_a_lane_is_blank_where_there_is_no_worker() -> None:
    """Before it existed, after the end, and after its process died, where a mark stands."""
    top = suite()
    late = worker("gw0", top, start=30)
    dead = worker("gw1", top, end=60, told={"error.type": "crash"}, status={"code": 2})
    tests = [ran("a", 40, 90, late, "gw0"), ran("b", 0, 50, dead, "gw1")]
    both = found(line(top, late, dead, *tests)).lanes.lanes
    drawn = [lane_cells(lane, (), Window(T0, T0 + 120 * MS), 12) for lane in both]
    assert ["".join(cell.shape for cell in cells) for cells in drawn] == ["   ░█████   ", "█████╳      "]
    assert {cell.kind for cells in drawn for cell in cells} == {"blank", "idle", "test", "crashed"}
