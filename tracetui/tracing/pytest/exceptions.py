"""Exceptions -> what a span says about them: never more than a reader can use, never any local variables."""

from __future__ import annotations

import traceback
from types import TracebackType

from tracetui.tracing.values import text

_MESSAGE_LIMIT = 1024
_STACK_LIMIT = 32 * 1024
_MACHINERY = frozenset({"_pytest", "pluggy", "tracetui"})


def qualified_name(kind: type[BaseException]) -> str:
    """The class with its module, unless that is `builtins`."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def first_line(message: str) -> str:
    """The first line, at most 1 KiB: a status description."""
    return message.strip().partition("\n")[0][:_MESSAGE_LIMIT]


def describe(error: BaseException) -> str:
    """In one line: what it is, and what it says."""
    return f"{qualified_name(type(error))}: {first_line(text(error))}"


def event_attributes(error: BaseException) -> dict[str, str]:
    """The attributes of an `exception` event."""
    stack = "".join(
        traceback.TracebackException(type(error), error, _without_machinery(error.__traceback__)).format()
    )
    return {
        "exception.type": qualified_name(type(error)),
        "exception.message": text(error)[:_STACK_LIMIT],
        # The end of a Python stack trace is what explains it.
        "exception.stacktrace": stack if len(stack) <= _STACK_LIMIT else f"…{stack[-_STACK_LIMIT:]}",
    }


def _without_machinery(trace: TracebackType | None) -> TracebackType | None:
    """The frames from the test's own first one on; all of them if none is the test's."""
    own = trace
    while own is not None and own.tb_frame.f_globals.get("__name__", "").partition(".")[0] in _MACHINERY:
        own = own.tb_next
    return own or trace
