"""Protobuf by the native path: whatever the bytes, it says what decoding one by one says."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span, TracesData

from tests.benchmarks.spans import DIALECTS
from tests.budgets import examples
from tests.formats.protobuf import framed, messages
from tests.formats.test_scanned import told
from tracetui import kernel
from tracetui.formats.otlp.frames import Frames, Header, collector_header, field_header
from tracetui.formats.scanned import scanned
from tracetui.formats.scanned.scanned import Scanned
from tracetui.model.batch import SpanBatch

pytestmark = pytest.mark.skipif(bool(kernel.why_not()), reason="no kernel")


@pytest.fixture(autouse=True)
def _everything_is_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is so short that it would be read one by one."""
    monkeypatch.setattr(scanned, "LEAST_BYTES", 0)


MESSAGES = {dialect: [*messages(dialect, 60, 20)] for dialect in DIALECTS}


def read(data: bytes, header: Header, *, natively: bool) -> SpanBatch:
    reader = Frames(header)
    if not natively:
        reader._scanned = Scanned(None)
    reader.feed(data)
    reader.finish()
    return reader.take()


def assert_same(data: bytes) -> SpanBatch:
    """In both framings; the batch of the Collector's."""
    for header, text in ((field_header, data), (collector_header, framed(data))):
        batch = read(text, header, natively=True)
        fast, slow = told(batch), told(read(text, header, natively=False))
        for name, values in slow.items():
            assert fast[name] == values, name
    return batch


@pytest.mark.parametrize("dialect", DIALECTS)
def test_recordings_read_the_same(dialect: str) -> None:
    """Every column of every span; nearly all are read in bulk."""
    for message in MESSAGES[dialect]:
        batch = assert_same(message.SerializeToString())
        assert (len(batch), sum(map(len, batch.packed)) >= 19) == (20, True)


def span_of(message: TracesData) -> Span:
    span: Span = message.resource_spans[0].scope_spans[0].spans[7]
    return span


EVIL: dict[str, Callable[[Span], object]] = {
    "no name": lambda span: span.ClearField("name"),
    "no trace": lambda span: span.ClearField("trace_id"),
    "a short id": lambda span: setattr(span, "span_id", b"short"),
    "an id of zeros": lambda span: setattr(span, "span_id", bytes(8)),
    "a parent of zeros": lambda span: setattr(span, "parent_span_id", bytes(8)),
    "a short parent": lambda span: setattr(span, "parent_span_id", b"x"),
    "no parent": lambda span: span.ClearField("parent_span_id"),
    "no start": lambda span: span.ClearField("start_time_unix_nano"),
    "no end": lambda span: span.ClearField("end_time_unix_nano"),
    "the last time": lambda span: setattr(span, "end_time_unix_nano", (1 << 63) - 1),
    "a time past all": lambda span: setattr(span, "end_time_unix_nano", 1 << 63),
    "a status": lambda span: setattr(span.status, "code", 2),
    "an unknown status": lambda span: setattr(span.status, "code", 3),
    "a negative status": lambda span: setattr(span.status, "code", -1),
    "a hot key twice": lambda span: span.attributes.add(key="pytest.outcome").value.SetInParent(),
    "a hot key without a value": lambda span: span.attributes.add(key="pytest.outcome"),
    "a hot list": lambda span: span.attributes.add(
        key="test.case.result.reason"
    ).value.array_value.SetInParent(),
    "a hot number": lambda span: setattr(span.attributes.add(key="error.type").value, "int_value", -7),
    "a hot truth": lambda span: setattr(span.attributes.add(key="error.type").value, "bool_value", True),
    "a hot fraction": lambda span: setattr(span.attributes.add(key="error.type").value, "double_value", 1.5),
    "a cold number": lambda span: setattr(span.attributes.add(key="x").value, "int_value", -7),
    "a key that is long": lambda span: span.attributes.add(key="x" * 128).value.SetInParent(),
    "no key": lambda span: setattr(span.attributes.add().value, "int_value", 1),
    "processor time": lambda span: setattr(
        span.attributes.add(key="tracetui.cpu_ns").value, "int_value", 10**18 - 1
    ),
    "too much of it": lambda span: setattr(
        span.attributes.add(key="tracetui.cpu_ns").value, "int_value", 10**18
    ),
    "less than none": lambda span: setattr(span.attributes.add(key="tracetui.cpu_ns").value, "int_value", -1),
    "a place as text": lambda span: setattr(
        span.attributes.add(key="tracetui.test.index").value, "string_value", "5"
    ),
    "a place": lambda span: setattr(span.attributes.add(key="tracetui.test.index").value, "int_value", 5),
    "a home elsewhere": lambda span: setattr(
        span.attributes.add(key="tracetui.parent.span_id").value, "string_value", "0" * 15 + "1"
    ),
    "half a span": lambda span: setattr(
        span.attributes.add(key="logfire.span_type").value, "string_value", "pending_span"
    ),
}


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_evil_spans_read_the_same(dialect: str, evil: str) -> None:
    """One span among its like that says something else, alone and after others."""
    message = TracesData.FromString(MESSAGES[dialect][0].SerializeToString())
    EVIL[evil](span_of(message))
    assert_same(message.SerializeToString())


PARTS = {
    "a resource twice": lambda group: group + b"\x0a\x00",
    "a resource behind": lambda group: group[: 0] + group + b"\x0a\x02\x10\x01",
    "old scopes": lambda group: group + b"\xc2\x3e\x00",
    "a scope of no message": lambda group: group + b"\x10\x05",
    "another field": lambda group: group + b"\x1a\x01u",
    "a field of a group": lambda group: group + b"\x1b",
    "a number without end": lambda group: group + b"\x12" + b"\xff" * 11,
    "a scope beyond": lambda group: group + b"\x12\x05x",
    "a log record": lambda group: group + b"\x12\x0b\x12\x09\x09" + bytes(8),
    "an empty span": lambda group: group + b"\x12\x02\x12\x00",
    "a span that is none": lambda group: group + b"\x12\x05\x12\x03\x0a\x01x",
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_evil_envelopes_read_the_same(part: str) -> None:
    """What is around spans, in ways that protobuf allows and that it does not."""
    group = MESSAGES["tracetui"][0].resource_spans[0].SerializeToString()
    changed = PARTS[part](group)
    length = len(changed)
    assert_same(b"\x0a" + bytes([length & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length >> 14]) + changed)


@settings(max_examples=examples(35))
@given(st.data())
def test_damaged_messages_read_the_same(data: st.DataObject) -> None:
    """Bytes flipped, cut out, doubled or put in."""
    message = MESSAGES[data.draw(st.sampled_from(sorted(MESSAGES)))][0].SerializeToString()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(message) - 1))
        length = data.draw(st.sampled_from([0, 1, 1, 2, 8, 40]))
        put = data.draw(st.one_of(st.binary(max_size=3), st.just(2 * message[at : at + length])))
        message = message[:at] + put + message[at + length :]
    assert_same(message)
