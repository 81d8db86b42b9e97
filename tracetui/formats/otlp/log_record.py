"""A log record of a span, as an event of it: an exception, captured output, or what else was logged."""

from collections.abc import Mapping
from typing import NamedTuple

from tracetui.model.span import AttributeValue, Event


class Record(NamedTuple):
    """What any wire format has of a log record; time in ns since the epoch."""

    time_ns: int
    event_name: str
    severity: str
    body: AttributeValue
    attributes: Mapping[str, AttributeValue]


def as_event(record: Record) -> Event:
    """The event: with the record's name or, without one, named by its contents."""
    attributes = dict(record.attributes)
    if record.body not in (None, ""):
        attributes.setdefault("body", record.body)
    if record.severity:
        attributes.setdefault("severity", record.severity)
    name = record.event_name or ("exception" if "exception.type" in attributes else "log")
    return Event(record.time_ns, name, attributes)
