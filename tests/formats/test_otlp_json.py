"""OTLP/JSON as strict and as loose as writers write it."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import (
    MS,
    T0,
    TRACE,
    Json,
    compact,
    document,
    heartbeat,
    indented,
    line,
    log_line,
    resource_spans,
    span,
    start_record,
    unfinished,
)
from tests.formats.reading import read
from tracetui.errors import DecodeError
from tracetui.formats.detail import decode_span
from tracetui.formats.framing.lines import MOST_BYTES, TOO_LONG
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.times import NO_TIME
from tracetui.model.batch import Heartbeat
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome, StatusCode
from tracetui.model.span import Span

ONE = span("one", parent="2" * 16, id="1" * 16, status=2)


def whole(data: bytes, number: int = 0) -> Span:
    """One span of `data`, read back in full from its bytes."""
    batch = read(data)
    begin = batch.offset[number]
    piece = data[begin : begin + batch.length[number]]
    return decode_span(piece, batch.resource[number], batch.scope[number])


def same_span(other: Json) -> bool:
    """Whether `other` reads like `ONE`."""
    ours, others = read(line(ONE)), read(line(other))
    assert not others.rejected
    ours.offset, ours.length = others.offset, others.length
    return ours == others


@pytest.mark.parametrize(("code", "name"), [(0, "UNSET"), (1, "OK"), (2, "ERROR")])
def test_enums_by_name_or_number(code: int, name: str) -> None:
    """Status codes are integers, digits or names."""
    for spelled in (code, str(code), f"STATUS_CODE_{name}"):
        assert read(line({**ONE, "status": {"code": spelled}})).status == [StatusCode(code)]


def test_kinds_by_name_or_number() -> None:
    """Span kinds are integers or names, unknown ones unspecified."""
    spelled: list[object] = [1, "SPAN_KIND_SERVER", 77, None, []]
    kinds = [whole(line({**ONE, "kind": kind})).kind for kind in spelled]
    assert kinds == ["internal", "server", "unspecified", "unspecified", "unspecified"]


def test_ids_in_hex_of_any_case_or_base64() -> None:
    """Ids come out as lower-case hex, whatever the writer used."""
    in_base64 = {
        key: base64.b64encode(bytes.fromhex(ONE[key])).decode()
        for key in ("traceId", "spanId", "parentSpanId")
    }
    assert same_span({**ONE, **in_base64})
    assert same_span({**ONE, "traceId": TRACE.upper()})
    link = {"traceId": in_base64["traceId"], "spanId": in_base64["spanId"]}
    (found,) = whole(line({**ONE, "links": [link]})).links
    assert (found.trace_id, found.span_id) == (TRACE, "1" * 16)


@pytest.mark.parametrize(
    "odd", ["", "z12", "zz" * 8, "QUJDREVGR0hJSktMTU5PUA", "AAAA====", "ABCDEFGHIJKLMNOP", "=" * 12]
)
def test_ids_of_no_known_form_stay_as_they_are(odd: str) -> None:
    """Opaque ids are kept as text."""
    assert read(line({**ONE, "spanId": odd})).span_id == [odd]


def test_zero_and_empty_parents_are_none() -> None:
    """Some writers give roots a parent of zeros."""
    for none in ("0" * 16, "", None, base64.b64encode(bytes(8)).decode()):
        assert read(line({**ONE, "parentSpanId": none})).parent_span_id == [""]


def test_numbers_as_strings_or_numbers() -> None:
    """64-bit integers are strings by the rule and numbers by habit."""
    assert same_span({**ONE, "startTimeUnixNano": T0, "endTimeUnixNano": T0 + MS})
    for value in ({"intValue": "7"}, {"intValue": 7}):
        assert whole(line({**ONE, "attributes": [{"key": "a", "value": value}]})).attributes == {"a": 7}


def test_unknown_fields_are_ignored() -> None:
    """At every level, as receivers must."""
    more = {"later": {"versions": [1, {"know": None}]}}
    data = {**document({**ONE, **more}), **more}
    data["resourceSpans"][0] |= more
    data["resourceSpans"][0]["scopeSpans"][0] |= more
    assert read(compact(data)).span_id == read(line(ONE)).span_id


def test_bare_resource_spans() -> None:
    """OpenTelemetry Java logs a `ResourceSpans` without envelope, some loggers a prefix before it."""
    batch = read(compact(resource_spans(ONE)))
    assert (batch.name, batch.rejected, batch.resource) == (["one"], [], read(line(ONE)).resource)


def test_instrumentation_libraries_are_scopes() -> None:
    """Collectors of before 2022 have another word for scopes."""
    old = line(ONE).replace(b"scopeSpans", b"instrumentationLibrarySpans")
    old = old.replace(b'"scope"', b'"instrumentationLibrary"')
    assert (read(old).name, read(old).scope) == (["one"], read(line(ONE)).scope)


def test_a_log_prefix_before_an_envelope_costs_only_itself() -> None:
    """What a logger writes before the JSON is counted, the JSON is read."""
    batch = read(b"INFO 12:00:00 otlp: " + line(ONE))
    assert (batch.name, batch.rejected) == (["one"], [])
    assert [(problem.offset, problem.kind) for problem in batch.noted] == [(0, Kind.OTHER_LINES)]


def test_arrays_and_documents_back_to_back() -> None:
    """A JSON array of documents, and documents without anything between them, are all read."""
    two = span("two")
    array = json.dumps([document(ONE), document(two)], indent=1).encode()
    for data in (array, line(ONE).rstrip() + line(two).rstrip(), indented(ONE) + indented(two)):
        assert (read(data).name, read(data).rejected) == (["one", "two"], [])


def test_a_bad_element_of_an_array_costs_itself() -> None:
    """The documents around it are read once."""
    batch = read(compact([document(ONE), {"no": "spans"}, document(span("two"))]))
    assert (batch.name, len(batch.rejected)) == (["one", "two"], 1)


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        ({"name": 7}, "name"),
        ({"kind": []}, "kind"),
        ({"flags": True}, "flags"),
        ({"attributes": {"a": 1}}, "attributes"),
        ({"attributes": [{"key": 1, "value": {}}]}, "attributes[0].key"),
        ({"attributes": [{"key": "a", "value": {}}, "b"]}, "attributes[1]"),
        ({"status": "ERROR"}, "status"),
        ({"status": {"code": 2, "message": 5}}, "status.message"),
        ({"events": [{"name": "e", "attributes": [5]}]}, "events[0].attributes[0]"),
        ({"links": {}}, "links"),
    ],
)
def test_a_field_of_a_wrong_type_costs_itself(bad: Json, path: str) -> None:
    """Its span is read, without it, and where that lies is told."""
    data = line(span("before"), {**ONE, **bad}, span("after"))
    batch = read(data)
    assert (len(batch), batch.name[0], batch.name[2], batch.rejected) == (3, "before", "after", [])
    assert (batch.trace_id[1], batch.span_id[1]) == (ONE["traceId"], ONE["spanId"])
    (problem,) = batch.noted
    assert (problem.reason, problem.kind) == (f"{path} of a wrong type", Kind.WRONG_TYPE)
    assert problem.offset == data.index(compact({**ONE, **bad}).rstrip())
    assert whole(data, 1).span_id == ONE["spanId"]


@pytest.mark.parametrize("time", [["soon"], {}, True, [1]])
def test_times_of_a_wrong_type_are_impossible(time: Any) -> None:
    """They cost no span: it is shown with the badge `clock`."""
    batch = read(line({**ONE, "startTimeUnixNano": time, "endTimeUnixNano": time}))
    assert (batch.start_ns, batch.end_ns) == ([NO_TIME], [NO_TIME])


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("soon", 1, 1),
        (-1, 0, 1),
        ("-5", 0, 1),
        (2**63, 2**63 - 1, 2**63 - 1),
        (str(2**64), 2**63 - 1, 2**63 - 1),
        (1.5, 1, 1),
        ("1.79e18", 1_790_000_000_000_000_000, 1_790_000_000_000_000_000),
        (1.79e18, 1_790_000_000_000_000_000, 1_790_000_000_000_000_000),
        ("Infinity", 1, 1),
        ("0", 0, 0),
        (0, 0, 0),
        (None, 0, 0),
        ("", 0, 0),
    ],
)
def test_times_that_cannot_be_cost_no_span(written: object, start: int, end: int) -> None:
    """They are clamped; an end that is none is not one that has yet to come."""
    batch = read(line({**ONE, "startTimeUnixNano": written}, {**ONE, "endTimeUnixNano": written}))
    assert (len(batch), batch.rejected) == (2, [])
    assert (batch.start_ns[0], batch.end_ns[1]) == (start, end)


@pytest.mark.parametrize("literal", [b"NaN", b"Infinity", b"-Infinity"])
def test_a_time_that_is_not_a_number_costs_no_span(literal: bytes) -> None:
    """What Python writes for NaN where a time should be."""
    data = line(ONE).replace(b'"%d"' % (T0 + MS), literal)
    batch = read(data)
    assert (batch.name, batch.start_ns, batch.end_ns) == (["one"], [T0], [1])


@pytest.mark.parametrize("nothing", [{}, None, 5, "span", []])
def test_what_is_no_span_is_rejected(nothing: object) -> None:
    """An entry with neither ids nor name, or that is no object, is no span."""
    data = document(ONE)
    data["resourceSpans"][0]["scopeSpans"][0]["spans"].append(nothing)
    batch = read(compact(data))
    assert (batch.name, len(batch.rejected)) == (["one"], 1)


def test_half_a_surrogate_costs_nothing() -> None:
    """Python writes lone surrogates as escapes that strict parsers refuse; offsets stay right."""
    odd = span("\ud800", {"a": "x\udfff\\ud800\U0001f600"})
    data = json.dumps(document(odd, ONE)).encode() + b"\n"
    batch = read(data)
    assert (batch.name, batch.rejected) == (["\ufffd", "one"], [])
    assert whole(data).attributes == {"a": "x\ufffd\\ud800\U0001f600"}
    assert whole(data, 1).name == "one"


def test_bad_utf8_costs_nothing_but_itself() -> None:
    """What cannot be read of a text is replaced: in a name, in what decides the role, in an event."""
    odd = span("n\xff", {"tracetui.span.role": "test", "test.case.name": "t\xff"})
    batch = read(line(odd).replace("\xff".encode(), b"\xff") + line(ONE))
    assert (batch.name, batch.title, batch.rejected) == (["n\ufffd", "one"], ["t\ufffd", "one"], [])
    event = {"timeUnixNano": "1", "name": "e\xff"}
    data = line({**ONE, "events": [event]}).replace("\xff".encode(), b"\xff")
    assert read(data).name == ["one"]
    assert whole(data).events[0].name == "e\ufffd"


def test_nonsense_in_events_and_links_does_not_hide_a_span() -> None:
    """What reading does not look at may be anything; the rest of the span is shown."""
    events = [
        {"timeUnixNano": "x", "name": 7},
        {"timeUnixNano": [1]},
        None,
        5,
        {"attributes": [1, {"key": 2}]},
    ]
    links = [{"traceId": 5, "spanId": ["x"]}, {}, None]
    found = whole(line({**ONE, "events": events, "links": links, "flags": "x", "droppedEventsCount": "y"}))
    assert (found.name, len(found.events), len(found.links)) == ("one", 3, 2)
    assert [event.time_ns for event in found.events] == [0, 0, 0]


@pytest.mark.parametrize("levels", [100, 900, 1_100, 100_000])
def test_nesting_bombs_are_survived(levels: int) -> None:
    """However deep a value is nested, the next line is read; what was read can be looked at."""
    value = b'{"arrayValue":{"values":[' * levels + b"]}}" * levels
    bomb = line({**ONE, "attributes": [{"key": "a", "value": "BOMB"}]}).replace(b'"BOMB"', value)
    data = bomb + line(span("after"))
    batch = read(data)
    assert batch.name[-1] == "after"
    assert len(batch) + len(batch.rejected) == 2
    if len(batch) == 2:
        assert "nested deeper" in str(whole(data).attributes["a"])


@pytest.mark.parametrize(
    "bomb", [b"[" * 200_000, b"[" * 500 + b"]" * 500, b'{"a":' * 200_000, b'{"\\"' * 30_000]
)
def test_brackets_and_quotes_are_survived(bomb: bytes) -> None:
    """Garbage that opens and never closes costs itself."""
    assert read(bomb + b"\n" + line(ONE)).name == ["one"]


def test_many_quotes_in_an_unfinished_string_are_read_in_linear_time() -> None:
    """A torn line full of escaped quotes is cheap: this would take hours if each were tried."""
    batch = read(b'{"a":"' + b'\\"' * 1_000_000)
    assert len(batch.torn) == 1


def test_many_documents_on_one_line_are_read_in_linear_time() -> None:
    """Fifty thousand documents back to back, without a line end."""
    assert len(read(line(ONE).rstrip() * 50_000)) == 50_000


def test_a_line_without_end_is_dropped_and_told_once() -> None:
    """Memory is bounded: what is longer than any line may be is skipped up to its end."""
    reader = OtlpJson()
    for _ in range(MOST_BYTES // (1 << 20) + 3):
        reader.feed(b"x" * (1 << 20))
        assert reader.pending <= MOST_BYTES
    reader.feed(b"\n" + line(ONE))
    batch = reader.take()
    assert batch.name == ["one"]
    assert [problem.reason for problem in batch.rejected] == [TOO_LONG]


def test_logs_of_others_are_counted() -> None:
    """Log records are no spans and no rubbish: there were so many."""
    batch = read(log_line({"body": {"stringValue": "hi"}}, {"eventName": "other.event"}))
    assert (len(batch), batch.log_records, batch.rejected) == (0, 2, [])


def test_a_start_record_is_an_unfinished_span() -> None:
    """It has the ids, name, parent, start and role of the span it announces."""
    test = span("t", {"tracetui.span.role": "test", "test.case.name": "a::t"}, parent="2" * 16, end=0)
    started, plain = read(start_record(test)), read(line(test))
    started.offset, started.length = plain.offset, plain.length
    assert started == plain
    assert started.outcome == [Outcome.RUNNING]
    found = whole(start_record(test))
    assert (found.name, found.parent_span_id, found.start_ns, found.end_ns) == ("t", "2" * 16, T0, 0)
    assert found.attributes == {"tracetui.span.role": "test", "test.case.name": "a::t"}


def test_a_start_record_with_odd_values_can_be_looked_at() -> None:
    """What its attributes should hold and do not is empty."""
    odd = [
        {"key": f"tracetui.span.{name}", "value": {"arrayValue": {}}} for name in ("name", "parent_span_id")
    ]
    record = {"eventName": "tracetui.span.start", "spanId": "1" * 16, "timeUnixNano": "5", "attributes": odd}
    record["attributes"] = [
        *odd,
        {"key": "tracetui.span.start_time_unix_nano", "value": {"doubleValue": 1e300}},
    ]
    data = log_line(record)
    assert read(data).start_ns == [5]
    assert whole(data).start_ns == 5


def test_a_heartbeat_tells_of_its_writer() -> None:
    """Process, machine and what was dropped; it is no span."""
    batch = read(heartbeat(T0, pid=7, host="h", boot_id="b", dropped=3, open_spans=1))
    assert (len(batch), batch.heartbeats) == (0, [Heartbeat(T0, 7, "h", "b", 3, open_spans=1)])


def test_logfires_pending_span_is_the_unfinished_span_itself() -> None:
    """It hangs below the span it announces and names that span's parent apart."""
    told = {"logfire.span_type": "pending_span", "logfire.pending_parent_id": "2" * 16}
    pending = span("one", told, id="9" * 16, parent="1" * 16, end=T0)
    batch = read(line(pending))
    assert (batch.span_id, batch.parent_span_id, batch.end_ns) == (["1" * 16], ["2" * 16], [0])
    root = span("one", told | {"logfire.pending_parent_id": "0" * 16}, id="9" * 16, parent="1" * 16)
    assert read(line(root)).parent_span_id == [""]


def test_a_span_without_end_is_running() -> None:
    """Dagger exports spans at their start, without an end, under the same ids."""
    for end in (None, 0, "0"):
        batch = read(line({**unfinished(ONE), "endTimeUnixNano": end}))
        assert (batch.end_ns, batch.outcome) == ([0], [Outcome.RUNNING])


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"null", b'{"traceId"', b"\xff"])
def test_bytes_that_are_no_span_any_more_say_so(data: bytes) -> None:
    """Reading a span back raises a `DecodeError`, nothing else."""
    with pytest.raises(DecodeError):
        decode_span(data, b"", b"")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(["traceId", "spanId", "name", "kind", "status", "attributes", "events", "links"])


@settings(max_examples=examples(95))
@given(st.dictionaries(fields, json_values, max_size=4))
def test_whatever_a_field_holds_the_reader_survives(odd: Json) -> None:
    """A span is read or rejected, never both, never neither; what was read can be looked at."""
    data = line({**ONE, **odd}, span("after"))
    batch = read(data)
    assert len(batch) + len(batch.rejected) == 2
    assert batch.name[-1] == "after"
    for number in range(len(batch)):
        found = whole(data, number)
        assert (found.trace_id, found.span_id) == (batch.trace_id[number], batch.span_id[number])
