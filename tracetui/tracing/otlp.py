"""The second sink: OTLP/gRPC, only where an endpoint is configured, and never in the first one's way."""

from __future__ import annotations

import contextlib
import logging
import os
import threading

from tracetui.tracing.baggage import BatchedBaggageSpanProcessor
from tracetui.tracing.file_exporter import Warn

_ENDPOINT_VARIABLES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_LOGGERS = ("opentelemetry.exporter.otlp.proto.grpc", "opentelemetry.sdk._shared_internal")
_PATIENCE_SECONDS = 1.7
_LAST_WORD_SECONDS = 0.2


def configured_endpoint(endpoint: str | None) -> str | None:
    """The endpoint asked for, else the environment's, else None: then nothing is sent anywhere."""
    return endpoint or next((value for name in _ENDPOINT_VARIABLES if (value := os.environ.get(name))), None)


class OtlpTee:
    """Sends to `endpoint` in batches, and is given up on when it would hold the program back."""

    def __init__(self, endpoint: str) -> None:
        # Imported here: it takes as long as all the rest, and most runs have no collector.
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        _keep_quiet()
        self.endpoint = endpoint
        self._exporter = OTLPSpanExporter(endpoint=endpoint)
        self.processor = BatchedBaggageSpanProcessor(self._exporter)
        self._closing = threading.Event()
        # Started now, since a program at its end may start no thread.
        self._closer = self._new_closer()
        self._closer.start()

    def shutdown(self, warn: Warn) -> None:
        """Deliver what is left, in 2 s at most, and say what was not delivered."""
        self._closing.set()
        if not self._closer.is_alive():
            # After a fork there is none.
            self._closer = self._new_closer()
            with contextlib.suppress(RuntimeError):
                self._closer.start()
        if self._closer.is_alive():
            self._closer.join(_PATIENCE_SECONDS)
        if self._closer.is_alive():
            # Closing the channel ends the call that hangs, so that no thread is in one when the program ends.
            self._exporter.shutdown()
            self._closer.join(_LAST_WORD_SECONDS)
        if self.processor.lost:
            warn(f"{self.processor.lost} spans not delivered to {self.endpoint}")

    def _new_closer(self) -> threading.Thread:
        return threading.Thread(target=self._close, name="tracetui-otlp-closer", daemon=True)

    def _close(self) -> None:
        self._closing.wait()
        self.processor.shutdown()


def _keep_quiet() -> None:
    # A dead collector would otherwise fill the host's log, and fail its tests that look at the log.
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
