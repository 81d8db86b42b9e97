"""OTLP over gRPC, with gRPC's own server."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import grpc  # type: ignore[import-untyped]
from google.protobuf.duration_pb2 import Duration  # type: ignore[import-untyped]
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2_grpc as logs_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as trace_grpc

from tracetui.receive.addresses import Address, taken
from tracetui.receive.bodies import MOST_BYTES
from tracetui.receive.intake import METRICS, WAIT_S, WITHOUT_IDS, BusyError, Intake
from tracetui.receive.lines import LOGS, TRACES, Signal, lines
from tracetui.receive.senders import UnwrittenError

THREADS = 4
GRACE_S = 2.0
"""For requests that are under way at the end."""
_OPTIONS = (
    ("grpc.max_receive_message_length", MOST_BYTES),  # Unpacked: gRPC looks at it then.
    ("grpc.so_reuseport", 0),  # Two receivers on one port would each get some of it.
    ("grpc.max_concurrent_streams", 2 * THREADS),
)
_DETAILS = "grpc-status-details-bin"


class GrpcServer:
    """Listens on `where`; raises `InputError` if it cannot."""

    def __init__(self, where: Address, intake: Intake) -> None:
        self._server = grpc.server(ThreadPoolExecutor(THREADS, "tracetui-grpc"), options=_OPTIONS)
        trace_grpc.add_TraceServiceServicer_to_server(_Service(TRACES, intake), self._server)  # type: ignore[no-untyped-call]
        logs_grpc.add_LogsServiceServicer_to_server(_Service(LOGS, intake), self._server)  # type: ignore[no-untyped-call]
        metrics_grpc.add_MetricsServiceServicer_to_server(_Metrics(), self._server)  # type: ignore[no-untyped-call]
        try:
            port = self._server.add_insecure_port(str(where))
        except RuntimeError:
            port = 0
        if not port:
            raise taken(where, "--grpc", "it is taken, or not of this machine")
        self.address = Address(where.host, port)
        self._server.start()

    def close(self) -> None:
        """Accept nothing more, and wait briefly for requests in progress."""
        self._server.stop(GRACE_S).wait()


class _Service:
    """The service of one signal, with the method `Export`."""

    def __init__(self, signal: Signal, intake: Intake) -> None:
        self._signal = signal
        self._intake = intake

    def Export(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 - gRPC's name
        """Write a request, and then acknowledge it."""
        signal = self._signal
        said = dict(context.invocation_metadata()).get("authorization", "")
        if not self._intake.admits(said if isinstance(said, str) else ""):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "a token is needed")
        try:
            found = self._intake.take(signal, request.ByteSize(), lambda: lines(signal, request))
        except BusyError:
            _put_off(context, grpc.StatusCode.UNAVAILABLE, "too much at once")
        except UnwrittenError as error:
            _put_off(context, grpc.StatusCode.UNAVAILABLE, f"it cannot be written: {error}")
        response = signal.response()
        if found.rejected:
            setattr(response.partial_success, signal.rejected, found.rejected)
            response.partial_success.error_message = WITHOUT_IDS
        return response


class _Metrics:
    """A service that refuses metrics, which we do not store."""

    def Export(self, _request: Any, context: grpc.ServicerContext) -> NoReturn:  # noqa: N802 - gRPC's name
        """Refuse them for good."""
        context.abort(grpc.StatusCode.UNIMPLEMENTED, METRICS)
        raise AssertionError


def _put_off(context: grpc.ServicerContext, code: grpc.StatusCode, why: str) -> NoReturn:
    """Refuse a request for now, and say when to retry."""
    wait = Duration()
    wait.FromNanoseconds(int(WAIT_S * 1e9))
    status = Status(code=code.value[0], message=why)
    status.details.add().Pack(RetryInfo(retry_delay=wait))
    context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
    context.abort(code, why)
    raise AssertionError
