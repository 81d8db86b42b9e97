"""OTLP over HTTP, as protobuf and as JSON, with the standard library's server: one thread per connection."""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from google.protobuf.json_format import MessageToJson  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]

from tracetui.receive.addresses import Address, taken
from tracetui.receive.bodies import (
    MOST_BYTES,
    MOST_JSON_BYTES,
    NoRoomError,
    TooLargeError,
    UnknownEncodingError,
    body,
)
from tracetui.receive.intake import METRICS, TOO_LARGE, WAIT_S, WITHOUT_IDS, BusyError, Intake
from tracetui.receive.relay import begins_http2, relay
from tracetui.receive.requests.json import lines_of_json
from tracetui.receive.requests.limits import TooManyError
from tracetui.receive.requests.lines import Lines
from tracetui.receive.requests.protobuf import lines_of_protobuf
from tracetui.receive.requests.signals import LOGS, TRACES, Signal
from tracetui.receive.senders import UnwrittenError

MOST_CONNECTIONS = 64
MOST_RELAYS = 256
"""Channels of gRPC are open as long as their programs: each test worker may have one."""
SILENCE_S = 10.0
"""So long a connection may say nothing amidst a request."""
REQUEST_S = 60.0
"""A request, and the pause before it, may take so long."""
PROTOBUF, JSON = "application/x-protobuf", "application/json"
_READERS = {PROTOBUF: lines_of_protobuf, JSON: lines_of_json}
_SIGNALS: Mapping[str, Signal] = {"/v1/traces": TRACES, "/v1/logs": LOGS}
_METRICS = "/v1/metrics"
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class HttpServer:
    """Listens on `where`; raises `InputError` if it cannot.

    With `tls` it speaks nothing else, and gRPC is not taken here.
    """

    def __init__(
        self, where: Address, intake: Intake, grpc: Address | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        try:
            family, *_ = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)[0]
            self._server = _Server(where, intake, family, None if tls else grpc, tls)
        except OSError as error:
            raise taken(where, "--http", (error.strerror or str(error)).lower()) from None
        self.address = Address(where.host, self._server.server_address[1])
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        threading.Thread(target=serve, name="tracetui-http", daemon=True).start()

    def close(self) -> None:
        """Accept nothing more, and wait briefly for requests in progress."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self,
        where: Address,
        intake: Intake,
        family: int,
        grpc: Address | None,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.address_family = family
        self._grpc = grpc
        self._tls = tls
        self.intake = intake
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._free_relays = threading.BoundedSemaphore(MOST_RELAYS)
        super().__init__((where.host, where.port), _Handler)

    def server_bind(self) -> None:
        """Bind without a DNS lookup of this machine's name, which the library would make."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread for a connection, unless there are too many already."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        try:
            request.settimeout(1)
            request.sendall(_FULL)
        except OSError:
            pass
        finally:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Handle a connection in its thread."""
        relays = False
        try:
            if self._tls is not None:
                request.settimeout(SILENCE_S)
                request = self._tls.wrap_socket(request, server_side=True)
            relays = self._grpc is not None and begins_http2(request, SILENCE_S)
            if not relays:
                super().process_request_thread(request, client_address)
        except OSError:
            self.shutdown_request(request)
        finally:
            self._free.release()
        if relays:
            self._relay(request)

    def _relay(self, request: socket.socket) -> None:
        """Pass a connection on to gRPC's own server; who finds no place connects again."""
        try:
            if self._grpc is not None and self._free_relays.acquire(blocking=False):
                try:
                    relay(request, self._grpc)
                finally:
                    self._free_relays.release()
        except OSError:
            pass
        finally:
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing for broken connections."""


class _Answer(NamedTuple):
    status: HTTPStatus
    message: Any
    wait_s: float = 0.0
    is_last: bool = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "tracetui", ""
    server: _Server

    def setup(self) -> None:
        """Set up a reader that times out for clients that send nothing, or send very slowly."""
        super().setup()
        self._timed = _Timed(self.connection)
        self.rfile = io.BufferedReader(self._timed)

    def handle_one_request(self) -> None:
        """Handle one of the requests of a connection."""
        self._timed.until = time.monotonic() + REQUEST_S
        try:
            super().handle_one_request()
        except (OSError, ValueError):
            self.close_connection = True

    def do_POST(self) -> None:
        """Handle a request."""
        kind = (self.headers.get("content-type") or "").partition(";")[0].strip().lower()
        answer = self._answer(kind)
        content = _encoded(answer.message, JSON if kind == JSON else PROTOBUF)
        self.close_connection = self.close_connection or answer.is_last
        self.send_response(answer.status)
        self.send_header("content-type", JSON if kind == JSON else PROTOBUF)
        self.send_header("content-length", str(len(content)))
        if answer.wait_s:
            self.send_header("retry-after", str(max(1, round(answer.wait_s))))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, kind: str) -> _Answer:
        path = self.path.partition("?")[0]
        signal = _SIGNALS.get(path)
        if not self.server.intake.admits(self.headers.get("authorization") or ""):
            return _refused(HTTPStatus.UNAUTHORIZED, "a token is needed")
        if signal is None:
            why = METRICS if path == _METRICS else f"post to {' or '.join(_SIGNALS)}"
            return _refused(HTTPStatus.NOT_FOUND, why)
        if kind not in (PROTOBUF, JSON):
            return _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send {PROTOBUF} or {JSON}")
        try:
            with self.server.intake.room.lent() as take:
                most = MOST_JSON_BYTES if kind == JSON else MOST_BYTES
                data = body(self.rfile, self.headers, most, take)
                return self._taken(signal, len(data), lambda: _READERS[kind](signal, data, take))
        except NoRoomError:
            return _put_off("too much at once", is_last=True)
        except (TooLargeError, TooManyError):
            return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
        except UnknownEncodingError as error:
            return _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, str(error))
        except ValueError as error:
            return _refused(HTTPStatus.BAD_REQUEST, str(error)[:500])

    def _taken(self, signal: Signal, size: int, read: Callable[[], Lines]) -> _Answer:
        try:
            lines = self.server.intake.take(signal, size, read)
        except BusyError:
            return _put_off("too much at once")
        except UnwrittenError as error:
            why = Status(message=f"it cannot be written: {error}")
            return _Answer(HTTPStatus.SERVICE_UNAVAILABLE, why, WAIT_S)
        response = signal.response()
        if lines.rejected:
            setattr(response.partial_success, signal.rejected, lines.rejected)
            response.partial_success.error_message = WITHOUT_IDS
        return _Answer(HTTPStatus.OK, response)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
        """Print nothing for a request."""


def _put_off(why: str, *, is_last: bool = False) -> _Answer:
    return _Answer(HTTPStatus.TOO_MANY_REQUESTS, Status(message=why), WAIT_S, is_last)


def _refused(status: HTTPStatus, why: str) -> _Answer:
    """A refusal that ends the connection: the unread rest of the body would be taken for another request."""
    return _Answer(status, Status(message=why), is_last=True)


def _encoded(message: Any, kind: str) -> bytes:
    if kind == JSON:
        return str(MessageToJson(message, indent=None)).encode()
    return bytes(message.SerializeToString())


class _Timed(io.RawIOBase):
    """Reads a connection until a deadline, and no longer than `SILENCE_S` at a time."""

    def __init__(self, connection: socket.socket) -> None:
        self.until = 0.0
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(min(left, SILENCE_S))
        return self._connection.recv_into(buffer)
