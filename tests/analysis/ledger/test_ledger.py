"""Where the time of lanes went: it adds up whatever the recording, and goes where a hand would put it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import jscore
from tests.analysis.forests import Batches, processes
from tests.analysis.found import found as studied
from tests.analysis.ledger.recorded import NOW, RECORDINGS, of, role, told
from tests.analysis.simulated import Record, runs
from tests.budgets import examples
from tests.builders import MS, T0, Json, S, case, line, small_run, snapshot, span, table
from tests.recordings import RUNS, recorded
from tracetui.analysis.lanes.sums import sums
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.billing import NOBODY, bill
from tracetui.analysis.ledger.ledger import Ledger, accounts_of, ledger
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.timeline.window import Window
from tracetui.units import US

ROUNDED = {"pytest-timing-0.4.0.json": US, "vitest-4.1.12.traces.jsonl": MS}
"""To what some writers round some of their times."""
CPU = "tracetui.cpu_ns"


def assert_adds_up(findings: Findings) -> None:
    """Accounts, parts and lanes add up, and what was stalled is what `lanes` says."""
    found = ledger(findings)
    assert sum(entry.ns for entry in found.accounts) == found.capacity_ns == found.lanes * found.wall_ns
    for entry in found.accounts:
        assert sum(part.ns for part in found.parts[entry.account]) == entry.ns
    for each in found.bills:
        took = each.segments.end - each.segments.start
        assert (took > 0).all()
        assert int(took.sum()) == found.wall_ns
        assert (each.segments.start[1:] == each.segments.end[:-1]).all()
        assert (each.computing_ns <= each.ns).all()
    stalled = sums(findings.lanes, findings.overview.still).stalled_ns
    assert sum(entry.stalled_ns for entry in found.accounts) == stalled
    for share in (1000, 20):
        assert_larger(found, found.capacity_ns // share)


def assert_larger(found: Ledger, least_ns: int) -> None:
    """With small names together, accounts are the same, and so are all other names."""
    parts = found.larger(least_ns)
    accounts = ([entry._replace(row=-1) for entry in some] for some in (accounts_of(parts), found.accounts))
    assert next(accounts) == next(accounts)
    for account, named in parts.items():
        large = [part for part in found.parts[account] if part.ns > least_ns]
        assert [part for part in named if part.name and part.ns > least_ns] == large


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_it_adds_up_of_every_recording(path: Path) -> None:
    """Of each that lies here, of any writer, exactly; and lanes are as idle as the ledger says.

    What sticks out of a test because its writer rounds times is on no lane, and in the ledger.
    """
    findings = recorded(path)
    assert_adds_up(findings)
    idle = sum(entry.ns for entry in ledger(findings).accounts if entry.account is Account.IDLE)
    rounded = ROUNDED.get(path.name, 0)
    assert abs(sums(findings.lanes, findings.overview.still).idle_ns - idle) <= rounded


@settings(max_examples=examples(15))
@given(runs())
def test_it_adds_up_of_any_run(batches: list[list[Record]]) -> None:
    """Workers, wrappers, archivers, lost starts and ends, in any order."""
    records = [record for batch in batches for record in batch]
    by_source = [b"".join(each.data for each in records if each.source == source) for source in (0, 1)]
    assert_adds_up(study(snapshot(*by_source), NOW))


@settings(max_examples=examples(15))
@given(processes((-S, 3 * S)))
def test_it_adds_up_of_any_forest(batches: Batches) -> None:
    """Spans of any roles below each other, of several processes with clocks of their own."""
    sources: dict[int, bytes] = {}
    for source, record in (each for batch in batches for each in batch):
        sources[source] = sources.get(source, b"") + record
    assert_adds_up(study(snapshot(*sources.values()), NOW))


@given(st.lists(st.tuples(st.integers(-5, 25), st.integers(-5, 25), st.integers(0, 3)), max_size=12))
def test_each_instant_is_of_the_innermost(told: list[tuple[int, int, int]]) -> None:
    """Instant by instant: of those that cover it, the one that began last, ends first, is deepest."""
    start, end, depth = (
        (np.array(column, np.int64) for column in zip(*told, strict=True))
        if told
        else [np.empty(0, np.int64)] * 3
    )
    found = bill(start, end, depth, Window(0, 20)).segments
    begin, until = np.clip(start, 0, 20), np.clip(end, 0, 20)
    for moment in range(20):
        covering = [place for place in range(len(told)) if begin[place] <= moment < until[place]]
        owner = int(found.owner[np.searchsorted(found.start, moment, "right") - 1])
        if not covering:
            assert owner == NOBODY
        else:
            best = max((begin[place], -until[place], depth[place]) for place in covering)
            assert (begin[owner], -until[owner], depth[owner]) == best


def test_what_runs_goes_where_a_hand_puts_it() -> None:
    """A worker of 1 s: start, collection, a session fixture inside a set-up, a hook, an archive, gaps."""
    suite = role("s", "suite", 0, 1000, test__suite__name="s")
    worker = role("gw0", "worker", 50, 990, suite, pytest__xdist__worker="gw0")
    collection = role("collection", "hook", 100, 250, worker, tracetui__hook__when="collection")
    test = case("t::a", worker="gw0", start=T0 + 300 * MS, end=T0 + 800 * MS, parent=worker)
    setup = role("setup", "phase", 310, 450, test, tracetui__phase__billed_ns=100 * MS)
    server = role(
        "server setup",
        "hook",
        320,
        420,
        worker,
        tracetui__fixture__scope="session",
        tracetui__hook__when="setup",
    )
    rows = role(
        "rows setup",
        "hook",
        430,
        440,
        setup,
        tracetui__fixture__scope="function",
        tracetui__hook__when="setup",
    )
    call = role("call", "phase", 450, 600, test)
    archive = role("archive t", "archiver", 610, 680, test)
    teardown = role("teardown", "phase", 700, 790, test)
    hook = role("validate", "hook", 720, 760, teardown, tracetui__hook__when="after_test")
    found = of(suite, worker, collection, test, setup, server, rows, call, archive, teardown, hook)
    assert (found.lanes, found.wall_ns) == (1, S)
    assert told(found) == {
        "tests": 140 - 100 - 10 + 150 + 90 - 40,
        "fixtures": 100 + 10,
        "hooks": 40,
        "archiving": 70,
        "collection": 150,
        "unaccounted": 10 + 10 + 20 + 10 + 200,
        "worker_start": 100,
        "idle": 50,
    }
    fixtures = {part.name: (part.ns // MS, part.times, part.tests) for part in found.parts[Account.FIXTURES]}
    assert fixtures == {"server": (100, 1, 1), "rows": (10, 1, 1)}
    assert [part.name for part in found.parts[Account.ARCHIVING]] == ["t::a"]


def test_own_time_is_what_rankings_call_own() -> None:
    """But for what function-scoped fixtures take, which here have a name of their own."""
    findings = study(snapshot(small_run()), T0 + 3 * S)
    tests = {findings.snapshot.title(row): int(findings.times.own[row]) for row in findings.tests.tolist()}
    parts = ledger(findings).parts[Account.TESTS]
    assert {part.name: part.ns for part in parts if part.ns} == {name: ns for name, ns in tests.items() if ns}


def test_computing_and_waiting_are_split_where_a_span_tells() -> None:
    """Of a phase less what a wider fixture computed in it; more than its time is all of its time."""
    suite = role("s", "suite", 0, 400, test__suite__name="s")
    test = case("t::a", start=T0, end=T0 + 400 * MS, parent=suite)
    setup = role("setup", "phase", 0, 100, test, **{CPU: 70 * MS})
    server = role(
        "server setup",
        "hook",
        10,
        90,
        suite,
        tracetui__fixture__scope="session",
        tracetui__hook__when="setup",
        **{CPU: 60 * MS},
    )
    call = role("call", "phase", 100, 300, test, **{CPU: 20 * MS})
    teardown = role("teardown", "phase", 300, 400, test, **{CPU: 500 * MS})
    found = of(suite, test, setup, server, call, teardown)
    (entry,) = found.parts[Account.TESTS]
    assert entry.ns == (20 + 200 + 100) * MS
    assert entry.computing_ns == pytest.approx((10 + 20 + 100) * MS, abs=100)
    assert (entry.computing_ns or 0) + (entry.waiting_ns or 0) == entry.ns
    (fixture,) = found.parts[Account.FIXTURES]
    assert fixture.computing_ns == pytest.approx(60 * MS, abs=100)
    assert [each.name for each in found.waiting_tests] == ["t::a"]


@pytest.mark.parametrize(
    ("cpu_ns", "took_ns", "mostly"),
    [(49_999_000, 100 * MS, True), (50 * MS, 100 * MS, False), (0, 100 * MS - 1, False), (None, S, False)],
)
def test_a_test_waits_mostly_beyond_half_of_its_time(cpu_ns: int | None, took_ns: int, mostly: bool) -> None:
    """Half and half does not, nor what is short; and who does not tell is not said to."""
    told = {} if cpu_ns is None else {CPU: cpu_ns}
    test = case("t::a", start=T0, end=T0 + took_ns)
    call = span("call", {"tracetui.span.role": "phase", **told}, start=T0, end=T0 + took_ns, parent=test)
    assert bool(of(test, call).waiting_tests) is mostly


@pytest.mark.parametrize(("queued_ms", "mostly"), [(0, True), (29, True), (31, False), (900, False)])
def test_who_waits_for_a_processor_does_not_mostly_wait(queued_ms: int, mostly: bool) -> None:
    """20 ms computed, 80 ms waited: of these its process waited so long for a processor."""
    suite = role("s", "suite", 0, 100, test__suite__name="s", tracetui__run_queue_ns=queued_ms * MS)
    test = case("t::a", start=T0, end=T0 + 100 * MS, parent=suite)
    call = role("call", "phase", 0, 100, test, **{CPU: 20 * MS})
    found = of(suite, test, call)
    (entry,) = found.parts[Account.TESTS]
    assert entry.queued_ns == pytest.approx(min(80, queued_ms) * MS, abs=100)
    assert (entry.computing_ns or 0) + (entry.waiting_ns or 0) == entry.ns
    assert bool(found.waiting_tests) is mostly
    assert found.accounts[0].queued_ns == entry.queued_ns


def test_phases_are_told_as_their_test_whichever_row_it_has() -> None:
    """Also of the very first span of a recording."""
    test = case("first", start=T0, end=T0 + 3 * S)
    call = span("call", {"tracetui.span.role": "phase"}, start=T0 + S, end=T0 + 2 * S, parent=test)
    findings = studied(test, call)
    assert findings.snapshot.title(0) == "first"
    assert [entry.name for entry in ledger(findings).parts[Account.TESTS]] == ["first"]


def test_fixtures_are_spread_over_the_tests_they_stood_for() -> None:
    """Until its teardown, or without one as far as its scope goes."""
    suite = role("s", "suite", 0, 1000, test__suite__name="s")

    def fixture(name: str, scope: str, at: int) -> Json:
        when = name.rpartition(" ")[2]
        return role(
            name, "hook", at, at + 5, suite, tracetui__fixture__scope=scope, tracetui__hook__when=when
        )

    names = ("a.py::K::one", "a.py::K::two", "a.py::three", "b.py::four")
    tests = [
        case(name, start=T0 + at * 100 * MS, end=T0 + (at * 100 + 90) * MS, parent=suite)
        for at, name in enumerate(names)
    ]
    found = of(
        suite,
        *tests,
        fixture("db setup", "session", 110),
        fixture("db teardown", "session", 291),
        fixture("yard setup", "module", 1),
        fixture("klass setup", "class", 7),
        fixture("all setup", "session", 13),
        *[fixture("each setup", "function", at * 100 + 20) for at in range(4)],
    )
    served = {part.name: (part.ns // MS, part.times, part.tests) for part in found.parts[Account.FIXTURES]}
    assert served == {
        "db": (10, 1, 2),
        "yard": (5, 1, 3),
        "klass": (5, 1, 2),
        "all": (5, 1, 4),
        "each": (20, 4, 4),
    }
    assert found.parts[Account.FIXTURES][0].per_test_ns == 5 * MS


def test_hooks_around_a_test_are_no_more_tests_that_a_fixture_serves() -> None:
    """A wrapper with time before and after the test proper is one test."""
    suite = role("s", "suite", 0, 1000, test__suite__name="s")
    tests = [
        span(
            "job._execute_test",
            {"test_long_name": f"t{at}"},
            start=T0 + at * MS,
            end=T0 + (at + 90) * MS,
            parent=suite,
        )
        for at in (10, 200, 400)
    ]
    proper = [
        span("run_test", start=T0 + (at + 20) * MS, end=T0 + (at + 50) * MS, parent=test)
        for at, test in zip((10, 200, 400), tests, strict=True)
    ]
    setup = role("db setup", "hook", 1, 5, suite, tracetui__fixture__scope="session")
    wrappers = snapshot(line(suite, setup), line(*tests, *proper, scope="resmoke"))
    found = ledger(study(wrappers, NOW))
    assert sum(part.times for part in found.parts[Account.DERIVED]) == 6
    assert [part.tests for part in found.parts[Account.FIXTURES]] == [3]


def test_shards_that_start_late_have_no_worker_before() -> None:
    """Three shards, 40 and 95 s apart: of 96 s each was there for one."""
    found = ledger(recorded(RUNS / "shards_late"))
    absent = {part.name: part.ns / S for part in found.parts[Account.ABSENT]}
    assert found.lanes == 3
    assert absent == pytest.approx({f"runner-{number}:job0": 95 for number in (1, 2, 3)}, abs=1)
    assert told(found)["idle"] < 100


def test_a_worker_that_replaces_a_dead_one_was_not_there_before() -> None:
    """Its start begins when the other was dead; a dead one is gone."""
    suite = role("s", "suite", 0, 1000, test__suite__name="s")
    dead = role("gw0", "worker", 50, 400, suite, pytest__xdist__worker="gw0", error__type="crash")
    new = role("gw1", "worker", 450, 1000, suite, pytest__xdist__worker="gw1")
    first = case("t::a", worker="gw0", start=T0 + 100 * MS, end=T0 + 400 * MS, parent=dead)
    second = case("t::b", worker="gw1", start=T0 + 500 * MS, end=T0 + 1000 * MS, parent=new)
    found = of(suite, dead, new, first, second)
    assert told(found) == {
        "tests": 800,
        "worker_start": 100 + 100,
        "absent": 600 + 400,
    }


def test_a_like_of_jscore_goes_to_hooks_and_one_archive(tmp_path: Path) -> None:
    """Four lanes, half of it hooks that wrote no spans, 250 s of archiving, 12 minutes of it stalled."""
    found = ledger(recorded(jscore.write(tmp_path / "spans")))
    shares = {entry.account.key: entry.ns / found.capacity_ns for entry in found.accounts}
    assert found.lanes == jscore.JOBS
    assert found.parts[Account.ARCHIVING][0].ns == pytest.approx(jscore.ARCHIVING_S * S)
    assert found.parts[Account.ARCHIVING][0].name == jscore.FAILED
    assert shares["derived_hooks"] == pytest.approx(0.5, abs=0.05)
    stalled = sum(entry.stalled_ns for entry in found.accounts)
    assert stalled == pytest.approx(3 * jscore.STILL_S * S, rel=0.01)


def test_stalled_is_what_ran_nothing_while_others_stood() -> None:
    """A lane without work while another one archives is stalled, not idle; outside of that it is idle."""
    suite = role("s", "suite", 0, 100_000, test__suite__name="s")
    ran = [
        case(f"t::{lane}{at}", worker=lane, start=T0 + at * S, end=T0 + (at + 1) * S, parent=suite)
        for lane in ("gw0", "gw1")
        for at in (*range(20), *range(80, 99))
    ]
    archive = role("archive", "archiver", 20_000, 80_000, suite, pytest__xdist__worker="gw0")
    findings = study(snapshot(line(suite, *ran, archive)), NOW)
    found = ledger(findings)
    (stall,) = findings.overview.still
    assert told(found)["stalled"] * MS == stall.stalled_ns
    assert told(found) == {"tests": 78_000, "archiving": 60_000, "stalled": 60_000, "unaccounted": 2_000}
    assert_adds_up(findings)


def test_nothing_has_no_lanes() -> None:
    """Spans that are no tests make no lanes, and an empty ledger adds up."""
    found = of(span("a"))
    assert (found.lanes, found.capacity_ns, found.accounts) == (0, 0, ())
    assert ledger(study(table().snapshot(), NOW)).capacity_ns == 0
