"""JSON documents that are no OTLP/JSON: which tracer wrote one, told by its keys, and its spans.

Console spans of Python, Jaeger, Zipkin v2, Chrome trace events, and OTLP/JSON with the wrong names of fields.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Raw, Struct

from tracetui.errors import DecodeError
from tracetui.formats import chrome, console, jaeger, snake, zipkin
from tracetui.formats.columns import add_span
from tracetui.formats.cursor import Cursor
from tracetui.formats.wire import WireSpan
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.span import Resource, Scope, Span

UNKNOWN = "JSON without spans or logs"


class _Keys(Struct):
    """The keys that tell; nothing in them is looked at yet."""

    context: Raw = Raw()
    data: Raw = Raw()
    events: Raw = msgspec.field(name="traceEvents", default=Raw())
    spans: Raw = Raw()
    id: Raw = Raw()
    resource_spans: Raw = Raw()
    scope_spans: Raw = Raw()


class _Phase(Struct):
    ph: str | None = None


class _Chrome(chrome.Beside):
    events: list[Raw] = msgspec.field(name="traceEvents", default_factory=list)


class _Jaeger(Struct):
    data: list[jaeger.Trace] | jaeger.Trace


_keys = msgspec.json.Decoder(_Keys)
_phase = msgspec.json.Decoder(_Phase)
_chrome = msgspec.json.Decoder(_Chrome)
_jaeger = msgspec.json.Decoder(_Jaeger)
_jaeger_trace = msgspec.json.Decoder(jaeger.Trace)
_otlp_span = msgspec.json.Decoder(WireSpan)


def add_document(batch: SpanBatch, text: bytes, offset: int) -> None:
    """Adds the spans of a JSON object that stands at `offset`; raises `DecodeError` where nobody knows it."""
    try:
        name, add = _adder(_keys.decode(text))
        if add:
            add(batch, text, offset)
            batch.formats.add(name)
            return
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise DecodeError(offset, f"bad span: {error}") from error
    raise DecodeError(offset, UNKNOWN)


def is_events(raws: list[Raw]) -> bool:
    """Whether an array holds Chrome trace events."""
    try:
        return bool(raws) and _phase.decode(raws[0]).ph is not None
    except (ValueError, RecursionError):
        return False


def add_events(batch: SpanBatch, raws: list[Raw], text: bytes, offset: int) -> None:
    """Adds the spans of an array of Chrome trace events; raises `DecodeError` for impossible times."""
    try:
        chrome.add_events(batch, raws, text, chrome.Beside(), Cursor(text, offset))
        batch.formats.add("Chrome trace events")
    except (ValueError, ArithmeticError) as error:
        raise DecodeError(offset, f"bad event: {error}") from error


def decode_span(fields: dict[str, Any], resource: Resource, scope: Scope) -> Span | None:
    """The whole span that one of these tracers wrote; None where it is OTLP's.

    Raises `ValueError` where it cannot be decoded.
    """
    for key, decode in _DETAILS.items():
        if key in fields and "spanId" not in fields:
            return decode(fields, resource, scope)
    return None


_DETAILS: dict[str, Callable[[dict[str, Any], Resource, Scope], Span]] = {
    "ph": chrome.decode_span,
    "traceID": jaeger.decode_span,
    "context": console.decode_span,
    "id": zipkin.decode_span,
}

_Add = Callable[[SpanBatch, bytes, int], None]


def _adder(keys: _Keys) -> tuple[str, _Add | None]:
    """What the document is called, and how its spans are added."""
    told: tuple[tuple[str, Raw, _Add], ...] = (
        ("OTLP/JSON in snake_case", keys.resource_spans, _add_snake),
        ("OTLP/JSON in snake_case", keys.scope_spans, _add_snake),
        ("Chrome trace events", keys.events, _add_chrome),
        ("Jaeger", keys.data, _add_jaeger),
        ("Jaeger", keys.spans, _add_jaeger_trace),
        (
            "console spans",
            keys.context,
            lambda batch, text, offset: console.add_span(batch, text, (offset, len(text.rstrip()))),
        ),
        (
            "Zipkin",
            keys.id,
            lambda batch, text, offset: zipkin.add_span(batch, text, (offset, len(text.rstrip()))),
        ),
    )
    return next(((name, add) for name, raw, add in told if memoryview(raw)), ("", None))


def _add_chrome(batch: SpanBatch, text: bytes, offset: int) -> None:
    document = _chrome.decode(text)
    chrome.add_events(batch, document.events, text, document, Cursor(text, offset))


def _add_jaeger(batch: SpanBatch, text: bytes, offset: int) -> None:
    data = _jaeger.decode(text).data
    jaeger.add_traces(batch, data if isinstance(data, list) else [data], Cursor(text, offset))


def _add_jaeger_trace(batch: SpanBatch, text: bytes, offset: int) -> None:
    jaeger.add_traces(batch, [_jaeger_trace.decode(text)], Cursor(text, offset))


def _add_snake(batch: SpanBatch, text: bytes, offset: int) -> None:
    document = snake.decode_document(text)
    cursor = Cursor(text, offset)
    for group in document.resource_spans or [document]:
        resource = snake.camelised(group.resource)
        for scoped in group.scope_spans or ():
            scope = snake.camelised(scoped.scope)
            for raw in scoped.spans or ():
                _add_snake_span(batch, raw, resource, scope, cursor.find(raw))


def _add_snake_span(
    batch: SpanBatch, raw: Raw, resource: bytes, scope: bytes, where: tuple[int, int]
) -> None:
    try:
        add_span(batch, _otlp_span.decode(snake.camelised(raw)), resource, scope, where)
    except (ValueError, RecursionError) as error:
        batch.rejected.append(Problem(where[0], f"bad span: {error}", where[1]))
