"""Writes finished spans to `metricsN.json` as resmoke does, for those who read such files already.

A file is one `TracesData` document with the names of kinds and status codes where OTLP/JSON has numbers, as
protobuf's `MessageToDict` gives them. Unlike resmoke's, a file is never overwritten: N continues after the
highest there is.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from tracetui.tracing.files.directory import make_private_directory
from tracetui.tracing.spans.encode import Encoder

_KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
_CODES = ("UNSET", "OK", "ERROR")
_LARGE_BYTES = 900 * 1024
"""Evergreen takes no line over 1 MiB, and a compact document is one line."""


class DocumentSpanExporter(SpanExporter):
    """Writes each batch to a file of its own in `directory`; `pretty` indents it by 2.

    Give it to a `BatchedBaggageSpanProcessor`: what is not exported yet dies with a killed process.
    """

    def __init__(self, directory: str | os.PathLike[str], *, pretty: bool = False) -> None:
        self.directory = Path(directory).absolute()
        self._options = orjson.OPT_INDENT_2 if pretty else 0
        self._encoder = Encoder()
        self._last = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write `spans`; `FAILURE` if a file of them could not be written."""
        try:
            for groups in _documents([orjson.loads(self._encoder.span_line(span)) for span in spans]):
                self._write(orjson.dumps({"resourceSpans": groups}, option=self._options))
        except OSError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def _write(self, document: bytes) -> None:
        make_private_directory(self.directory, is_ignored=False)
        descriptor = os.open(self._next_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(document)

    def _next_file(self) -> Path:
        matches = (re.fullmatch(r"metrics(\d+)\.json", path.name) for path in self.directory.iterdir())
        self._last = max([self._last, *(int(match[1]) for match in matches if match)]) + 1
        return self.directory / f"metrics{self._last}.json"


def _documents(lines: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The resource groups, split over as many documents as needed."""
    document: list[dict[str, Any]] = []
    size = 0
    for line in lines:
        (group,) = line["resourceSpans"]
        more = len(orjson.dumps(group))
        if document and size + more > _LARGE_BYTES:
            yield _merged(document)
            document, size = [], 0
        document.append(group)
        size += more
    if document:
        yield _merged(document)


def _merged(groups: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The groups, with neighbours of the same resource and scope merged."""
    merged = []
    for _, same in groupby(groups, lambda group: {**group, "scopeSpans": _envelope(group["scopeSpans"][0])}):
        first, *others = same
        scope = first["scopeSpans"][0]
        scope["spans"] += [span for other in others for span in other["scopeSpans"][0]["spans"]]
        scope["spans"] = [_named(span) for span in scope["spans"]]
        merged.append(first)
    return merged


def _envelope(scope: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in scope.items() if key != "spans"}


def _named(span: dict[str, Any]) -> dict[str, Any]:
    with contextlib.suppress(IndexError):
        span["kind"] = f"SPAN_KIND_{_KINDS[span['kind']]}"
        if "code" in span["status"]:
            span["status"]["code"] = f"STATUS_CODE_{_CODES[span['status']['code']]}"
    return span
