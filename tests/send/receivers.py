"""Receivers of every temper: what they answer to each request is a list, and then that all is taken."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import grpc  # type: ignore[import-untyped]
from google.protobuf.duration_pb2 import Duration  # type: ignore[import-untyped]
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Refusal(NamedTuple):
    """What is answered instead of taking a request: a status of gRPC's or HTTP's, and how long to wait."""

    status: Any
    wait: str | float | None = None
    kind: str = "text/plain"
    content: bytes = b""


class Partly(NamedTuple):
    """The request is taken but for so many spans."""

    rejected: int
    message: str = ""


Answer = Refusal | Partly | None
Judge = Callable[[ExportTraceServiceRequest], Answer]


@dataclass
class Receiver:
    """What arrived. `answers` are given first, one for each request; then `judge` says, or all is taken."""

    answers: list[Answer] = field(default_factory=list)
    judge: Judge = lambda _request: None
    endpoint: str = ""
    calls: int = 0
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def spans(self) -> list[Span]:
        """All that were taken, in order."""
        return [
            span
            for request in self.requests
            for group in request.resource_spans
            for scope in group.scope_spans
            for span in scope.spans
        ]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [span.name for span in self.spans]

    def take(self, request: ExportTraceServiceRequest, headers: Mapping[str, str]) -> Answer:
        """What to answer; what is not refused is kept."""
        with self.lock:
            self.calls += 1
            self.headers.append(headers)
            answer = self.answers.pop(0) if self.answers else self.judge(request)
            if not isinstance(answer, Refusal):
                self.requests.append(request)
            return answer


class _Service(TraceServiceServicer):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def Export(  # noqa: N802 - gRPC's name
        self, request: ExportTraceServiceRequest, context: grpc.ServicerContext
    ) -> ExportTraceServiceResponse:
        answer = self._receiver.take(request, dict(context.invocation_metadata()))
        if isinstance(answer, Refusal):
            if answer.wait is not None:
                context.set_trailing_metadata((("grpc-status-details-bin", _details(float(answer.wait))),))
            context.abort(answer.status, answer.content.decode())
        return _response(answer)


def _details(seconds: float) -> bytes:
    status = Status(code=8)
    wait = Duration()
    wait.FromNanoseconds(int(seconds * 1e9))
    status.details.add().Pack(RetryInfo(retry_delay=wait))
    return bytes(status.SerializeToString())


def _response(answer: Answer) -> ExportTraceServiceResponse:
    if not isinstance(answer, Partly):
        return ExportTraceServiceResponse()
    partial = ExportTracePartialSuccess(rejected_spans=answer.rejected, error_message=answer.message)
    return ExportTraceServiceResponse(partial_success=partial)


@contextmanager
def grpc_receiver(
    *answers: Answer, judge: Judge = lambda _request: None, credentials: object = None
) -> Iterator[Receiver]:
    """A gRPC server with its own limit of 4 MiB, which speaks TLS where it has `credentials`."""
    server = grpc.server(ThreadPoolExecutor(2))
    made = Receiver(list(answers), judge)
    add_TraceServiceServicer_to_server(_Service(made), server)  # type: ignore[no-untyped-call]
    if credentials:
        made.endpoint = f"https://localhost:{server.add_secure_port('localhost:0', credentials)}"
    else:
        made.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield made
    finally:
        server.stop(None)


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            if self.path != "/v1/traces" or headers["content-type"] != "application/x-protobuf":
                answer: Answer = Refusal(404, kind="text/html", content=b"<h1>no</h1>")
            else:
                answer = receiver.take(ExportTraceServiceRequest.FromString(body), headers)
            self._say(answer)

        def _say(self, answer: Answer) -> None:
            if isinstance(answer, Refusal):
                status, kind, content = answer.status, answer.kind, answer.content
            else:
                status, kind = 200, "application/x-protobuf"
                content = _response(answer).SerializeToString()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            if isinstance(answer, Refusal) and answer.wait is not None:
                self.send_header("retry-after", str(answer.wait))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    return Handler


@contextmanager
def http_receiver(
    *answers: Answer, judge: Judge = lambda _request: None, context: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """An HTTP server that parses what is posted to `/v1/traces`; anything else is not found."""
    made = Receiver(list(answers), judge)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.endpoint = f"http{'s' * bool(context)}://127.0.0.1:{server.server_port}/v1/traces"
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
