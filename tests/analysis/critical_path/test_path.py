"""The way back from a run's last end to its first start: whole, of leaves, and the one a hand would take."""

from itertools import pairwise
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import given, settings

from tests import jscore
from tests.analysis.forests import Batches, processes
from tests.analysis.ledger.recorded import RECORDINGS, role
from tests.analysis.simulated import Record, runs
from tests.budgets import examples
from tests.builders import MS, T0, Json, S, case, line, snapshot, span
from tests.recordings import RUNS, recorded
from tracetui.analysis.critical_path.path import Path, critical_path
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.billing import NOBODY
from tracetui.analysis.ledger.ledger import ledger
from tracetui.analysis.study.findings import Findings, study

NOW = T0 + 130 * S


def of(*spans: Json) -> tuple[Findings, Path]:
    findings = study(snapshot(line(*spans)), NOW)
    return findings, critical_path(findings, ledger(findings))


def told(findings: Findings, path: Path) -> list[tuple[Any, ...]]:
    """Segments by start: what, on which lane, from and to so many ms."""
    return [
        (
            findings.title(segment.row) if segment.row >= 0 else segment.account.key,
            path.lanes[segment.lane],
            (segment.start_ns - T0) // MS,
            (segment.end_ns - T0) // MS,
        )
        for segment in path.segments
    ]


def assert_whole(findings: Findings) -> None:
    """No gap, no overlap, from first start to last end; each a leaf of its lane, or nothing on it."""
    found = ledger(findings)
    path, summary = critical_path(findings, found), findings.summary
    assert path.total_ns == sum(segment.length_ns for segment in path.segments)
    if not path.segments:
        assert not any(not bill.lane.offset_ns for bill in found.bills) or summary.end_ns <= summary.start_ns
        return
    assert path.segments[0].start_ns == summary.start_ns
    assert path.segments[-1].end_ns == summary.end_ns
    assert all(segment.length_ns > 0 for segment in path.segments)
    assert all(before.end_ns == after.start_ns for before, after in pairwise(path.segments))
    for segment in path.segments:
        bill = found.bills[segment.lane]
        inside = (bill.segments.start < segment.end_ns) & (bill.segments.end > segment.start_ns)
        owners = set(bill.segments.owner[inside].tolist())
        rows = {-1 if owner == NOBODY else int(bill.what.row[owner]) for owner in owners}
        assert rows == {segment.row}


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_it_is_whole_of_every_recording(path: File) -> None:
    """Of each that lies here, of any writer."""
    assert_whole(recorded(path))


@settings(max_examples=examples(15))
@given(runs())
def test_it_is_whole_of_any_run(batches: list[list[Record]]) -> None:
    """Workers, wrappers, archivers, lost starts and ends, in any order."""
    records = [record for batch in batches for record in batch]
    by_source = [b"".join(each.data for each in records if each.source == source) for source in (0, 1)]
    assert_whole(study(snapshot(*by_source), NOW))


@settings(max_examples=examples(15))
@given(processes((-S, 3 * S)))
def test_it_is_whole_of_any_forest(batches: Batches) -> None:
    """Spans of any roles below each other, of several processes with clocks of their own."""
    sources: dict[int, bytes] = {}
    for source, record in (each for batch in batches for each in batch):
        sources[source] = sources.get(source, b"") + record
    assert_whole(study(snapshot(*sources.values()), NOW))


def test_it_follows_the_lane_that_ends_last() -> None:
    """Phases are its leaves; what another worker did meanwhile is not on it."""
    suite = role("s", "suite", 0, 1000, test__suite__name="s")
    first = case("t::a", worker="gw0", start=T0 + 100 * MS, end=T0 + 500 * MS, parent=suite)
    last = case("t::b", worker="gw0", start=T0 + 510 * MS, end=T0 + 900 * MS, parent=suite)
    call = role("call", "phase", 550, 880, last)
    other = case("t::c", worker="gw1", start=T0 + 100 * MS, end=T0 + 800 * MS, parent=suite)
    assert told(*of(suite, first, last, call, other)) == [
        ("worker_start", "gw0", 0, 100),
        ("t::a", "gw0", 100, 500),
        ("idle", "gw0", 500, 510),
        ("t::b", "gw0", 510, 550),
        ("call", "gw0", 550, 880),
        ("t::b", "gw0", 880, 900),
        ("unaccounted", "gw0", 900, 1000),
    ]


@pytest.mark.parametrize(("gap", "goes"), [(49, False), (50, True)])
def test_a_long_wait_was_for_what_ended_last(gap: int, goes: bool) -> None:
    """From 50 ms on; then the path goes on where that ran. What is shorter is a worker between two tests."""
    suite = role("s", "suite", 0, 1000, test__suite__name="s")
    before = case("t::a", worker="gw0", start=T0, end=T0 + 400 * MS, parent=suite)
    after = case("t::b", worker="gw0", start=T0 + (400 + gap) * MS, end=T0 + 1000 * MS, parent=suite)
    other = case("t::c", worker="gw1", start=T0, end=T0 + 430 * MS, parent=suite)
    found = told(*of(suite, before, after, other))
    assert found[-1] == ("t::b", "gw0", 400 + gap, 1000)
    if goes:
        assert found[:-1] == [("t::c", "gw1", 0, 430), ("idle", "gw0", 430, 450)]
    else:
        assert found[:-1] == [("t::a", "gw0", 0, 400), ("idle", "gw0", 400, 449)]


def test_a_stall_was_for_what_caused_it(tmp_path: File) -> None:
    """Of a like of jsCore: on the path are four minutes of archiving, and no minute of those it held up."""
    findings = recorded(jscore.write(tmp_path / "spans"))
    path = critical_path(findings, ledger(findings))
    longest, second = path.longest[:2]
    assert longest.account is Account.ARCHIVING
    assert longest.length_ns == pytest.approx(jscore.STILL_S * S, rel=0.01)
    assert second.length_ns < 10 * S
    assert path.total_ns == findings.summary.end_ns - findings.summary.start_ns


def test_a_shard_that_starts_late_was_waited_for() -> None:
    """The path goes through the time in which no worker of it was there, to what ended before."""
    findings = recorded(RUNS / "shards_late")
    path = critical_path(findings, ledger(findings))
    absent = [segment for segment in path.segments if segment.account is Account.ABSENT]
    assert {path.lanes[segment.lane] for segment in absent} == {"runner-2:job0", "runner-3:job0"}
    assert sum(segment.length_ns for segment in absent) / S == pytest.approx(93, abs=2)


def test_a_worker_that_replaces_a_dead_one_waited_for_its_death() -> None:
    """Before its start lies the test in which the other died."""
    suite = role("s", "suite", 0, 1000, test__suite__name="s")
    dead = role("gw0", "worker", 50, 400, suite, pytest__xdist__worker="gw0", error__type="crash")
    new = role("gw1", "worker", 450, 1000, suite, pytest__xdist__worker="gw1")
    first = case("t::a", worker="gw0", start=T0 + 100 * MS, end=T0 + 400 * MS, parent=dead)
    second = case("t::b", worker="gw1", start=T0 + 500 * MS, end=T0 + 1000 * MS, parent=new)
    assert told(*of(suite, dead, new, first, second)) == [
        ("worker_start", "gw0", 0, 100),
        ("t::a", "gw0", 100, 400),
        ("worker_start", "gw1", 400, 500),
        ("t::b", "gw1", 500, 1000),
    ]


def test_without_lanes_there_is_none() -> None:
    """Spans that are no tests make no path."""
    assert of(span("a"))[1].segments == ()
