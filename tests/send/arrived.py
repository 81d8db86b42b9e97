"""What was sent, and what of it arrived."""

import base64
import json
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from tests.builders import (
    T0,
    S,
)
from tests.send.receivers import Receiver
from tracetui.analysis.study.findings import study
from tracetui.export.subject import subject
from tracetui.ingest import load
from tracetui.send.sending import Orders, Sent, send
from tracetui.send.target import Wanted, target


def sent(path: Path, receiver: Receiver, *, again: bool = False, patience_s: float = 5.0) -> Sent:
    """Sends what is in a path."""
    ingest = load([str(path)])
    try:
        findings = study(ingest.table.snapshot(), T0 + 3600 * S)
        orders = Orders(again=again, patience_s=patience_s)
        goal = target(Wanted(receiver.endpoint), {})
        return send(ingest, subject(findings, None, ingest.span), goal, orders)
    finally:
        ingest.close()


def told(text: bytes) -> TracesData:
    """OTLP/JSON as protobuf's own library reads it, which wants ids in base64."""
    whole = TracesData()
    for document in text.splitlines():
        whole.MergeFrom(ParseDict(_with_base64(json.loads(document)), TracesData()))
    return whole


def _with_base64(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_base64(each) for each in value]
    if not isinstance(value, dict):
        return value
    ids = ("traceId", "spanId", "parentSpanId")
    return {
        key: base64.b64encode(bytes.fromhex(each)).decode() if key in ids else _with_base64(each)
        for key, each in value.items()
    }


def by_span(groups: Any) -> dict[bytes, tuple[str, str, str]]:
    """By span id: resource, scope and the whole span, in protobuf's own words."""
    return {
        span.span_id: (str(group.resource), str(scope.scope), str(span))
        for group in groups
        for scope in group.scope_spans
        for span in scope.spans
    }
