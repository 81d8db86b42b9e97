"""Keeps what other exporters log on our account out of the host's log.

A dead collector would otherwise fill it, and fail tests that look at it; we count failures, and report them
at the end.
"""

from __future__ import annotations

import logging
import threading
from types import TracebackType

_LOGGERS = (
    "grpc._channel",
    "opentelemetry.attributes",
    "opentelemetry.exporter.otlp.common.http",
    "opentelemetry.exporter.otlp.json.common._internal.trace_encoder",
    "opentelemetry.exporter.otlp.proto.common._internal",
    "opentelemetry.exporter.otlp.proto.common._internal.trace_encoder",
    "opentelemetry.exporter.otlp.proto.grpc.exporter",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.sdk._shared_internal",
    "requests",
    "urllib3.connectionpool",
    "urllib3.util.retry",
)


class _Silence(logging.Filter, threading.local):
    """Drops what is logged in a thread while that thread is inside `with silence`."""

    _depth = 0

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._depth -= 1

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - who asks decides, not what is said
        return self._depth == 0


silence = _Silence()


def keep_quiet() -> None:
    """Make `with silence` work on the loggers of exporters; all other records go where they always went."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(silence)
