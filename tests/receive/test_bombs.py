"""Requests that hold very many empty things, by each way in: memory stays small, every record is counted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import grpc  # type: ignore[import-untyped]
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tests.processes import Process
from tests.receive import bombs
from tests.receive.asking import FREE, JSON, PROTOBUF, post
from tests.receive.test_hostile import code_of, export, in_a_process, most_memory
from tracetui.receive.addresses import Address
from tracetui.receive.intake import Intake
from tracetui.receive.receiving import Receiver, receiving
from tracetui.receive.requests import json as requests_json
from tracetui.receive.requests.json import lines_of_json
from tracetui.receive.requests.limits import MOST_RECORD_FIELDS, Budget, TooManyError
from tracetui.receive.requests.lines import HEAD_BYTES, Lines
from tracetui.receive.requests.protobuf import lines_of_protobuf
from tracetui.receive.requests.signals import LOGS, TRACES, Signal
from tracetui.tracing.spans.line_limit import MAX_LINE

SIZE = bombs.MIB // 2
MORE_BYTES = 28 * bombs.MIB
"""So much more memory may any of them take, and all of them together."""
REFUSED = {"quotes": 400, "brackets": 400, "depth": 400}
"""JSON that is none; what only holds too much of something is taken without it."""


class Served(NamedTuple):
    """A receiver in a process of its own, and the memory it had when it was new."""

    process: Process
    receiver: Receiver
    directory: Path
    before: int

    @property
    def ports(self) -> dict[str, Address]:
        """Where it listens."""
        return self.receiver.addresses

    def more_memory(self) -> int:
        """The most memory that it ever had beyond that."""
        return most_memory(self.process) - self.before


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc")
    directory = tmp_path_factory.mktemp("bombs")
    with in_a_process(directory / "spans") as (process, ports):
        receiver = Receiver(Intake(directory / "none"), ports)  # Asked only where it listens.
        assert post(receiver, b"{}")[0] == 200
        export(ports["grpc"], bombs.span(b""))
        yield Served(process, receiver, directory / "spans", most_memory(process))


def written(lines: Lines) -> list[dict[str, Any]]:
    """The records in lines, none of which is too long."""
    records = []
    for line in lines.data.splitlines():
        assert len(line) < MAX_LINE
        for group in next(iter(json.loads(line).values())):
            for scoped in group.get("scopeSpans") or group["scopeLogs"]:
                records += scoped.get("spans") or scoped["logRecords"]
    return records


@pytest.mark.parametrize("kind", bombs.MESSAGES)
def test_protobuf(served: Served, kind: str) -> None:
    """What is a span is taken, what is none is counted."""
    status, content = post(served.receiver, bombs.MESSAGES[kind](SIZE), kind=PROTOBUF)
    response = ExportTraceServiceResponse.FromString(content)
    rejected = SIZE // len(bombs.field(2, b"")) if kind == "spans" else 0
    assert (status, response.partial_success.rejected_spans) == (200, rejected)
    assert served.more_memory() < MORE_BYTES


@pytest.mark.parametrize("kind", bombs.RECORDS)
def test_log_records(served: Served, kind: str) -> None:
    """No record of a log is too small to be one."""
    status, _ = post(served.receiver, bombs.RECORDS[kind](SIZE), "/v1/logs", kind=PROTOBUF)
    assert status == 200
    assert served.more_memory() < MORE_BYTES


@pytest.mark.parametrize("kind", bombs.TEXTS)
def test_json(served: Served, kind: str) -> None:
    """The same by JSON."""
    status, _ = post(served.receiver, bombs.TEXTS[kind](SIZE), kind=JSON)
    assert status == REFUSED.get(kind, 200)
    assert served.more_memory() < MORE_BYTES


@pytest.mark.parametrize("port", ["grpc", "http"])
@pytest.mark.parametrize("kind", ["spans", "spans with empty events", "array of arrays", "resources"])
def test_grpc(served: Served, port: str, kind: str) -> None:
    """The same by gRPC, and through the port of HTTP."""
    export(served.ports[port], bombs.MESSAGES[kind](SIZE))
    assert served.more_memory() < MORE_BYTES


COUNTED = {
    "events": ("droppedEventsCount", 0),
    "links": ("droppedLinksCount", 0),
    "attributes": ("droppedAttributesCount", 128),
}


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_left_out_is_counted(name: str) -> None:
    """The span is there, with its name, its first attributes, and the number of those that are missing."""
    number = {"events": 11, "links": 13, "attributes": 9}[name]
    counter, kept = COUNTED[name]
    many = MOST_RECORD_FIELDS + 1
    by_wire = bombs.span(bombs.field(5, b"n") + bombs.field(number, b"") * many)
    content = b'{%b,"name":"n","%b":[%b]}' % (bombs.JSON_IDS, name.encode(), b",".join([b"{}"] * many))
    by_json = b'{"resourceSpans":[{"scopeSpans":[{"spans":[%b]}]}]}' % content
    for lines in (_of_protobuf(TRACES, by_wire), lines_of_json(TRACES, by_json, lambda _: None)):
        (span,) = written(lines)
        assert (span["name"], span[counter]) == ("n", many - kept)
        assert len(span.get(name, ())) == kept


@pytest.mark.parametrize("count", [MOST_RECORD_FIELDS // 2 - 100, MOST_RECORD_FIELDS])
def test_values_of_values(count: int) -> None:
    """What is within one attribute cannot be counted: it goes with it, and where it is a body it is told."""
    body = bombs.field(5, bombs.field(1, b"\x10\x01") * count)
    (record,) = written(_of_protobuf(LOGS, bombs.of_spans(bombs.field(2, bombs.field(5, body)))))
    assert "left out" in record["body"]["stringValue"]


def test_what_is_shared_is_not_multiplied() -> None:
    """Many scopes below one large resource stand on as few lines as they need."""
    data = bombs.MESSAGES["scopes below a large resource"](SIZE)
    lines = _of_protobuf(TRACES, data)
    assert len(written(lines)) == lines.taken == data.count(bombs.IDS)
    assert len(lines.data) < 8 * len(data)


@pytest.mark.parametrize("attributes", [1, 200])
def test_long_resources_and_scopes(attributes: int) -> None:
    """They are cut, or left out: a span after them still has room on its line."""
    pair = bombs.field(1, b"k") + bombs.field(2, bombs.field(1, b"x" * (4 * HEAD_BYTES // attributes)))
    resource, scope = bombs.field(1, pair) * attributes, bombs.field(3, pair) * attributes
    references = bombs.field(3, bombs.field(1, b"u" * 5000)) * 500
    spans = bombs.field(2, bombs.IDS + bombs.field(5, b"n")) * 3
    for shared in (resource, resource + references):
        data = bombs.field(1, bombs.field(1, shared) + bombs.field(2, bombs.field(1, scope) + spans))
        assert [span["name"] for span in written(_of_protobuf(TRACES, data))] == ["n"] * 3


def test_texts_may_hold_whatever_stands_between_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what JSON itself is made of counts."""
    monkeypatch.setattr(requests_json, "MOST_VALUES", 100)
    text = b"{[," * 1000 + b'\\"'
    data = b'{"resourceSpans":[{"scopeSpans":[{"spans":[{%b,"name":"%b"}]}]}]}' % (bombs.JSON_IDS, text)
    (span,) = written(lines_of_json(TRACES, data, lambda _: None))
    assert span["name"] == json.loads(b'"%b"' % text)


def test_half_surrogates() -> None:
    """JavaScript cuts texts between them: they become what stands for unknown."""
    data = b'{"resourceSpans":[{"scopeSpans":[{"spans":[{%b,"name":"a\\ud83d"}]}]}]}' % bombs.JSON_IDS
    (span,) = written(lines_of_json(TRACES, data, lambda _: None))
    assert span["name"] == "a\ufffd"


@pytest.mark.parametrize(
    ("signal", "data"),
    [
        (LOGS, bombs.RECORDS["records"](10_000)),
        (TRACES, bombs.MESSAGES["groups"](10_000)),
    ],
    ids=["records", "groups"],
)
def test_too_many(signal: Signal, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is an end to what one request may hold."""
    monkeypatch.setattr(Budget.__init__, "__defaults__", (4_000,))
    with pytest.raises(TooManyError):
        _of_protobuf(signal, data)


def test_too_many_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a status after which nobody sends it again."""
    monkeypatch.setattr(Budget.__init__, "__defaults__", (100,))
    monkeypatch.setattr(requests_json, "MOST_VALUES", 100)
    with receiving(tmp_path, FREE, FREE) as receiver:
        assert post(receiver, bombs.TEXTS["groups"](1000))[0] == 413
        assert post(receiver, bombs.MESSAGES["groups"](1000), kind=PROTOBUF)[0] == 413
        for where in receiver.addresses.values():
            code = code_of(where, bombs.MESSAGES["groups"](1000))
            assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert receiver.intake.tally.requests == 0


def _of_protobuf(signal: Signal, data: bytes) -> Lines:
    return lines_of_protobuf(signal, data, lambda _: None)
