"""Requests as protobuf, read along the wire: no message of them is built, and one record is held at a time.

Resource and scope, spans and log records have the same numbers in their envelopes.
"""

from array import array
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tracetui.formats.otlp.protobuf import LENGTH, Field, fields
from tracetui.receive.requests.limits import Budget
from tracetui.receive.requests.lines import Lines, LineWriter
from tracetui.receive.requests.messages import record
from tracetui.receive.requests.signals import Signal

_HEAD, _LIST, _SCHEMA = 1, 2, 3
RECORD_FIELDS = 8
"""A record counts as so many fields, beside its own: it takes that much time."""


class _Envelope(NamedTuple):
    """What the elements of an envelope share, and the places of the elements."""

    head: bytes
    schema: str
    places: "array[int]"
    left_out: int

    def elements(self) -> Iterator[Field]:
        """The elements."""
        for index in range(0, len(self.places), 2):
            yield Field(_LIST, LENGTH, self.places[index], self.places[index + 1])


def lines_of_protobuf(signal: Signal, data: bytes, take: Callable[[int], None]) -> Lines:
    """The lines of a request; raises `ValueError` if it is none, `TooManyError`, and what `take` raises."""
    writer, budget = LineWriter(signal, take), Budget()
    for group in fields(data, 0, len(data)):
        budget.spend()
        if group.number == 1 and group.wire_type == LENGTH and group.begin < group.end:
            _add_group(writer, signal, data, group, budget)
    return writer.finished()


def _add_group(writer: LineWriter, signal: Signal, data: bytes, group: Field, budget: Budget) -> None:
    envelope = _envelope(data, group, 1, budget)
    if not envelope.places:
        return
    whole = Field(_HEAD, LENGTH, 0, len(envelope.head))
    writer.group(record(signal.shapes.resource, envelope.head, whole, budget), envelope.schema)
    for scoped in envelope.elements():
        _add_scope(writer, signal, data, scoped, budget)


def _add_scope(writer: LineWriter, signal: Signal, data: bytes, scoped: Field, budget: Budget) -> None:
    envelope = _envelope(data, scoped, signal.least_bytes, budget)
    writer.rejected += envelope.left_out
    if not envelope.places:
        return
    whole = Field(_HEAD, LENGTH, 0, len(envelope.head))
    writer.scope(record(signal.shapes.scope, envelope.head, whole, budget), envelope.schema)
    for element in envelope.elements():
        budget.spend(RECORD_FIELDS)
        writer.add(record(signal.shapes.record, data, element, budget))


def _envelope(data: bytes, within: Field, least_bytes: int, budget: Budget) -> _Envelope:
    """One look at all fields; elements that are too short to be any are counted, and forgotten."""
    head, schema, places, left_out = bytearray(), "", array("I"), 0
    for field in fields(data, within.begin, within.end):
        budget.spend()
        if field.wire_type != LENGTH:
            continue
        if field.number == _LIST:
            if field.end - field.begin >= least_bytes:
                places.append(field.begin)
                places.append(field.end)
            else:
                left_out += 1
        elif field.number == _HEAD:
            head += data[field.begin : field.end]
        elif field.number == _SCHEMA:
            schema = data[field.begin : field.end].decode("utf-8", "replace")
    return _Envelope(bytes(head), schema, places, left_out)
