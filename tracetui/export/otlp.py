"""OTLP/JSON, as the Collector's file exporter writes it: one `TracesData` per line, strict.

Source: the OTLP specification, "JSON Protobuf Encoding" and "File Exporter": hex ids, integer enums, 64-bit
integers as texts, no unknown fields. Lines stay below the limits of readers (Evergreen refuses more than 1
MiB). Schema URLs are not kept when reading, so they are not written.
"""

from collections.abc import Iterator

from tracetui.export.subject import Subject, cut_off
from tracetui.export.values import SPAN_ID_BYTES, TRACE_ID_BYTES, Json, hex_id, is_hex, key_values, text
from tracetui.model.span import Event, Link, Resource, Scope, Span

MOST_SPANS, MOST_LENGTH = 200, 256 << 10
"""Of one line: spans, and the length at which it is full."""
REFUSED_LENGTH = 1 << 20
_KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")


def otlp(subject: Subject) -> Iterator[str]:
    """The lines; spans in order of arrival, successive spans of one writer on one line."""
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
    """Spans of one writer, whose resource and scope come from the `first`."""
    resource = text({"attributes": []} | _attributes(first.resource))
    scope: Json = {"name": first.scope.name} if first.scope.name else {}
    scope |= {"version": first.scope.version} if first.scope.version else {}
    scope |= _attributes(first.scope)
    scoped = f'{{"scope":{text(scope)},"spans":[{",".join(spans)}]}}'
    line = f'{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{scoped}]}}]}}\n'
    subject.note("line", "of more than 1 MiB, which some readers refuse", len(line) > REFUSED_LENGTH)
    return line


def _span(subject: Subject, row: int, span: Span) -> Json:
    end_ns = span.start_ns + int(subject.findings.times.total[row])
    parent = int(subject.snapshot.parent_row[row])
    elsewhere = parent >= 0 and subject.snapshot.trace_id(parent) != span.trace_id
    fields: Json = {
        "traceId": hex_id(span.trace_id, TRACE_ID_BYTES),
        "spanId": _span_id(subject, span.span_id),
        "parentSpanId": "" if elsewhere else _span_id(subject, span.parent_span_id),
        "name": span.name,
        "kind": _KINDS.index(span.kind) if span.kind in _KINDS else 0,
        "startTimeUnixNano": str(max(span.start_ns, 0)),
        "endTimeUnixNano": str(max(end_ns, 0)),
        "attributes": key_values(span.attributes) + key_values(cut_off(subject.snapshot, row, span)),
        "traceState": span.trace_state,
        "flags": span.flags,
        "droppedAttributesCount": span.dropped.attributes,
        "events": [_event(event) for event in span.events],
        "droppedEventsCount": span.dropped.events,
        "links": [_link(subject, link) for link in span.links],
        "droppedLinksCount": span.dropped.links,
    }
    status: Json = {"message": span.status.message} if span.status.message else {}
    status |= {"code": int(span.status.code)} if span.status.code else {}
    return {key: value for key, value in fields.items() if value} | {"status": status}


def _event(event: Event) -> Json:
    fields: Json = {"timeUnixNano": str(max(event.time_ns, 0)), "name": event.name}
    return fields | _attributes(event)


def _link(subject: Subject, link: Link) -> Json:
    fields: Json = {
        "traceId": hex_id(link.trace_id, TRACE_ID_BYTES),
        "spanId": _span_id(subject, link.span_id),
    }
    fields |= {"traceState": link.trace_state} if link.trace_state else {}
    return fields | ({"flags": link.flags} if link.flags else {}) | _attributes(link)


def _attributes(whose: Resource | Scope | Event | Link) -> Json:
    fields: Json = {"attributes": key_values(whose.attributes)} if whose.attributes else {}
    return fields | ({"droppedAttributesCount": whose.dropped} if whose.dropped else {})


def _span_id(subject: Subject, written: str) -> str:
    subject.note(
        "id",
        "not hexadecimal, with a hash of it instead",
        bool(written) and not is_hex(written, SPAN_ID_BYTES),
    )
    return hex_id(written, SPAN_ID_BYTES)
