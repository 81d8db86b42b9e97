"""Removes what must not be recorded from a span before any sink sees it.

A redaction hook is called as `redact(key, value)` with every attribute of a span, of its events, its links
and its resource, and with the keys `span.name` and `span.status.message`. Its result is recorded instead;
`None` leaves an attribute out. If it raises, `[redacted]` is recorded.
"""

from tracetui.tracing.redact.apply import (
    own_copy,
    redacted,
    redacted_attributes,
    redacted_resource,
    redacted_value,
)
from tracetui.tracing.redact.rules import (
    HARMLESS,
    REDACTED,
    Redact,
    keep,
    leaves_alone,
    looks_secret,
    scrub,
    without_user,
)

__all__ = [
    "HARMLESS",
    "REDACTED",
    "Redact",
    "keep",
    "leaves_alone",
    "looks_secret",
    "own_copy",
    "redacted",
    "redacted_attributes",
    "redacted_resource",
    "redacted_value",
    "scrub",
    "without_user",
]
