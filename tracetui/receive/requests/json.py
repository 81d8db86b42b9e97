"""Requests as JSON, read record by record: what is not being read stays text."""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache
from typing import Any

import msgspec
import orjson
from msgspec import Raw

from tracetui.formats.otlp.values import without_half_surrogates
from tracetui.receive.requests.limits import DEEPEST, MOST_RECORD_FIELDS, TooManyError
from tracetui.receive.requests.lines import Lines, LineWriter
from tracetui.receive.requests.messages import LARGE, LARGE_BYTES, LEFT_OUT, MOST_SMALL, SMALL_BYTES
from tracetui.receive.requests.shapes import COUNTERS, Shape, Slot
from tracetui.receive.requests.signals import Signal

MOST_VALUES = 2 << 20
"""Of a request: objects, arrays, and what stands between commas. The largest body of real spans has fewer."""
_RAW_BYTES = 56
"""What a value takes in a list of those that are not read yet."""
_MOST_ESCAPES = 1 << 16
"""In JSON that is repaired: each takes many times its size."""
_LEAST_BYTES = len('{"traceId":"","spanId":""}') + 32 + 16
_MARKS = (b"{", b"[", b",")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|([{\[,])', re.DOTALL)
_list = msgspec.json.Decoder(list[Raw] | None)


@cache
def _envelope(head: str, elements: str) -> "msgspec.json.Decoder[Any]":
    """Reads an object of which three members matter: the other two are text still."""
    members = [
        ("head", Raw, msgspec.field(name=head, default=Raw(b"{}"))),
        ("elements", Raw, msgspec.field(name=elements, default=Raw(b"[]"))),
        ("schema", str | None, msgspec.field(name="schemaUrl", default="")),
    ]
    return msgspec.json.Decoder(msgspec.defstruct("Envelope", members))


@cache
def _members(shape: Shape) -> "msgspec.json.Decoder[Any]":
    """Reads an object of that shape; its members are text still."""
    members = [(name, Raw, msgspec.field(default=Raw())) for name in shape.by_name]
    return msgspec.json.Decoder(msgspec.defstruct("Members", members))


def lines_of_json(signal: Signal, data: bytes, take: Callable[[int], None]) -> Lines:
    """The lines of a request; raises `ValueError` if it is none, `TooManyError`, and what `take` raises."""
    count = _counted(data, MOST_VALUES)
    if count > MOST_VALUES:
        raise TooManyError
    take(_RAW_BYTES * min(count, data.count(b",")))
    try:
        return _lines(signal, data, take)
    except ValueError:
        if b"\\u" not in data or data.count(b"\\") > _MOST_ESCAPES:
            raise
    return _lines(signal, without_half_surrogates(data), take)


def _lines(signal: Signal, data: bytes, take: Callable[[int], None]) -> Lines:
    writer = LineWriter(signal, take)
    try:
        for group in _list.decode(_envelope("resource", signal.groups).decode(data).elements) or ():
            _add_group(writer, signal, group)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"no OTLP/JSON: {error}") from error
    return writer.finished()


def _add_group(writer: LineWriter, signal: Signal, raw: Raw) -> None:
    group = _envelope("resource", signal.scopes).decode(raw)
    scopes = _list.decode(group.elements)
    if scopes:
        writer.group(_record(signal.shapes.resource, group.head), group.schema or "")
    for element in scopes or ():
        scoped = _envelope("scope", signal.records).decode(element)
        writer.scope(_record(signal.shapes.scope, scoped.head), scoped.schema or "")
        for record in _long_enough(writer, signal, _list.decode(scoped.elements) or []):
            writer.add(_record(signal.shapes.record, record))


def _long_enough(writer: LineWriter, signal: Signal, records: list[Raw]) -> Iterator[Raw]:
    """Records that may be valid; objects that are too short for that are counted, and forgotten."""
    least_bytes = _LEAST_BYTES if signal.least_bytes else 0
    for record in records:
        text = memoryview(record)
        if len(text) < least_bytes and bytes(text[:1]) == b"{":
            writer.rejected += 1
        else:
            yield record


def _counted(data: bytes, most: int) -> int:
    """The number of values in JSON, or a little more; what is in texts counts if it does not matter."""
    count = sum(map(data.count, _MARKS))
    if count <= most:
        return count
    count = 0
    for token in _TOKEN.finditer(data):
        count += token[1] is not None
        if count > most:
            break
    return count


def _record(shape: Shape, raw: Raw) -> dict[str, Any]:
    """A record, resource or scope as we write it."""
    text = bytes(raw)
    with LARGE if len(text) > LARGE_BYTES else nullcontext():
        if _counted(text, MOST_RECORD_FIELDS) > MOST_RECORD_FIELDS:
            return _thinned(shape, text)
        return _object(shape, orjson.loads(text), 0)


def _thinned(shape: Shape, text: bytes) -> dict[str, Any]:
    """The record without most of its lists; what is left out is counted where OTLP has a place for that."""
    members = _members(shape).decode(text)
    kept: dict[str, Any] = {}
    dropped: dict[str, int] = {}
    for name, slot in shape.by_name.items():
        raw: Raw = getattr(members, name)
        if name in COUNTERS and slot.is_repeated:
            elements = _list.decode(raw) or () if memoryview(raw) else ()
            wanted = [one for one in elements if name == "attributes" and len(memoryview(one)) <= SMALL_BYTES]
            kept[name] = [orjson.loads(bytes(one)) for one in wanted[:MOST_SMALL]]
            dropped[COUNTERS[name]] = len(elements) - len(kept[name])
        elif memoryview(raw) and not slot.is_repeated:
            kept |= _kept(slot, bytes(raw))
    made = _object(shape, kept, 0)
    return made | {name: made.get(name, 0) + count for name, count in dropped.items() if count}


def _kept(slot: Slot, text: bytes) -> dict[str, Any]:
    """A member, unless that alone has too much."""
    if _counted(text, MOST_RECORD_FIELDS // 4) <= MOST_RECORD_FIELDS // 4:
        return {slot.name: orjson.loads(text)}
    return {slot.name: LEFT_OUT} if slot.message and slot.message.is_choice else {}


def _object(shape: Shape, value: Any, depth: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"no object: {str(value)[:40]}")
    made: dict[str, Any] = {}
    for name, content in value.items():
        slot = shape.by_name.get(name)
        if slot is None or content is None:
            continue
        member = _list_of(slot, content, depth) if slot.is_repeated else _one(slot, content, depth)
        if member or (slot.is_explicit and member is not None):
            made[name] = member
    return made


def _list_of(slot: Slot, content: Any, depth: int) -> list[Any]:
    if not isinstance(content, list):
        raise TypeError(f"{slot.name}: no list")
    return [_one(slot, element, depth) for element in content]


def _one(slot: Slot, content: Any, depth: int) -> Any:
    """A value; None for the name of an enum's that is not known."""
    if slot.message:
        if depth >= DEEPEST:
            raise ValueError("nested too deep")
        return _object(slot.message, content, depth + 1)
    if slot.enum and isinstance(content, str) and not content.lstrip("-").isdecimal():
        return slot.enum.get(content)
    return slot.scalar.from_json(content)
