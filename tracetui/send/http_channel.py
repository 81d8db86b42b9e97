"""OTLP over HTTP, as protobuf, with the standard library."""

import gzip
import http.client
import json
import ssl
import time
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tracetui.send.answers import Accepted, RefusedError, RetryableError, TooLargeError, UnusableError
from tracetui.send.target import Target

PROTOBUF, JSON = "application/x-protobuf", "application/json"
MOST_ANSWER_BYTES = 4 << 20
_RETRYABLE = frozenset({429, 502, 503, 504})
_REFUSED = frozenset({400, 422, 500})
_TOO_LARGE = 413
_FAST = 1
"""Faster compression: of spans it leaves a tenth, as the slower ones do."""


class _Answer(NamedTuple):
    status: int
    kind: str
    content: bytes
    retry_after: str | None
    location: str | None


class HttpChannel:
    """A connection to `target`, opened on first use, through the proxy that the environment names."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._path = target.path + (f"?{target.query}" if target.query else "")
        self._headers = {"content-type": PROTOBUF, "user-agent": "tracetui", **target.headers}
        if target.compresses:
            self._headers["content-encoding"] = "gzip"
        self._connection = self._connect()
        self._is_used = False

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def export(self, body: bytes) -> Accepted:
        """Send an encoded request. Raises the errors of `answers`."""
        content = gzip.compress(body, _FAST) if self._target.compresses else body
        try:
            answer = self._asked(content)
        except ssl.SSLError as error:
            raise _tls_trouble(error) from error
        except (http.client.BadStatusLine, http.client.UnknownProtocol) as error:
            if isinstance(error, ConnectionError):  # It was closed: nothing was answered at all.
                raise RetryableError("it closed the connection") from error
            raise UnusableError("it speaks no HTTP; try --protocol grpc, or https://") from error
        except TimeoutError as error:
            raise RetryableError(f"no answer within {self._target.timeout_s:g} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise RetryableError(getattr(error, "strerror", None) or str(error)) from error
        return _understood(answer)

    def _asked(self, content: bytes) -> _Answer:
        """The answer to a request; if the server has closed a kept connection since, a new one is tried at
        once.
        """
        try:
            return self._ask(content)
        except ConnectionError:
            self._connection.close()
            if not self._is_used:
                raise
            self._is_used = False
            return self._ask(content)
        except BaseException:
            self._connection.close()
            raise

    def _ask(self, content: bytes) -> _Answer:
        connection = self._connection
        try:
            connection.request("POST", self._path, content, self._headers)
        except (BrokenPipeError, ConnectionResetError):
            if connection.sock is None:
                raise
            # It may have answered before it had read everything, that this is too large.
        response = connection.getresponse()
        answer = _Answer(
            response.status,
            (response.getheader("content-type") or "").partition(";")[0].strip().lower(),
            response.read(MOST_ANSWER_BYTES),
            response.getheader("retry-after"),
            response.getheader("location"),
        )
        self._is_used = True
        if not response.isclosed():
            connection.close()
        return answer

    def _connect(self) -> http.client.HTTPConnection:
        target = self._target
        proxy = (
            None if proxy_bypass(target.host) else getproxies().get("https" if target.is_secure else "http")
        )
        through = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
        host, port = (through.hostname or "", through.port or 80) if through else (target.host, target.port)
        if target.is_secure:
            made = http.client.HTTPSConnection(host, port, timeout=target.timeout_s, context=_context(target))
            if through:
                made.set_tunnel(target.host, target.port)
            return made
        if through:
            self._path = f"http://{target.address}{self._path}"
        return http.client.HTTPConnection(host, port, timeout=target.timeout_s)


def _context(target: Target) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=target.ca)
        if target.certificate:
            context.load_cert_chain(target.certificate, target.key)
    except ssl.SSLError as error:
        raise UnusableError(f"a certificate or key cannot be read: {error.reason or error}") from error
    return context


def _tls_trouble(error: ssl.SSLError) -> Exception:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return UnusableError(f"its certificate is not trusted ({why}); name its authority with --ca FILE")
    if error.reason in (
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "PACKET_LENGTH_TOO_LONG",
        "RECORD_LAYER_FAILURE",
    ):
        return UnusableError("it speaks no TLS; try http:// instead of https://")
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return RetryableError("it closed the connection")
    return UnusableError(f"no TLS with it ({error.reason or error}); see --ca, --cert and --key")


def _understood(answer: _Answer) -> Accepted:
    """The accepted answer; raises an error for any other."""
    status = answer.status
    if 200 <= status < 300:
        return _accepted(answer)
    reason = f"HTTP {status} {http.client.responses.get(status, '')}".rstrip()
    if message := _message(answer):
        reason += f": {message}"
    if status in _RETRYABLE:
        raise RetryableError(reason, _wait_s(answer.retry_after))
    if status == _TOO_LARGE:
        raise TooLargeError(reason)
    if status in _REFUSED:
        raise RefusedError(reason)
    if status == http.client.NOT_FOUND:
        reason += "; see the path of the endpoint"
    if answer.location:
        reason += f"; it is at {answer.location}"
    raise UnusableError(reason)


def _accepted(answer: _Answer) -> Accepted:
    if answer.kind == "text/html":
        raise UnusableError("a web page answers there, no collector; see the path of the endpoint")
    try:
        if answer.kind == JSON:
            partial = json.loads(answer.content or b"{}").get("partialSuccess") or {}
            return Accepted(int(partial.get("rejectedSpans") or 0), str(partial.get("errorMessage") or ""))
        success = ExportTraceServiceResponse.FromString(answer.content).partial_success
    except (DecodeError, ValueError, AttributeError, TypeError):
        return Accepted()
    return Accepted(success.rejected_spans, success.error_message)


def _message(answer: _Answer) -> str:
    """The collector's message; empty if it sent a web page."""
    try:
        if answer.kind == PROTOBUF:
            return str(Status.FromString(answer.content).message)
        if answer.kind == JSON:
            return str(json.loads(answer.content).get("message") or "")
    except (DecodeError, ValueError, AttributeError):
        return ""
    lines = (
        answer.content[:200].decode("utf-8", "replace").splitlines() if answer.kind == "text/plain" else []
    )
    return lines[0] if lines else ""


def _wait_s(text: str | None) -> float | None:
    """Seconds, or the time until a date (RFC 9110); None if missing or invalid."""
    if not text:
        return None
    if text.strip().isascii() and text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
