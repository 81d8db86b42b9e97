"""The possible answers of a collector to a request, over either protocol.

Source: the OTLP specification 1.x, "OTLP/gRPC Response", "OTLP/HTTP Response", "Failures" and "Throttling".
"""

from msgspec import Struct

from tracetui.errors import TracetuiError


class Accepted(Struct, frozen=True):
    """The request was accepted except `rejected` spans, which must not be sent again."""

    rejected: int = 0
    message: str = ""


class RetryableError(Exception):
    """The same request may be accepted later: after `wait_s` seconds, if the collector says so."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class RefusedError(Exception):
    """The collector will never accept this request; without some of its spans it may."""


class TooLargeError(RefusedError):
    """The request is larger than the collector accepts."""


class UnusableError(TracetuiError):
    """Nothing can be sent there at present: a wrong address, no OTLP, a missing or wrong token."""
