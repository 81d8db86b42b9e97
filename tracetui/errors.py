"""The few errors a user can cause; each message is one line that says what to do next."""

from collections.abc import Iterable


class TracetuiError(Exception):
    """Base of every error that ends a command; `exit_code` is the exit code of the process."""

    exit_code = 1


class InputError(TracetuiError):
    """Input that is unreadable or not a trace, or wrong use of a command."""

    exit_code = 2


class DecodeError(Exception):
    """Bytes that are not a valid span.

    `offset` is the position of the offending bytes in their source, in bytes; `reason` is a short phrase. It
    never ends a command: `ingest` counts it in Health.
    """

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"{reason} at byte {offset}")
        self.offset = offset
        self.reason = reason


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint for a `word` that is not `known`: the one with the closest spelling, or all of them."""
    from difflib import get_close_matches

    names = sorted(known)
    close = get_close_matches(word.lower(), names, n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(names) or 'none'}"
