"""OTLP/JSON with the names of the protobuf fields (`resource_spans`, `trace_id`), which the rules forbid.

Source: protobuf's `MessageToDict(preserving_proto_field_name=True)`.
"""

import re
from typing import Any

import msgspec
import orjson
from msgspec import Raw, Struct

from tracetui.formats import plain

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


decode_document = msgspec.json.Decoder(SnakeDocument).decode


def camelised(raw: Raw) -> bytes:
    """The same JSON with the keys of the rules; nothing where it is nested too deep."""
    text = bytes(raw)
    return plain.dumps(camel(orjson.loads(text))) if text else b""


def camel(value: Any) -> Any:
    """Decoded OTLP/JSON with every key in lowerCamelCase: keys of attributes are values there."""
    if isinstance(value, dict):
        return {_JOINT.sub(lambda joint: joint[1].upper(), key): camel(item) for key, item in value.items()}
    return [camel(item) for item in value] if isinstance(value, list) else value
