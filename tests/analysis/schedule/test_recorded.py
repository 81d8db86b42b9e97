"""What a recording tells of the work of its run, on runs that are made by hand."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from tests.analysis.schedule.suites import several
from tests.builders import MS, T0, Json, S, case, line, span, table
from tracetui.analysis.schedule.policy import Policy, policy_for
from tracetui.analysis.schedule.recorded import recorded
from tracetui.analysis.schedule.recording.processors import LEAST_OTHERS, other_work
from tracetui.analysis.schedule.workload import Workload
from tracetui.analysis.study.findings import study

SUITE = span("suite", {"tracetui.span.role": "suite", "pytest.outcome": "passed"}, end=T0 + 100 * S)


def understood(*spans: Json) -> Workload:
    """The workload of a run of these spans."""
    return recorded(study(table(line(SUITE, *spans)).snapshot(), T0 + 200 * S))


def worker(name: str) -> Json:
    """A worker that is there all the time."""
    return span(
        name, {"tracetui.span.role": "worker", "pytest.xdist.worker": name}, parent=SUITE, end=T0 + 100 * S
    )


def ran(name: str, lane: Json, start: float, end: float, outcome: str = "passed") -> Json:
    """A test from second to second."""
    return case(name, outcome, lane["name"], start=at(start), end=at(end), parent=lane)


def fixture(title: str, scope: str, lane: Json, start: float, end: float) -> Json:
    """A set-up or teardown on a lane."""
    told = {
        "tracetui.span.role": "hook",
        "tracetui.fixture.scope": scope,
        "pytest.xdist.worker": lane["name"],
    }
    return span(title, told, start=at(start), end=at(end), parent=lane)


def at(seconds: float) -> int:
    return T0 + round(seconds * S)


GW0, GW1 = worker("gw0"), worker("gw1")


def test_pauses_and_starts_are_learned() -> None:
    """Pauses of 10 and 20 ms, the second worker 0.5 s after the first; a long one is no pause."""
    work = understood(
        GW0,
        GW1,
        ran("test_a.py::test_1", GW0, 1, 2),
        ran("test_a.py::test_2", GW0, 2.01, 3),
        ran("test_a.py::test_3", GW0, 3.02, 4),
        ran("test_a.py::test_4", GW0, 14, 15),
        ran("test_b.py::test_1", GW1, 1.5, 5),
    )
    assert list(work.gaps_ns) == [10 * MS, 20 * MS]
    assert list(work.skews_ns) == [500 * MS]
    assert work.recorded_ns == 14 * S
    assert (work.workers, work.doubts) == (2, ())


@pytest.mark.parametrize(("start", "workers", "skews"), [(4, 2, [2]), (3.9, 3, [2, 4])])
def test_a_worker_in_the_place_of_a_dead_one_is_not_one_more(
    start: float, workers: int, skews: list[int]
) -> None:
    """Three lanes, and never more than two at a time: the run was one of two workers, started 2 s apart."""
    told = {"tracetui.span.role": "worker", "error.type": "crash", "pytest.xdist.worker": "gw0"}
    dead = span("gw0", told, parent=SUITE, end=at(4), status=2)
    after = span(
        "gw2", told | {"pytest.xdist.worker": "gw2", "error.type": ""}, parent=SUITE, start=at(start)
    )
    after["endTimeUnixNano"] = SUITE["endTimeUnixNano"]
    tests = [ran("a", dead, 1, 2), ran("b", GW1, 3, 9), ran("c", after, 5, 9)]
    work = understood(dead, GW1, after, *tests)
    assert (work.workers, list(work.skews_ns)) == (workers, [skew * S for skew in skews])


def test_one_lane_shows_the_order() -> None:
    """As its tests began; no xdist."""
    work = understood(ran("test_b.py::test_1", GW0, 1, 2), ran("test_a.py::test_1", GW0, 2, 3), GW0)
    assert [item.name for item in work.items] == ["test_b.py::test_1", "test_a.py::test_1"]
    assert (work.is_ordered, work.dist) == (True, "no")


def told(spans: Json, **more: int | str) -> Json:
    """The same, with what else it tells."""
    names = {
        "index": "tracetui.test.index",
        "cpu_ns": "tracetui.cpu_ns",
        "group": "pytest.xdist.group",
        "dist": "pytest.xdist.dist",
        "cores": "tracetui.host.cores",
        "run_queue_ns": "tracetui.run_queue_ns",
        "pressure_ns": "tracetui.host.cpu_pressure_ns",
    }
    attributes = span("", {names[key]: value for key, value in more.items()})["attributes"]
    return spans | {"attributes": spans["attributes"] + attributes}


def test_tests_say_where_they_stood_in_the_collection() -> None:
    """Whatever ran first; unless one of them does not say it."""
    spans = [
        told(ran("test_a.py::test_2", GW0, 0, 1), index=1),
        told(ran("test_a.py::test_3", GW1, 0, 1), index=2),
        told(ran("test_a.py::test_1", GW1, 1, 2), index=0),
    ]
    work = understood(GW0, GW1, *spans)
    assert [item.name[-1] for item in work.items] == ["1", "2", "3"]
    assert work.is_ordered
    assert not understood(GW0, GW1, *spans, ran("test_a.py::test_4", GW0, 3, 4)).is_ordered


def test_what_a_test_computes_is_its_own_and_not_its_fixtures() -> None:
    """Of 2 s of processor time one is the fixture's; without a test that tells it is unknown."""
    setup = told(fixture("db setup", "session", GW0, 0, 2), cpu_ns=S)
    spans = [told(ran("test_a.py::test_1", GW0, 0, 5), cpu_ns=2 * S), setup]
    work = understood(GW0, *spans)
    assert (work.items[0].own_ns, work.items[0].computing_ns) == (3 * S, S)
    assert work.fixtures[0].computing == 0.5
    assert work.knows_computing
    assert not understood(GW0, *spans, ran("test_a.py::test_2", GW0, 5, 6)).knows_computing


def test_the_suite_says_how_it_handed_out_and_on_how_many_cores() -> None:
    """Rather than what it looks like."""
    suite = SUITE | {
        "attributes": SUITE["attributes"]
        + span(
            "",
            {
                "pytest.xdist.dist": "worksteal",
                "pytest.xdist.maxschedchunk": 3,
                "tracetui.host.cores": 16,
            },
        )["attributes"]
    }
    tests = [ran(f"test_{n}.py::test_{m}", (GW0, GW1)[n % 2], m, m + 1) for n in range(4) for m in range(2)]
    snapshot = table(line(suite, GW0, GW1, *tests)).snapshot()
    work = recorded(study(snapshot, T0 + 200 * S))
    assert (work.dist, work.chunk, work.cores) == ("worksteal", 3, 16)
    assert policy_for("worksteal", work) == Policy("worksteal", 3)
    assert policy_for("load", work) == Policy("load")


@pytest.mark.parametrize(("dist", "are_together"), [("load", True), ("loadgroup", False)])
def test_groups_are_those_of_marks(dist: str, are_together: bool) -> None:
    """Unless xdist was to put them into the names, and has not: then it does not know them."""
    tests = [
        told(ran("test_a.py::test_1", GW0, 0, 1), group="db"),
        ran("test_a.py::test_2", GW0, 1, 2),
        told(ran("test_b.py::test_1", GW1, 0, 1), group="db"),
        ran("test_b.py::test_2@net", GW1, 1, 2),
    ]
    snapshot = table(line(told(SUITE, dist=dist), GW0, GW1, *tests)).snapshot()
    items = {item.name: item.group for item in recorded(study(snapshot, T0 + 200 * S)).items}
    assert (items["test_a.py::test_1"] == items["test_b.py::test_1"]) is are_together
    assert items["test_a.py::test_2"] == "test_a.py::test_2"
    assert items["test_b.py::test_2@net"] == "net"


def test_tests_wait_for_processors_as_their_workers_say() -> None:
    """By how much they compute, and no longer than they wait at all; that of the controller is nobody's."""
    tests = [
        told(ran("test_a.py::test_1", GW0, 0, 10), cpu_ns=4 * S),
        told(ran("test_a.py::test_2", GW0, 10, 20), cpu_ns=S),
        told(ran("test_b.py::test_1", GW1, 0, 20), cpu_ns=19 * S),
    ]
    lanes = (told(GW0, run_queue_ns=5 * S), told(GW1, run_queue_ns=19 * S))
    suite = told(SUITE, cores=2, run_queue_ns=7 * S, pressure_ns=25 * S)
    work = recorded(study(table(line(suite, *lanes, *tests)).snapshot(), T0 + 200 * S))
    queued = {item.name: item.queued_ns for item in work.items}
    expected = {"test_a.py::test_1": 4 * S, "test_a.py::test_2": S, "test_b.py::test_1": S}
    assert queued == pytest.approx(expected, rel=1e-5)
    assert work.others > 0
    assert work.pressure == pytest.approx(0.25)
    calm = recorded(study(table(line(told(SUITE, cores=2), GW0, GW1, *tests)).snapshot(), T0 + 200 * S))
    assert (calm.others, calm.queued_share, calm.pressure) == (0, 0, 0)


def test_what_its_own_workers_have_each_other_wait_is_no_other_work() -> None:
    """Where less than the least is needed beside them to explain it."""
    work = replace(several([1.0] * 4, computes=True), workers=4, cores=2)
    assert other_work(replace(work, others=LEAST_OTHERS - 0.01)) == ""
    assert "other work had it" in other_work(replace(work, others=LEAST_OTHERS))


def test_a_process_with_several_lanes_says_nothing_of_each() -> None:
    """What the suite waited is not what one of two lanes did."""
    tests = [told(ran(f"test_a.py::{each['name']}", each, 0, 10), cpu_ns=S) for each in (GW0, GW1)]
    tests = [test | {"parentSpanId": SUITE["spanId"]} for test in tests]
    spans = (told(SUITE, run_queue_ns=9 * S), *tests)
    work = recorded(study(table(line(*spans)).snapshot(), T0 + 200 * S))
    assert (work.workers, work.queued_share) == (2, 0)


def test_a_wide_fixture_is_billed_to_itself() -> None:
    """Of a test of 5 seconds 3 are a session fixture's, which both workers set up; a teardown ends it."""
    work = understood(
        GW0,
        GW1,
        ran("test_a.py::test_0", GW0, 0, 1),
        ran("test_a.py::test_1", GW0, 1, 6),
        fixture("db setup", "session", GW0, 1, 4),
        ran("test_a.py::test_2", GW0, 6, 8),
        fixture("db teardown", "session", GW0, 7.5, 8),
        ran("test_b.py::test_1", GW1, 0, 3),
        fixture("db setup", "session", GW1, 0, 1),
    )
    [db] = work.fixtures
    assert (db.name, db.scope, db.unit) == ("db", "session", "")
    assert (db.setup_ns, db.teardown_ns) == (2 * S, S // 2)
    by_name = {item.name: item for item in work.items}
    assert by_name["test_a.py::test_1"].own_ns == 2 * S
    assert by_name["test_a.py::test_2"].own_ns == 1500 * MS
    assert by_name["test_a.py::test_1"].fixtures == (0,)
    assert by_name["test_a.py::test_0"].fixtures == ()


def test_a_module_fixture_belongs_to_its_file() -> None:
    """Two files, two fixtures; only tests of the file need it."""
    work = understood(
        GW0,
        ran("test_a.py::test_1", GW0, 0, 3),
        fixture("app setup", "module", GW0, 0, 2),
        ran("test_b.py::test_1", GW0, 3, 5),
        fixture("app setup", "module", GW0, 3, 4),
    )
    assert [(each.unit, each.setup_ns) for each in work.fixtures] == [("test_a.py", 2 * S), ("test_b.py", S)]
    assert [item.fixtures for item in work.items] == [(0,), (1,)]


def test_hooks_and_archiving_around_a_test() -> None:
    """A hook between two tests goes with the next one, archiving with the one before."""
    hook = {"tracetui.span.role": "hook", "tracetui.hook.when": "test", "pytest.xdist.worker": "gw0"}
    archiver = {"tracetui.span.role": "archiver", "pytest.xdist.worker": "gw0"}
    work = understood(
        GW0,
        ran("test_a.py::test_1", GW0, 0, 1),
        span("archive", archiver, start=at(1), end=at(3), parent=GW0),
        span("check", hook, start=at(3), end=at(3.5), parent=GW0),
        ran("test_a.py::test_2", GW0, 3.5, 4),
    )
    first, second = work.items
    assert (first.own_ns, first.archiving_ns) == (S, 2 * S)
    assert (second.own_ns, second.hooks) == (S // 2, (("check", S // 2),))
    assert list(work.gaps_ns) == [0]


def test_attempts_are_one_test() -> None:
    """Of a test that was run again all attempts count."""
    work = understood(
        GW0,
        ran("test_a.py::test_1", GW0, 0, 1, "rerun") | {"spanId": "1" * 16},
        ran("test_a.py::test_1", GW0, 1, 3) | {"spanId": "2" * 16},
    )
    [item] = work.items
    assert item.own_ns == 3 * S


@pytest.mark.parametrize(
    ("lanes", "expected"),
    [
        (("aaaa", "bbbb", "cccc"), "loadfile"),
        (("aab", "abb", "cc"), "load"),
        (("a", "b", "c"), "load"),
    ],
)
def test_how_it_was_handed_out(lanes: Sequence[str], expected: str) -> None:
    """Files of several tests that stayed whole mean `loadfile`; one test each means nothing."""
    two = (GW0, GW1)
    spans = [
        ran(f"test_{file}.py::test_{lane}_{place}", two[lane % 2], 10 * lane + place, 10 * lane + place + 1)
        for lane, files in enumerate(lanes)
        for place, file in enumerate(files)
    ]
    assert understood(GW0, GW1, *spans).dist == expected


def test_a_run_that_is_not_over_may_miss_tests() -> None:
    """It says so."""
    running = span("suite", {"tracetui.span.role": "suite"}, end=0)
    lane = span("gw0", {"tracetui.span.role": "worker", "pytest.xdist.worker": "gw0"}, parent=running, end=0)
    spans = line(running, lane, ran("test_a.py::test_1", lane, 0, 1))
    [doubt] = recorded(study(table(spans).snapshot(), T0 + 5 * S)).doubts
    assert "tests may be missing" in doubt


def test_nothing_ran() -> None:
    """Neither tests nor lanes."""
    work = understood()
    assert (work.items, work.recorded_ns, work.workers) == ((), 0, 0)
    assert work.doubts == ("no test ran on a lane here",)


def test_where_no_suite_says_how_it_ran() -> None:
    """Neither its cores nor the size of its chunks are known."""
    tests = [case(f"test_a.py::test_{n}", start=at(n), end=at(n + 1)) for n in range(2)]
    work = recorded(study(table(line(*tests)).snapshot(), T0 + 200 * S))
    assert (len(work.items), work.chunk, work.cores) == (2, None, 0)
