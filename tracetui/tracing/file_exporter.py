"""Finished spans -> `<directory>/<UTC start>-<service>-<pid>-<random>.traces.jsonl`, one OTLP/JSON line each.

A span that was handed over is in the file when `export` returns. Every process has its own file. What cannot
be written is counted, said once on stderr when it begins and once at the end, and never raised.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from tracetui.tracing.encode import Encoder
from tracetui.tracing.line_file import LineFile
from tracetui.tracing.per_process import PerProcess
from tracetui.tracing.place import Place

Warn = Callable[[str], None]


def warn_on_stderr(message: str) -> None:
    """One line on stderr, if there is a stderr to write to."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"tracetui: {message}\n")


def spans_directory(directory: str | os.PathLike[str] | None = None) -> Path:
    """Where spans go: as asked, else `TRACETUI_DIR`, else resmoke's `OTEL_COLLECTOR_DIR`, else `spans`."""
    asked = directory or os.environ.get("TRACETUI_DIR") or os.environ.get("OTEL_COLLECTOR_DIR")
    return Path(asked or "spans")


class FileSpanExporter(SpanExporter):
    """Writes each span through to this process's file in `directory`, which is made with the first span."""

    def __init__(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        service_name: str | None = None,
        warn: Warn = warn_on_stderr,
    ) -> None:
        service = service_name or os.environ.get("OTEL_SERVICE_NAME") or "unknown"
        self.place = Place(spans_directory(directory), service)
        self._warn = warn
        self._file = PerProcess(self.place.traces)
        self._encoder = PerProcess(Encoder)

    @property
    def directory(self) -> Path:
        """The directory, absolute."""
        return self.place.directory

    @property
    def written(self) -> int:
        """Spans this process has in its file."""
        return self._file().written

    @property
    def lost(self) -> int:
        """Spans this process could not write."""
        return self._file().lost

    @property
    def first_error(self) -> str:
        """Why the first lost span was lost; empty if none was."""
        return self._file().first_error

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write `spans`; `FAILURE` if any of them was lost."""
        file, encoder = self._file(), self._encoder()
        results = [self._export_one(file, encoder, span) for span in spans]
        return SpanExportResult.SUCCESS if all(results) else SpanExportResult.FAILURE

    def force_flush(self, timeout_millis: int = 30000) -> bool:  # noqa: ARG002 - nothing is held back
        """True: what was exported is written."""
        return True

    def shutdown(self) -> None:
        """Close the file and say what was lost, if anything."""
        file = self._file()
        if file.lost and not file.closed:
            self._warn(f"{file.lost} of {file.written + file.lost} spans lost in {self.directory}")
        file.close()

    def _export_one(self, file: LineFile, encoder: Encoder, span: ReadableSpan) -> bool:
        if file.append(partial(encoder.span_line, span)):
            return True
        if file.lost == 1:
            self._warn(f"cannot write spans to {self.directory}: {file.first_error}")
        return False
