"""`tracetui exec`: commands of others, whose exporters nobody here wrote; their signals, output and codes."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.cli.running import tracetui as run
from tests.processes import PATIENCE_S, started
from tests.recordings import recorded
from tests.ui.terminal import is_up, terminal
from tracetui.cli import main
from tracetui.cli.record.program import program
from tracetui.receive import environment as variables
from tracetui.receive.addresses import Address

PROGRAM = """
import os, sys
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as Grpc
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as Http
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

parent = TraceContextTextMapPropagator().extract({"traceparent": os.environ["TRACEPARENT"]})
for exporter in (Grpc, Http):
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter()))
    provider.get_tracer("a").start_span(exporter.__module__.split(".")[4], parent).end()
    provider.shutdown()
print("said", flush=True)
sys.exit(int(sys.argv[1]))
"""


def test_what_sdks_send_by_themselves(tmp_path: Path) -> None:
    """Either exporter, made without arguments: each span once, below the command's; its code and output."""
    ran = run("exec", "--dir", tmp_path / "x", "--", sys.executable, "-c", PROGRAM, "3")
    assert (ran.returncode, ran.stdout) == (3, b"said\n")
    assert ran.stderr.decode().startswith("tracetui: 2 spans received, lost 0; open the recording with: ")
    assert ran.stderr.count(b"\n") == 1
    snapshot = recorded(tmp_path / "x").snapshot
    names = [snapshot.name(row) for row in range(len(snapshot))]
    own = Path(sys.executable).name
    assert sorted(names) == sorted(["grpc", "http", own])
    above = {names[row]: int(snapshot.parent_row[row]) for row in range(3)}
    assert above == {own: -1, "grpc": names.index(own), "http": names.index(own)}


def test_a_terminal_shows_it_live(tmp_path: Path) -> None:
    """The screen sees its end; who leaves it gets the output, and the code."""
    script = "echo first; echo later; exit 5"
    with terminal("-m", "tracetui", "exec", "--dir", tmp_path / "x", "sh", "-c", script) as tty:
        tty.until(lambda seen: b"ended" in seen)
        tty.type("q")
        tty.until(lambda seen: b"later" in seen and b"sent no spans" in seen)
        assert tty.end() == 5
    assert tty.seen.index(b"first") < tty.seen.index(b"later")


def test_signals_are_for_the_command(tmp_path: Path) -> None:
    """It decides what they do; the recording is closed all the same."""
    script = "trap 'echo got; exit 7' TERM; echo up; while :; do sleep 0.05; done"
    command = [sys.executable, "-m", "tracetui", "exec", "--dir", str(tmp_path / "x"), "sh", "-c", script]
    with started(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (7, b"got\n")
    said = "sh sent no spans (see: tracetui help runners); open the recording with: tracetui open"
    assert err.decode() == f"tracetui: {said} {tmp_path}/x\n"
    assert not list((tmp_path / "x").glob("live/*"))


def test_codes_of_what_cannot_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As shells have them, in one line each."""
    file = tmp_path / "file"
    file.write_text("")
    for words, code, message in (
        (("--dir", tmp_path / "x", "no-such-command"), 127, "no-such-command: no such file"),
        (("--dir", tmp_path / "x", "--", file), 126, "permission denied"),
        (("--dir", file, "--", "true"), 2, "not a directory"),
        (("--watch", "--dir", tmp_path / "x", "--", "true"), 2, "--watch needs a terminal"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["exec", *map(str, words)])
        out, err = capfd.readouterr()
        assert (ended.value.code, out, err.count("\n")) == (code, "", 1), err
        assert message in err


def test_environment() -> None:
    """What would send elsewhere goes, with its keys; what the user chose about his spans stays."""
    inherited = {
        "HOME": "/h",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://else",
        "OTEL_EXPORTER_OTLP_HEADERS": "api-key=secret",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_SERVICE_NAME": "mine",
        "OTEL_TRACES_SAMPLER": "always_on",
    }
    found = variables.environment(inherited, Address("127.0.0.1", 5), "t", "sh", Path("/d"))
    assert found == {
        "HOME": "/h",
        "OTEL_TRACES_SAMPLER": "always_on",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:5",
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20t",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_BSP_SCHEDULE_DELAY": "500",
        "OTEL_SERVICE_NAME": "mine",
        "TRACETUI_DIR": "/d",
        "TRACETUI_RECEIVER": "http://127.0.0.1:5",
    }
    assert (
        variables.environment({}, Address("127.0.0.1", 5), "t", "sh", Path("/d"))["OTEL_SERVICE_NAME"] == "sh"
    )


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/usr/bin/make check", "make"),
        ("npx vitest run", "vitest"),
        ("npx --no jest@30 --ci", "jest"),
        ("pnpm exec playwright test", "playwright"),
        ("npm test", "npm"),
        ("npm", "npm"),
        ("npx", "npx"),
        ("npx --help", "npx"),
        ("uv run pytest -q", "pytest"),
        ("uv sync", "uv"),
        ("env A=1 B=2 go test", "go"),
        ("bundle exec rspec", "rspec"),
        ("python3.13 -m tracetui.tracing.unittest discover", "unittest"),
        ("python3 x.py", "python3"),
        ("python -m", "python"),
    ],
)
def test_what_a_command_is_called(command: str, name: str) -> None:
    """After its program, or what a launcher starts: all runs of `npx` would be one suite."""
    assert program(command.split()) == name


def test_watch_receives(tmp_path: Path) -> None:
    """`watch --receive` is `receive --watch`; its options are for nothing else."""
    with terminal("-m", "tracetui", "watch", "--receive", tmp_path, "--grpc", "none", "--http", ":0") as tty:
        tty.until(is_up)
        assert b"receiving by http 127.0.0.1:" in tty.seen
        tty.type("q")
        tty.until(lambda seen: b"0 spans and 0 log records received" in seen)
        assert tty.end() == 0
    for words in (("watch", str(tmp_path), "--http", ":0"), ("watch",)):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2
