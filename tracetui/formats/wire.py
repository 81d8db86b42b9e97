"""The shapes of OTLP/JSON that reading needs, for msgspec; everything else in a file is skipped unread.

Source: opentelemetry-proto `trace.proto` and `logs.proto`, in the file's spelling (lowerCamelCase).
"""

import msgspec
from msgspec import Raw


class WireScopeSpans(msgspec.Struct, rename="camel"):
    """`ScopeSpans`; each span stays raw, so that a bad one costs only itself."""

    scope: Raw = Raw()
    instrumentation_library: Raw = Raw()
    spans: list[Raw] | None = None


class WireResourceSpans(msgspec.Struct, rename="camel"):
    """`ResourceSpans`; before 2022 scopes were called instrumentation libraries."""

    resource: Raw = Raw()
    scope_spans: list[WireScopeSpans] | None = None
    instrumentation_library_spans: list[WireScopeSpans] | None = None


class WireScopeLogs(msgspec.Struct, rename="camel"):
    """`ScopeLogs`; each record stays raw."""

    scope: Raw = Raw()
    log_records: list[Raw] | None = None


class WireResourceLogs(msgspec.Struct, rename="camel"):
    """`ResourceLogs`."""

    resource: Raw = Raw()
    scope_logs: list[WireScopeLogs] | None = None


class WireDocument(WireResourceSpans, rename="camel"):
    """`TracesData`, `LogsData`, or a bare `ResourceSpans` (OpenTelemetry Java, logging exporter)."""

    resource_spans: list[WireResourceSpans] | None = None
    resource_logs: list[WireResourceLogs] | None = None


class WireStatus(msgspec.Struct):
    """`Status`."""

    code: int | str | None = None


class WireAttribute(msgspec.Struct):
    """`KeyValue`; the value stays raw until its key is known to matter."""

    key: str = ""
    value: Raw = Raw()


class WireSpan(msgspec.Struct, rename="camel"):
    """`Span`, without events and links."""

    trace_id: str | None = None
    span_id: str | None = None
    parent_span_id: str | None = None
    name: str | None = None
    start_time_unix_nano: int | float | str | None = None
    end_time_unix_nano: int | float | str | None = None
    status: WireStatus | None = None
    attributes: list[WireAttribute] | None = None


class WireLogRecord(msgspec.Struct, rename="camel"):
    """`LogRecord`, without its body."""

    time_unix_nano: int | str | None = None
    event_name: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    attributes: list[WireAttribute] | None = None


class WireScope(msgspec.Struct):
    """`InstrumentationScope`, of which rules need only the name."""

    name: str | None = None
