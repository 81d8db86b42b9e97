"""The few errors a user can cause; each message is one line that says what to do next."""

from collections.abc import Iterable


class TracetuiError(Exception):
    """Base of every error that ends a command; `exit_code` is what the process ends with."""

    exit_code = 1


class InputError(TracetuiError):
    """Input that cannot be read or is no trace, or wrong use of a command."""

    exit_code = 2


class DecodeError(Exception):
    """Bytes that are no span.

    `offset` is the position of the offending bytes in their source, in bytes; `reason` is a short phrase.
    It never ends a command: `ingest` counts it in Health.
    """

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"{reason} at byte {offset}")
        self.offset = offset
        self.reason = reason


def suggestion(word: str, known: Iterable[str]) -> str:
    """What to write instead of a `word` that is not `known`: the one that looks like it, or all of them."""
    from difflib import get_close_matches

    names = sorted(known)
    close = get_close_matches(word.lower(), names, n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(names) or 'none'}"
