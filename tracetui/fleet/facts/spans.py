"""All spans of a recording, decoded in full, as the Collector's exporters have them."""

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tracetui.analysis.study.findings import Findings
from tracetui.fleet.schema import SPANS
from tracetui.fleet.schema.types import arrow_schema
from tracetui.ingest.ingest import Ingest
from tracetui.model.span import AttributeValue, Span
from tracetui.store.snapshot import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

_DAY_NS = 86_400 * 1_000_000_000
_EPOCH = dt.date(1970, 1, 1)


def spans_table(ingest: Ingest, findings: Findings, units: Sequence[str]) -> "pa.Table":
    """Every span that has ended of a recording, and by source the key of its unit."""
    import pyarrow as pa

    snapshot = findings.written
    sources = snapshot.source_id.tolist()
    ended = (row for row, end in enumerate(snapshot.end_ns.tolist()) if end)
    rows = [_row(ingest.span(snapshot, row), snapshot, row) | {"unit": units[sources[row]]} for row in ended]
    return pa.Table.from_pylist(rows, arrow_schema(SPANS))


def _row(span: Span, snapshot: Snapshot, row: int) -> dict[str, Any]:
    resource = span.resource.attributes
    return {
        "Timestamp": span.start_ns // 1000,
        "StartTimeUnixNano": span.start_ns,
        "date": _EPOCH + dt.timedelta(days=span.start_ns // _DAY_NS),
        "TraceId": span.trace_id,
        "SpanId": span.span_id,
        "ParentSpanId": span.parent_span_id,
        "TraceState": "",
        "SpanName": _clean(span.name),
        "SpanKind": span.kind.capitalize(),
        "ServiceName": _clean(snapshot.service(row)),
        "ResourceAttributes": _pairs(resource),
        "ScopeName": _clean(span.scope.name),
        "ScopeVersion": _clean(span.scope.version),
        "SpanAttributes": _pairs(span.attributes),
        "Duration": span.end_ns - span.start_ns,
        "StatusCode": span.status.code.name.capitalize(),
        "StatusMessage": _clean(span.status.message),
        "Events.Timestamp": [event.time_ns // 1000 for event in span.events],
        "Events.Name": [_clean(event.name) for event in span.events],
        "Events.Attributes": [_pairs(event.attributes) for event in span.events],
    }


def _pairs(attributes: Mapping[str, AttributeValue]) -> list[tuple[str, str]]:
    return [(_clean(key), _clean(as_string(value))) for key, value in attributes.items()]


def as_string(value: AttributeValue) -> str:
    """A value as the Collector turns it into text (`pcommon.Value.AsString`), not as Python does."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case bytes():
            return base64.b64encode(value).decode()
        case int():
            return str(value)
    return json.dumps(value, default=as_string, ensure_ascii=False, separators=(",", ":"))


def _clean(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
