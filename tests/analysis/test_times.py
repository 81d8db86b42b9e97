"""Until when, total, self and own time, against the slow way, and by example."""

from hypothesis import given, settings

from tests.analysis.graphs import runs
from tests.budgets import examples
from tests.builders import MS, T0, Json, heartbeat, line, snapshot, span, start_record, table
from tracetui.analysis.time.times import Times, measure
from tracetui.analysis.tree.tree import Tree, build
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

NOW = 50


def self_time(read: Snapshot, tree: Tree, times: Times, row: int) -> int:
    """The nanoseconds of a span in which no child runs, counted one by one."""
    children = [child for child in range(len(read)) if tree.parent[child] == row]
    return sum(
        not any(read.start_ns[child] <= at < times.end[child] for child in children)
        for at in range(int(read.start_ns[row]), int(times.end[row]))
    )


@settings(max_examples=examples(60))
@given(runs(10))
def test_self_time_is_what_no_child_covers(read: Snapshot) -> None:
    """Total minus the union of the children, clipped to their parent."""
    tree = build(read)
    times = measure(read, tree, NOW)
    assert times.self_[:].tolist() == [self_time(read, tree, times, row) for row in range(len(read))]


@settings(max_examples=examples(35))
@given(runs())
def test_times_are_never_negative_and_own_never_exceeds_what_was_spent(read: Snapshot) -> None:
    """Ends are not before starts; what is running ends now; own time outside tests is self time."""
    tree = build(read)
    times = measure(read, tree, NOW)
    assert (times.total[:] == times.end[:] - read.start_ns).all()
    assert (times.total[:] >= 0).all()
    assert (times.own >= 0).all()
    running = read.end_ns == 0
    assert (times.end[running] == NOW).all()
    others = read.role != Role.TEST
    assert (times.own[others] == times.self_[others]).all()


def role(name: str, start: int, end: int, parent: Json | None = None, scope: str = "", of: str = "") -> Json:
    """A span of a role, from and to so many ms."""
    attributes = {"tracetui.span.role": of or name} | ({"tracetui.fixture.scope": scope} if scope else {})
    return span(name, attributes, start=T0 + start * MS, end=T0 + end * MS, parent=parent)


def own_ms(*spans: Json, scope: str = "tests") -> dict[str, float]:
    """Own times by name."""
    read = snapshot(line(*spans, scope=scope))
    times = measure(read, build(read), T0)
    return {read.name(row): int(times.own[row]) / MS for row in range(len(read))}


def test_own_time_of_a_test_is_its_phases() -> None:
    """What the test's span holds around its phases is not its own."""
    test = role("test", 0, 100)
    call = role("call", 20, 80, test, of="phase")
    assert own_ms(test, call)["test"] == 60


def test_own_time_of_a_test_without_phases_is_its_total() -> None:
    """A test of a dialect without phases is taken as a whole."""
    assert own_ms(role("test", 0, 100))["test"] == 100


def test_wide_fixtures_are_billed_to_themselves() -> None:
    """A session fixture set up inside a test's phase, or right inside the test, is not the test's own."""
    test = role("test", 0, 100)
    setup = role("setup", 0, 50, test, of="phase")
    wide = role("wide", 10, 40, setup, "session", "hook")
    nested = role("nested", 15, 30, wide, "module", "hook")
    assert own_ms(test, setup, wide, nested) == {"test": 20, "setup": 20, "wide": 15, "nested": 15}
    assert own_ms(test, role("wide", 10, 40, test, "session", "hook"))["test"] == 70


def test_what_a_phase_says_is_billed_elsewhere_is_not_the_tests_own() -> None:
    """Wider fixtures hang under the worker; the phase they ran in tells how long they took."""
    test = role("test", 0, 100)
    attributes = {"tracetui.span.role": "phase", "tracetui.phase.billed_ns": 50 * MS}
    setup = span("setup", attributes, start=T0, end=T0 + 60 * MS, parent=test)
    assert own_ms(test, setup, role("call", 60, 100, test, of="phase"))["test"] == 50


def test_function_scoped_fixtures_are_the_tests_own() -> None:
    """What is set up for this test alone counts as the test's own time."""
    test = role("test", 0, 100)
    setup = role("setup", 0, 50, test, of="phase")
    assert own_ms(test, setup, role("narrow", 10, 40, setup, "function", "hook"))["test"] == 50


def test_a_wide_fixture_inside_a_narrow_one_is_billed_to_itself() -> None:
    """Between a test and a wide fixture there may be narrow ones."""
    test = role("test", 0, 100)
    narrow = role("narrow", 10, 60, test, "function", "hook")
    assert own_ms(test, narrow, role("wide", 20, 50, narrow, "session", "hook"))["test"] == 70


def test_archiving_is_not_the_tests_own() -> None:
    """What packs data files after a failure is billed to the archiver."""
    test = role("test", 0, 100)
    assert own_ms(test, role("archiver", 70, 100, test))["test"] == 70


def test_a_wrapper_that_never_ran_its_test_has_no_own_time() -> None:
    """resmoke's wrapper is hooks and test: without a `run_test` inside, nothing of it is the test's own."""
    wrapper = span("job._execute_test", {"test_long_name": "a.js"})
    assert own_ms(wrapper, scope="resmoke")["job._execute_test"] == 0
    inside = span("run_test", parent=wrapper, end=T0 + MS // 4)
    assert own_ms(wrapper, inside, scope="resmoke")["job._execute_test"] == 0.25


def test_a_hook_of_another_test_is_no_business_of_this_one() -> None:
    """A hook beside a phase, in a test with phases, takes nothing from them."""
    test = role("test", 0, 100)
    call = role("call", 20, 80, test, of="phase")
    assert own_ms(test, call, role("hook", 0, 20, test, "session"))["test"] == 60


def test_what_was_cut_off_ends_at_its_last_sign_of_life() -> None:
    """The latest of its own start, of all spans below it and of its writer's heartbeats."""
    test = span("test", start=T0, end=0)
    call = span("call", start=T0 + MS, end=0, parent=test)
    done = span("done", start=T0 + 2 * MS, end=T0 + 5 * MS, parent=call)
    alone = span("alone", start=T0 + 3 * MS, end=0)
    store = table(
        line(done), start_record(test) + start_record(call), start_record(alone) + heartbeat(T0 + 9 * MS)
    )
    store.set_gone([1, 2])
    read = store.snapshot()
    times = measure(read, build(read), T0 + 100 * MS)
    ends = {read.name(row): int(times.end[row] - T0) // MS for row in range(len(read))}
    assert ends == {"done": 5, "test": 5, "call": 5, "alone": 9}


def test_a_span_that_ends_before_it_starts_lasts_no_time() -> None:
    """Clocks lie; durations are not negative."""
    read = snapshot(line(span("x", start=T0, end=T0 - MS)))
    assert measure(read, build(read), T0).total[:].tolist() == [0]
