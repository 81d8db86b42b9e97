"""Messages on protobuf's wire as objects of OTLP/JSON, one record at a time.

A message that comes in pieces, which no writer makes, is what its last piece says.
"""

import threading
from collections import Counter
from contextlib import nullcontext
from typing import Any

from tracetui.formats.otlp.protobuf import LENGTH, Field, fields
from tracetui.receive.requests.limits import DEEPEST, MOST_RECORD_FIELDS, Budget, TooManyError
from tracetui.receive.requests.shapes import COUNTERS, Shape, Slot

SMALL_BYTES, MOST_SMALL = 1 << 10, 128
"""Of a record that has too much, so many attributes of at most that length are read."""
LARGE_BYTES = 8 << 10
"""Larger records are read one after the other, whoever sends them: each may take many times its size."""
LARGE = threading.Lock()
_DEEPER: dict[str, Any] = {"stringValue": "… (nested deeper)"}
LEFT_OUT: dict[str, Any] = {"stringValue": f"… [left out: more than {MOST_RECORD_FIELDS} values]"}


def record(shape: Shape, data: bytes, field: Field, budget: Budget) -> dict[str, Any]:
    """The record, resource or scope in a field of `data`; raises `ValueError` if it is none, and
    `TooManyError`.
    """
    own = Budget(MOST_RECORD_FIELDS)
    with LARGE if field.end - field.begin > LARGE_BYTES else nullcontext():
        try:
            return _message(shape, data, field, own, 0)
        except TooManyError:
            return _thinned(shape, data, field, budget)
        finally:
            budget.spend(MOST_RECORD_FIELDS - max(0, own.left))


def _message(shape: Shape, data: bytes, within: Field, budget: Budget, depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in fields(data, within.begin, within.end):
        budget.spend()
        slot = shape.by_number.get(field.number)
        if slot is None or slot.wire_type != field.wire_type:
            continue
        if shape.is_choice:
            made.clear()
        _add(made, slot, _value(slot, data, field, budget, depth))
    return made


def _value(slot: Slot, data: bytes, field: Field, budget: Budget, depth: int) -> Any:
    if slot.message is None:
        return slot.scalar.from_wire(data, field.begin, field.end)
    if depth < DEEPEST:
        return _message(slot.message, data, field, budget, depth + 1)
    return _DEEPER if slot.message.is_choice else {}


def _add(made: dict[str, Any], slot: Slot, value: Any) -> None:
    """Adds a value; the last one counts, also if it is empty."""
    if slot.is_repeated:
        made.setdefault(slot.name, []).append(value)
    elif value or slot.is_explicit:
        made[slot.name] = value
    else:
        made.pop(slot.name, None)


def _thinned(shape: Shape, data: bytes, within: Field, budget: Budget) -> dict[str, Any]:
    """The record without most of its lists; what is left out is counted where OTLP has a place for that."""
    made: dict[str, Any] = {}
    dropped: Counter[str] = Counter()
    for field in fields(data, within.begin, within.end):
        budget.spend()
        slot = shape.by_number.get(field.number)
        if slot is None or slot.wire_type != field.wire_type:
            continue
        if _is_kept(slot, made, field):
            _add_within(made, slot, data, field)
        elif slot.name in COUNTERS:
            dropped[COUNTERS[slot.name]] += 1
    return made | {name: made.get(name, 0) + count for name, count in dropped.items()}


def _is_kept(slot: Slot, made: dict[str, Any], field: Field) -> bool:
    if slot.name != "attributes":
        return not slot.is_repeated
    return len(made.get(slot.name, ())) < MOST_SMALL and field.end - field.begin <= SMALL_BYTES


def _add_within(made: dict[str, Any], slot: Slot, data: bytes, field: Field) -> None:
    """Adds a field, unless that alone has too much."""
    try:
        _add(made, slot, _value(slot, data, field, Budget(MOST_RECORD_FIELDS // 4), 0))
    except TooManyError:
        if slot.message and slot.message.is_choice:
            made[slot.name] = LEFT_OUT


def whole(number: int, data: bytes, within: Field) -> bytes:
    """The content of all fields of a number, one behind the other: protobuf's way to merge messages."""
    parts = fields(data, within.begin, within.end)
    return b"".join(
        data[part.begin : part.end] for part in parts if part.number == number and part.wire_type == LENGTH
    )
