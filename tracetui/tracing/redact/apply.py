"""Applies a redaction hook to everything in a span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Link
from opentelemetry.trace.status import Status

from tracetui.tracing.host.handlers import let_through
from tracetui.tracing.redact.rules import REDACTED, Redact, keep, leaves_alone, scrub
from tracetui.tracing.spans.values import text


def own_copy(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes as a plain dict."""
    # The SDK's mapping takes a lock for every look at it, and copies itself at once.
    copy = getattr(attributes, "copy", None)
    return dict(attributes if copy is None else copy())


def redacted_attributes(attributes: Mapping[str, Any], redact: Redact) -> Mapping[str, Any]:
    """The attributes after redaction; the same object if nothing changed."""
    if redact is keep or not attributes:
        return attributes
    try:
        if redact is scrub and leaves_alone(attributes):
            return attributes
        new = {key: redact(key, value) for key, value in attributes.items()}
    except Exception as error:  # noqa: BLE001 - the host's code: what it cannot judge is not recorded
        let_through(error)
        new = {key: redacted_value(redact, key, value) for key, value in attributes.items()}
    if all(map(is_, new.values(), attributes.values())):
        return attributes
    return {key: value for key, value in new.items() if value is not None}


def redacted_resource(resource: Resource, redact: Redact) -> Resource:
    """The resource after redaction."""
    return Resource(dict(redacted_attributes(resource.attributes, redact)), resource.schema_url)


def redacted(span: ReadableSpan, redact: Redact, resource: Resource | None = None) -> ReadableSpan:
    """A copy of the span after redaction; its resource is unchanged unless one is given."""
    return _Redacted(
        span,
        text(redacted_value(redact, "span.name", span.name)),
        _status(span.status, redact),
        span.resource if resource is None else resource,
        redacted_attributes(own_copy(span.attributes or {}), redact),
        [_event(event, redact) for event in span.events],
        [_link(link, redact) for link in span.links],
    )


def redacted_value(redact: Redact, key: str, value: Any) -> Any:
    """What the hook returns for one value."""
    try:
        return redact(key, value)
    except Exception as error:  # noqa: BLE001 - the host's code: what it cannot judge is not recorded
        let_through(error)
        return REDACTED


class _Redacted(ReadableSpan):
    """A copy of a span with other contents; what the SDK dropped from the span stays counted."""

    def __init__(
        self,
        span: ReadableSpan,
        name: str,
        status: Status,
        resource: Resource,
        attributes: Mapping[str, Any],
        events: Sequence[Event],
        links: Sequence[Link],
    ) -> None:
        super().__init__(
            name,
            span.context,
            span.parent,
            resource,
            attributes,
            events,
            links,
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


def _status(status: Status, redact: Redact) -> Status:
    if not status.description:
        return status
    message = redacted_value(redact, "span.status.message", status.description)
    return status if message is status.description else Status(status.status_code, text(message))


def _event(event: Event, redact: Redact) -> Event:
    own = event.attributes or {}
    attributes = redacted_attributes(own, redact)
    return event if attributes is own else Event(event.name, attributes, event.timestamp)


def _link(link: Link, redact: Redact) -> Link:
    own = link.attributes or {}
    attributes = redacted_attributes(own, redact)
    return link if attributes is own else Link(link.context, attributes)
