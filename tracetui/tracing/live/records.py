"""Encodes start records and heartbeats as lines of OTLP/JSON logs."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Mapping
from pathlib import Path

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Tracer
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from tracetui.tracing.files.line_file import Losses
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.compat import scope_of
from tracetui.tracing.redact import Redact, own_copy, redacted_attributes, redacted_value
from tracetui.tracing.spans.encode import Encoder
from tracetui.tracing.spans.fast_span import FastSpan
from tracetui.tracing.spans.home import Homing
from tracetui.tracing.spans.json_fragments import START, FastLines
from tracetui.tracing.spans.values import key_values, nanos, text

ROLE = "tracetui.span.role"
ENDED = "tracetui.writer.ended"
"""On the last heartbeat of a process that closed its files itself."""
REMOVED = "tracetui.removed_spans"
"""Of those that were dropped: written, to files that were taken away. A reader may have seen them."""
_HEARTBEAT = "tracetui.heartbeat"
_TRACE = 1
"""The severity number of start records and heartbeats."""


def boot_id() -> str:
    """The id of this boot of the host; empty if the system does not say."""
    with contextlib.suppress(OSError):
        # No text file: that would import a codec, and a child forked meanwhile would wait for it for ever.
        return Path("/proc/sys/kernel/random/boot_id").read_bytes().decode().strip()
    return ""


class Recorder:
    """Makes the lines of one process; `quick` those of quick spans."""

    def __init__(self, resource: Resource, redact: Redact, homing: Homing | None = None) -> None:
        self._boot_id = boot_id()
        self._encoder = Encoder({"tracetui.boot_id": self._boot_id}, redact)
        self.quick = FastLines(self._head, redact)
        self._resource = resource
        self._redact = redact
        self._homing = homing or Homing()

    def start(self, span: ReadableSpan) -> bytes:
        """The line that says that `span` has begun."""
        line = self.quick.start(span) if type(span) is FastSpan else None
        if line is not None:
            return line
        context, parent = span.context, span.parent
        ids = (
            {}
            if context is None
            else {"traceId": f"{context.trace_id:032x}", "spanId": f"{context.span_id:016x}"}
        )
        name = text(redacted_value(self._redact, "span.name", span.name))
        attributes: dict[str, object] = {"tracetui.span.name": name}
        if parent is not None:
            attributes["tracetui.span.parent_span_id"] = f"{parent.span_id:016x}"
        attributes["tracetui.span.start_time_unix_nano"] = span.start_time or 0
        attributes |= self._homing.attributes(span)
        attributes.update(redacted_attributes(own_copy(span.attributes or {}), self._redact))
        return self._line(START, span.start_time, attributes, ids, span.instrumentation_scope)

    def heartbeat(self, open_spans: int, losses: Losses, *, has_ended: bool = False) -> bytes:
        """The line that says that this process is alive, how many spans it shows as open, and how many it has
        lost.

        With `has_ended` it says that the process ended its tracing itself: it was not killed.
        """
        attributes: dict[str, object] = {
            "process.pid": os.getpid(),
            "host.name": platform.node(),
            "tracetui.boot_id": self._boot_id,
            "tracetui.open_spans": open_spans,
            "tracetui.dropped_spans": losses.dropped,
            **({REMOVED: losses.removed} if losses.removed else {}),
            **({ENDED: True} if has_ended else {}),
        }
        return self._line(_HEARTBEAT, now_ns(), attributes, {}, None)

    def _head(self, tracer: Tracer) -> bytes:
        return self._encoder.head("Logs", "logRecords", self._resource, scope_of(tracer))

    def _line(
        self,
        event_name: str,
        time_ns: int | None,
        attributes: Mapping[str, object],
        ids: Mapping[str, str],
        scope: InstrumentationScope | None,
    ) -> bytes:
        record = {
            "timeUnixNano": nanos(time_ns),
            "severityNumber": _TRACE,
            **ids,
            "eventName": event_name,
            "attributes": key_values(attributes.items()),
        }
        return self._encoder.log_line(self._resource, scope, record)
