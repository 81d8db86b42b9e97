"""A program that is set up to be traced, as `set_up_tracing` gives it."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Tracer

from tracetui.tracing.file_exporter import FileSpanExporter
from tracetui.tracing.files.line_file import LineFile
from tracetui.tracing.otlp.tee import Tee


class Tracing:
    """A program's tracing: start the root span with `tracer` in `context`, call `shutdown()` at the end."""

    def __init__(
        self, provider: TracerProvider, exporter: FileSpanExporter, context: Context, tees: Sequence[Tee]
    ) -> None:
        self.provider = provider
        self.tracer: Tracer = provider.get_tracer("tracetui")
        self.context = context
        self._exporter = exporter
        self._tees = tees
        self._is_shut_down = False
        atexit.register(self.shutdown)

    @property
    def spans_dir(self) -> Path:
        """The directory of the files, absolute."""
        return self._exporter.directory

    @property
    def spans_written(self) -> int:
        """Spans of this process that are in its file."""
        return self._exporter.written

    @property
    def spans_lost(self) -> int:
        """Spans of this process that ended and are not in its file."""
        return self._exporter.lost

    @property
    def spans_undelivered(self) -> int:
        """Spans of this process that did not reach an exporter beside the files; final after `shutdown()`."""
        return sum(tee.processor.lost for tee in self._tees)

    @property
    def first_error(self) -> str:
        """Why the first lost span was lost; empty if none was."""
        return self._exporter.first_error

    def logs_file(self) -> LineFile:
        """A file of log records for the process that asks, beside its spans; whoever asks closes it."""
        return self._exporter.place.logs()

    def shutdown(self) -> None:
        """Close the files and deliver the rest, in 2 s at most; a second call does nothing."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        atexit.unregister(self.shutdown)
        self.provider.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.shutdown()
