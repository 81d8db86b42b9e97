"""Zipkin JSON, v2 and v1: a list of spans, or a list of such lists, as its API and exporters write them.

Source: the Zipkin API, its v1 model, and OpenTelemetry's "Zipkin exporter" mapping. Times are microseconds
and tags text; a tag `error` is a failure, `otel.status_code` and `otel.scope.name` are OpenTelemetry's own.
In v1 annotations tell when a request was sent (`cs`, `cr`) and received (`sr`, `ss`), and tags are some too.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.others import plain
from tracetui.formats.others.foreign import Foreign, Writer
from tracetui.formats.otlp import values
from tracetui.formats.times import end_after, event_time, start_time, unit_hint
from tracetui.model.role import Half, StatusCode
from tracetui.model.span import Event, Status

_US, _MS = 1000, 1_000_000
_FIRST_NS = 10**17
"""In 1973: a time before has no epoch."""

_BEGINS, _ENDS = ("cs", "sr"), ("cr", "ss")
_ADDRESSES = ("ca", "sa", "ma")
"""In v1 addresses are tags too, of which only the endpoint says something."""


class _Endpoint(Struct, rename="camel"):
    service_name: str | None = None


class _Annotation(Struct):
    timestamp: Any = None
    value: str | None = None
    endpoint: _Endpoint | None = None


class _BinaryAnnotation(Struct):
    key: str | None = None
    value: Any = None
    endpoint: _Endpoint | None = None


class ZipkinSpan(Struct, rename="camel"):
    """One span."""

    trace_id: Any = None
    id: Any = None
    parent_id: Any = None
    name: str | None = None
    kind: str | None = None
    timestamp: Any = None
    start_time: Any = None
    duration: Any = None
    tags: dict[str, Any] | None = None
    annotations: list[_Annotation] | None = None
    binary_annotations: list[_BinaryAnnotation] | None = None
    local_endpoint: _Endpoint | None = None
    shared: bool | None = None

    @property
    def service(self) -> str:
        """The service that wrote it."""
        notes = [*(self.annotations or ()), *(self.binary_annotations or ())]
        endpoints = (self.local_endpoint, *(note.endpoint for note in notes))
        return next(
            (endpoint.service_name for endpoint in endpoints if endpoint and endpoint.service_name), ""
        )

    @property
    def side(self) -> str:
        """Its kind in lower case: `client`, `server`, ..., `internal`."""
        marks = {note.value for note in self.annotations or ()}
        of_v1 = "client" if "cs" in marks else "server" if "sr" in marks else "internal"
        return (self.kind or of_v1).lower()


def told(span: ZipkinSpan) -> Foreign:
    """The span in the common form."""
    tags = _tags(span)
    start, end = _times(span)
    name = tags.get("otel.scope.name") or tags.get("otel.library.name")
    return Foreign(
        trace_id(span.trace_id),
        span_id(span.id),
        parent_id(span.parent_id),
        span.name or "",
        start,
        end,
        _status(tags),
        tags,
        kind=span.side,
        resource=_resource(span.service),
        scope=plain.scope(name) if isinstance(name, str) else b"",
        events=(_event(note) for note in span.annotations or () if note.value not in (*_BEGINS, *_ENDS)),
        half=_half(span),
        hint=unit_hint(span.timestamp, _US),
    )


WRITER = Writer("Zipkin", Lenient(ZipkinSpan), told)


def _half(span: ZipkinSpan) -> Half:
    if span.shared or span.side == "server":
        return Half.SERVER
    return Half.CLIENT if span.side == "client" else Half.NONE


def _tags(span: ZipkinSpan) -> Mapping[str, Any]:
    notes = span.binary_annotations or ()
    return {note.key: note.value for note in notes if note.key and note.key not in _ADDRESSES} | (
        span.tags or {}
    )


def _times(span: ZipkinSpan) -> tuple[int, int]:
    """Start and end, in v1 perhaps by annotations only."""
    notes = {note.value: note.timestamp for note in span.annotations or ()}
    start = start_time(span.timestamp or _first(notes, _BEGINS), _US)
    if start < _FIRST_NS and span.start_time:  # Next.js: its timestamps count from when its host started.
        start = start_time(span.start_time, _MS)
    end = _first(notes, _ENDS)
    if not span.duration and end:
        return start, max(start_time(end, _US), start)
    return start, end_after(start, span.duration, _US)


def _first(notes: Mapping[str | None, Any], names: tuple[str, ...]) -> Any:
    return next((notes[name] for name in names if name in notes), None)


def _status(tags: Mapping[str, Any]) -> Status:
    if "error" in tags and tags["error"] not in ("false", False):
        return Status(StatusCode.ERROR, str(tags["error"]))
    return Status(values.status_code(tags.get("otel.status_code")))


def _event(note: _Annotation) -> Event:
    return Event(event_time(note.timestamp, _US), note.value or "", {})


@lru_cache(maxsize=1024)
def _resource(service: str) -> bytes:
    return plain.resource({"service.name": service} if service else {})
