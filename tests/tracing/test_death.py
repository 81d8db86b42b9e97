"""However a process ends, what ended in it is in the file, and what had begun is known."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.budgets import examples
from tests.processes import PATIENCE_S, started
from tests.tracing.recording import clean_environment, live_in, run_python, spans_in, starts_in

ENDINGS = {
    "kill -9": "os.kill(os.getpid(), signal.SIGKILL)",
    "SIGTERM": "os.kill(os.getpid(), signal.SIGTERM)",
    "segmentation fault": "faulthandler._sigsegv()",
    "abort": "os.abort()",
    "os._exit": "os._exit(3)",
    "exception": "raise SystemError('bye')",
}


PROGRAM = """
import faulthandler, os, resource, signal, sys
from tracetui.tracing import set_up_tracing
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
tracing = set_up_tracing("spans", service_name="s")

def live_and_die(run):
    tracing.tracer.start_span(f"root {run}", context=tracing.context)
    for number in range(100):
        tracing.tracer.start_span(f"span {run}/{number}").end()
        tracing.tracer.start_span("open", attributes={"tracetui.span.role": "phase"})
    ENDING
    os._exit(77)

os.close(2)  # what a fault prints
for run in range(int(sys.argv[1])):
    if (pid := os.fork()) == 0:
        try:
            live_and_die(run)
        finally:
            os._exit(78)
    status = os.waitpid(pid, 0)[1]
    assert os.waitstatus_to_exitcode(status) != 77
"""
FORKS = examples(60)
LOOPS = [pytest.param(10, id="10"), pytest.param(100, id="100", marks=pytest.mark.nightly)]


@pytest.mark.parametrize("loops", LOOPS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ended_span_survives(tmp_path: Path, ending: str, loops: int) -> None:
    """Each time, 100 spans end and the process dies among open ones: all 100 are there, whole and once, and
    what was open is known."""
    (tmp_path / "program.py").write_text(PROGRAM.replace("ENDING", ENDINGS[ending]))
    command = [sys.executable, "-W", "ignore", "program.py", str(loops)]
    subprocess.run(command, cwd=tmp_path, env=clean_environment(), check=True, timeout=PATIENCE_S)
    spans = spans_in(tmp_path / "spans")
    expected = sorted(f"span {run}/{number}" for run in range(loops) for number in range(100))
    assert sorted(span.name for span in spans) == expected
    assert len({span.id for span in spans}) == len(spans)
    starts = [start.attributes["tracetui.span.name"] for start in starts_in(tmp_path / "spans")]
    assert sorted(set(starts) - {"open"}) == sorted([f"root {run}" for run in range(loops)] + expected)
    assert starts.count("open") == 100 * loops


def test_a_process_killed_at_any_moment_tears_at_most_its_last_line(tmp_path: Path) -> None:
    """kill -9 from outside, in full flight: every line but the last is whole."""
    program = """
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s")
        print("go", flush=True)
        while True:
            tracing.tracer.start_span("span", attributes={"long": "x" * 20_000}).end()
    """
    for _ in range(5):
        with started(
            [sys.executable, "-c", textwrap.dedent(program)],
            cwd=tmp_path,
            env=clean_environment(),
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.stdout.close()
            while not any(
                path.stat().st_size > 500_000 for path in tmp_path.glob(f"spans/*-{process.pid}-*")
            ):
                assert process.poll() is None
            process.kill()
    for path in tmp_path.glob("spans/*.jsonl"):
        *whole, last = path.read_bytes().split(b"\n")
        assert all(line.startswith(b'{"resourceSpans"') and line.endswith(b"]}]}]}") for line in whole)
        assert last == b"" or last.startswith(b'{"resourceSpans"')


def test_forks_beside_busy_threads_neither_hang_nor_lose_nor_repeat(tmp_path: Path) -> None:
    """Many forks beside 3 threads that trace: each child's span is there once, in the child's own file."""
    result = run_python(
        f"""
        import os, threading, warnings
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s")
        root = tracing.tracer.start_as_current_span("root", context=tracing.context)
        root.__enter__()
        stop = threading.Event()
        made = [0, 0, 0]
        def busy(number):
            while not stop.is_set():
                tracing.tracer.start_span(f"busy {{number}}").end()
                made[number] += 1
        threads = [threading.Thread(target=busy, args=(number,)) for number in range(3)]
        for thread in threads: thread.start()
        warnings.simplefilter("ignore", DeprecationWarning)
        for number in range({FORKS}):
            pid = os.fork()
            if pid == 0:
                tracing.tracer.start_span(f"child {{number}}").end()
                os._exit(0)
            assert os.waitpid(pid, 0)[1] == 0
        stop.set()
        for thread in threads: thread.join()
        root.__exit__(None, None, None)
        tracing.shutdown()
        print(sum(made), os.getpid())
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    made, parent_pid = map(int, result.stdout.split())
    spans = spans_in(tmp_path / "spans")
    children = [span for span in spans if span.name.startswith("child")]
    assert sorted(span.name for span in children) == sorted(f"child {number}" for number in range(FORKS))
    assert len({span.resource["process.pid"] for span in children} - {parent_pid}) == FORKS
    assert sum(span.name.startswith("busy") for span in spans) == made
    assert len({span.id for span in spans}) == len(spans) == made + FORKS + 1


def test_multiprocessing_children_write_their_spans(tmp_path: Path) -> None:
    """A pool's workers end without any clean-up, and their spans are there."""
    (tmp_path / "program.py").write_text(
        textwrap.dedent(
            """
            import multiprocessing
            from tracetui.tracing import set_up_tracing
            tracing = set_up_tracing("spans", service_name="s")
            def work(number):
                tracing.tracer.start_span(f"job {number}").end()
            if __name__ == "__main__":
                with multiprocessing.get_context("fork").Pool(3) as pool:
                    pool.map(work, range(30))
            """
        )
    )
    subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, env=clean_environment(), check=True, timeout=PATIENCE_S
    )
    assert sorted(span.name for span in spans_in(tmp_path / "spans")) == sorted(f"job {n}" for n in range(30))


def test_a_clean_end_leaves_no_start_records(tmp_path: Path) -> None:
    """After a clean shutdown, or a plain exit without one, the live file is gone."""
    for ending in ("tracing.shutdown()", "pass"):
        result = run_python(
            f"""
            from tracetui.tracing import set_up_tracing
            tracing = set_up_tracing("spans", service_name="s")
            with tracing.tracer.start_as_current_span("root", context=tracing.context):
                pass
            {ending}
            """,
            tmp_path,
        )
        assert result.returncode == 0, result.stderr
        assert live_in(tmp_path / "spans") == []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists threads")
def test_no_thread_of_ours_runs_while_the_host_forks(tmp_path: Path) -> None:
    """Python warns about forking beside threads; with tracing on there is nothing to warn about."""
    result = run_python(
        """
        import os
        def threads():
            return len(os.listdir("/proc/self/task"))
        os.register_at_fork(before=lambda: print(threads(), flush=True))
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s")
        with tracing.tracer.start_as_current_span("root", context=tracing.context):
            for _ in range(20):
                assert threads() == 2
                if (pid := os.fork()) == 0:
                    os._exit(0)
                os.waitpid(pid, 0)
                tracing.tracer.start_span("more").end()
            assert threads() == 2
        """,
        tmp_path,
    )
    assert (result.returncode, result.stdout) == (0, 20 * "1\n"), result.stderr


def test_an_orderly_termination_signal_still_ends_the_program(tmp_path: Path) -> None:
    """Tracing handles no signals: the host's exit status is what it was."""
    result = run_python(
        """
        import os, signal
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s")
        tracing.tracer.start_span("root").end()
        os.kill(os.getpid(), signal.SIGTERM)
        """,
        tmp_path,
    )
    assert result.returncode == -signal.SIGTERM
    assert [path.name for path in tmp_path.iterdir()] == ["spans"]
