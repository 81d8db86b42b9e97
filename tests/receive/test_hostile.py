"""Clients that mean no good, at every port of a receiver: nobody waits for them, and nothing grows."""

import re
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from tests.budgets import some
from tests.builders import line, span
from tests.cli.running import environment
from tests.processes import PATIENCE_S, Process, started
from tests.receive import bombs
from tests.receive.asking import FREE, JSON, PROTOBUF, post, text_of
from tests.receive.test_bodies import PACKERS
from tests.recordings import recorded
from tests.send.arrived import told
from tracetui.receive import bodies, grpc_server, http_server, intake
from tracetui.receive.addresses import Address
from tracetui.receive.receiving import Receiver, receiving

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
BOMB_BYTES = 80 << 20
MORE_BYTES = 128 << 20
"""So much more memory may eight requests at once take, whatever they are made of."""
KINDS = (PROTOBUF, JSON)
PORTS = ("grpc", "http")
MESSAGES = ("bomb", "at the limit", "not packed")
both_ports = pytest.mark.parametrize("port", PORTS)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path / "spans", FREE, FREE) as made:
        yield made


@contextmanager
def in_a_process(directory: Path) -> Iterator[tuple[Process, dict[str, Address]]]:
    """`tracetui receive`, and where it listens."""
    command = [sys.executable, "-m", "tracetui", "receive", str(directory), "--grpc", ":0", "--http", ":0"]
    with started(command, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stderr is not None
        announced = re.findall(r"(grpc|http) (\S+?):([0-9]+)", process.stderr.readline().decode())
        yield process, {name: Address(host, int(port)) for name, host, port in announced}


def most_memory(process: Process) -> int:
    """The most memory that a process has ever had, in bytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


def export(where: Address, content: bytes, **options: Any) -> None:
    """Sends bytes as the one message of a request."""
    with grpc.insecure_channel(str(where), options=[("grpc.max_send_message_length", -1)]) as channel:
        channel.unary_unary(EXPORT)(content, timeout=PATIENCE_S, **options)


def code_of(where: Address, content: bytes, **options: Any) -> grpc.StatusCode:
    """How a request ends."""
    try:
        export(where, content, **options)
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def one_span() -> bytes:
    """A request with one span."""
    return bytes(told(line(span("good"))).SerializeToString())


def swelling() -> bytes:
    """A request with a span; lines of it are three and a half times as long, as those of tiny spans are."""
    return bytes(told(line(span("good", {"x": "\x01y" * 5000}))).SerializeToString())


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_bombs_take_no_memory(tmp_path: Path) -> None:
    """Eight at once, each of hundreds of times its size: refused at the limit, and the receiver goes on."""
    zeros = bytes(BOMB_BYTES)
    with in_a_process(tmp_path / "x") as (process, ports):
        receiver = Receiver(intake.Intake(tmp_path / "none"), ports)  # Asked only where it listens.
        assert post(receiver, line(span("good")))[0] == 200
        before = most_memory(process)
        packed = {encoding: PACKERS[encoding](zeros) for encoding in ("gzip", "deflate", "zstd")}

        def send(encoding: str) -> list[int]:
            posts = (post(receiver, packed[encoding], kind=kind, content_encoding=encoding) for kind in KINDS)
            return [status for status, _ in posts]

        with ThreadPoolExecutor(8) as senders:
            encodings = [*packed, *packed, *packed][:8]
            statuses = list(zip(encodings, senders.map(send, encodings), strict=True))
        for encoding in packed:
            of_encoding = {status for each, both in statuses if each == encoding for status in both}
            assert 413 in of_encoding <= {413, 429}
        assert most_memory(process) - before < MORE_BYTES
        for where in ports.values():
            code = code_of(where, zeros, compression=grpc.Compression.Gzip)
            assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert most_memory(process) - before < MORE_BYTES
        assert post(receiver, line(span("good")))[0] == 200
        for where in ports.values():
            export(where, one_span())


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.parametrize(("port", "kind"), some(product(PORTS, MESSAGES), 2))
def test_messages_take_no_memory(tmp_path: Path, port: str, kind: str) -> None:
    """Eight at once by gRPC: bombs, those that may just be unpacked, and as long ones as may come."""
    content = {
        "bomb": PACKERS["gzip"](bytes(BOMB_BYTES)),
        "at the limit": PACKERS["deflate"](one_span() + bombs.field(9, bytes(bodies.MOST_BYTES - 1000))),
        "not packed": swelling() * ((grpc_server.MOST_MESSAGE_BYTES - 1000) // len(swelling())),
    }[kind]
    with in_a_process(tmp_path / "x") as (process, ports):
        export(ports[port], one_span())
        before = most_memory(process)
        with ThreadPoolExecutor(8) as senders:
            codes = set(senders.map(lambda _: code_of(ports[port], content), range(8)))
        assert most_memory(process) - before < MORE_BYTES
        expected = grpc.StatusCode.RESOURCE_EXHAUSTED if kind == "bomb" else grpc.StatusCode.OK
        assert codes <= {expected, grpc.StatusCode.UNAVAILABLE}
        assert expected in codes
        export(ports[port], one_span())


@both_ports
def test_packed_messages(receiver: Receiver, port: str) -> None:
    """However gRPC packs them, which is not told."""
    for packing in grpc.Compression:
        export(receiver.addresses[port], one_span(), compression=packing)
    assert receiver.intake.tally.spans == len(grpc.Compression)


@both_ports
def test_messages_that_are_none(receiver: Receiver, port: str) -> None:
    """By gRPC: neither a bad one nor one that never comes ends anything."""
    where = receiver.addresses[port]
    assert code_of(where, b"\xff\xff") is not grpc.StatusCode.OK
    with grpc.insecure_channel(str(where)) as channel:
        with pytest.raises(grpc.RpcError) as raised:
            channel.stream_unary(EXPORT)(iter(()), timeout=PATIENCE_S)
        assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        with pytest.raises(grpc.RpcError) as raised:
            channel.unary_unary("/no.Service/Export")(b"", timeout=PATIENCE_S)
        assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED
        metadata = [("authorization", "x" * (1 << 20))]
        with pytest.raises(grpc.RpcError) as raised:
            channel.unary_unary(EXPORT)(b"", metadata=metadata, timeout=PATIENCE_S)
        assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    export(where, one_span())
    assert receiver.intake.tally.spans == 1


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"PRI * HTTP/1.1\r\n\r\n",
        b"POST /v1/traces HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/traces HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabc",
        b"POST /v1/traces HTTP/1.1\r\nx: " + b"y" * (1 << 20),
        b"POST /v1/traces HTTP/1.1\r\n" + b"x: y\r\n" * 1000 + b"\r\n",
        b"POST /v1/traces HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-5\r\n",
        b"POST /v1/traces HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n" + b"f" * 5000,
        b"P",
        b"",
    ],
)
@both_ports
def test_bytes_that_are_no_request(
    receiver: Receiver, port: str, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection ends, whatever was said, and the next one is served."""
    monkeypatch.setattr(http_server, "SILENCE_S", 0.5)
    with closing(socket.create_connection(receiver.addresses[port], timeout=PATIENCE_S)) as connection:
        try:
            connection.sendall(head)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except OSError:
            pass  # Reset: it was not read to its end.
    export(receiver.addresses[port], one_span())


def frame(kind: int, flags: int, stream: int, content: bytes) -> bytes:
    """A frame of HTTP/2 (RFC 9113, 4.1)."""
    return struct.pack(">I", len(content))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + content


def stalled() -> bytes:
    """A request whose message never comes to its end."""
    headers = {
        ":method": "POST",
        ":scheme": "http",
        ":path": EXPORT,
        ":authority": "x",
        "content-type": "application/grpc",
        "te": "trailers",
    }
    packed = b"".join(
        b"\0" + bytes((len(name),)) + name.encode() + bytes((len(value),)) + value.encode()
        for name, value in headers.items()
    )
    message = b"\0" + struct.pack(">I", 1000) + b"only some"
    return PREFACE + frame(4, 0, 0, b"") + frame(1, 4, 1, packed) + frame(0, 0, 1, message)


@both_ports
def test_slow_messages_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    """As many as there are threads, and more: others are served when their time is over."""
    monkeypatch.setattr(grpc_server, "MESSAGE_S", 1.0)
    with receiving(tmp_path, FREE, FREE) as receiver, ExitStack() as stack:
        where = receiver.addresses[port]
        for _ in range(2 * grpc_server.THREADS):
            slow = stack.enter_context(closing(socket.create_connection(where)))
            slow.sendall(stalled())
        time.sleep(0.5)
        export(where, one_span())
        assert receiver.intake.tally.spans == 1


@both_ports
def test_slow_beginnings_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    """Who says that it speaks HTTP/2, and then nothing, keeps no place."""
    monkeypatch.setattr(grpc_server, "HANDSHAKE_S", 1.0)
    monkeypatch.setattr(http_server, "MOST_RELAYS", 20)
    with receiving(tmp_path, FREE, FREE) as receiver, ExitStack() as stack:
        where = receiver.addresses[port]
        slow = [stack.enter_context(closing(socket.create_connection(where))) for _ in range(30)]
        for connection in slow:
            connection.sendall(PREFACE[:16])
        for connection in slow:
            connection.settimeout(PATIENCE_S)
            try:
                while connection.recv(1000):
                    pass
            except ConnectionResetError:
                continue
        export(where, one_span())
        assert post(receiver, line(span("a")))[0] == 200


def test_many_channels_leave_room_for_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Channels of gRPC at the port of HTTP are open for long: they take none of its places."""
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", 4)
    with receiving(tmp_path, FREE, FREE) as receiver, ExitStack() as stack:
        for number in range(8):
            options = [("grpc.use_local_subchannel_pool", 1), ("x", number)]
            channel = stack.enter_context(grpc.insecure_channel(str(receiver.addresses["http"]), options))
            channel.unary_unary(EXPORT)(one_span(), timeout=PATIENCE_S)
        assert post(receiver, line(span("a")))[0] == 200
        assert receiver.intake.tally.spans == 9


@both_ports
def test_overload_by_grpc_is_put_off(
    tmp_path: Path, receiver: Receiver, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told when to come again, and what was taken is what is stored."""
    monkeypatch.setattr(intake, "MOST_BYTES_A_SECOND", 100_000)
    request = ExportTraceServiceRequest.FromString(
        told(line(*(span(f"s{n}") for n in range(2000)))).SerializeToString()
    )
    with grpc.insecure_channel(str(receiver.addresses[port])) as channel:
        export_ = TraceServiceStub(channel).Export  # type: ignore[no-untyped-call]
        ended = [export_.future(request).exception() for _ in range(12)]
    refused = [error for error in ended if error is not None]
    for error in refused:
        assert error.code() is grpc.StatusCode.UNAVAILABLE
        details = dict(error.trailing_metadata())["grpc-status-details-bin"]
        wait = RetryInfo()
        assert Status.FromString(details).details[0].Unpack(wait)
        assert wait.retry_delay.seconds >= 1
    taken = 12 - len(refused)
    assert 0 < taken < 12
    assert receiver.intake.tally.spans == 2000 * taken == text_of(tmp_path).count(b'"spanId"')
    assert len(recorded(tmp_path / "spans").snapshot) == 2000


def listening(process: Process) -> set[str]:
    """The addresses at which a process listens, in hex (proc(5))."""
    descriptors = Path(f"/proc/{process.pid}/fd").iterdir()
    links = [str(path.readlink()) for path in descriptors if path.is_symlink()]
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    addresses = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/{process.pid}/net/{table}").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == "0A" and fields[9] in inodes:
                addresses.add(fields[1].partition(":")[0])
    return addresses


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc")
def test_only_this_machine_reaches_it(tmp_path: Path) -> None:
    """Without a host, no socket of it listens elsewhere."""
    with in_a_process(tmp_path) as (process, _):
        assert {address[-8:] for address in listening(process)} == {"0100007F"}


def test_limits_are_those_of_the_specification() -> None:
    """64 MiB, packed or not."""
    assert bodies.MOST_BYTES == 64 << 20
