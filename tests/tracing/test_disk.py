"""Disks that fill up, refuse, vanish or are shared: what is lost is counted, and nothing else happens."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.budgets import examples
from tests.processes import PATIENCE_S
from tests.recordings import recorded
from tests.tracing.recording import (
    lines_of,
    live_in,
    run_python,
    run_python_alone,
    spans_in,
)
from tracetui.model.kind import Kind
from tracetui.tracing import Tracing, set_up_tracing

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system of its own")


def make_spans(tracing: Tracing, count: int) -> None:
    """Spans of about 4 kB."""
    for _ in range(count):
        tracing.tracer.start_span("span", tracing.context, attributes={"long": "x" * 4_000}).end()


@as_root
def test_a_disk_that_is_full_for_a_while(small_disk: Path) -> None:
    """While it is full spans are lost and counted; as soon as there is room they are written again."""
    warnings: list[str] = []
    tracing = set_up_tracing(small_disk / "spans", service_name="s", warn=warnings.append)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 300_000)
    make_spans(tracing, 100)
    lost = tracing.spans_lost
    assert 0 < lost < 100
    assert "No space left" in tracing.first_error
    ballast.unlink()
    make_spans(tracing, 20)
    assert tracing.spans_lost == lost
    tracing.shutdown()
    assert tracing.spans_written == len(spans_in(small_disk / "spans")) == 120 - lost
    assert live_in(small_disk / "spans")[-1].attributes["tracetui.dropped_spans"] == lost
    assert len(warnings) == 2
    assert f"{lost} of 120 spans lost" in warnings[1]


@as_root
def test_a_disk_that_stays_full(small_disk: Path) -> None:
    """How many spans were lost is in the files all the same, and whoever reads them says it."""
    tracing = set_up_tracing(small_disk / "spans", service_name="s", warn=lambda _: None)
    with tracing.tracer.start_as_current_span("suite", tracing.context):
        for number in range(2000):
            attributes = {"tracetui.span.role": "test", "test.case.name": f"test {number}"}
            with tracing.tracer.start_as_current_span("test", attributes=attributes):
                pass
    tracing.shutdown()
    assert 0 < tracing.spans_lost < 2001
    heartbeat = live_in(small_disk / "spans")[-1].attributes
    assert heartbeat["tracetui.dropped_spans"] == tracing.spans_lost
    found = recorded(small_disk / "spans")
    assert found.snapshot.health.losses == {Kind.DROPPED: tracing.spans_lost}
    assert found.summary.state == "ended"
    assert not found.running


@as_root
def test_heartbeats_go_on_while_a_disk_is_full(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that is killed then has said how many spans it lost, and until then it is known to live."""
    monkeypatch.setattr("tracetui.tracing.live.log.HEARTBEAT_SECONDS", 0.05)
    tracing = set_up_tracing(small_disk / "spans", service_name="s", warn=lambda _: None)
    with tracing.tracer.start_as_current_span("suite", tracing.context):
        for _ in range(2000):
            with tracing.tracer.start_as_current_span("test", attributes={"tracetui.span.role": "test"}):
                pass
        until, said = time.monotonic() + PATIENCE_S, set[int]()
        while len(said) < 3 and time.monotonic() < until:
            time.sleep(0.02)
            beat = live_in(small_disk / "spans")[-1]
            if beat.attributes.get("tracetui.dropped_spans") == tracing.spans_lost:
                said.add(int(beat.raw["timeUnixNano"]))
        assert len(said) == 3
        assert tracing.spans_lost
    tracing.shutdown()


@as_root
def test_a_disk_that_is_read_only_for_a_while(small_disk: Path, tmp_path: Path) -> None:
    """On a read-only file system every span is lost and counted; once it can be written to, no more are."""
    door = tmp_path / "door"
    door.mkdir()
    subprocess.run(["mount", "--bind", str(small_disk), str(door)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(door)], check=True)
        with set_up_tracing(door / "spans", service_name="s", warn=lambda _: None) as tracing:
            make_spans(tracing, 10)
            assert "Read-only file system" in tracing.first_error
            subprocess.run(["mount", "-o", "remount,bind,rw", str(door)], check=True)
            make_spans(tracing, 10)
        assert (tracing.spans_written, tracing.spans_lost) == (10, 10)
    finally:
        subprocess.run(["umount", "-l", str(door)], check=True)
    assert len(spans_in(small_disk / "spans")) == 10


def test_a_directory_that_may_not_be_written_to(tmp_path: Path) -> None:
    """Where no file can be made every span is lost and counted, and two lines say so."""
    (tmp_path / "spans").mkdir(mode=0o500)
    code = "from pathlib import Path\nfrom tests.tracing.test_disk import loses_everything\n"
    path = {"PYTHONPATH": str(Path(__file__).parents[2])}
    ran = run_python_alone(f"{code}loses_everything(Path('spans'))", tmp_path, path, as_user=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_directory_that_is_none(tmp_path: Path) -> None:
    """Where the directory is a file, a broken link or a loop of links, the same."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "broken").symlink_to(tmp_path / "absent" / "absent")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("file", "broken", "loop"):
        loses_everything(tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"


def loses_everything(directory: Path) -> None:
    """Asserts that tracing to there writes nothing, and says so."""
    warnings: list[str] = []
    with set_up_tracing(directory, service_name="s", warn=warnings.append) as tracing:
        make_spans(tracing, 10)
    assert (tracing.spans_written, tracing.spans_lost, len(warnings)) == (0, 10, 2)


def test_a_directory_removed_again_and_again(tmp_path: Path) -> None:
    """Spans are soon in a new private one, all that were made since; what is gone is counted and told."""
    directory = tmp_path / "spans"
    warnings: list[str] = []
    with set_up_tracing(directory, service_name="s", warn=warnings.append) as tracing:
        tracing.tracer.start_span("open")
        made = 0
        for _ in range(10):
            first = made
            while not list(directory.glob("*.jsonl")):
                tracing.tracer.start_span(f"{made}").end()
                made += 1
            assert made - first <= 64
            names = [span.name for span in spans_in(directory)]
            assert names[first - made :] == [f"{number}" for number in range(first, made)]
            assert stat.S_IMODE(directory.stat().st_mode) == 0o700
            assert (directory / ".gitignore").exists()
            shutil.rmtree(directory)
    written, lost = tracing.spans_written, tracing.spans_lost
    # The last are written again as the file is closed; lost is what had been seen to be there.
    assert [span.name for span in spans_in(directory)] == [f"{number}" for number in range(lost, made)]
    assert (written, written >= 1) == (made - lost, True)
    assert [warning for warning in warnings if "was taken away" in warning] == warnings[: lost > 0]
    assert [warning for warning in warnings if f"{lost} of {made} spans lost" in warning] == warnings[1:]


def test_processes_that_share_a_directory_share_no_file(file_system: Path) -> None:
    """16 processes at once, spans from 200 B to 1 MiB: one file each, every line whole, every span once."""
    program = """
        import os
        from tracetui.tracing import set_up_tracing
        children = []
        for _ in range(16):
            children.append(os.fork())
            if not children[-1]: break
        else:
            print(*children)
            raise SystemExit(max(os.waitpid(child, 0)[1] for child in children) != 0)
        with set_up_tracing("spans", service_name="s") as tracing:
            for number in range(40):
                long = {"long": "x" * (200, 4_000, 60_000, 1 << 20)[number % 4]}
                tracing.tracer.start_span(f"{os.getpid()} {number}", attributes=long).end()
    """
    result = run_python(program, file_system)
    assert result.returncode == 0, result.stderr
    assert len(list(file_system.glob("spans/*.traces.jsonl"))) == 16
    expected = {f"{pid} {number}" for pid in result.stdout.split() for number in range(40)}
    names = [span.name for span in spans_in(file_system / "spans")]
    assert (len(names), set(names)) == (640, expected)
    assert all(len(line) <= 512 * 1024 for line in lines_of(file_system / "spans", "*.traces.jsonl"))


FORKS = {
    "os.fork": "if (pid := os.fork()) == 0: work(n); os._exit(0)\n    assert os.waitpid(pid, 0)[1] == 0",
    "Process": "p = fork.Process(target=work, args=(n,)); p.start(); p.join(); assert p.exitcode == 0",
    "ProcessPoolExecutor": "with Pool(1, mp_context=fork) as pool: pool.submit(work, n).result()",
    "preexec_fn": "subprocess.run(['true'], preexec_fn=lambda: work(n), check=True)",
}


@pytest.mark.parametrize("forks", [20, pytest.param(200, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("way", FORKS)
def test_every_way_to_fork(tmp_path: Path, way: str, forks: int) -> None:
    """Children beside 3 busy threads: none hangs, each span is there once, in a file of its process."""
    result = run_python(
        f"""
        import multiprocessing, os, subprocess, threading, warnings
        from concurrent.futures import ProcessPoolExecutor as Pool
        fork = multiprocessing.get_context("fork")
        warnings.simplefilter("ignore", DeprecationWarning)
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s")
        def work(number):
            tracing.tracer.start_span(f"child {{number}}").end()
        made, stop = [], threading.Event()
        def busy():
            while not stop.is_set():
                tracing.tracer.start_span("busy").end()
                made.append(1)
        threads = [threading.Thread(target=busy) for _ in range(3)]
        for thread in threads: thread.start()
        for n in range({forks}):
            {FORKS[way].replace(chr(10), chr(10) + " " * 8)}
        stop.set()
        for thread in threads: thread.join()
        tracing.shutdown()
        print(len(made))
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    spans = spans_in(tmp_path / "spans")
    children = [span for span in spans if span.name.startswith("child")]
    assert sorted(span.name for span in children) == sorted(f"child {number}" for number in range(forks))
    assert len({span.resource["process.pid"] for span in children}) == forks
    assert len({span.id for span in spans}) == len(spans) == int(result.stdout) + forks


@pytest.mark.parametrize("variables", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_spans_import_nothing(tmp_path: Path, variables: dict[str, str]) -> None:
    """Once tracing is set up no span imports a module: a child that is forked meanwhile would hang."""
    result = run_python_alone(
        """
        import sys
        from tracetui.tracing import set_up_tracing
        strange = {"text": "\\ud800", "list": ["a"], "bytes": b"x", "float": 0.5, "long": 1 << 70}
        tracing = set_up_tracing("spans", service_name="s")
        before = set(sys.modules)
        for role in ("suite", "worker", "test", "phase", "hook", "archiver", "other"):
            begun = tracing.tracer.start_as_current_span("\\xe9", attributes={"tracetui.span.role": role})
            with begun as span:
                span.set_attributes(strange)
                span.record_exception(ValueError("what"))
        print(sorted(set(sys.modules) - before))
        tracing.shutdown()
        """,
        tmp_path,
        variables,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"
    assert len(spans_in(tmp_path / "spans")) == 7


BURST = examples(12_000)


def test_a_burst_is_no_reason_to_lose_anything(tmp_path: Path) -> None:
    """Many spans from 8 threads, far faster than any batch processor's queue: all are in the file."""
    result = run_python(
        f"""
        import threading
        from tracetui.tracing import set_up_tracing
        with set_up_tracing("spans", service_name="s") as tracing:
            def burst():
                for _ in range({BURST // 8}):
                    tracing.tracer.start_span("span", attributes={{"tracetui.span.role": "hook"}}).end()
            threads = [threading.Thread(target=burst) for _ in range(8)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        print(tracing.spans_written, tracing.spans_lost)
        """,
        tmp_path,
    )
    assert result.stdout == f"{BURST} 0\n", result.stderr
    assert len({span.id for span in spans_in(tmp_path / "spans")}) == BURST


@pytest.mark.parametrize("parent_writes", [True, False])
def test_children_do_not_say_again_what_was_said(tmp_path: Path, parent_writes: bool) -> None:
    """Ten forks beyond the limit of a file's size: what was said before a fork is not said after it."""
    result = run_python_alone(
        f"""
        import os, resource
        from tracetui.tracing import set_up_tracing
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with set_up_tracing("spans", service_name="s") as tracing:
            if {parent_writes}:
                tracing.tracer.start_span("lost", context=tracing.context).end()
            for _ in range(10):
                child = os.fork()
                if not child:
                    tracing.tracer.start_span("lost", context=tracing.context).end()
                    tracing.shutdown()
                    os._exit(0)
                os.waitpid(child, 0)
        """,
        tmp_path,
    )
    said = result.stderr.splitlines()
    assert len(said) == (2 if parent_writes else 10)
    assert sum(" lost in " in line for line in said) == parent_writes
