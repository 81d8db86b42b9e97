"""One span in full, as it is decoded when someone looks at it; every value is immutable."""

import json
from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from tracetui import units
from tracetui.model.role import StatusCode

AttributeValue: TypeAlias = (
    "str | bool | int | float | bytes | list[AttributeValue] | dict[str, AttributeValue] | None"
)
Attributes: TypeAlias = Mapping[str, AttributeValue]
"""Keys as written, in the writer's order."""


def value_text(value: AttributeValue) -> str:
    """A value as text for people and filters; for bytes, the first of them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return f"{units.many(len(value), 'byte')}: {value[:64].hex(' ')}"
    if isinstance(value, list | dict):
        return json.dumps(value, default=value_text, ensure_ascii=False)  # orjson refuses half surrogates.
    return "" if value is None else str(value)


class Status(Struct, frozen=True):
    """A span's own status."""

    code: StatusCode = StatusCode.UNSET
    message: str = ""


class Dropped(Struct, frozen=True):
    """How many parts of a span its writer dropped."""

    attributes: int = 0
    events: int = 0
    links: int = 0

    @property
    def total(self) -> int:
        """Their sum."""
        return self.attributes + self.events + self.links


class Event(Struct, frozen=True):
    """Something that happened at `time_ns` (ns since the epoch) inside a span."""

    time_ns: int
    name: str
    attributes: Attributes
    dropped: int = 0
    """How many attributes the writer dropped."""


class Link(Struct, frozen=True):
    """A pointer to a span elsewhere, ids in lower-case hex."""

    trace_id: str
    span_id: str
    attributes: Attributes
    trace_state: str = ""
    flags: int = 0
    dropped: int = 0
    """How many attributes the writer dropped."""


class Resource(Struct, frozen=True):
    """What produced the span."""

    attributes: Attributes = field(default_factory=dict)
    dropped: int = 0


class Scope(Struct, frozen=True):
    """The instrumentation that produced the span."""

    name: str = ""
    version: str = ""
    attributes: Attributes = field(default_factory=dict)
    dropped: int = 0


class Span(Struct, frozen=True):
    """Everything a file has of one span; times in ns since the epoch, `end_ns` 0 while unfinished."""

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    kind: str
    start_ns: int
    end_ns: int
    status: Status
    attributes: Attributes
    events: tuple[Event, ...]
    links: tuple[Link, ...]
    resource: Resource
    scope: Scope
    trace_state: str = ""
    flags: int = 0
    dropped: Dropped = Dropped()
