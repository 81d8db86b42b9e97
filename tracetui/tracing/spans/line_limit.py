"""Encodes JSON documents as lines of valid UTF-8 that no reader finds too long.

Long records are cut in steps, the longest texts first; a text that was cut says so at its end, and what is
left out altogether is counted in the fields that OTLP has for that.
"""

from __future__ import annotations

from typing import Any

from orjson import dumps

MAX_LINE = 512 * 1024
_TEXT_STEPS = (64 * 1024, 8 * 1024, 512)
_ROOM_FOR_SHARED = 64 * 1024


def dump(document: Any) -> bytes:
    """Compact JSON; surrogates, which have no UTF-8, become U+FFFD."""
    try:
        return dumps(document)
    except TypeError:
        return dumps(_well_formed(document))


def dump_within(record: dict[str, Any], room: int) -> bytes:
    """`record` (a span or log record of OTLP/JSON) in at most about `room` bytes."""
    data = dump(record)
    return data if len(data) <= room else _dump_cut(record, room)


def _dump_cut(record: dict[str, Any], room: int) -> bytes:
    for longest in _TEXT_STEPS:
        data = dump(_cut(record, longest))
        if len(data) <= room:
            return data
    return dump(_bare(_cut(record, _TEXT_STEPS[-1])))


def few(pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Attributes that many records share: all of them, or only small ones if all would leave no room."""
    return pairs if len(dump(pairs)) <= _ROOM_FOR_SHARED else _small(pairs)


def _small(pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [pair for pair in pairs[:128] if len(dump(pair)) <= 1024]


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    return [_well_formed(item) for item in value] if isinstance(value, list) else value


def _cut(value: Any, longest: int, key: str = "") -> Any:
    if isinstance(value, str) and len(value) > longest:
        # Base64 stays whole groups of four; any other text tells that it was cut.
        return (
            value[:longest]
            if key == "bytesValue"
            else f"{value[:longest]}… [cut from {len(value)} characters]"
        )
    if isinstance(value, dict):
        return {name: _cut(item, longest, name) for name, item in value.items()}
    return [_cut(item, longest) for item in value] if isinstance(value, list) else value


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its first small attributes, and without its events and links; both are counted."""
    attributes = record.get("attributes", [])
    kept = _small(attributes)
    bare = {**record, "attributes": kept}
    _count(bare, "droppedAttributesCount", len(attributes) - len(kept))
    for name, counter in (("events", "droppedEventsCount"), ("links", "droppedLinksCount")):
        _count(bare, counter, len(bare.pop(name, [])))
    return bare


def _count(record: dict[str, Any], counter: str, more: int) -> None:
    if more:
        record[counter] = record.get(counter, 0) + more
