"""One decoded span to one more entry in each column of a batch."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from tracetui.formats import values
from tracetui.formats.wire import WireAttribute, WireScope, WireSpan
from tracetui.model.batch import SpanBatch
from tracetui.model.role import Outcome, StatusCode
from tracetui.model.rules import HOT_KEYS, Clues, classify

HOME_TRACE, HOME_SPAN = "tracetui.parent.trace_id", "tracetui.parent.span_id"

Bytes = tuple[int, int]
"""Where something lies in its source: offset and length in bytes."""

_scope = msgspec.json.Decoder(WireScope)


class Told(NamedTuple):
    """What any wire format tells of a span: canonical ids, times in ns (0 for no end), hot attributes."""

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    start_ns: int
    end_ns: int
    status: StatusCode
    hot: Mapping[str, str]


def add_span(batch: SpanBatch, span: WireSpan, resource: bytes, scope: bytes, where: Bytes) -> None:
    """Appends `span` to every column; raises `ValueError`, having appended nothing, where it is none."""
    if not (span.span_id or span.trace_id or span.name):
        raise ValueError("neither ids nor name")
    told = Told(
        values.trace_id(span.trace_id),
        values.span_id(span.span_id),
        values.parent_id(span.parent_span_id),
        span.name or "",
        values.start_time(span.start_time_unix_nano),
        values.end_time(span.end_time_unix_nano),
        values.status_code(span.status.code if span.status else None),
        hot(span.attributes),
    )
    add(batch, told, resource, scope, where)


def add(batch: SpanBatch, told: Told, resource: bytes, scope: bytes, where: Bytes) -> None:
    """Appends a span to every column; `resource` and `scope` are OTLP/JSON.

    A span that names a test as its parent (`tracetui.parent.*`) hangs below it, in whatever trace that is:
    it is a root, or its own parent is in no file of its writer.
    """
    trace_id, own_id, parent, name, start, end, status, attributes = told
    if attributes.get("logfire.span_type") == "pending_span":
        own_id, parent, end = parent, values.parent_id(attributes.get("logfire.pending_parent_id")), 0
    facts = classify(Clues(name, scope_name(scope), status, attributes))

    home = _home(attributes) if HOME_SPAN in attributes else None
    if home is not None:
        batch.elsewhere[len(batch.span_id)], parent = home
    if facts.expected:
        batch.expected[len(batch.span_id)] = facts.expected
    batch.trace_id.append(trace_id)
    batch.span_id.append(own_id)
    batch.parent_span_id.append(parent)
    batch.name.append(name)
    batch.title.append(facts.title)
    batch.worker.append(facts.worker)
    batch.start_ns.append(start)
    batch.end_ns.append(end)
    batch.role.append(facts.role)
    batch.status.append(status)
    batch.outcome.append(facts.outcome if end else Outcome.RUNNING)
    batch.own.append(facts.own)
    batch.billed_ns.append(facts.billed_ns)
    batch.resource.append(resource)
    batch.scope.append(scope)
    batch.offset.append(where[0])
    batch.length.append(where[1])


def _home(attributes: Mapping[str, str]) -> tuple[str, str] | None:
    """The trace and the span that a span of code under test belongs to; None where they are no ids."""
    trace_id, span_id = values.trace_id(attributes.get(HOME_TRACE)), values.parent_id(attributes[HOME_SPAN])
    return (trace_id, span_id) if trace_id and span_id else None


def hot(attributes: list[WireAttribute] | None) -> dict[str, str]:
    """The attributes that rules ask for, as text."""
    return {
        attribute.key: values.scalar_text(attribute.value)
        for attribute in attributes or ()
        if attribute.key in HOT_KEYS
    }


@lru_cache(maxsize=1024)
def scope_name(scope: bytes) -> str:
    """The name in a raw instrumentation scope; empty where there is none."""
    try:
        return _scope.decode(scope).name or ""
    except (ValueError, RecursionError):
        return ""
