"""Decodes one event's bytes to the span that someone looks at."""

from typing import Any

import msgspec

from tracetui.formats.chrome import events
from tracetui.formats.others import plain
from tracetui.model.span import Event, Resource, Scope, Span, Status


def decode_event(fields: dict[str, Any]) -> Event:
    """An instant or a flow as an event; its time may be relative. Raises `ValueError` for anything else."""
    event = events.decode(msgspec.json.encode(fields), lambda _: None)
    if event is None:
        raise ValueError("no phase")
    return Event(0, event.name, plain.shown(({"cat": event.cat} if event.cat else {}) | event.args))


def decode_span(fields: dict[str, Any], resource: Resource, scope: Scope) -> Span:
    """What one event says of a span: neither ids nor parent, and no times, as they may be relative.

    Raises `ValueError` if `fields` is no event.
    """
    event = events.decode(msgspec.json.encode(fields), lambda _: None)
    if event is None:
        raise ValueError("no phase")
    attributes = ({"cat": event.cat} if event.cat else {}) | event.args
    result = event.args.get("result")
    if isinstance(result, dict):
        attributes["result.status"] = result.get("status")
    return Span(
        trace_id="",
        span_id="",
        parent_span_id="",
        name=event.name,
        kind="internal",
        start_ns=0,
        end_ns=0,
        status=Status(),
        attributes=plain.shown(attributes),
        events=(),
        links=(),
        resource=resource,
        scope=scope,
    )
