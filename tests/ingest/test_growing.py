"""A run whose writer tells of nothing that runs is live as long as its files change."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.builders import MS, S, line, span
from tracetui.analysis.findings import study
from tracetui.ingest import Ingest
from tracetui.model.kind import Kind
from tracetui.sources.writers import SILENCE_NS

SUITE = "run.__init__._execute_suite"


def state(ingest: Ingest) -> str:
    ingest.sweep()
    while ingest.step():
        pass
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


def test_silence_is_an_end(tmp_path: Path) -> None:
    """No byte for 15 s: nobody writes it any more, and that alone makes a new revision."""
    path = tmp_path / "metrics1.json"
    now = time.time_ns()
    test = span("job._execute_test", start=now - S, end=now, parent="f" * 16)
    path.write_bytes(line(test, scope="resmoke"))
    ingest = Ingest([str(tmp_path)], follow=True)
    assert state(ingest) == "live"
    before, long_ago = ingest.table.revision, time.time_ns() - SILENCE_NS - S
    os.utime(path, ns=(long_ago, long_ago))
    assert state(ingest) == "incomplete"
    assert ingest.table.revision > before
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
