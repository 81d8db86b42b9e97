"""A run whose writer tells of nothing that runs is live as long as its files change."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders import MS, Json, S, heartbeat, line, span, start_record
from tests.ingest.reading import drain
from tracetui.analysis.study.findings import study
from tracetui.ingest import Ingest
from tracetui.model.batch import QUIET_NS, SILENCE_NS
from tracetui.model.kind import Kind

SUITE = "run.__init__._execute_suite"


def executed(end: int) -> Json:
    """A test of a suite that has not ended."""
    return span("job._execute_test", {"test_long_name": "a.js"}, start=end - S, end=end, parent="f" * 16)


def state(ingest: Ingest) -> str:
    drain(ingest)
    ingest.judge()
    return study(ingest.table.snapshot(), time.time_ns()).summary.state


def test_a_resmoke_run_is_live_until_its_suite_is_there(tmp_path: Path) -> None:
    """Tests without their suite, in a file that was written just now; the suite comes: it has ended."""
    now = time.time_ns()
    suite = span(SUITE, {"suite_display_name": "core"}, start=now - 9 * S, end=now)
    test = span("job._execute_test", {"test_long_name": "a.js"}, parent=suite, start=now - S, end=now - MS)
    path = tmp_path / "metrics1.json"
    path.write_bytes(line(test, scope="resmoke"))
    ingest = Ingest([str(tmp_path)], follow=True)
    assert state(ingest) == "live"
    with path.open("ab") as file:
        file.write(line(suite, scope="resmoke"))
    assert state(ingest) == "ended"
    ingest.close()


@pytest.mark.parametrize(
    ("silent_ns", "expected", "is_quiet"),
    [
        (0, "live", False),
        (SILENCE_NS, "live", False),
        (SILENCE_NS + 1, "live", True),
        (40 * S, "live", True),
        (QUIET_NS, "live", True),
        (QUIET_NS + 1, "incomplete", False),
    ],
)
def test_a_test_may_take_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent_ns: int, expected: str, is_quiet: bool
) -> None:
    """Up to 15 s of silence say nothing; up to 10 minutes it is quiet; then it is over, by itself."""
    path, now = tmp_path / "metrics1.json", time.time_ns()
    path.write_bytes(line(executed(now), scope="resmoke"))
    os.utime(path, ns=(now, now))
    ingest = Ingest([str(tmp_path)], follow=True)
    monkeypatch.setattr(time, "time_ns", lambda: now)
    assert state(ingest) == "live"
    before = ingest.table.revision
    monkeypatch.setattr(time, "time_ns", lambda: now + silent_ns)
    assert state(ingest) == expected
    assert study(ingest.table.snapshot(), now).summary.is_quiet == is_quiet
    assert (ingest.table.revision > before) == (silent_ns > SILENCE_NS)
    ingest.close()


def test_a_quiet_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a minute without a word the next test ends: it is as live as before."""
    path, now = tmp_path / "metrics1.json", time.time_ns()
    path.write_bytes(line(executed(now), scope="resmoke"))
    ingest = Ingest([str(tmp_path)], follow=True)
    monkeypatch.setattr(time, "time_ns", lambda: now + 60 * S)
    state(ingest)
    assert study(ingest.table.snapshot(), now).summary.is_quiet
    with path.open("ab") as file:
        file.write(line(executed(now + 60 * S), scope="resmoke"))
    os.utime(path, ns=(now + 60 * S, now + 60 * S))
    assert state(ingest) == "live"
    assert not study(ingest.table.snapshot(), now).summary.is_quiet
    ingest.close()


def test_a_quiet_run_does_not_hide_the_one_that_was_started_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was likely killed and begun anew; one that began while it still told of tests does not hide it."""
    now = time.time_ns()
    for at, shown in ((now + 20 * S, "second"), (now - 5 * S, "first")):
        directory = tmp_path / shown
        directory.mkdir()
        (directory / "first.json").write_bytes(line(executed(now), scope="resmoke"))
        resource = {"service.name": "second"}
        suite = span("second", {"tracetui.span.role": "suite"}, start=at, end=at + S, trace="e" * 32)
        (directory / "b.jsonl").write_bytes(line(suite, resource=resource))
        test = span("t", {"tracetui.span.role": "test"}, start=at, end=at + S, parent=suite, trace="e" * 32)
        (directory / "c.jsonl").write_bytes(line(test, resource=resource))
        ingest = Ingest([str(directory)], follow=True)
        with monkeypatch.context() as patch:
            patch.setattr(time, "time_ns", lambda: now + 60 * S)
            state(ingest)
        findings = study(ingest.table.snapshot(), now + 60 * S)
        assert len(findings.runs) == 2
        assert findings.runs.name(findings.runs.newest) == ("second" if shown == "second" else "depot")
        ingest.close()


@pytest.mark.parametrize(
    ("behind_ns", "expected", "is_quiet"),
    [
        (SILENCE_NS, "live", False),
        (SILENCE_NS + 1, "live", True),
        (QUIET_NS, "live", True),
        (QUIET_NS + 1, "incomplete", False),
    ],
)
def test_a_file_of_many_writers_keeps_none_of_them_alive(
    tmp_path: Path, behind_ns: int, expected: str, is_quiet: bool
) -> None:
    """As a collector writes it: a run in it is as silent as it would be in a file of its own."""
    now = time.time_ns()
    old = executed(now - behind_ns)
    other = span("b", {"tracetui.span.role": "test"}, start=now - S, end=now, parent="e" * 16, trace="e" * 32)
    (tmp_path / "all.json").write_bytes(
        line(old, scope="resmoke") + line(other, resource={"service.name": "b"})
    )
    ingest = Ingest([str(tmp_path)], follow=True)
    assert state(ingest) == "live"
    states = {each.name: (each.state, each.is_quiet) for each in study(ingest.table.snapshot(), now).runs}
    assert states == {"depot": (expected, is_quiet), "b": ("live", False)}
    ingest.close()


@pytest.mark.parametrize(
    ("parent", "role", "expected"),
    [
        (None, "other", "ended"),
        (None, "test", "live"),
        ("f" * 16, "test", "live"),
        ("f" * 16, "other", "live"),
    ],
)
def test_what_is_complete_is_waited_for_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parent: str | None, role: str, expected: str
) -> None:
    """A program's whole trace, without a suite: more may come, but nothing says so. A test alone has one."""
    now = time.time_ns()
    whole = span("a", {"tracetui.span.role": role}, start=now - S, end=now, parent=parent)
    (tmp_path / "a.jsonl").write_bytes(line(whole))
    ingest = Ingest([str(tmp_path)], follow=True)
    assert state(ingest) == "live"
    monkeypatch.setattr(time, "time_ns", lambda: now + 20 * S)
    assert state(ingest) == expected
    ingest.close()


def test_who_tells_what_begins_is_not_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer with start records is cut off 15 s after its last word."""
    now = time.time_ns()
    suite = span("s", {"tracetui.span.role": "suite"}, start=now - S, end=0)
    (tmp_path / "a.jsonl").write_bytes(start_record(suite) + heartbeat(now))
    test = span("t", {"tracetui.span.role": "test"}, start=now - S, end=now, parent=suite)
    (tmp_path / "b.jsonl").write_bytes(line(test))
    ingest = Ingest([str(tmp_path)], follow=True)
    assert state(ingest) == "live"
    monkeypatch.setattr(time, "time_ns", lambda: now + 40 * S)
    assert state(ingest) == "cut off"
    ingest.close()


def test_a_recording_is_never_live_for_its_files(tmp_path: Path) -> None:
    """What is opened and not followed has ended, however fresh the copy."""
    now = time.time_ns()
    test = span("job._execute_test", start=now - S, end=now, parent="f" * 16)
    (tmp_path / "metrics1.json").write_bytes(line(test, scope="resmoke"))
    ingest = Ingest([str(tmp_path)])
    assert state(ingest) == "incomplete"
    ingest.close()


def test_a_copy_of_an_old_recording_is_not_live(tmp_path: Path) -> None:
    """The file is new, what it tells is a day old; once it grows, somebody writes it, whatever its clock."""
    day = time.time_ns() - 24 * 3600 * S
    first, second = (
        span("job._execute_test", start=day + number, end=day + S, parent="f" * 16) for number in range(2)
    )
    path = tmp_path / "metrics1.json"
    path.write_bytes(line(first, scope="resmoke"))
    ingest = Ingest([str(tmp_path)], follow=True)
    assert state(ingest) == "incomplete"
    with path.open("ab") as file:
        file.write(line(second, scope="resmoke"))
    assert state(ingest) == "live"
    ingest.close()


def test_a_writer_that_died_is_not_live_for_its_files(tmp_path: Path) -> None:
    """Its process is known to be gone, on this machine."""
    now = time.time_ns()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    for pid, expected in ((child.pid, "incomplete"), (os.getpid(), "live")):
        test = span("job._execute_test", start=now - S, end=now, parent="f" * 16)
        resource = {"host.name": socket.gethostname(), "process.pid": pid}
        directory = tmp_path / str(pid)
        directory.mkdir()
        (directory / "a.jsonl").write_bytes(line(test, scope="resmoke", resource=resource))
        ingest = Ingest([str(directory)], follow=True)
        assert state(ingest) == expected
        ingest.close()


def test_polling_is_told_as_long_as_it_lasts(tmp_path: Path) -> None:
    """Why there are no events, and when there are again, nothing."""
    ingest = Ingest([str(tmp_path)], follow=True)
    ingest.polls("nfs4 does not tell")
    health = ingest.table.snapshot().health
    assert (health.count(Kind.POLLING), health.kinds[Kind.POLLING].examples[0].reason) == (
        1,
        "nfs4 does not tell",
    )
    ingest.polls("")
    assert ingest.table.snapshot().health.count(Kind.POLLING) == 0
    ingest.close()


def test_half_a_record_is_pending_until_it_is_whole(tmp_path: Path) -> None:
    """The bytes that wait are told with their place; then they are a span, and nothing waits."""
    path = tmp_path / "a.jsonl"
    whole = line(span("one"))
    path.write_bytes(whole + line(span("two"))[:50])
    ingest = Ingest([str(tmp_path)], follow=True)
    state(ingest)
    (example,) = ingest.table.snapshot().health.kinds[Kind.PENDING].examples
    assert (example.offset, example.length) == (len(whole), 50)
    with path.open("ab") as file:
        file.write(line(span("two"))[50:])
    state(ingest)
    snapshot = ingest.table.snapshot()
    assert (len(snapshot), snapshot.health.count(Kind.PENDING), snapshot.health.torn) == (2, 0, 0)
    ingest.close()
