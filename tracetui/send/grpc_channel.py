"""OTLP over gRPC."""

import grpc  # type: ignore[import-untyped]
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tracetui.send.answers import Accepted, RefusedError, RetryableError, TooLargeError, UnusableError
from tracetui.send.target import Target

METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
_RETRYABLE = frozenset(
    {
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.OUT_OF_RANGE,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DATA_LOSS,
    }
)
_REFUSED = frozenset({grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN})
_DETAILS = "grpc-status-details-bin"
_RECONNECT = (
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2000),
)
"""Of the channel's own: how often a request is tried again, we say."""
_MEANINGS = {
    "CERTIFICATE_VERIFY_FAILED": "its certificate is not trusted; name its authority with --ca FILE",
    "WRONG_VERSION_NUMBER": "it speaks no TLS; try http:// instead of https://",
    "Ssl handshake failed": "no TLS with it; see --ca, --cert and --key",
    "http1.x server": "it speaks no gRPC; try --protocol http/protobuf",
    "Expected SETTINGS frame": "it speaks no gRPC; try --protocol http/protobuf",
}
"""What parts of its messages mean for who reads them."""


class GrpcChannel:
    """A connection to `target`, opened on first use."""

    def __init__(self, target: Target) -> None:
        self._target = target
        compression = grpc.Compression.Gzip if target.compresses else grpc.Compression.NoCompression
        more = {"options": (*_RECONNECT, ("grpc.primary_user_agent", "tracetui")), "compression": compression}
        if target.is_secure:
            self._channel = grpc.secure_channel(target.address, _credentials(target), **more)
        else:
            self._channel = grpc.insecure_channel(target.address, **more)
        self._export = self._channel.unary_unary(
            METHOD, response_deserializer=ExportTraceServiceResponse.FromString
        )

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def export(self, body: bytes) -> Accepted:
        """Send an encoded request. Raises the errors of `answers`."""
        headers = tuple(self._target.headers.items())
        try:
            answer = self._export(body, timeout=self._target.timeout_s, metadata=headers)
        except grpc.RpcError as error:
            raise _understood(error) from error
        partial = answer.partial_success
        return Accepted(partial.rejected_spans, partial.error_message)


def _credentials(target: Target) -> object:
    files = (target.ca, target.key, target.certificate)
    return grpc.ssl_channel_credentials(*(file.read_bytes() if file else None for file in files))


def _understood(error: grpc.RpcError) -> Exception:
    code, details = error.code(), error.details() or ""
    brief = details.rpartition("last error: ")[2]
    reason = brief if brief and code is grpc.StatusCode.UNAVAILABLE else f"{code.name} {brief}".rstrip()
    for sign, meaning in _MEANINGS.items():
        if sign in details:
            return UnusableError(meaning)
    if code in _RETRYABLE:
        return RetryableError(reason, _wait_s(error))
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        wait_s = _wait_s(error)
        return TooLargeError(reason) if wait_s is None else RetryableError(reason, wait_s)
    return RefusedError(reason) if code in _REFUSED else UnusableError(reason)


def _wait_s(error: grpc.RpcError) -> float | None:
    """The wait in RetryInfo, or None."""
    for key, value in error.trailing_metadata() or ():
        if key != _DETAILS:
            continue
        try:
            for detail in Status.FromString(value).details:
                info = RetryInfo()
                if detail.Unpack(info):
                    return float(max(0, info.retry_delay.ToNanoseconds()) / 1e9)
        except DecodeError:
            return None
    return None
