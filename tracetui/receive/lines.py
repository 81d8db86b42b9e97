"""OTLP requests as lines of our files: strict OTLP/JSON, no line longer than any reader accepts.

Source: the OTLP specification, "JSON Protobuf Encoding": protobuf's own JSON, but with ids in hex and enums
as numbers. JSON requests are parsed into the same messages.
"""

import base64
import binascii
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError  # type: ignore[import-untyped]
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tracetui.tracing.spans.line_limit import MAX_LINE, dump, dump_within

FULL_BYTES = 256 << 10
"""A line is full with so many bytes of records."""
_IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
_TAIL = b"]}]}]}\n"

Request = ExportTraceServiceRequest | ExportLogsServiceRequest


class Signal(NamedTuple):
    """One signal: its messages, and the names of their lists; `identified` says which records are valid."""

    request: type[Request]
    response: type[ExportTraceServiceResponse] | type[ExportLogsServiceResponse]
    groups: str
    scopes: str
    records: str
    rejected: str
    identified: Callable[[Mapping[str, Any]], bool]


class Batch(NamedTuple):
    """Lines, and the number of records in them."""

    data: bytes
    records: int


class Lines(NamedTuple):
    """What a request has of each sender (see `sender_of`), and the number of records that were left out."""

    by_sender: Mapping[bytes, Batch]
    rejected: int

    @property
    def taken(self) -> int:
        """The number of records in the lines."""
        return sum(batch.records for batch in self.by_sender.values())

    @property
    def data(self) -> bytes:
        """All lines."""
        return b"".join(batch.data for batch in self.by_sender.values())


def _has_ids(span: Mapping[str, Any]) -> bool:
    """Whether a span has valid ids, which must not be zero; otherwise it is invalid."""
    trace, own = span.get("traceId", ""), span.get("spanId", "")
    return len(trace) == 32 and len(own) == 16 and bool(trace.strip("0")) and bool(own.strip("0"))


TRACES = Signal(
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
    "resourceSpans",
    "scopeSpans",
    "spans",
    "rejected_spans",
    _has_ids,
)
LOGS = Signal(
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
    "resourceLogs",
    "scopeLogs",
    "logRecords",
    "rejected_log_records",
    lambda _record: True,
)


def lines(signal: Signal, request: Request) -> Lines:
    """The content of a request as lines; records of one writer share a line until it is full.

    One record at a time: for a large request, only the lines take memory.
    """
    parts: dict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
    taken = total = 0
    for group in getattr(request, _field(signal.groups)):
        resource = _told(group.resource)
        sender = sender_of(resource)
        for scoped in getattr(group, _field(signal.scopes)):
            messages = getattr(scoped, _field(signal.records))
            total += len(messages)
            records = filter(signal.identified, map(_told, messages))
            for line, count in _filled(_head(signal, resource, group, scoped), records):
                parts[sender].append((line, count))
                taken += count
    batches = {
        sender: Batch(b"".join(line for line, _ in made), sum(count for _, count in made))
        for sender, made in parts.items()
    }
    return Lines(batches, total - taken)


def sender_of(resource: Mapping[str, Any]) -> bytes:
    """A digest of the process that a resource is of: of its host and id if they are given, else of all."""
    said = {each.get("key"): each.get("value") for each in resource.get("attributes", ())}
    process = [said.get("host.name"), said.get("process.pid")]
    return hashlib.blake2b(dump(process if all(process) else resource), digest_size=16).digest()


def _head(signal: Signal, resource: Mapping[str, Any], group: Any, scoped: Any) -> bytes:
    """The part of a line before the records."""
    around = {"resource": resource} | _schema(group)
    within = {"scope": _told(scoped.scope)} | _schema(scoped)
    groups, scopes, records = (name.encode() for name in (signal.groups, signal.scopes, signal.records))
    outer, inner = dump(around)[:-1], dump(within)[:-1]
    return b'{"%b":[%b,"%b":[%b,"%b":[' % (groups, outer, scopes, inner, records)


def _schema(message: Any) -> dict[str, Any]:
    return {"schemaUrl": message.schema_url} if message.schema_url else {}


def _filled(head: bytes, records: Iterable[dict[str, Any]]) -> Iterator[tuple[bytes, int]]:
    """Lines, and the number of records on each."""
    room = MAX_LINE - len(head) - len(_TAIL)
    line: list[bytes] = []
    size = 0
    for record in records:
        data = dump_within(record, room)
        if line and size + len(data) > min(room, FULL_BYTES):
            yield head + b",".join(line) + _TAIL, len(line)
            line, size = [], 0
        line.append(data)
        size += len(data) + 1
    if line:
        yield head + b",".join(line) + _TAIL, len(line)


def _told(message: Any) -> dict[str, Any]:
    return _with_ids(MessageToDict(message, use_integers_for_enums=True), _to_hex)


def _field(name: str) -> str:
    """The protobuf name of a JSON field."""
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def parsed(signal: Signal, body: bytes) -> Request:
    """A request that was sent as JSON; raises `ValueError` if it is invalid."""
    try:
        document = orjson.loads(body)
        if not isinstance(document, dict):
            raise ValueError("no JSON object")
        for group in document.get(signal.groups) or ():
            for scoped in group.get(signal.scopes) or ():
                scoped[signal.records] = [_with_ids(each, _to_base64) for each in scoped[signal.records]]
        found: Request = ParseDict(document, signal.request(), ignore_unknown_fields=True)
    except (ParseError, AttributeError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise ValueError(f"no OTLP/JSON: {error}") from error
    return found


def _with_ids(record: dict[str, Any], spelled: Callable[[str], str]) -> dict[str, Any]:
    """A record, and its links, with its ids respelled; empty ids are left out."""
    made = record | {key: spelled(record[key]) for key in _IDS if record.get(key)}
    if "links" in record:
        made["links"] = [_with_ids(link, spelled) for link in record["links"]]
    return made


def _to_hex(written: str) -> str:
    return base64.b64decode(written).hex()


def _to_base64(written: str) -> str:
    return base64.b64encode(bytes.fromhex(written)).decode()
