"""OTLP over gRPC, with gRPC's own server."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

import grpc  # type: ignore[import-untyped]
from google.protobuf.duration_pb2 import Duration  # type: ignore[import-untyped]
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]

from tracetui.receive.addresses import Address, taken
from tracetui.receive.bodies import MOST_BYTES, NoRoomError, TooLargeError, message
from tracetui.receive.intake import METRICS, TOO_LARGE, WAIT_S, WITHOUT_IDS, BusyError, Intake
from tracetui.receive.requests.limits import TooManyError
from tracetui.receive.requests.lines import Lines
from tracetui.receive.requests.protobuf import lines_of_protobuf
from tracetui.receive.requests.signals import LOGS, TRACES, Signal
from tracetui.receive.senders import UnwrittenError
from tracetui.receive.tls import Certificate

THREADS = 4
GRACE_S = 2.0
"""For requests that are under way at the end."""
HANDSHAKE_S = 10.0
MESSAGE_S = 20.0
"""A connection may take so long to begin, and a message to arrive."""
MOST_MESSAGE_BYTES = 8 << 20
"""Of a message as it comes, packed or not: gRPC does not say beforehand how long it is, and holds it up to
three times. It is twice what gRPC's servers take unless they are told otherwise, the Collector among them.
"""
_LOOK_S = 0.25
_OPTIONS = (
    ("grpc.max_receive_message_length", MOST_MESSAGE_BYTES),
    ("grpc.http2.bdp_probe", 0),  # It would read ahead of whoever waits for a thread.
    ("grpc.per_message_decompression", 0),  # It would unpack all of a bomb, and then look how large it is.
    ("grpc.so_reuseport", 0),  # Two receivers on one port would each get some of it.
    ("grpc.max_concurrent_streams", 2 * THREADS),
    ("grpc.max_connection_idle_ms", 60_000),  # Its client connects again when it has something to say.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
)
_SERVICES = "opentelemetry.proto.collector.{0}.v1.{1}Service"
_DETAILS = "grpc-status-details-bin"
Method = Callable[[Iterator[Any], grpc.ServicerContext], Any]


class GrpcServer:
    """Listens on `where`, by TLS where there is a certificate; raises `InputError` if it cannot."""

    def __init__(self, where: Address, intake: Intake, tls: Certificate | None = None) -> None:
        credentials = tls.credentials() if tls else None
        options = (*_OPTIONS, ("grpc.server_handshake_timeout_ms", int(HANDSHAKE_S * 1000)))
        self._server = grpc.server(ThreadPoolExecutor(THREADS, "tracetui-grpc"), options=options)
        self._patience = _Patience()
        traces, logs = (_Service(signal, intake, self._patience) for signal in (TRACES, LOGS))
        self._server.add_generic_rpc_handlers(
            (
                _handler("trace", "Trace", traces.export),
                _handler("logs", "Logs", logs.export),
                _handler("metrics", "Metrics", _refuse),
            )
        )
        try:
            add = partial(self._server.add_secure_port, server_credentials=credentials)
            port = (add if credentials else self._server.add_insecure_port)(str(where))
        except RuntimeError:
            port = 0
        if not port:
            raise taken(where, "--grpc", "it is taken, or not of this machine")
        self.address = Address(where.host, port)
        self._server.start()
        self._patience.start()

    def close(self) -> None:
        """Accept nothing more, and wait briefly for requests in progress."""
        self._server.stop(GRACE_S).wait()
        self._patience.stop()


def _handler(package: str, name: str, method: Method) -> Any:
    """A service with the method `Export`, whose messages stay bytes.

    It takes a stream, of which a single request is the first and only message: so it is asked before that has
    arrived, and one that never does can be given up.
    """
    export = grpc.stream_unary_rpc_method_handler(method, None, lambda answer: answer.SerializeToString())
    return grpc.method_handlers_generic_handler(_SERVICES.format(package, name), {"Export": export})


class _Service:
    """The service of one signal."""

    def __init__(self, signal: Signal, intake: Intake, patience: "_Patience") -> None:
        self._signal = signal
        self._intake = intake
        self._patience = patience

    def export(self, requests: Iterator[Any], context: grpc.ServicerContext) -> Any:
        """Write a request, and then acknowledge it."""
        header = dict(context.invocation_metadata()).get("authorization", "")
        if not self._intake.admits(header if isinstance(header, str) else ""):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "a token is needed")
        with self._patience.limited(context):
            packed: Any = next(requests, None)
        if packed is None:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "there is no message")
        lines = self._taken(packed, context)
        response = self._signal.response()
        if lines.rejected:
            setattr(response.partial_success, self._signal.rejected, lines.rejected)
            response.partial_success.error_message = WITHOUT_IDS
        return response

    def _taken(self, packed: bytes, context: grpc.ServicerContext) -> Lines:
        """Write what is in a message; the request ends here if that cannot be done."""
        signal = self._signal
        try:
            with self._intake.room.lent() as take:
                data = message(packed, MOST_BYTES, take)
                return self._intake.take(signal, len(data), lambda: lines_of_protobuf(signal, data, take))
        except (BusyError, NoRoomError):
            _put_off(context, grpc.StatusCode.UNAVAILABLE, "too much at once")
        except UnwrittenError as error:
            _put_off(context, grpc.StatusCode.UNAVAILABLE, f"it cannot be written: {error}")
        except (TooLargeError, TooManyError):
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, TOO_LARGE)
        except ValueError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error)[:500])
        raise AssertionError


def _refuse(_requests: Iterator[Any], context: grpc.ServicerContext) -> NoReturn:
    """Refuse metrics, which are not stored, with a status that is not retried."""
    context.abort(grpc.StatusCode.UNIMPLEMENTED, METRICS)
    raise AssertionError


class _Patience:
    """Gives up messages that take longer than `MESSAGE_S`: each waits in one of few threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[grpc.ServicerContext, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="tracetui-patience", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    @contextmanager
    def limited(self, context: grpc.ServicerContext) -> Iterator[None]:
        """Cancel a request that is not over in time."""
        with self._lock:
            self._until[context] = time.monotonic() + MESSAGE_S
        try:
            yield
        finally:
            with self._lock:
                del self._until[context]

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            now = time.monotonic()
            with self._lock:
                late = [context for context, until in self._until.items() if until < now]
            for context in late:
                context.cancel()


def _put_off(context: grpc.ServicerContext, code: grpc.StatusCode, why: str) -> NoReturn:
    """Refuse a request for now, and say when to retry."""
    wait = Duration()
    wait.FromNanoseconds(int(WAIT_S * 1e9))
    status = Status(code=code.value[0], message=why)
    status.details.add().Pack(RetryInfo(retry_delay=wait))
    context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
    context.abort(code, why)
    raise AssertionError
