"""The shapes of OTLP's messages, as tables made of its own descriptors."""

from functools import cache
from typing import Any, NamedTuple, Optional

from tracetui.formats.otlp.protobuf import LENGTH
from tracetui.receive.requests.scalars import ID, IDS, SCALARS, Scalar

COUNTERS = {
    "attributes": "droppedAttributesCount",
    "events": "droppedEventsCount",
    "links": "droppedLinksCount",
}
"""Lists, and what counts the elements that are left out of them."""


class Slot(NamedTuple):
    """A field: a message or a scalar; one that `is_explicit` is written even if it is empty or zero."""

    name: str
    wire_type: int
    message: Optional["Shape"]
    scalar: Scalar
    is_repeated: bool
    is_explicit: bool
    enum: dict[str, int]


class Shape:
    """A message: its fields by number and by their names in JSON; of one that `is_choice` only one is set."""

    def __init__(self) -> None:
        self.by_number: dict[int, Slot] = {}
        self.by_name: dict[str, Slot] = {}
        self.is_choice = False

    def child(self, name: str) -> "Shape":
        """The shape of a field that is a message."""
        message = self.by_name[name].message
        assert message is not None
        return message


@cache
def shape_of(descriptor: Any) -> Shape:
    """The shape of a message of protobuf's."""
    return _shape(descriptor, {})


def _shape(descriptor: Any, known: dict[str, Shape]) -> Shape:
    """Messages may hold others of their own kind, so each is known before its fields are."""
    if descriptor.full_name in known:
        return known[descriptor.full_name]
    shape = known[descriptor.full_name] = Shape()
    shape.is_choice = bool(descriptor.oneofs)
    for field in descriptor.fields:
        message = _shape(field.message_type, known) if field.message_type else None
        scalar = ID if field.json_name in IDS else SCALARS.get(field.type, ID)
        slot = Slot(
            field.json_name,
            LENGTH if message else scalar.wire_type,
            message,
            scalar,
            field.is_repeated,
            field.has_presence,
            {value.name: value.number for value in field.enum_type.values} if field.enum_type else {},
        )
        shape.by_number[field.number] = shape.by_name[field.json_name] = slot
    return shape
