"""Collectors of every temper, in this process: one that takes all, a slow one, and some that are none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)


@dataclass
class Collector(TraceServiceServicer):
    """What arrived at a collector, and how: it takes `seconds` over each call."""

    seconds: float = 0.0
    endpoint: str = ""
    names: list[str] = field(default_factory=list)
    calls: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    resource: dict[str, str] = field(default_factory=dict)
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)

    @property
    def texts(self) -> str:
        """All that arrived."""
        return "".join(map(str, self.requests))

    def Export(  # noqa: N802 - gRPC's name
        self, request: ExportTraceServiceRequest, _: grpc.ServicerContext
    ) -> ExportTraceServiceResponse:
        self.calls += 1
        self.requests.append(request)
        self.closing.wait(self.seconds)
        for group in request.resource_spans:
            self.resource = {pair.key: pair.value.string_value for pair in group.resource.attributes}
            self.names += [span.name for scope in group.scope_spans for span in scope.spans]
        return ExportTraceServiceResponse()


@contextmanager
def collector(seconds: float = 0.0) -> Iterator[Collector]:
    """A collector with gRPC's own limit of 4 MiB."""
    server = grpc.server(ThreadPoolExecutor(4))
    made = Collector(seconds)
    add_TraceServiceServicer_to_server(made, server)  # type: ignore[no-untyped-call]
    made.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield made
    finally:
        made.closing.set()
        server.stop(None)


@contextmanager
def listening(answer: bytes | None = None) -> Iterator[int]:
    """A port where someone listens and, at most, says `answer` to whoever calls: no collector."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if answer is not None:
            threading.Thread(target=_answer, args=(listener, answer), daemon=True).start()
        yield listener.getsockname()[1]


def refusing() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _answer(listener: socket.socket, answer: bytes) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.sendall(answer)
