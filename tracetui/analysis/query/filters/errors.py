"""What is wrong with a filter, where, and what was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from tracetui.errors import InputError


class FilterError(InputError):
    """A filter that cannot be parsed.

    `begin` and `end` are the offending part, in code points of the filter; `hint` says what to write instead,
    or is empty. The error's text is foreign text.
    """

    def __init__(self, reason: str, begin: int, end: int, hint: str = "") -> None:
        super().__init__(f"filter: {reason}, at {begin + 1}" + (f"; {hint}" if hint else ""))
        self.reason = reason
        self.begin = begin
        self.end = max(end, begin + 1)
        self.hint = hint


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the closest spelling to `word`, or everything that is known."""
    choices = list(known)
    near = get_close_matches(word.lower(), choices, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(choices)}"
