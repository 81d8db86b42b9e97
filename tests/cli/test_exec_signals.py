"""Signals to `tracetui exec`: its command gets each once, wherever it comes from, and all is recorded."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.processes import PATIENCE_S, is_alive, started
from tests.ui.terminal import Terminal, terminal

COUNTS = """
import signal, sys, time
got = []
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: got.append(number))
print("up", flush=True)
least = int(sys.argv[1])
while len(got) < least:
    time.sleep(0.01)
time.sleep(0.5)
print("got", *map(int, got), "end", flush=True)
sys.exit(7)
"""
WITHOUT_WORD_OF_WHO = """
import signal, sys
del signal.sigtimedwait
from tracetui.cli import main
main(sys.argv[1:])
"""


def counting(directory: Path, least: int = 1, *program: str) -> list[str]:
    """A command that ends with code 7 half a second after so many signals, and says which."""
    own = program or ("-m", "tracetui")
    return [*own, "exec", "--no-watch", "--dir", str(directory), sys.executable, "-c", COUNTS, str(least)]


def code_of(directory: Path) -> int:
    """The exit code in the span of the command."""
    (file,) = directory.glob("*.traces.jsonl")
    (group,) = json.loads(file.read_text())["resourceSpans"]
    (span,) = group["scopeSpans"][0]["spans"]
    (code,) = (pair["value"] for pair in span["attributes"] if pair["key"] == "process.exit.code")
    return int(code["intValue"])


@pytest.mark.parametrize("program", [("-m", "tracetui"), ("-c", WITHOUT_WORD_OF_WHO)])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_from_outside(tmp_path: Path, number: signal.Signals, program: tuple[str, str]) -> None:
    """Without a terminal: the command alone decides what they do."""
    command = [sys.executable, *counting(tmp_path, 1, *program)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(command, env=environment(), start_new_session=True, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out.split()) == (7, [b"got", b"%d" % number, b"end"])
    assert b"sent no spans" in err
    assert code_of(tmp_path) == 7
    assert not list(tmp_path.glob("live/*"))


def keys(tty: Terminal) -> None:
    tty.type("\x03")


def outside(tty: Terminal) -> None:
    tty.process.send_signal(signal.SIGINT)


@pytest.mark.parametrize("by", [keys, outside])
@pytest.mark.parametrize("times", [1, 2])
def test_on_a_terminal(tmp_path: Path, by: Callable[[Terminal], None], times: int) -> None:
    """Ctrl+c reaches the command by itself, and is passed on to nobody; `kill -INT` is."""
    with terminal(*counting(tmp_path, times)) as tty:
        tty.until(lambda seen: b"up" in seen)
        for time_ in range(times):
            if time_:
                time.sleep(0.2)  # Two that come at once are one.
            by(tty)
        assert tty.end() == 7
    assert b" ".join([b"got", *[b"2"] * times, b"end"]) in tty.seen
    assert code_of(tmp_path) == 7


def test_keys_with_another_input(tmp_path: Path) -> None:
    """Standard input says nothing of who sends a signal."""
    with Path(os.devnull).open("rb") as nothing, terminal(*counting(tmp_path), stdin=nothing) as tty:
        tty.until(lambda seen: b"up" in seen)
        keys(tty)
        tty.end()
    assert b"got 2 end" in tty.seen


def test_a_command_that_ignores_it(tmp_path: Path) -> None:
    """It goes on, and we with it; what ends it decides the code."""
    script = "trap '' INT; echo up; while :; do sleep 0.05; done"
    command = [sys.executable, "-m", "tracetui", "exec", "--dir", str(tmp_path), "sh", "-c", script]
    with started(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, code_of(tmp_path)) == (143, 143)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_on_the_screen(tmp_path: Path, number: signal.Signals) -> None:
    """The screen ends, and the command gets the signal; what it makes of that is recorded."""
    script = f"trap 'echo got > {tmp_path}/got; exit 9' INT TERM HUP; while :; do sleep 0.05; done"
    with terminal("-m", "tracetui", "exec", "--dir", tmp_path / "x", "sh", "-c", script) as tty:
        tty.until(lambda seen: b"Quit" in seen)
        tty.process.send_signal(number)
        assert tty.end() == 128 + number
    assert (tmp_path / "got").exists()
    assert code_of(tmp_path / "x") == 9


DAEMON = """
import os, subprocess, sys, time
if os.fork():
    os._exit(5)
os.setsid()
open(sys.argv[1], "w").write(str(os.getpid()))
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter()))
provider.get_tracer("a").start_span("late").end()
time.sleep(600)
"""


def test_a_command_that_leaves_a_daemon_behind(tmp_path: Path) -> None:
    """Nobody waits for that longer than its spans keep coming, nor ends it."""
    command = [sys.executable, "-m", "tracetui", "exec", "--dir", str(tmp_path / "x")]
    pid = tmp_path / "pid"
    ran = subprocess.run(
        [*command, sys.executable, "-c", DAEMON, str(pid)],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=PATIENCE_S,
    )
    daemon = int(pid.read_text())
    assert is_alive(daemon)
    subprocess.run(["kill", "-KILL", str(daemon)], check=True)
    assert ran.returncode == 5
