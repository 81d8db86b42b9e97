"""OTLP/JSON, as the Collector's file exporter writes it: one `TracesData` a line, strict.

Source: the OTLP specification, "JSON Protobuf Encoding" and "File Exporter": hex ids, integer enums, 64-bit
integers as texts, no unknown fields. Lines stay below what readers take (Evergreen refuses more than 1 MiB).
Trace state, flags and schema URLs are not kept of what was read, and so not written.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b

from tracetui.export.subject import Subject, outcome
from tracetui.export.values import Json, key_values, text
from tracetui.model.role import Role
from tracetui.model.span import Event, Link, Span

MOST_SPANS, MOST_LENGTH = 200, 256 << 10
"""Of one line: spans, and the length at which it is full."""
REFUSED_LENGTH = 1 << 20
_KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")
_TRACE_ID, _SPAN_ID = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{16}")


def otlp(subject: Subject) -> Iterator[str]:
    """The lines; spans in order of arrival, those of one writer that follow each other on one line."""
    subject.note_open()
    subject.note_twins()
    spans: list[str] = []
    length, origin, first = 0, None, None
    for row in subject.counted(subject.rows):
        span, its = subject.span_of(subject.snapshot, row), subject.snapshot.origin(row)
        if first and (its != origin or len(spans) >= MOST_SPANS or length >= MOST_LENGTH):
            yield _line(subject, first, spans)
            spans, length = [], 0
        origin, first = its, span
        spans.append(text(_span(subject, row, span)))
        length += len(spans[-1])
    if first:
        yield _line(subject, first, spans)


def _line(subject: Subject, first: Span, spans: list[str]) -> str:
    """Spans of one writer, of which the `first` tells all there is to say of it."""
    resource = text({"attributes": key_values(first.resource.attributes)})
    told: Json = {"name": first.scope.name} if first.scope.name else {}
    told |= {"version": first.scope.version} if first.scope.version else {}
    told |= {"attributes": key_values(first.scope.attributes)} if first.scope.attributes else {}
    scoped = f'{{"scope":{text(told)},"spans":[{",".join(spans)}]}}'
    line = f'{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{scoped}]}}]}}\n'
    subject.note("line", "of more than 1 MiB, which some readers refuse", len(line) > REFUSED_LENGTH)
    return line


def _span(subject: Subject, row: int, span: Span) -> Json:
    end_ns = span.start_ns + int(subject.findings.times.total[row])
    parent = int(subject.snapshot.parent_row[row])
    elsewhere = parent >= 0 and subject.snapshot.trace_id(parent) != span.trace_id
    told: Json = {
        "traceId": _trace_id(span.trace_id),
        "spanId": _span_id(subject, span.span_id),
        "parentSpanId": "" if elsewhere else _span_id(subject, span.parent_span_id),
        "name": span.name,
        "kind": _KINDS.index(span.kind) if span.kind in _KINDS else 0,
        "startTimeUnixNano": str(max(span.start_ns, 0)),
        "endTimeUnixNano": str(max(end_ns, 0)),
        "attributes": key_values(span.attributes) + _cut_off(subject, row, span),
        "droppedAttributesCount": span.dropped,
        "events": [_event(event) for event in span.events],
        "links": [_link(subject, link) for link in span.links],
    }
    status: Json = {"message": span.status.message} if span.status.message else {}
    status |= {"code": int(span.status.code)} if span.status.code else {}
    return {key: value for key, value in told.items() if value} | {"status": status}


def _cut_off(subject: Subject, row: int, span: Span) -> list[Json]:
    """Of a test that never ended, how it stands: with an end, it would seem to have passed."""
    is_test = subject.snapshot.role[row] == Role.TEST
    if subject.snapshot.end_ns[row] or not is_test or "pytest.outcome" in span.attributes:
        return []
    return key_values({"pytest.outcome": outcome(subject.snapshot, row) or "cut_off"})


def _event(event: Event) -> Json:
    told: Json = {"timeUnixNano": str(max(event.time_ns, 0)), "name": event.name}
    return told | ({"attributes": key_values(event.attributes)} if event.attributes else {})


def _link(subject: Subject, link: Link) -> Json:
    told: Json = {"traceId": _trace_id(link.trace_id), "spanId": _span_id(subject, link.span_id)}
    return told | ({"attributes": key_values(link.attributes)} if link.attributes else {})


def _trace_id(written: str) -> str:
    return written if not written or _TRACE_ID.fullmatch(written) else _hashed(written, 16)


def _span_id(subject: Subject, written: str) -> str:
    if not written or _SPAN_ID.fullmatch(written):
        return written
    subject.note("id", "not hexadecimal, with a hash of it instead", 1)
    return _hashed(written, 8)


def _hashed(written: str, size: int) -> str:
    return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
