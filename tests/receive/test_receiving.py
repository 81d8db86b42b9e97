"""The receiver, asked by OpenTelemetry's own exporters, by our sender, and by clients that mean no good."""

import errno
import gzip
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grpc  # type: ignore[import-untyped]
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2_grpc import LogsServiceStub
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from tests.builders import T0, line, log_line, small_run, span
from tests.receive.asking import FREE, PROTOBUF, names, post, stub, text_of
from tests.receive.test_bodies import PACKERS
from tests.recordings import recorded
from tests.send.arrived import by_span, sent, told
from tests.send.receivers import Receiver as Sink
from tracetui.errors import InputError
from tracetui.receive import http_server, intake
from tracetui.receive.addresses import address
from tracetui.receive.receiving import Receiver, receiving
from tracetui.tracing.host.system import System


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path / "spans", FREE, FREE) as made:
        yield made


def test_what_opentelemetry_sends(tmp_path: Path, receiver: Receiver) -> None:
    """By either exporter of its own, compressed or not, gRPC on either port.

    Every span is in one file, once, and readable.
    """
    by_grpc, by_http = receiver.addresses["grpc"], f"http://{receiver.addresses['http']}/v1/traces"
    exporters = (
        GrpcExporter(endpoint=f"http://{by_grpc}", compression=grpc.Compression.Gzip),
        GrpcExporter(endpoint=f"http://{receiver.addresses['http']}"),
        HttpExporter(endpoint=by_http),
        HttpExporter(endpoint=by_http, compression=Compression.Gzip),
    )
    provider = TracerProvider()
    for exporter in exporters:
        provider.add_span_processor(SimpleSpanProcessor(exporter))
    for number in range(3):
        provider.get_tracer("t").start_span(f"s{number}").end()
    provider.shutdown()
    assert len(list((tmp_path / "spans").glob("*.traces.jsonl"))) == 1
    assert text_of(tmp_path).count(b'"spanId"') == 12
    assert names(tmp_path / "spans") == Counter(["s0", "s1", "s2"])
    assert (receiver.intake.tally.spans, receiver.intake.lost) == (12, 0)


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_what_we_send_arrives_as_it_was(tmp_path: Path, receiver: Receiver, protocol: str) -> None:
    """From a recording through sender and receiver to a recording: each span is the same."""
    content = b"".join(text for text in small_run().splitlines(keepends=True) if b"resourceSpans" in text)
    (tmp_path / "x.jsonl").write_bytes(content)
    path = "/v1/traces" if protocol == "http" else ""
    sink = Sink(endpoint=f"http://{receiver.addresses[protocol]}{path}")
    sent(tmp_path / "x.jsonl", sink)
    assert by_span(told(text_of(tmp_path / "spans")).resource_spans) == by_span(told(content).resource_spans)


@pytest.mark.parametrize("encoding", sorted(PACKERS))
def test_json_however_it_is_compressed(tmp_path: Path, receiver: Receiver, encoding: str) -> None:
    """Spans and log records, each in the place of its own; with a partial success where some are none."""
    packed = PACKERS[encoding](line(span("one"), span("bad", id="00"), span("two")))
    partial = {"rejectedSpans": "1", "errorMessage": intake.WITHOUT_IDS}
    assert post(receiver, packed, content_encoding=encoding) == (200, {"partialSuccess": partial})
    assert post(receiver, log_line({"eventName": "e"}), "/v1/logs") == (200, {})
    assert names(tmp_path / "spans") == Counter(["one", "two"])
    (logs,) = (tmp_path / "spans" / "logs").glob("*.logs.jsonl")
    assert logs.read_bytes().count(b'"eventName":"e"') == 1
    tally = receiver.intake.tally
    assert (tally.spans, tally.log_records, tally.rejected, tally.requests) == (2, 1, 1, 2)


def test_logs_by_grpc_and_no_metrics(receiver: Receiver) -> None:
    """Metrics are refused with a status after which nobody sends them again."""
    request = ExportLogsServiceRequest()
    request.resource_logs.add().scope_logs.add().log_records.add(event_name="e")
    stub(receiver, LogsServiceStub).Export(request)
    assert receiver.intake.tally.log_records == 1
    with pytest.raises(grpc.RpcError) as raised:
        stub(receiver, MetricsServiceStub).Export(ExportMetricsServiceRequest())
    assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert post(receiver, b"{}", "/v1/metrics") == (404, {"message": intake.METRICS})


def test_bad_requests(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has the status that the specification has for it, and a message; none ends the receiver."""
    assert post(receiver, b"{")[0] == 400
    assert post(receiver, b"\xff\xff", kind=PROTOBUF)[0] == 400
    assert post(receiver, b"x", kind=PROTOBUF, content_encoding="gzip")[0] == 400
    assert post(receiver, b"{}", content_encoding="br")[0] == 415
    assert post(receiver, b"{}", kind="text/plain")[0] == 415
    assert post(receiver, b"{}", "/elsewhere")[0] == 404
    monkeypatch.setattr(http_server, "MOST_JSON_BYTES", 1000)
    assert post(receiver, gzip.compress(b" " * 1001), content_encoding="gzip")[0] == 413
    assert post(receiver, b"{}") == (200, {})
    assert receiver.intake.tally.requests == 1


def test_only_who_has_the_token(tmp_path: Path) -> None:
    """By either way; nothing else is looked at."""
    with receiving(tmp_path, FREE, FREE, "secret") as receiver:
        assert post(receiver, line(span("a")))[0] == 401
        assert post(receiver, line(span("a")), authorization="Bearer secre")[0] == 401
        assert post(receiver, line(span("a")), authorization="Bearer secret")[0] == 200
        client = stub(receiver, TraceServiceStub)
        with pytest.raises(grpc.RpcError) as raised:
            client.Export(ExportTraceServiceRequest())
        assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED
        client.Export(ExportTraceServiceRequest(), metadata=[("authorization", "Bearer secret")])
        assert receiver.intake.tally.unauthorized == 3


def test_a_full_disk_is_put_off(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is acknowledged that is not written; who sends it again later loses nothing."""

    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(System, "write", staticmethod(full))
        status, answer = post(receiver, line(span("a")))
        assert (status, "No space left" in answer["message"]) == (503, True)
        with pytest.raises(grpc.RpcError) as raised:
            stub(receiver, LogsServiceStub).Export(_one_record())
        assert raised.value.code() is grpc.StatusCode.UNAVAILABLE
        assert "grpc-status-details-bin" in dict(raised.value.trailing_metadata())
    assert post(receiver, line(span("a")))[0] == 200
    assert names(tmp_path / "spans") == Counter(["a"])
    tally = receiver.intake.tally
    assert (tally.unwritten, tally.spans, tally.log_records, receiver.intake.lost) == (2, 1, 0, 0)


def _one_record() -> ExportLogsServiceRequest:
    request = ExportLogsServiceRequest()
    request.resource_logs.add().scope_logs.add().log_records.add(event_name="e")
    return request


def test_too_much_at_once_is_put_off(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """By size and time: who comes again a little later is taken."""
    monkeypatch.setattr(intake, "MOST_BYTES_A_SECOND", 100_000)
    data = line(*(span(f"s{number}") for number in range(1000)))
    status = [post(receiver, data)[0] for _ in range(6)]
    assert status[0] == 200
    assert 429 in status
    assert receiver.intake.tally.spans == 1000 * status.count(200)
    until = time.monotonic() + 60
    while post(receiver, data)[0] == 429 and time.monotonic() < until:
        time.sleep(0.2)
    assert receiver.intake.tally.spans == 1000 * (status.count(200) + 1)


def test_many_at_once(tmp_path: Path, receiver: Receiver) -> None:
    """From threads by either way: each line is whole, and what was acknowledged is there."""

    def send(number: int) -> None:
        for part in range(5):
            assert post(receiver, line(*(span(f"h{number}.{part}.{n}") for n in range(20))))[0] == 200

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = names(tmp_path / "spans")
    assert (len(counted), set(counted.values())) == (600, {1})


def test_who_says_nothing_is_let_go(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one who says it letter by letter; with all places taken others are told to come again."""
    monkeypatch.setattr(http_server, "SILENCE_S", 0.5)
    monkeypatch.setattr(http_server, "REQUEST_S", 1.0)
    where = receiver.addresses["http"]
    mute = [socket.create_connection(where) for _ in range(http_server.MOST_CONNECTIONS)]
    slow = mute[0]
    slow.sendall(b"POST /v1/traces HTTP/1.1\r\n")
    with socket.create_connection(where) as other:
        assert other.recv(100).startswith(b"HTTP/1.1 503 ")
    until = time.monotonic() + 60
    is_over = False
    while not is_over and time.monotonic() < until:
        try:
            slow.sendall(b"x")
            slow.settimeout(0.1)
            is_over = slow.recv(1) == b""
        except TimeoutError:
            continue
        except OSError:
            is_over = True
    assert is_over
    slow.close()
    for connection in mute[1:]:
        connection.settimeout(60)
        assert connection.recv(1) == b""
        connection.close()
    assert post(receiver, b"{}") == (200, {})


def test_a_port_that_is_taken(tmp_path: Path, receiver: Receiver) -> None:
    """By either way, also by another of ours: one line says what to do, and nothing is left listening."""
    by_grpc, by_http = receiver.addresses["grpc"], receiver.addresses["http"]
    for wanted, option in (((by_grpc, None), "--grpc :0"), ((None, by_http), "--http :0")):
        with pytest.raises(InputError, match=option), receiving(tmp_path / "other", *wanted):
            pass
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("text", "expected", "shown", "is_loopback"),
    [
        ("127.0.0.1:4317", ("127.0.0.1", 4317), "127.0.0.1:4317", True),
        (":0", ("127.0.0.1", 0), "127.0.0.1:0", True),
        ("localhost:1", ("localhost", 1), "localhost:1", True),
        ("[::1]:65535", ("::1", 65535), "[::1]:65535", True),
        ("0.0.0.0:1", ("0.0.0.0", 1), "0.0.0.0:1", False),
        ("host.example:1", ("host.example", 1), "host.example:1", False),
    ],
)
def test_addresses(text: str, expected: tuple[str, int], shown: str, is_loopback: bool) -> None:
    """Without a host it is this machine alone."""
    parsed = address(text, "--grpc")
    assert parsed == expected
    assert parsed is not None
    assert (str(parsed), parsed.is_loopback) == (shown, is_loopback)


def test_no_addresses() -> None:
    """One line says what to write."""
    assert address("none", "--grpc") is None
    for text in ("", "4317", "host", "host:", "host:65536", "::1:4317", "host:x", "http://host:1"):
        with pytest.raises(InputError, match=r"--grpc .*: write HOST:PORT"):
            address(text, "--grpc")


def test_times_of_received_spans(tmp_path: Path, receiver: Receiver) -> None:
    """To the nanosecond."""
    assert post(receiver, line(span("a", start=T0 + 1, end=T0 + 2)))[0] == 200
    snapshot = recorded(tmp_path / "spans").snapshot
    assert (int(snapshot.start_ns[0]), int(snapshot.end_ns[0])) == (T0 + 1, T0 + 2)
