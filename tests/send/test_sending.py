"""Recordings to real receivers: everything arrives, once, and is what was written."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from tests.builders import (
    MS,
    T0,
    TRACE,
    S,
    case,
    compact,
    exception,
    heartbeat,
    line,
    log_line,
    span,
    start_record,
)
from tests.send.arrived import by_span, sent, told
from tests.send.receivers import Partly, Receiver, grpc_receiver, http_receiver
from tracetui.send import packing
from tracetui.tracing import set_up_tracing

DATA = Path(__file__).parents[1] / "data"
OTHERS = (
    "console-sdk-1.45.2.json",
    "jaeger-ui-flamegraph-trace.json",
    "java-logging-otlp-wrapper.json",
    "otlp-proto-example-trace.json",
    "zipkin-exporter-1.45.1.json",
)
OWN = DATA / "dialects" / "tracetui-reruns.traces.jsonl"


def received(receiver: Receiver) -> list[ResourceSpans]:
    """All that arrived."""
    return [group for request in receiver.requests for group in request.resource_spans]


def rich() -> bytes:
    """A span that has everything a span can have."""
    attributes = {
        "int": -(2**63),
        "float": 0.1,
        "nan": float("nan"),
        "bytes": b"\x00\xff",
        "none": None,
        "empty": [],
        "nothing": {},
        "list": [1, "a", None, [True]],
        "map": {"k": {"l": 1}},
        "text": "日本語\x00\u202e",
    }
    more = {"traceState": "a=1,b=2", "flags": 257, "droppedAttributesCount": 1}
    event = exception(at=T0 + 1) | {"droppedAttributesCount": 2}
    link = {"traceId": "0" * 31 + "1", "spanId": "00f067aa0ba902b7", **more}
    made = span("all", attributes, parent="00f067aa0ba902b7", events=[event], links=[link])
    made |= (
        more
        | {"status": {"code": 2, "message": "no"}}
        | {"kind": 3, "droppedEventsCount": 3, "droppedLinksCount": 4}
    )
    scope = {"name": "s", "version": "1", "attributes": made["attributes"][:1], "droppedAttributesCount": 5}
    group = {"resource": {"attributes": made["attributes"], "droppedAttributesCount": 6}}
    whole = compact({"resourceSpans": [group | {"scopeSpans": [{"scope": scope, "spans": [made]}]}]})
    return whole.replace(b":NaN", b':"NaN"')


@pytest.mark.parametrize("receiving", [grpc_receiver, http_receiver])
@pytest.mark.parametrize("content", [OWN.read_bytes(), rich()], ids=["own", "rich"])
def test_everything_of_a_span_is_carried(tmp_path: Path, receiving: Any, content: bytes) -> None:
    """By either way, each span is what protobuf's own library makes of the file."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with receiving() as receiver:
        result = sent(path, receiver)
    expected = by_span(told(content).resource_spans)
    assert by_span(received(receiver)) == expected
    assert (result.counts.accepted, result.left, result.is_all_there) == (len(expected), 0, True)
    assert len(receiver.spans) == len(expected)


def test_what_we_write_is_what_is_sent(tmp_path: Path) -> None:
    """Live records, another scope and nested spans too: as the files have them."""
    with set_up_tracing(tmp_path, service_name="depot") as tracing:
        with tracing.tracer.start_as_current_span("outer", context=tracing.context) as outer:
            outer.add_event("e", {"a": [1, 2]})
            tracing.tracer.start_span("inner", attributes={"b": b"x"}).end()
        tracing.provider.get_tracer("other", "2").start_span("third", context=tracing.context).end()
    content = b"".join(path.read_bytes() for path in tmp_path.glob("*.jsonl"))
    with grpc_receiver() as receiver:
        sent(tmp_path, receiver)
    assert by_span(received(receiver)) == by_span(told(content).resource_spans)


@pytest.mark.parametrize(
    "sample",
    [
        DATA / "resmoke" / "evergreen",
        DATA / "dialects" / "pytest-opentelemetry-1.1.0.jsonl",
        *(DATA / "other" / name for name in OTHERS),
    ],
    ids=lambda path: path.name,
)
def test_any_format_is_sent(sample: Path, tmp_path: Path) -> None:
    """Whatever we read: each span arrives once, under valid ids; a second call finds nothing new."""
    copy = tmp_path / sample.name
    if sample.is_dir():
        shutil.copytree(sample, copy)
    else:
        shutil.copyfile(sample, copy)
    with http_receiver() as receiver:
        result = sent(copy, receiver)
        assert result.counts.accepted + result.running == result.spans == len(receiver.spans) + result.running
        assert all(len(span.trace_id) in (0, 16) and len(span.span_id) in (0, 8) for span in receiver.spans)
        again = sent(copy, receiver)
    assert (again.before, again.counts.requests) == (result.counts.accepted, 0)


def test_a_second_call_sends_what_is_new(tmp_path: Path) -> None:
    """Of a file that grew, with a half-written tail that became whole, and of a new file."""
    path = tmp_path / "a.jsonl"
    first, second = line(span("one")), line(span("two"))
    path.write_bytes(first + second[:-20])
    with http_receiver() as receiver:
        assert sent(tmp_path, receiver).counts.accepted == 1
        assert sent(tmp_path, receiver).before == 1
        path.write_bytes(first + second + line(span("three")))
        (tmp_path / "b.jsonl").write_bytes(line(span("four")))
        result = sent(tmp_path, receiver)
        assert (result.before, result.counts.accepted) == (1, 3)
        assert sent(tmp_path, receiver, again=True).counts.accepted == 4
    assert sorted(receiver.names[:4]) == ["four", "one", "three", "two"]
    assert sorted(receiver.names[4:]) == ["four", "one", "three", "two"]


def test_a_file_in_a_directory_and_by_itself_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However its path is written."""
    (tmp_path / "a.jsonl").write_bytes(line(span("one")))
    monkeypatch.chdir(tmp_path)
    with http_receiver() as receiver:
        assert sent(tmp_path, receiver).counts.accepted == 1
        for path in (tmp_path / "a.jsonl", Path("a.jsonl"), Path(), Path("../") / tmp_path.name):
            assert sent(path, receiver).before == 1


def test_what_has_not_ended_waits_unless_its_writer_is_gone(tmp_path: Path) -> None:
    """A running span is sent once it has ended; one that was cut off with its last sign of life."""
    (tmp_path / "live").mkdir()
    running, cut = span("running", end=0), case("a.py::cut", end=0, start=T0 + MS)
    live = tmp_path / "live" / "x.logs.jsonl"
    beat = heartbeat(T0 + 2 * S, pid=1, host="elsewhere")
    live.write_bytes(start_record(cut) + beat)
    (tmp_path / "x.traces.jsonl").write_bytes(line(span("done")))
    with http_receiver() as receiver:
        result = sent(tmp_path, receiver)
        assert sorted(receiver.names) == ["a.py::cut", "done"]
        (told_cut,) = [each for each in receiver.spans if each.name == "a.py::cut"]
        assert told_cut.end_time_unix_nano >= told_cut.start_time_unix_nano
        outcome = {pair.key: pair.value.string_value for pair in told_cut.attributes}["pytest.outcome"]
        assert (outcome, result.cut_off, result.running) == ("passed", 1, 0)
        lives = heartbeat(time.time_ns(), host="elsewhere") + start_record(running)
        (tmp_path / "live" / "y.logs.jsonl").write_bytes(lives)
        result = sent(tmp_path, receiver)
        assert (result.running, result.left, result.counts.requests) == (1, 0, 0)
        (tmp_path / "y.traces.jsonl").write_bytes(line(running | {"endTimeUnixNano": str(T0 + S)}))
        assert sent(tmp_path, receiver).counts.accepted == 1


def test_log_records_stay_and_are_counted(tmp_path: Path) -> None:
    """They are no events of the span for anybody else."""
    owner = span("owner")
    record = {"traceId": TRACE, "spanId": owner["spanId"], "body": {"stringValue": "hello"}}
    (tmp_path / "x.jsonl").write_bytes(line(owner) + log_line(record))
    with http_receiver() as receiver:
        result = sent(tmp_path, receiver)
    assert (result.log_records, [len(each.events) for each in receiver.spans]) == (1, [0])


def test_a_span_that_is_too_large_is_said(tmp_path: Path) -> None:
    """It is split off, refused by the server's own limit, and tried again by the next call; others arrive."""
    big = span("big", {"x": "y" * (5 << 20)})
    (tmp_path / "x.jsonl").write_bytes(b"".join(map(line, [span("a"), big, span("b")])))
    with grpc_receiver() as receiver:
        result = sent(tmp_path, receiver)
        assert (receiver.names, result.counts.refused, result.left) == (["a", "b"], 1, 1)
        assert not result.is_all_there
        assert "larger" in next(iter(result.counts.messages))
        result = sent(tmp_path, receiver)
        assert (result.before, result.counts.refused) == (2, 1)


def test_large_recordings_are_split_below_the_limit(tmp_path: Path) -> None:
    """600 spans of 10 kB each: 6 MB, for a server that takes 4 MiB; and by spans."""
    spans = (line(span(f"s{number}", {"x": "y" * 10_000})) for number in range(600))
    (tmp_path / "x.jsonl").write_bytes(b"".join(spans))
    with grpc_receiver() as receiver:
        result = sent(tmp_path, receiver)
    assert (len(receiver.names), result.counts.requests, result.counts.retries) == (600, 2, 0)
    assert all(request.ByteSize() <= packing.MOST_BYTES for request in receiver.requests)


@pytest.mark.parametrize("receiving", [grpc_receiver, http_receiver])
def test_what_a_collector_rejects_is_its_own_word(tmp_path: Path, receiving: Any) -> None:
    """It is counted, said, and not sent again."""
    (tmp_path / "x.jsonl").write_bytes(line(span("a"), span("b")))
    with receiving(Partly(1, "b is no good")) as receiver:
        result = sent(tmp_path, receiver)
        assert (result.counts.accepted, result.counts.rejected, result.left) == (1, 1, 0)
        assert list(result.counts.messages) == ["b is no good"]
        assert not result.is_all_there
        assert sent(tmp_path, receiver).counts.requests == 0


def test_a_clock_that_is_off_is_sent_as_it_is(tmp_path: Path) -> None:
    """What the screen shifts is not altered; what protobuf has no way for is carried somehow."""
    hostile = span("half \ud800", {"k\udfff": "\ud801"}, trace="no-hex", id="x", start=T0 - 3600 * S, end=T0)
    (tmp_path / "x.jsonl").write_bytes(line(span("a"), hostile))
    with http_receiver() as receiver:
        assert sent(tmp_path, receiver).counts.accepted == 2
    told_hostile = receiver.spans[-1]
    assert told_hostile.start_time_unix_nano == T0 - 3600 * S
    assert (len(told_hostile.trace_id), len(told_hostile.span_id)) == (16, 8)
    assert told_hostile.name.startswith("half ")
    assert receiver.spans[0].trace_id.hex() == TRACE
