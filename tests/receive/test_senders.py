"""Several who send to one receiver: each has files of its own, and its own end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Json, S, heartbeat, line, log_line, span, start_record
from tests.ingest.reading import drain
from tests.processes import Process, started
from tests.receive.asking import FREE, post
from tests.recordings import recorded
from tracetui.analysis.study.findings import study
from tracetui.ingest import Ingest
from tracetui.model.role import Outcome
from tracetui.receive import senders
from tracetui.receive.receiving import Receiver, receiving

BOOT = Path("/proc/sys/kernel/random/boot_id")


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path / "spans", None, FREE) as made:
        yield made


def of(pid: int) -> Json:
    """The resource of a process here."""
    return {"service.name": "s", "host.name": socket.gethostname(), "process.pid": pid}


def send(receiver: Receiver, data: bytes, path: str = "/v1/traces") -> None:
    """Posts JSON, line by line."""
    for text in data.splitlines():
        assert post(receiver, text, path)[0] == 200


@pytest.fixture
def other() -> Iterator[Process]:
    """A process that lives until it is killed."""
    with started([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as process:
        yield process


def test_each_process_has_files_of_its_own(tmp_path: Path, receiver: Receiver) -> None:
    """Spans and log records share a stem; what says nothing of its process goes by its resource."""
    for pid in (1, 2):
        for number in range(2):
            send(receiver, line(span(f"p{pid}.{number}"), resource=of(pid) | {"number": number}))
        send(receiver, log_line({"eventName": "e"}, resource=of(pid)), "/v1/logs")
    for name in ("a", "b"):
        send(receiver, line(span(name), resource={"service.name": name}))
    directory = tmp_path / "spans"
    traces = [path.read_bytes() for path in sorted(directory.glob("*.traces.jsonl"))]
    assert sorted(written.count(b'"spanId"') for written in traces) == [1, 1, 2, 2]
    stems = {path.name.removesuffix(".traces.jsonl") for path in directory.glob("*.traces.jsonl")}
    logs = {path.name.removesuffix(".logs.jsonl") for path in directory.glob("logs/*.logs.jsonl")}
    assert len(logs) == 2
    assert logs < stems


def test_only_so_many_files_are_open(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes again after many others gets another file; what is removed while it is open is counted."""
    monkeypatch.setattr(senders, "MOST_OPEN", 2)
    for pid in (1, 2, 3, 1):
        send(receiver, line(span(f"p{pid}"), span(f"q{pid}"), resource=of(pid)))
    files = list((tmp_path / "spans").glob("*.traces.jsonl"))
    assert len(files) == 4
    assert len(recorded(tmp_path / "spans").snapshot) == 6
    for file in files:
        file.unlink()
    receiver.intake.close()
    assert receiver.intake.lost == 4


def test_who_was_killed_runs_no_longer_whoever_else_sends(
    tmp_path: Path, receiver: Receiver, other: Process
) -> None:
    """Two reporters at one receiver, with start records and heartbeats: each is judged by its own."""
    now, boot = time.time_ns(), BOOT.read_text().strip() if BOOT.exists() else ""
    for pid in (other.pid, os.getpid()):
        beat = heartbeat(now, pid=pid, host=socket.gethostname(), boot_id=boot, resource=of(pid))
        send(receiver, beat + start_record(span(f"{pid}", start=now, end=0), resource=of(pid)), "/v1/logs")
    ingest = Ingest([str(tmp_path / "spans")], follow=True)

    def outcomes() -> dict[str, Outcome]:
        ingest.sweep()
        drain(ingest)
        ingest.judge()
        snapshot = ingest.table.snapshot()
        return {snapshot.name(row): Outcome(int(snapshot.outcome[row])) for row in range(len(snapshot))}

    both = {str(other.pid), str(os.getpid())}
    assert outcomes() == dict.fromkeys(both, Outcome.RUNNING)
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert outcomes() == {str(other.pid): Outcome.CUT_OFF, str(os.getpid()): Outcome.RUNNING}
    ingest.close()


def test_a_run_without_a_suite_ends_with_its_process(
    tmp_path: Path, receiver: Receiver, other: Process
) -> None:
    """However busy the receiver is with others."""
    now = time.time_ns()
    test = {"tracetui.span.role": "test"}
    for pid, end in ((other.pid, now - 12 * S), (os.getpid(), now)):
        test_span = span("t", test, start=end - S, end=end, parent="f" * 16, trace=f"{pid:032x}")
        send(receiver, line(test_span, resource=of(pid) | {"service.name": str(pid)}))
    ingest = Ingest([str(tmp_path / "spans")], follow=True)

    def states() -> list[str]:
        ingest.sweep()
        drain(ingest)
        ingest.judge()
        return sorted(run.state for run in study(ingest.table.snapshot(), now).runs)

    assert states() == ["live", "live"]
    other.kill()
    other.wait()
    assert states() == ["incomplete", "live"]
    ingest.close()
