"""Exceptions as span attributes: never more than a reader can use, never any local variables."""

from __future__ import annotations

from tracetui.tracing.spans.values import text

_MESSAGE_LIMIT = 1024
_LONGEST_MESSAGE = 32 * 1024


def qualified_name(kind: type[BaseException]) -> str:
    """The class with its module, unless that is `builtins`."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def first_line(message: str) -> str:
    """The first line, at most 1 KiB: a status description."""
    return message and message.strip().partition("\n")[0][:_MESSAGE_LIMIT]


def describe(error: BaseException) -> str:
    """The exception in one line: its class and message."""
    return f"{qualified_name(type(error))}: {first_line(text(error))}"


def event_attributes(error: BaseException, stack: str) -> dict[str, str]:
    """The attributes of an `exception` event."""
    return {
        "exception.type": qualified_name(type(error)),
        "exception.message": text(error)[:_LONGEST_MESSAGE],
        "exception.stacktrace": stack,
    }
