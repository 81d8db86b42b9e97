"""What a collector may answer to a request, whichever way it went.

Source: the OTLP specification 1.x, "OTLP/gRPC Response", "OTLP/HTTP Response", "Failures" and "Throttling".
"""

from dataclasses import dataclass

from tracetui.errors import TracetuiError


@dataclass(frozen=True)
class Accepted:
    """The request was taken, but for so many `rejected` spans: those must not be sent again."""

    rejected: int = 0
    message: str = ""


class RetryableError(Exception):
    """The same request may be taken later: after `wait_s` seconds, where the collector says it."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class RefusedError(Exception):
    """The collector will never take this request; without some of its spans it may."""


class TooLargeError(RefusedError):
    """The request is larger than what the collector takes."""


class UnusableError(TracetuiError):
    """Nothing can be sent there as things are: a wrong address, no OTLP, a missing or wrong token."""
