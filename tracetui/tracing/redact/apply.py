"""A redaction hook, applied to all that a span holds. What the hook leaves alone is not copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Link
from opentelemetry.trace.status import Status

from tracetui.tracing.redact.rules import REDACTED, Redact


def redacted_attributes(attributes: Mapping[str, Any], redact: Redact) -> Mapping[str, Any]:
    """The attributes as they may be recorded; the same object if that is what they are."""
    new = {key: _value(redact, key, value) for key, value in attributes.items()}
    if all(new[key] is value for key, value in attributes.items()):
        return attributes
    return {key: value for key, value in new.items() if value is not None}


def redacted_resource(resource: Resource, redact: Redact) -> Resource:
    """The resource as it may be recorded."""
    return Resource(dict(redacted_attributes(resource.attributes, redact)), resource.schema_url)


def redacted(span: ReadableSpan, redact: Redact) -> ReadableSpan:
    """The span as it may be recorded; the same object if that is what it is."""
    name = _value(redact, "span.name", span.name)
    status = _status(span.status, redact)
    own = span.attributes or {}
    attributes = redacted_attributes(own, redact)
    events = _same_or([_event(event, redact) for event in span.events], span.events)
    links = _same_or([_link(link, redact) for link in span.links], span.links)
    is_same = name is span.name and status is span.status and attributes is own
    if is_same and events is None and links is None:
        return span
    return _Redacted(span, str(name), status, attributes, events, links)


class _Redacted(ReadableSpan):
    """A copy of a span with other contents; what the SDK dropped from the span stays counted."""

    def __init__(
        self,
        span: ReadableSpan,
        name: str,
        status: Status,
        attributes: Mapping[str, Any],
        events: Sequence[Event] | None,
        links: Sequence[Link] | None,
    ) -> None:
        super().__init__(
            name,
            span.context,
            span.parent,
            span.resource,
            attributes,
            span.events if events is None else events,
            span.links if links is None else links,
            span.kind,
            status=status,
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )
        self._original = span

    @property
    def dropped_attributes(self) -> int:
        return self._original.dropped_attributes

    @property
    def dropped_events(self) -> int:
        return self._original.dropped_events

    @property
    def dropped_links(self) -> int:
        return self._original.dropped_links


def _value(redact: Redact, key: str, value: Any) -> Any:
    try:
        return redact(key, value)
    except Exception:  # noqa: BLE001 - the host's code: what it cannot judge is not recorded
        return REDACTED


def _status(status: Status, redact: Redact) -> Status:
    if not status.description:
        return status
    message = _value(redact, "span.status.message", status.description)
    return status if message is status.description else Status(status.status_code, message)


def _event(event: Event, redact: Redact) -> Event:
    own = event.attributes or {}
    attributes = redacted_attributes(own, redact)
    return event if attributes is own else Event(event.name, attributes, event.timestamp)


def _link(link: Link, redact: Redact) -> Link:
    own = link.attributes or {}
    attributes = redacted_attributes(own, redact)
    return link if attributes is own else Link(link.context, attributes)


def _same_or(new: list[Any], old: Sequence[Any]) -> list[Any] | None:
    """None if nothing in `new` differs."""
    return None if all(one is other for one, other in zip(new, old, strict=True)) else new
