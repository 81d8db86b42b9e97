"""The shapes of OTLP/JSON that reading needs, for msgspec; everything else in a file is skipped unread.

Source: opentelemetry-proto `trace.proto` and `logs.proto`, in the file's spelling (lowerCamelCase).
"""

from typing import Any, TypeAlias

import msgspec
from msgspec import Raw

Number: TypeAlias = int | str | None
"""An integer, or the text of one; an enum is also its name."""


class WireScopeSpans(msgspec.Struct, rename="camel"):
    """`ScopeSpans`; each span stays raw, so that a bad one costs only itself."""

    scope: Raw = Raw()
    instrumentation_library: Raw = Raw()
    spans: list[Raw] | None = None


class WireResourceSpans(msgspec.Struct, rename="camel"):
    """`ResourceSpans`; before 2022 scopes were called instrumentation libraries, by Tempo also `il`."""

    resource: Raw = Raw()
    scope_spans: list[WireScopeSpans] | None = None
    instrumentation_library_spans: list[WireScopeSpans] | None = None
    il_spans: list[WireScopeSpans] | None = None

    @property
    def scopes(self) -> list[WireScopeSpans] | None:
        """The scopes, whatever they are called; None where there is no such field."""
        named = (self.scope_spans, self.instrumentation_library_spans, self.il_spans)
        present = [scopes for scopes in named if scopes is not None]
        if len(present) == 1:
            return present[0]
        return [scope for scopes in present for scope in scopes] if present else None


class WireScopeLogs(msgspec.Struct, rename="camel"):
    """`ScopeLogs`; each record stays raw."""

    scope: Raw = Raw()
    log_records: list[Raw] | None = None


class WireResourceLogs(msgspec.Struct, rename="camel"):
    """`ResourceLogs`."""

    resource: Raw = Raw()
    scope_logs: list[WireScopeLogs] | None = None


class WireDocument(WireResourceSpans, rename="camel"):
    """`TracesData` (Tempo: `batches`), `LogsData`, or a bare `ResourceSpans` (OpenTelemetry Java).

    Others wrap documents of any format: Tempo in `trace`, Jaeger v3 in `result`, Jaeger's API in `data`,
    Elasticsearch in `_source` and those in `hits`, Datadog's log writer in `traces`, others in `spans`.
    """

    resource_spans: list[WireResourceSpans] | None = None
    resource_logs: list[WireResourceLogs] | None = None
    batches: list[WireResourceSpans] | None = None
    trace: Raw = Raw()
    result: Raw = Raw()
    data: Raw = Raw()
    hits: Raw = Raw()
    source: Raw = msgspec.field(name="_source", default=Raw())
    traces: Raw = Raw()
    spans: Raw = Raw()

    @property
    def groups(self) -> list[WireResourceSpans] | None:
        """The spans by resource; None where the document is not about spans."""
        if self.resource_spans is None and self.batches is None:
            return [self] if self.scopes is not None else None
        return [*(self.resource_spans or ()), *(self.batches or ())]

    @property
    def wrapped(self) -> Raw:
        """The document in this one; empty where there is none."""
        wrappers = (self.trace, self.result, self.data, self.hits, self.source, self.traces, self.spans)
        return next((raw for raw in wrappers if bytes(memoryview(raw)[:1]) in (b"{", b"[")), Raw())


class WireStatus(msgspec.Struct):
    """`Status`."""

    code: Number = None
    message: str | None = None


class WireAttribute(msgspec.Struct):
    """`KeyValue`; the value stays raw until its key is known to matter."""

    key: str = ""
    value: Raw = Raw()


class WireEvent(msgspec.Struct, rename="camel"):
    """`Span.Event`."""

    time_unix_nano: Any = None
    name: str | None = None
    attributes: list[WireAttribute] | None = None
    dropped_attributes_count: Number = None


class WireLink(msgspec.Struct, rename="camel"):
    """`Span.Link`."""

    trace_id: Any = None
    span_id: Any = None
    trace_state: str | None = None
    attributes: list[WireAttribute] | None = None
    dropped_attributes_count: Number = None
    flags: Number = None


class WireOutcome(msgspec.Struct, rename="camel"):
    """The parts of a `Span` besides identity, times and attributes."""

    status: WireStatus | None = None
    kind: Number = None
    trace_state: str | None = None
    flags: Number = None
    events: list[WireEvent] | None = None
    links: list[WireLink] | None = None
    dropped_attributes_count: Number = None
    dropped_events_count: Number = None
    dropped_links_count: Number = None


class WireSpan(WireOutcome, rename="camel"):
    """`Span`; ids and times may be anything, and are understood later."""

    trace_id: Any = None
    span_id: Any = None
    parent_span_id: Any = None
    name: str | None = None
    start_time_unix_nano: Any = None
    end_time_unix_nano: Any = None
    attributes: list[WireAttribute] | None = None


class WireResource(msgspec.Struct, rename="camel"):
    """`Resource`."""

    attributes: list[WireAttribute] | None = None
    dropped_attributes_count: Number = None


class WireInstrumentation(WireResource, rename="camel"):
    """`InstrumentationScope`."""

    name: str | None = None
    version: str | None = None


class WireLogRecord(msgspec.Struct, rename="camel"):
    """`LogRecord`, without its body."""

    time_unix_nano: Any = None
    event_name: str | None = None
    trace_id: Any = None
    span_id: Any = None
    attributes: list[WireAttribute] | None = None
