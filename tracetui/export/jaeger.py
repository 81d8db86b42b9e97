"""Jaeger's JSON, as its UI uploads and saves it: one object per trace, `{"data": [trace, ...]}`.

Source: `model/json` of jaegertracing/jaeger, and `transform-trace-data` of jaeger-ui. Times are whole
microseconds, rounded down at both ends, so that nested spans stay nested. A trace with more spans than its UI
draws is capped. The UI takes the first reference to a span of the trace for the parent, and draws only what
is below a span without any: a root refers to nothing in its trace.
"""

from collections.abc import Iterator

import numpy as np

from tracetui.analysis.tree.tree import Rows
from tracetui.export.subject import Subject
from tracetui.export.values import Json, tag, text
from tracetui.model.role import StatusCode
from tracetui.model.span import Event, Span

MOST_SPANS = 20_000
"""Of one trace: Jaeger's UI draws all of a trace at once, and its server takes no more than some 50 MB."""
_US = 1000


def jaeger(subject: Subject) -> Iterator[str]:
    """The document, in parts: the traces in order of their first spans."""
    subject.note_open()
    subject.note_twins()
    traces = _by_trace(subject)
    if len(traces) > 1:
        subject.note("trace", "of which Grafana's upload shows the first only", len(traces))
    yield '{"data":['
    before = "\n"
    for rows in traces:
        yield before
        yield from _trace(subject, _capped(subject, rows))
        before = ",\n"
    yield "\n]}\n"


def _by_trace(subject: Subject) -> list[Rows]:
    """The rows of each trace in display order, the traces in order of their first row."""
    rows = subject.rows[np.argsort(subject.findings.tree.position[subject.rows], kind="stable")]
    trace = subject.snapshot.trace_index[rows]
    order = np.argsort(trace, kind="stable")
    parts = np.split(rows[order], np.flatnonzero(np.diff(trace[order])) + 1) if len(rows) else []
    return sorted(parts, key=lambda part: int(subject.snapshot.start_ns[part].min()))


def _capped(subject: Subject, rows: Rows) -> Rows:
    """At most `MOST_SPANS` of a trace: the deepest and shortest are dropped, so that none loses its
    parent.
    """
    if len(rows) <= MOST_SPANS:
        return rows
    depth, took = subject.findings.tree.depth[rows], subject.findings.times.total[rows]
    kept = np.sort(np.lexsort((-took, depth))[:MOST_SPANS])
    left = len(rows) - MOST_SPANS
    subject.note("span", f"left out, the deepest and shortest: a trace has at most {MOST_SPANS:,} here", left)
    subject.advance(left)
    return rows[kept]


def _trace(subject: Subject, rows: Rows) -> Iterator[str]:
    trace_id = subject.snapshot.trace_id(int(rows[0]))
    processes: dict[bytes, tuple[str, Json]] = {}
    yield f'{{"traceID":{text(trace_id)},"spans":['
    before = "\n"
    for row in subject.counted(rows):
        span = subject.span_of(subject.snapshot, row)
        resource = subject.snapshot.origin(row).resource
        process, _ = processes.setdefault(resource, (f"p{len(processes) + 1}", _process(subject, row, span)))
        yield before + text(_span(subject, row, span, process))
        before = ",\n"
    yield f'],\n"processes":{text(dict(processes.values()))},"warnings":null}}'


def _process(subject: Subject, row: int, span: Span) -> Json:
    tags = [tag(key, value) for key, value in span.resource.attributes.items() if key != "service.name"]
    return {"serviceName": subject.snapshot.service(row) or "unknown", "tags": tags}


def _span(subject: Subject, row: int, span: Span, process: str) -> Json:
    start_us = span.start_ns // _US
    end_us = (span.start_ns + int(subject.findings.times.total[row])) // _US
    return {
        "traceID": span.trace_id,
        "spanID": span.span_id,
        "operationName": span.name,
        "references": _references(subject, row, span),
        "startTime": start_us,
        "duration": end_us - start_us,
        "tags": _tags(span),
        "logs": [_log(event) for event in span.events],
        "processID": process,
        "warnings": None,
    }


def _references(subject: Subject, row: int, span: Span) -> list[Json]:
    """Its parent and its links; a parent in another trace is a link."""
    parent = int(subject.findings.tree.parent[row])
    trace_id = subject.snapshot.trace_id(parent) if parent >= 0 else span.trace_id
    is_root = parent < 0 or trace_id != span.trace_id
    links = [link for link in span.links if not (is_root and link.trace_id == span.trace_id)]
    subject.note(
        "link", "of roots into their own trace, which would hang them there", len(span.links) - len(links)
    )
    subject.note("link", "without attributes", sum(bool(link.attributes) for link in links))
    references = [_reference("FOLLOWS_FROM", link.trace_id, link.span_id) for link in links]
    is_cut = parent < 0 <= subject.snapshot.parent_row[row]  # It would be below itself.
    if is_cut or not span.parent_span_id:
        return references
    kind = "FOLLOWS_FROM" if trace_id != span.trace_id else "CHILD_OF"
    return [_reference(kind, trace_id, span.parent_span_id), *references]


def _reference(kind: str, trace_id: str, span_id: str) -> Json:
    return {"refType": kind, "traceID": trace_id, "spanID": span_id}


def _tags(span: Span) -> list[Json]:
    tags = [tag(key, value) for key, value in span.attributes.items()]
    if span.kind not in ("", "unspecified", "internal"):
        tags.append(tag("span.kind", span.kind))
    if span.status.code is StatusCode.ERROR:
        tags.append(tag("error", value=True))
    if span.status.code is not StatusCode.UNSET:
        tags.append(tag("otel.status_code", span.status.code.name))
    if span.status.message:
        tags.append(tag("otel.status_description", span.status.message))
    if span.scope.name:
        tags.append(tag("otel.scope.name", span.scope.name))
    if span.scope.version:
        tags.append(tag("otel.scope.version", span.scope.version))
    return tags


def _log(event: Event) -> Json:
    fields = [tag("event", event.name), *(tag(key, value) for key, value in event.attributes.items())]
    return {"timestamp": event.time_ns // _US, "fields": fields}
