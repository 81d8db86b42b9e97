"""A wrong wire type, or damage, in every place of OTLP protobuf costs that place, at most its span."""

from collections.abc import Iterator, Mapping

from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from tests.builders import T0
from tests.formats.protobuf import framed, read
from tracetui.formats.detail import decode_span
from tracetui.formats.otlp import protobuf
from tracetui.model.batch import SpanBatch

Nested = Mapping[int, "Nested"]
Place = tuple[int, ...]
"""The index of a field in its message, of a field in that, and so on."""

_PAIR: Nested = {2: {}}
_SPAN: Nested = {9: _PAIR, 11: {3: _PAIR}, 13: {4: _PAIR}, 15: {}}
_TRACES: Nested = {1: {1: {1: _PAIR}, 2: {1: {3: _PAIR}, 2: _SPAN}}}
"""Which fields are messages."""

WRONG = (b"\x00\x05", b"\x01" + b"\x07" * 8, b"\x05" + b"\x07" * 4, b"\x02\x00", b"\x02\x03\xff\xff\xff")
"""A tag without its number, and a value: a varint, eight bytes, four bytes, nothing, and no message."""

SPANS_AT = 3
"""Places are in a span from this depth on: group, scope, span."""


def traces() -> bytes:
    """Three spans with everything in them, the third in a group of its own."""
    made = TracesData()
    for names in (("one", "two"), ("three",)):
        group = made.resource_spans.add()
        group.resource.attributes.add(key="service.name").value.string_value = "depot"
        scoped = group.scope_spans.add()
        scoped.scope.name = "tests"
        scoped.scope.attributes.add(key="k").value.int_value = 1
        for name in names:
            span = scoped.spans.add(trace_id=b"t" * 16, span_id=name.encode().ljust(8), name=name, kind=3)
            span.start_time_unix_nano, span.end_time_unix_nano = T0, T0 + 5
            span.parent_span_id, span.trace_state, span.dropped_events_count = b"p" * 8, "a=b", 1
            span.attributes.add(key="test.case.name").value.string_value = name
            span.attributes.add(key="cold").value.array_value.values.add().double_value = 1.5
            event = span.events.add(time_unix_nano=T0, name="e")
            event.attributes.add(key="k").value.bool_value = True
            span.links.add(trace_id=b"l" * 16, span_id=b"l" * 8).attributes.add(key="k")
            span.status.code, span.status.message = 2, "bad"
    data: bytes = made.SerializeToString()
    return data


def places(data: bytes, nested: Nested = _TRACES, place: Place = ()) -> Iterator[Place]:
    """Every field of a message, and those of the messages in it."""
    for index, field in enumerate(protobuf.fields(data, 0, len(data))):
        yield (*place, index)
        if field.number in nested:
            inner = data[field.begin : field.end]
            yield from places(inner, nested[field.number], (*place, index))


def replaced(data: bytes, place: Place, wrong: bytes) -> bytes:
    """The message with another field of the same number in a place."""
    made = b""
    for index, field in enumerate(protobuf.fields(data, 0, len(data))):
        if index != place[0]:
            made += _field(data, field)
        elif len(place) == 1:
            made += _varint(field.number << 3 | wrong[0]) + wrong[1:]
        else:
            made += _message(field.number, replaced(data[field.begin : field.end], place[1:], wrong))
    return made


def _field(data: bytes, field: protobuf.Field) -> bytes:
    if field.wire_type == protobuf.LENGTH:
        return _message(field.number, data[field.begin : field.end])
    tag = _varint(field.number << 3 | field.wire_type)
    if field.wire_type == protobuf.VARINT:
        return tag + _varint(field.begin)
    return tag + field.begin.to_bytes(8 if field.wire_type == protobuf.FIXED64 else 4, "little")


def _message(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | protobuf.LENGTH) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    made = bytearray()
    while value >= 0x80:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def looked_at(data: bytes, batch: SpanBatch) -> None:
    """Every span in full, each from its own bytes."""
    for place in range(len(batch)):
        own = data[batch.offset[place] : batch.offset[place] + batch.length[place]]
        found = decode_span(own, batch.resource[place], batch.scope[place])
        assert (found.span_id, found.name) == (batch.span_id[place], batch.name[place])


def test_every_place_may_be_of_another_type() -> None:
    """Behind a healthy message: of spans beside it nothing is lost, what is lost of its own is counted."""
    healthy = traces()
    assert read(framed(healthy)).name == ["one", "two", "three"]
    for place in places(healthy):
        for wrong in WRONG:
            data = framed(healthy, replaced(healthy, place, wrong))
            batch = read(data)
            kept = {"three"} if place[0] == 0 else {"one", "two"}
            assert kept <= set(batch.name[3:]), (place, wrong)
            assert len(place) < SPANS_AT or len(batch) >= 5, (place, wrong)
            if len(batch) < 6 and wrong != b"\x02\x00":
                assert batch.rejected, (place, wrong)
            looked_at(data, batch)
