"""Bursts at the ports of commands: nothing is lost, nothing comes twice; nor where a receiver is killed."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.processes import PATIENCE_S, Process, started
from tests.receive.asking import names
from tracetui import units

SENDERS = 8
SEND = """
import os, sys
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as ByGrpc
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as ByHttp
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult, SpanExporter
count, *senders = sys.argv[1:]
children = []
for sender in senders:
    # What all of them import, one imports.
    children.append(os.fork())
    if not children[-1]:
        break
else:
    sys.exit(max(os.waitpid(child, 0)[1] for child in children) != 0)
how, own, endpoint = sender.split(" ")
OTLPSpanExporter = {"grpc": ByGrpc, "http": ByHttp}[how]
if how == "http" and endpoint:
    endpoint = f"{endpoint}/v1/traces"
exporter = OTLPSpanExporter(**({"endpoint": endpoint} if endpoint else {}))
made = []
class Kept(SpanExporter):
    def export(self, spans): made.extend(spans); return SpanExportResult.SUCCESS
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(Kept(), max_queue_size=10**6, schedule_delay_millis=10**6))
for number in range(int(count)):
    provider.get_tracer("t").start_span(f"{own}.{number}").end()
provider.force_flush()
acknowledged = 0
for first in range(0, len(made), 512):
    part = made[first : first + 512]
    if exporter.export(part) is not SpanExportResult.SUCCESS:
        break
    acknowledged += len(part)
    print(f"{own} {acknowledged}\\n", end="", flush=True)
os._exit(0 if acknowledged == len(made) else 1)
"""


def sent(count: int, endpoints: Mapping[int, str]) -> list[str]:
    """The command of senders by gRPC or HTTP, each a process; an endpoint may be left to the environment."""
    senders = (
        f"{('grpc', 'http')[number % 2]} {number} {endpoint}" for number, endpoint in endpoints.items()
    )
    return [sys.executable, "-c", SEND, str(count), *senders]


def expected(share: int) -> Counter[str]:
    """The names of all spans of a burst."""
    return Counter(f"{number}.{part}" for number in range(SENDERS) for part in range(share))


@contextmanager
def receive(directory: Path) -> Iterator[tuple[Process, Mapping[str, str]]]:
    """`tracetui receive`, and where it listens."""
    command = [sys.executable, "-m", "tracetui", "receive", str(directory), "--grpc", ":0", "--http", ":0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(command, env=environment(), **pipes) as process:
        assert process.stderr is not None
        announced = process.stderr.readline().decode()
        yield process, dict(re.findall(r"(grpc|http) (\S+?:[0-9]+)", announced))


sizes = pytest.mark.parametrize("count", [4_000, pytest.param(50_000, marks=pytest.mark.nightly)])


@sizes
@pytest.mark.parametrize("port", ["own", "http"])
def test_receive(tmp_path: Path, count: int, port: str) -> None:
    """Of eight processes at once, each protocol by its own port, or all by that of HTTP."""
    share = count // SENDERS
    with receive(tmp_path / "x") as (process, ports):
        own = (ports["grpc"], ports["http"]) if port == "own" else (ports["http"],) * 2
        command = sent(share, {number: f"http://{own[number % 2]}" for number in range(SENDERS)})
        ran = subprocess.run(command, env=environment(), capture_output=True, timeout=PATIENCE_S, check=True)
        acknowledged = dict(line.split() for line in ran.stdout.splitlines())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert acknowledged == {b"%d" % number: b"%d" % share for number in range(SENDERS)}
    assert (process.returncode, err) == (0, b"")
    assert out.startswith(f"{units.count(count)} spans and 0 log records received".encode())
    assert names(tmp_path / "x") == expected(share)


@sizes
def test_exec(tmp_path: Path, count: int) -> None:
    """Of eight processes that the command starts, with nothing but its environment."""
    share = count // SENDERS
    program = sent(share, dict.fromkeys(range(SENDERS), ""))
    command = [sys.executable, "-m", "tracetui", "exec", "--dir", str(tmp_path / "x"), *program]
    ran = subprocess.run(command, env=environment(), capture_output=True, timeout=PATIENCE_S, check=False)
    assert ran.returncode == 0
    assert f"{units.count(count)} spans received, lost 0;" in ran.stderr.decode()
    spans = names(tmp_path / "x")
    del spans[Path(sys.executable).name]
    assert spans == expected(share)


@pytest.mark.parametrize("number", range(2))
def test_a_receiver_that_is_killed(tmp_path: Path, number: int) -> None:
    """Amidst a burst of either protocol: all that was acknowledged is in the file, once."""
    with receive(tmp_path / "x") as (process, ports):
        endpoint = f"http://{ports[('grpc', 'http')[number]]}"
        with started(sent(20_000, {number: endpoint}), env=environment(), stdout=subprocess.PIPE) as sender:
            assert sender.stdout is not None
            for _ in range(5):
                printed = sender.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_S)
    acknowledged = int(printed.split()[1])
    spans = names(tmp_path / "x")
    assert set(spans.values()) == {1}
    assert {f"{number}.{part}" for part in range(acknowledged)} <= spans.keys()
