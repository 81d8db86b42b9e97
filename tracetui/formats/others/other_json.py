"""JSON documents that are not OTLP/JSON: the tracer that wrote one, recognised by its keys, and its spans.

Console spans of Python, Go's stdouttrace, Jaeger, Zipkin, Datadog, Chrome trace events, and OTLP/JSON with
wrong field names.
"""

from collections.abc import Callable, Sequence
from itertools import compress
from operator import not_
from typing import Any

import msgspec
from msgspec import Raw, Struct

from tracetui.errors import DecodeError
from tracetui.formats import chrome
from tracetui.formats.columns import add_span, count_odd
from tracetui.formats.framing.cursor import Placed
from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.framing.parsing import UNKNOWN
from tracetui.formats.others import console, datadog, go_trace, jaeger, js_console, zipkin
from tracetui.formats.others.foreign import Writer
from tracetui.formats.otlp import snake
from tracetui.formats.otlp.wire import WireSpan
from tracetui.formats.streaming import streamed
from tracetui.model.batch import SpanBatch
from tracetui.model.span import Resource, Scope, Span

_LISTS = (
    *("resourceSpans", "resourceLogs", "scopeSpans", "resource_spans", "scope_spans", "batches", "spans"),
    *("instrumentationLibrarySpans", "traceEvents", "data", "traces", "trace", "result", "hits"),
)
"""Where writers have their spans; some write `null` for none of them."""

_LOOKED_AT = 16
"""So many elements of an array are looked at for what it is."""


class _Keys(Struct):
    """The keys that decide; their values are not looked at."""

    context: Raw = Raw()
    events: Raw = msgspec.field(name="traceEvents", default=Raw())
    spans: Raw = Raw()
    processes: Raw = Raw()
    otlp_id: Raw = msgspec.field(name="spanId", default=Raw())
    otlp_start: Raw = msgspec.field(name="startTimeUnixNano", default=Raw())
    id: Raw = Raw()
    trace_id: Raw = msgspec.field(name="traceId", default=Raw())
    resource_spans: Raw = Raw()
    scope_spans: Raw = Raw()
    jaeger_name: Raw = msgspec.field(name="operationName", default=Raw())
    jaeger_id: Raw = msgspec.field(name="spanID", default=Raw())
    go_context: Raw = msgspec.field(name="SpanContext", default=Raw())
    span_id: Raw = Raw()
    attributes: Raw = Raw()
    start: Raw = Raw()
    duration: Raw = Raw()


_keys = msgspec.json.Decoder(_Keys)
_fields = msgspec.json.Decoder(dict[str, Raw])
_otlp_span = Lenient(WireSpan)
_Add = Callable[[SpanBatch, bytes, int], None]


class OtherJson:
    """Reads the JSON documents of one source that are no OTLP/JSON."""

    def __init__(self) -> None:
        self._datadog = datadog.DatadogSpans()

    @property
    def remembers(self) -> bool:
        """Whether something of what was read matters to what comes."""
        return self._datadog.remembers

    def add_document(self, batch: SpanBatch, text: bytes, offset: int) -> None:
        """Add the spans of a JSON object at `offset`; raises `DecodeError` for an unknown one."""
        try:
            self._add_known(batch, text, offset)
        except DecodeError:
            if not is_empty(text):
                raise

    def _add_known(self, batch: SpanBatch, text: bytes, offset: int) -> None:
        try:
            placed = (Raw(text), (offset, len(text.rstrip())))
            if self.add_array(batch, [placed]):
                _known(text, offset)(batch, text, offset)
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise DecodeError(offset, f"bad span: {error}") from error

    def add_array(self, batch: SpanBatch, elements: Sequence[Placed]) -> Sequence[Placed]:
        """Adds those elements that belong together, spans of Datadog; returns the others."""
        if not any(_is_datadog(raw) for raw, _ in elements[:_LOOKED_AT]):
            return elements
        together = [_is_datadog(raw) for raw, _ in elements]
        self._datadog.add(batch, compress(elements, together))
        return list(compress(elements, map(not_, together)))


def is_empty(text: bytes) -> bool:
    """Whether a JSON object says that it has no spans: its list of them is empty."""
    try:
        fields = _fields.decode(text)
    except (ValueError, RecursionError):
        return False
    return any(bytes(fields.get(key, b"")) == b"null" for key in _LISTS)


def is_known(text: bytes | memoryview | Raw) -> bool:
    """Whether a JSON object is in one of these formats."""
    return _adder(text) is not None


def decode_span(fields: dict[str, Any], resource: Resource, scope: Scope) -> Span | None:
    """The whole span that one of these tracers wrote; None if it is OTLP's.

    Raises `ValueError` if it cannot be decoded.
    """
    if "spanId" in fields:
        return None
    if "ph" in fields:
        return chrome.decode_span(fields, resource, scope)
    for keys, writer in _DETAILS:
        if keys <= fields.keys():
            return writer.whole(fields, resource, scope)
    return None


_DETAILS: Sequence[tuple[frozenset[str], Writer[Any]]] = (
    (frozenset(("traceID",)), jaeger.WRITER),
    (frozenset(("spanID",)), jaeger.WRITER),
    (frozenset(("context",)), console.WRITER),
    (frozenset(("SpanContext",)), go_trace.WRITER),
    (frozenset(("traceId", "id", "attributes")), js_console.WRITER),
    (frozenset(("traceId", "id")), zipkin.WRITER),
    (frozenset(("span_id", "start")), datadog.WRITER),
    (frozenset(("span_id", "duration")), datadog.WRITER),
)


def _adder(text: bytes | memoryview | Raw) -> _Add | None:
    """How the spans of a document are added."""
    try:
        keys = _keys.decode(text)
    except (ValueError, RecursionError):
        return None
    candidates: tuple[tuple[_Add, tuple[Raw, ...]], ...] = (
        (snake.add_document, (keys.resource_spans,)),
        (snake.add_document, (keys.scope_spans,)),
        (_add_chrome, (keys.events,)),
        (_one(jaeger.WRITER), (keys.jaeger_name,)),
        (_one(jaeger.WRITER), (keys.jaeger_id,)),
        (jaeger.add_trace, (keys.spans, keys.processes)),
        (_add_otlp_span, (keys.otlp_id, keys.otlp_start)),
        (_one(console.WRITER), (keys.context,)),
        (_one(go_trace.WRITER), (keys.go_context,)),
        (_one(js_console.WRITER), (keys.id, keys.trace_id, keys.attributes)),
        (_one(zipkin.WRITER), (keys.id, keys.trace_id)),
        (_DATADOG, (keys.span_id, keys.start)),
        (_DATADOG, (keys.span_id, keys.duration)),
    )
    return next((add for add, raws in candidates if all(map(memoryview, raws))), None)


def _known(text: bytes, offset: int) -> _Add:
    add = _adder(text)
    if add is None:
        raise DecodeError(offset, UNKNOWN)
    return add


def _one(writer: Writer[Any]) -> _Add:
    """How a document that is one span is added."""
    return lambda batch, text, offset: writer.add(batch, text, (offset, len(text.rstrip())))


def _add_otlp_span(batch: SpanBatch, text: bytes, offset: int) -> None:
    """OTLP's span without anything around it."""
    decoded, where = _otlp_span.decode(text), (offset, len(text.rstrip()))
    add_span(batch, decoded.value, b"", b"", where)
    count_odd(batch, decoded, where)


def _add_chrome(batch: SpanBatch, text: bytes, offset: int) -> None:
    streamed.add_document(batch, text, offset)


_DATADOG = _one(datadog.WRITER)


def _is_datadog(text: bytes | memoryview | Raw) -> bool:
    return _adder(text) is _DATADOG
