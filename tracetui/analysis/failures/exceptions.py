"""What spans say of exceptions: which came first, and which are the same one again."""

import re
from collections.abc import Iterable

from msgspec import Struct

from tracetui.model.role import StatusCode
from tracetui.model.span import Event, Span, value_text

MOST_SIGNATURE = 200
_VARIABLE = re.compile(
    r"0x[0-9a-fA-F]+|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{8,}|[0-9a-fA-F]{12,}|\d+(?:\.\d+)?"
)


class Thrown(Struct, frozen=True):
    """One exception; `time_ns` since the epoch, `where` names the span that recorded it. Foreign text."""

    kind: str
    message: str
    stack: str
    time_ns: int
    where: str

    @property
    def headline(self) -> str:
        """Type and first line of the message."""
        first = self.message.strip().partition("\n")[0]
        return f"{self.kind}: {first}" if self.kind and first else self.kind or first

    @property
    def signature(self) -> str:
        """What two occurrences of one mistake share: the headline without numbers, ids, addresses."""
        return _VARIABLE.sub("N", self.headline[:MOST_SIGNATURE])


def thrown(spans: Iterable[Span]) -> list[Thrown]:
    """The exceptions that `spans` recorded, in order of time, each once.

    The spans come innermost first: an exception is recorded on every span that it leaves, and counts where it
    was recorded first. For a span without an exception event its status message counts, if it is an error.
    """
    by_message: dict[tuple[str, str], Thrown] = {}
    statuses: list[Thrown] = []
    for span in spans:
        events = [_from_event(event, span.name) for event in span.events if is_exception(event)]
        for raised in events:
            by_message.setdefault((raised.kind, raised.message), raised)
        if not events and span.status.code is StatusCode.ERROR and span.status.message:
            statuses.append(Thrown("", span.status.message, "", span.end_ns, span.name))
    if by_message:
        return sorted(by_message.values(), key=lambda raised: raised.time_ns)
    return list({raised.message: raised for raised in reversed(statuses)}.values())[::-1]


def is_exception(event: Event) -> bool:
    """Whether an event describes an exception."""
    return "exception.type" in event.attributes or "exception.message" in event.attributes


def _from_event(event: Event, where: str) -> Thrown:
    kind, message, stack = (
        value_text(event.attributes.get(f"exception.{name}")) for name in ("type", "message", "stacktrace")
    )
    return Thrown(kind, message, stack, event.time_ns, where)
