"""Writes finished spans to `<directory>/<UTC start>-<service>-<pid>-<random>.traces.jsonl`, one OTLP/JSON
line each.

A span is in the file when `export` returns. Every process has its own file. What cannot be written is
counted, reported once on stderr when it starts and once at the end, and never raised.

It is an exporter like any other: with `OTEL_TRACES_EXPORTER=tracetui` and `TRACETUI_DIR=spans`,
`opentelemetry-instrument` writes a program's spans here. But then its caller decides when to export, and
running spans are not shown: `set_up_tracing` does both.
"""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from tracetui.tracing.files.span_file import SpanFile


class FileSpanExporter(SpanFile, SpanExporter):
    """Writes each span through to this process's file in `directory`, which is made with the first span.

    `directory` defaults to `TRACETUI_DIR`, `OTEL_COLLECTOR_DIR` or `spans`. `redact` sees every attribute
    first (see `tracetui.tracing.redact`). With `batch_seconds` (0.2 at most) spans are written some at a
    time: cheaper, but what is not yet written is lost if the process is killed. With `max_bytes`, a file that
    would grow longer is followed by another one. `homing` defaults to what the environment says of the test
    that this runs in.
    """

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write `spans`; `FAILURE` if any of them was lost."""
        is_all = True
        for span in spans:
            is_all &= self.write(span)
        return SpanExportResult.SUCCESS if is_all else SpanExportResult.FAILURE
