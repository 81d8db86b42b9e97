"""Baggage as attributes of spans. Entries whose key looks like a secret's are left out by default."""

from __future__ import annotations

from collections.abc import Callable

from opentelemetry import baggage
from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span

from tracetui.tracing.redact import looks_secret

Predicate = Callable[[str], bool]
(BAGGAGE,) = baggage.set_baggage("", "", Context())
"""The key under which a context has its baggage, if it has any."""


def looks_public(key: str) -> bool:
    """The default predicate: every key but those that look like a secret's."""
    return not looks_secret(key)


def copy_baggage(span: Span, parent_context: Context | None, predicate: Predicate = looks_public) -> None:
    """Set the baggage of `parent_context` on `span`; an attribute the span was given itself is kept."""
    if not baggage.get_all(parent_context):
        return
    own = span.attributes or {}
    for key, value in public_entries(parent_context, predicate).items():
        if key not in own:
            span.set_attribute(key, value)  # type: ignore[arg-type]  # the SDK makes a string of what it cannot hold


def public_entries(context: Context | None, predicate: Predicate = looks_public) -> dict[str, object]:
    """The baggage of `context` whose keys `predicate` accepts."""
    entries = baggage.get_all(context).items()
    return {key: value for key, value in entries if value is not None and _accepts(predicate, key)}


def _accepts(predicate: Predicate, key: str) -> bool:
    try:
        return predicate(key)
    except Exception:  # noqa: BLE001 - the host's code, which must not fail the host's span: left out
        return False
