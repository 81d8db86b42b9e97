"""Python values as OTLP/JSON, whatever their type, size or behaviour."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentelemetry.trace import SpanContext

from tracetui.tracing.host.handlers import let_through

_DEEPEST = 32
_LATEST_NS = (1 << 64) - 1
_HAS_IS_REMOTE, _IS_REMOTE = 0x100, 0x200


def text(value: object) -> str:
    """`value` as a string, whatever its `__str__` does."""
    if type(value) is str:
        return value
    try:
        return str.__str__(value) if isinstance(value, str) else str(value)
    except Exception as error:  # noqa: BLE001 - foreign code: what it raises costs this value alone
        let_through(error)
        return f"<unprintable {type(value).__name__}>"


def nanos(value: int | None) -> str:
    """A time as OTLP/JSON; one outside the schema's range is moved to the nearest valid one."""
    return str(value if value is not None and 0 <= value <= _LATEST_NS else _nearest(value))


def _nearest(value: int | None) -> int:
    return min(max(value or 0, 0), _LATEST_NS)


def flags(parent: SpanContext | None) -> int:
    """The flags of a span with this parent, or of a link to it."""
    return _HAS_IS_REMOTE | _IS_REMOTE if parent is not None and parent.is_remote else _HAS_IS_REMOTE


def any_value(value: object, depth: int = 0) -> dict[str, Any]:
    """The `AnyValue` of OTLP/JSON; values that it cannot hold become strings."""
    kind = type(value)
    if kind is str:
        return {"stringValue": value}
    if kind is bool:
        return {"boolValue": value}
    if isinstance(value, int):
        return _integer(int(value))
    if isinstance(value, float):
        return {"doubleValue": _double(float(value))}
    return _rare_value(value, depth)


def key_values(pairs: Iterable[tuple[object, object]], depth: int = 0) -> list[dict[str, Any]]:
    """The `KeyValue` list of OTLP/JSON."""
    return [
        {
            "key": key if type(key) is str else text(key),
            # Most values are texts, and this is on the way of every span.
            "value": {"stringValue": value} if type(value) is str else any_value(value, depth),
        }
        for key, value in pairs
    ]


def _integer(value: int) -> dict[str, Any]:
    if -(1 << 63) <= value < 1 << 63:
        return {"intValue": str(value)}
    # Text of more than some thousand digits is refused by Python itself.
    return {"stringValue": text(value)}


def _double(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _rare_value(value: object, depth: int) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, (bytes, bytearray)):
        return {"bytesValue": base64.b64encode(value).decode()}
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        return _container(value, depth + 1)
    return {"stringValue": text(value)}


def _container(value: Mapping[object, object] | Sequence[object], depth: int) -> dict[str, Any]:
    if depth > _DEEPEST:
        return {"stringValue": "<nested too deeply>"}
    if isinstance(value, Mapping):
        pairs = key_values(value.items(), depth)
        return {"kvlistValue": {"values": pairs} if pairs else {}}
    values = [any_value(item, depth) for item in value]
    return {"arrayValue": {"values": values} if values else {}}
