"""OTLP/JSON with the names of the protobuf fields (`resource_spans`, `trace_id`), which the rules forbid.

Source: protobuf's `MessageToDict(preserving_proto_field_name=True)`.
"""

import re
from typing import Any

import orjson
from msgspec import Raw, Struct

from tracetui.formats.columns import Bytes, add_span, count_odd, count_odd_around
from tracetui.formats.framing.cursor import Cursor
from tracetui.formats.framing.lenient import Lenient, wrong_type
from tracetui.formats.others import plain
from tracetui.formats.otlp.wire import WireSpan
from tracetui.model.batch import Problem, SpanBatch

_JOINT = re.compile("_([a-z])")


class SnakeScopeSpans(Struct):
    """`ScopeSpans`."""

    scope: Raw = Raw()
    spans: list[Raw] | None = None


class SnakeResourceSpans(Struct):
    """`ResourceSpans`."""

    resource: Raw = Raw()
    scope_spans: list[SnakeScopeSpans] | None = None


class SnakeDocument(SnakeResourceSpans):
    """`TracesData`, or a bare `ResourceSpans`."""

    resource_spans: list[SnakeResourceSpans] | None = None


_document = Lenient(SnakeDocument)
_span = Lenient(WireSpan)


def add_document(batch: SpanBatch, text: bytes, offset: int) -> None:
    """Adds every span of a document; one that does not decode is rejected."""
    document, odd = _document.decode_in_place(text)
    for path in odd:
        batch.rejected.append(Problem(offset, wrong_type(path), len(text)))
    cursor = Cursor(text, offset)
    for group in document.resource_spans or [document]:
        resource = camelised(group.resource)
        for scoped in group.scope_spans or ():
            scope = camelised(scoped.scope)
            count_odd_around(batch, resource, scope, (offset, len(text)))
            for raw in scoped.spans or ():
                _add(batch, raw, resource, scope, cursor.find(raw))
    batch.formats.add("OTLP/JSON in snake_case")


def _add(batch: SpanBatch, raw: Raw, resource: bytes, scope: bytes, where: Bytes) -> None:
    try:
        decoded = _span.decode(camelised(raw))
        add_span(batch, decoded.value, resource, scope, where)
        count_odd(batch, decoded, where)
    except (ValueError, RecursionError) as error:
        batch.rejected.append(Problem(where[0], f"bad span: {error}", where[1]))


def camelised(raw: Raw) -> bytes:
    """The same JSON with the standard keys; empty if it is nested too deep."""
    text = bytes(raw)
    return plain.dumps(camel(orjson.loads(text))) if text else b""


def camel(value: Any) -> Any:
    """Decoded OTLP/JSON with every key in lowerCamelCase: keys of attributes are values there."""
    if isinstance(value, dict):
        return {_JOINT.sub(lambda joint: joint[1].upper(), key): camel(item) for key, item in value.items()}
    return [camel(item) for item in value] if isinstance(value, list) else value
